type FloatArray = Float32Array | Float64Array;

/**
 * Σ a[i + l] b[j + l] over d numbers, in float64. Four sums run side by side, so that an addition need not wait for the one
 * before; everywhere the same, so that a row alone gives the bits that it gives among others.
 */
export function dot(a: FloatArray, i: number, b: FloatArray, j: number, d: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = d - (d & 3);
  let l = 0;
  for (; l < whole; l += 4) {
    s0 += a[i + l]! * b[j + l]!;
    s1 += a[i + l + 1]! * b[j + l + 1]!;
    s2 += a[i + l + 2]! * b[j + l + 2]!;
    s3 += a[i + l + 3]! * b[j + l + 3]!;
  }
  for (; l < d; l++) s0 += a[i + l]! * b[j + l]!;
  return s0 + s1 + (s2 + s3);
}

/** y[j + l] += c x[i + l] over d numbers. */
export function addScaled(c: number, x: FloatArray, i: number, y: FloatArray, j: number, d: number): void {
  for (let l = 0; l < d; l++) y[j + l]! += c * x[i + l]!;
}
