/** √(a² + b²), without leaving the range on the way: engines' own `Math.hypot` may differ in the last bits. */
export function hypot(a: number, b: number): number {
  const x = Math.abs(a);
  const y = Math.abs(b);
  const large = x > y ? x : y;
  if (large === 0) return 0;
  const ratio = (x > y ? y : x) / large;
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
 * A power of two by which a matrix whose largest number is `largest` is multiplied so that squares of its numbers stay in
 * the range; 1 for almost all.
 */
export function safeScale(largest: number): number {
  if (largest === 0 || (largest > 1e-100 && largest < 1e100)) return 1;
  if (largest > 1) return 2 ** -(largest > 1e200 ? 900 : 500);
  return 2 ** (largest < 1e-200 ? 900 : 500);
}
