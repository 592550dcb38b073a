/** The transposed matrix [n, m] of a [m, n], square by square for the caches. */
export function transposed(
  a: Float64Array,
  m: number,
  n: number,
  out: Float64Array = new Float64Array(m * n),
): Float64Array {
  const side = 16;
  for (let i0 = 0; i0 < m; i0 += side) {
    const i1 = Math.min(i0 + side, m);
    for (let j0 = 0; j0 < n; j0 += side) {
      const j1 = Math.min(j0 + side, n);
      for (let i = i0; i < i1; i++) for (let j = j0; j < j1; j++) out[j * m + i] = a[i * n + j]!;
    }
  }
  return out;
}
