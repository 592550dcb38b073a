/**
 * The steps of mixtures of Gaussians, in float64. Rows lie in blocks of 32, column by column, so that two rows fill the lanes of a
 * vector, each with the operations that it would take alone. Rows that are missing in the last block are zeros.
 */
import { add, exp, log, mul, splat, sub } from './_lanes';

/** Rows of a block, and the bytes of one of its columns. */
const ROWS = 32, COLUMN: usize = 256;

/**
 * The shares of k components in each row, and the logarithms of their densities' sums; or, if `hard`, the place of the component
 * with the largest log-density v, of equals the first, and -2 v.
 * @param shares blocks of k columns, or of one
 * @param logs blocks of one column
 * @param x blocks of d columns
 * @param step numbers from one whitener to the next
 * @param triangles whether whiteners are upper triangles [d, d], else diagonals [d]
 * @param work d + 1 columns
 */
export function expect(
  shares: usize, logs: usize, x: usize, means: usize, whiteners: usize, constants: usize, n: i32, d: i32, k: i32,
  step: i32, triangles: i32, hard: i32, work: usize,
): void {
  const squares = work + d * COLUMN;
  const width = hard ? 1 : k;
  for (; n > 0; n -= ROWS) {
    for (let at: usize = 0; at < COLUMN; at += 16) v128.store(logs + at, splat(-Infinity));
    memory.fill(shares, 0, COLUMN);
    for (let c = 0; c < k; c++) {
      const mean = means + (c * d << 3), whitener = whiteners + (c * step << 3);
      if (triangles) triangle(x, mean, whitener, d, squares, work);
      else diagonal(x, mean, whitener, d, squares);
      const constant = v128.load64_splat(constants + (c << 3)), place = splat(c);
      const column = shares + c * COLUMN;
      for (let at: usize = 0; at < COLUMN; at += 16) {
        const value = sub(constant, mul(splat(0.5), v128.load(squares + at)));
        const most = v128.load(logs + at), more = f64x2.gt(value, most);
        v128.store(logs + at, v128.bitselect(value, most, more));
        if (hard) v128.store(shares + at, v128.bitselect(place, v128.load(shares + at), more));
        else v128.store(column + at, value);
      }
    }
    for (let at: usize = 0; at < COLUMN; at += 16) {
      if (hard) v128.store(logs + at, mul(splat(-2), v128.load(logs + at)));
      else share(shares + at, k, logs + at);
    }
    if (n < ROWS) {
      const missing = ROWS - n << 3;
      memory.fill(logs + (n << 3), 0, missing);
      for (let c = 0; c < width; c++) memory.fill(shares + c * COLUMN + (n << 3), 0, missing);
    }
    x += d * COLUMN, shares += width * COLUMN, logs += COLUMN;
  }
}

/** sums [k, d] += Σ r x over the rows. @param nowhere room for a number */
export function addMeans(sums: usize, shares: usize, x: usize, n: i32, d: i32, k: i32, nowhere: usize): void {
  for (; n > 0; n -= ROWS) {
    for (let c = 0; c < k; c += 2) {
      for (let j = 0; j < d; j += 2) addTile(shares, c, k, x, j, d, sums, d, nowhere, false);
    }
    x += d * COLUMN, shares += k * COLUMN;
  }
}

/**
 * out += Σ r (x - mean) (x - mean)ᵀ over the rows for each component: upper triangles [d, d], or diagonals [d].
 * @param step numbers from one result to the next
 * @param work d + 1 columns
 */
export function addScatter(
  out: usize, shares: usize, x: usize, means: usize, n: i32, d: i32, k: i32, step: i32, triangles: i32, work: usize,
): void {
  const roots = work + d * COLUMN, nowhere = roots, width = triangles ? d : 0;
  for (; n > 0; n -= ROWS) {
    for (let c = 0; c < k; c++) {
      const result = out + (c * step << 3);
      for (let at: usize = 0; at < COLUMN; at += 16) v128.store(roots + at, f64x2.sqrt(v128.load(shares + at)));
      for (let j = 0; j < d; j++) {
        const mean = v128.load64_splat(means + (c * d + j << 3));
        const column = x + j * COLUMN, to = work + j * COLUMN;
        for (let at: usize = 0; at < COLUMN; at += 16) {
          v128.store(to + at, mul(v128.load(roots + at), sub(v128.load(column + at), mean)));
        }
      }
      shares += COLUMN;
      for (let i = 0; i < d; i += 2) {
        const end = triangles ? d : i + 1;
        for (let j = i; j < end; j += 2) addTile(work, i, d, work, j, d, result, width, nowhere, i == j);
      }
    }
    x += d * COLUMN;
  }
}

