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
 * A power of two by which a matrix whose largest number is `largest` is multiplied so that this lies in [1, 2). Not more than
 * 2¹⁰⁰⁰, so that it can be divided by: subnormal numbers stay below 1.
 */
export function unitScale(largest: number): number {
  let scale = 1;
  if (largest > 0) {
    while (largest * scale >= 2) scale /= 2;
    while (largest * scale < 1 && scale < 2 ** 1000) scale *= 2;
  }
  return scale;
}

/** A matrix whose largest number is of size 1 or so, and what makes its eigenvalues or singular values those of the given one. */
export interface UnitMatrix {
  readonly matrix: Float64Array;
  unscale(values: Float64Array): Float64Array;
}

/** Scales by powers of two: nothing is rounded, squares stay in the range, and tolerances can be absolute. */
export function unitMatrix(a: Float64Array): UnitMatrix {
  const first = unitScale(largestSize(a));
  const matrix = a.map((value) => value * first);
  // Subnormal numbers take two steps.
  const second = first < 2 ** 1000 ? 1 : unitScale(largestSize(matrix));
  if (second !== 1) for (let i = 0; i < matrix.length; i++) matrix[i]! *= second;
  return { matrix, unscale: (values) => values.map((value) => value / second / first) };
}
