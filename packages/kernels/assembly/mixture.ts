/**
 * The steps of mixtures of Gaussians, in float64. Rows go in blocks whose columns lie one after the other, so that two rows
 * fill the lanes of a vector, each with the operations that it would take alone.
 */
import { add, exp, log, mul, splat, sub } from './_lanes';

/** Rows of a block, and the bytes of one of its columns. */
const ROWS = 32, COLUMN: usize = 256;

/**
 * The shares of k components in each row, and the logarithms of their densities' sums.
 * @param shares [n, k]
 * @param logs [n]
 * @param step numbers from one whitener to the next
 * @param triangles whether whiteners are upper triangles [d, d], else diagonals [d]
 * @param work 2 d + k + 1 columns
 */
export function expect(
  shares: usize, logs: usize, x: usize, means: usize, whiteners: usize, constants: usize, n: i32, d: i32, k: i32,
  step: i32, triangles: i32, work: usize,
): void {
  const differences = work + d * COLUMN, densities = differences + d * COLUMN, squares = densities + k * COLUMN;
  for (let from = 0; from < n; from += ROWS) {
    const rows = min(ROWS, n - from);
    columnsOf(x, rows, d, work);
    for (let c = 0; c < k; c++) {
      const whitener = whiteners + (c * step << 3);
      for (let j = 0; j < d; j++) {
        const mean = v128.load64_splat(means + (c * d + j << 3));
        for (let at = j * COLUMN; at < (j + 1) * COLUMN; at += 16) {
          v128.store(differences + at, sub(v128.load(work + at), mean));
        }
      }
      memory.fill(squares, 0, COLUMN);
      if (triangles) addTriangle(differences, whitener, d, squares);
      else addDiagonal(differences, whitener, d, squares);
      const constant = v128.load64_splat(constants + (c << 3));
      for (let at: usize = 0; at < COLUMN; at += 16) {
        v128.store(densities + c * COLUMN + at, sub(constant, mul(splat(0.5), v128.load(squares + at))));
      }
    }
    for (let i = 0; i < rows; i += 2) share(densities + (i << 3), k, shares + (i * k << 3), logs + (i << 3), i + 1 < rows);
    x += rows * d << 3, shares += rows * k << 3, logs += rows << 3;
  }
}

/** sums [k, d] += Σ r x over the rows. @param work d + k + 1 columns */
export function addMeans(sums: usize, shares: usize, x: usize, n: i32, d: i32, k: i32, work: usize): void {
  const columns = work + k * COLUMN, nowhere = columns + d * COLUMN;
  for (let from = 0; from < n; from += ROWS) {
    const rows = min(ROWS, n - from);
    columnsOf(shares, rows, k, work);
    columnsOf(x, rows, d, columns);
    for (let c = 0; c < k; c += 2) {
      for (let j = 0; j < d; j += 2) addTile(work, c, k, columns, j, d, sums, d, nowhere, false);
    }
    x += rows * d << 3, shares += rows * k << 3;
  }
}

/**
 * out += Σ r (x - mean) (x - mean)ᵀ over the rows for each component: upper triangles [d, d], or diagonals [d].
 * @param step numbers from one result to the next
 * @param work 2 d + k + 1 columns
 */
export function addScatter(
  out: usize, shares: usize, x: usize, means: usize, n: i32, d: i32, k: i32, step: i32, triangles: i32, work: usize,
): void {
  const scaled = work + d * COLUMN, parts = scaled + d * COLUMN, nowhere = parts + k * COLUMN;
  for (let from = 0; from < n; from += ROWS) {
    const rows = min(ROWS, n - from);
    columnsOf(x, rows, d, work);
    columnsOf(shares, rows, k, parts);
    for (let c = 0; c < k; c++) {
      const roots = parts + c * COLUMN, result = out + (c * step << 3);
      for (let at: usize = 0; at < COLUMN; at += 16) v128.store(roots + at, f64x2.sqrt(v128.load(roots + at)));
      for (let j = 0; j < d; j++) {
        const mean = v128.load64_splat(means + (c * d + j << 3));
        const column = work + j * COLUMN, to = scaled + j * COLUMN;
        for (let at: usize = 0; at < COLUMN; at += 16) {
          v128.store(to + at, mul(v128.load(roots + at), sub(v128.load(column + at), mean)));
        }
      }
      if (triangles) {
        for (let i = 0; i < d; i += 2) {
          for (let j = i; j < d; j += 2) addTile(scaled, i, d, scaled, j, d, result, d, nowhere, i == j);
        }
        continue;
      }
      for (let j = 0; j < d; j++) {
        let sum = splat(0);
        for (let at = scaled + j * COLUMN; at < scaled + (j + 1) * COLUMN; at += 16) {
          const z = v128.load(at);
          sum = add(sum, mul(z, z));
        }
        const place = result + (j << 3);
        store<f64>(place, load<f64>(place) + total(sum));
      }
    }
    x += rows * d << 3, shares += rows * k << 3;
  }
}

/** Writes rows [rows, d] column by column, with zeros for rows that are missing in the block. */
function columnsOf(x: usize, rows: i32, d: i32, to: usize): void {
  const row = d << 3;
  for (let j = 0; j < d; j++) {
    let from = x + (j << 3);
    for (let i = 0; i < rows; i++) {
      store<f64>(to + (i << 3), load<f64>(from));
      from += row;
    }
    memory.fill(to + (rows << 3), 0, ROWS - rows << 3);
    to += COLUMN;
  }
}

/** squares += (Σ_{i ≤ j} z_i w_ij)² for each column j in turn, two of them and eight rows at a time. */
function addTriangle(z: usize, w: usize, d: i32, squares: usize): void {
  const row = d << 3;
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

/** squares += (z_j w_j)² for each column j in turn. */
function addDiagonal(z: usize, w: usize, d: i32, squares: usize): void {
  for (let j = 0; j < d; j++) {
    const weight = v128.load64_splat(w + (j << 3));
    for (let at: usize = 0; at < COLUMN; at += 16) {
      const whitened = mul(v128.load(z + at), weight);
      v128.store(squares + at, add(v128.load(squares + at), mul(whitened, whitened)));
    }
    z += COLUMN;
  }
}

/** The shares e^v / Σ e^v of two rows and ln Σ e^v, from their log-densities v in columns; `both`: the second row exists. */
function share(v: usize, k: i32, shares: usize, logs: usize, both: bool): void {
  let most = splat(-Infinity), sum = splat(0);
  const end = v + k * COLUMN, row = k << 3;
  for (let at = v; at < end; at += COLUMN) {
    const value = v128.load(at);
    most = v128.bitselect(value, most, f64x2.gt(value, most));
  }
  for (let at = v; at < end; at += COLUMN) {
    const e = exp(sub(v128.load(at), most), false);
    v128.store(at, e);
    sum = add(sum, e);
  }
  for (let at = v; at < end; at += COLUMN) {
    const part = f64x2.div(v128.load(at), sum);
    v128.store64_lane(shares, part, 0);
    if (both) v128.store64_lane(shares + row, part, 1);
    shares += 8;
  }
  const result = add(most, log(sum, splat(0), false));
  v128.store64_lane(logs, result, 0);
  if (both) v128.store64_lane(logs, result, 1, 8);
}

/**
 * Adds the products of two columns of a block with two of another, summed over its rows, to a table's four places (i, j). Columns
 * that do not exist, and the place below the diagonal of a triangle, are written `nowhere`.
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
  addTo(right ? at + 8 : nowhere, s01);
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