/** squares = Σ_j (Σ_{i ≤ j} (x_i - mean_i) w_ij)², two columns j and eight rows at a time. @param z d columns to work in */
function triangle(x: usize, mean: usize, w: usize, d: i32, squares: usize, z: usize): void {
  const row = d << 3, last = x + d * COLUMN;
  for (let to = z; x < last; mean += 8) {
    const value = v128.load64_splat(mean);
    for (const end = x + COLUMN; x < end; x += 16, to += 16) v128.store(to, sub(v128.load(x), value));
  }
  memory.fill(squares, 0, COLUMN);
  for (let j = 0; j < d; j += 2) {
    const isPair = j + 1 < d;
    for (let group: usize = 0; group < COLUMN; group += 64) {
      let a0 = splat(0), a1 = splat(0), a2 = splat(0), a3 = splat(0);
      let b0 = splat(0), b1 = splat(0), b2 = splat(0), b3 = splat(0);
      let at = z + group, weight = w + (j << 3);
      const end = at + (j + 1) * COLUMN;
      for (; at < end; at += COLUMN) {
        const z0 = v128.load(at), z1 = v128.load(at, 16), z2 = v128.load(at, 32), z3 = v128.load(at, 48);
        // Beside the last of an odd number of columns stands a number that is not used.
        const u = v128.load64_splat(weight), v = v128.load64_splat(weight, 8);
        a0 = add(a0, mul(z0, u)), a1 = add(a1, mul(z1, u)), a2 = add(a2, mul(z2, u)), a3 = add(a3, mul(z3, u));
        b0 = add(b0, mul(z0, v)), b1 = add(b1, mul(z1, v)), b2 = add(b2, mul(z2, v)), b3 = add(b3, mul(z3, v));
        weight += row;
      }
      if (isPair) {
        const v = v128.load64_splat(weight, 8);
        b0 = add(b0, mul(v128.load(at), v)), b1 = add(b1, mul(v128.load(at, 16), v));
        b2 = add(b2, mul(v128.load(at, 32), v)), b3 = add(b3, mul(v128.load(at, 48), v));
      }
      addSquares(squares + group, a0, a1, a2, a3);
      if (isPair) addSquares(squares + group, b0, b1, b2, b3);
    }
  }
}

// @ts-ignore: decorator
@inline
function addSquares(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(to, add(v128.load(to), mul(a, a)));
  v128.store(to, add(v128.load(to, 16), mul(b, b)), 16);
  v128.store(to, add(v128.load(to, 32), mul(c, c)), 32);
  v128.store(to, add(v128.load(to, 48), mul(d, d)), 48);
}

/** squares = Σ_j ((x_j - mean_j) w_j)², of four rows at a time. */
function diagonal(x: usize, mean: usize, w: usize, d: i32, squares: usize): void {
  for (let group: usize = 0; group < COLUMN; group += 32) {
    let a = splat(0), b = a;
    let column = x + group;
    for (let at: usize = 0, end: usize = d << 3; at < end; at += 8, column += COLUMN) {
      const m = v128.load64_splat(mean + at), weight = v128.load64_splat(w + at);
      const p = mul(sub(v128.load(column), m), weight), q = mul(sub(v128.load(column, 16), m), weight);
      a = add(a, mul(p, p)), b = add(b, mul(q, q));
    }
    v128.store(squares + group, a), v128.store(squares + group, b, 16);
  }
}

/** The shares e^v / Σ e^v of two rows in place of v, and ln Σ e^v in place of the largest v. */
function share(v: usize, k: i32, logs: usize): void {
  const most = v128.load(logs), end = v + k * COLUMN;
  let sum = splat(0);
  for (let at = v; at < end; at += COLUMN) {
    const e = exp(sub(v128.load(at), most), false);
    v128.store(at, e);
    sum = add(sum, e);
  }
  for (let at = v; at < end; at += COLUMN) v128.store(at, f64x2.div(v128.load(at), sum));
  v128.store(logs, add(most, log(sum, splat(0), false)));
}

/**
 * Adds the products of two columns of a block with two of another, summed over its rows, to a table's four places (i, j), or to two
 * of a diagonal, which has the width 0. Columns that do not exist, and the place below the diagonal of a triangle, are written `nowhere`.
 */
function addTile(
  a: usize, i: i32, m: i32, b: usize, j: i32, n: i32, out: usize, width: i32, nowhere: usize, diagonal: bool,
): void {
  const below = i + 1 < m, right = j + 1 < n;
  let a0 = a + i * COLUMN, b0 = b + j * COLUMN;
  let a1 = below ? a0 + COLUMN : a0, b1 = right ? b0 + COLUMN : b0;
  const end = a0 + COLUMN;
  let s00 = splat(0), s01 = splat(0), s10 = splat(0), s11 = splat(0);
  for (; a0 < end; a0 += 16, a1 += 16, b0 += 16, b1 += 16) {
    const p = v128.load(a0), q = v128.load(a1), r = v128.load(b0), s = v128.load(b1);
    s00 = add(s00, mul(p, r)), s01 = add(s01, mul(p, s));
    s10 = add(s10, mul(q, r)), s11 = add(s11, mul(q, s));
  }
  const at = out + (i * width + j << 3), next = at + (width << 3);
  addTo(at, s00);
  addTo(right && width > 0 ? at + 8 : nowhere, s01);
  addTo(below && !diagonal ? next : nowhere, s10);
  addTo(below && right ? next + 8 : nowhere, s11);
}

// @ts-ignore: decorator
@inline
function addTo(place: usize, sum: v128): void {
  store<f64>(place, load<f64>(place) + total(sum));
}

// @ts-ignore: decorator
@inline
function total(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
