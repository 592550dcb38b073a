/** √(a² + b²), without leaving the range on the way: engines' own `Math.hypot` may differ in the last bits. */
export function hypot(a: number, b: number): number {
  const x = Math.abs(a);
  const y = Math.abs(b);
  const large = Math.max(x, y);
  if (large === 0) return 0;
  const ratio = Math.min(x, y) / large;
  return large * Math.sqrt(1 + ratio * ratio);
}

/** The largest size of a number. */
export function largestSize(a: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const size = Math.abs(a[i]!);
    if (size > largest) largest = size;
  }
  return largest;
}

/**
 * A power of two by which a matrix whose largest number is `largest` is multiplied so that this lies in [1, 2): nothing is
 * rounded, squares stay in the range, and tolerances can be absolute. Not more than 2¹⁰⁰⁰, so that it can be divided by.
 */
export function unitScale(largest: number): number {
  let scale = 1;
  if (largest > 0) {
    while (largest * scale >= 2) scale /= 2;
    while (largest * scale < 1 && scale < 2 ** 1000) scale *= 2;
  }
  return scale;
}
