/** Squared distances between float64 rows as they lie. Sums run over the columns in order. */

/** out[i, j] = Σ_l (x[i, l] - y[j, l])², for n rows and m others: four by two of them at a time, the last ones again if need be. */
export function squares(out: usize, x: usize, y: usize, n: i32, m: i32, d: i32): void {
  const row = d << 3;
  for (let i = 0; i < n; i += 4) {
    const x0 = x + i * row, x1 = x + min(i + 1, n - 1) * row;
    const x2 = x + min(i + 2, n - 1) * row, x3 = x + min(i + 3, n - 1) * row;
    for (let j = 0; j < m; j += 2) {
      const y0 = y + j * row, y1 = y + min(j + 1, m - 1) * row;
      let a = f64x2.splat(0), b = a, c = a, e = a;
      for (let at: usize = 0; at < <usize>row; at += 8) {
        const v = v128.load64_lane(y1 + at, v128.load64_zero(y0 + at), 1);
        const p = f64x2.sub(v128.load64_splat(x0 + at), v), q = f64x2.sub(v128.load64_splat(x1 + at), v);
        const r = f64x2.sub(v128.load64_splat(x2 + at), v), s = f64x2.sub(v128.load64_splat(x3 + at), v);
        a = f64x2.add(a, f64x2.mul(p, p)), b = f64x2.add(b, f64x2.mul(q, q));
        c = f64x2.add(c, f64x2.mul(r, r)), e = f64x2.add(e, f64x2.mul(s, s));
      }
      put(out, i, j, n, m, a), put(out, i + 1, j, n, m, b), put(out, i + 2, j, n, m, c), put(out, i + 3, j, n, m, e);
    }
  }
}

/** Writes the two distances of row i from the rows j and j + 1, as far as these exist. */
function put(out: usize, i: i32, j: i32, n: i32, m: i32, pair: v128): void {
  if (i >= n) return;
  const at = out + (i * m + j << 3);
  v128.store64_lane(at, pair, 0);
  if (j + 1 < m) v128.store64_lane(at, pair, 1, 8);
}
