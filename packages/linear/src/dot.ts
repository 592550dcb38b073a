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
  const whole = i + (d & ~3);
  const end = i + d;
  let p = i;
  let q = j;
  for (; p < whole; p += 4, q += 4) {
    s0 += a[p]! * b[q]!;
    s1 += a[p + 1]! * b[q + 1]!;
    s2 += a[p + 2]! * b[q + 2]!;
    s3 += a[p + 3]! * b[q + 3]!;
  }
  for (; p < end; p++, q++) s0 += a[p]! * b[q]!;
  return s0 + s1 + (s2 + s3);
}

/**
 * out[i, c] = Σ w[c, l] x[i, l] for `rows` rows of x, the first at `start`, and k rows of w, all of d numbers: the bits of `dot`, but
 * four rows of x share what is read of w, with two of their four sums at a time, since there are no registers for more.
 */
export function products(
  x: FloatArray,
  start: number,
  rows: number,
  w: Float64Array,
  k: number,
  d: number,
  out: Float64Array,
): void {
  const whole = d & ~3;
  for (let c = 0; c < k; c++) {
    const own = c * d;
    let i = 0;
    for (; i + 4 <= rows; i += 4) {
      const p = start + i * d;
      const q = p + d;
      const r = q + d;
      const s = r + d;
      let p0 = 0;
      let p1 = 0;
      let q0 = 0;
      let q1 = 0;
      let r0 = 0;
      let r1 = 0;
      let s0 = 0;
      let s1 = 0;
      let l = 0;
      for (; l < whole; l += 4) {
        const w0 = w[own + l]!;
        const w1 = w[own + l + 1]!;
        p0 += w0 * x[p + l]!;
        p1 += w1 * x[p + l + 1]!;
        q0 += w0 * x[q + l]!;
        q1 += w1 * x[q + l + 1]!;
        r0 += w0 * x[r + l]!;
        r1 += w1 * x[r + l + 1]!;
        s0 += w0 * x[s + l]!;
        s1 += w1 * x[s + l + 1]!;
      }
      for (; l < d; l++) {
        const w0 = w[own + l]!;
        p0 += w0 * x[p + l]!;
        q0 += w0 * x[q + l]!;
        r0 += w0 * x[r + l]!;
        s0 += w0 * x[s + l]!;
      }
      out[i * k + c] = p0 + p1;
      out[(i + 1) * k + c] = q0 + q1;
      out[(i + 2) * k + c] = r0 + r1;
      out[(i + 3) * k + c] = s0 + s1;
      p0 = p1 = q0 = q1 = r0 = r1 = s0 = s1 = 0;
      for (l = 2; l < whole; l += 4) {
        const w0 = w[own + l]!;
        const w1 = w[own + l + 1]!;
        p0 += w0 * x[p + l]!;
        p1 += w1 * x[p + l + 1]!;
        q0 += w0 * x[q + l]!;
        q1 += w1 * x[q + l + 1]!;
        r0 += w0 * x[r + l]!;
        r1 += w1 * x[r + l + 1]!;
        s0 += w0 * x[s + l]!;
        s1 += w1 * x[s + l + 1]!;
      }
      out[i * k + c]! += p0 + p1;
      out[(i + 1) * k + c]! += q0 + q1;
      out[(i + 2) * k + c]! += r0 + r1;
      out[(i + 3) * k + c]! += s0 + s1;
    }
    for (; i < rows; i++) out[i * k + c] = dot(w, own, x, start + i * d, d);
  }
}

/** y[j + l] += c x[i + l] over d numbers. */
export function addScaled(c: number, x: FloatArray, i: number, y: FloatArray, j: number, d: number): void {
  for (let l = 0; l < d; l++) y[j + l]! += c * x[i + l]!;
}
