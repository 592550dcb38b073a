import { DataError, type Steps } from '@maru-ml/base';
import { isSparse, type Matrix, type SparseRows } from '@maru-ml/tensor';
import { columnMeans, rowsAtOnce } from './centered.ts';
import { addScaled, products } from './dot.ts';

/**
 * The rows as a fit reads them: columns centered (if there is an intercept) and divided by a scale that makes second derivatives
 * alike (see `scaleOf`), with a last column of ones for the intercept, so that steps fit whatever the units. Nothing is copied
 * but blocks of rows; small data are kept in this form. Coefficients v of these columns are w = v / s, b = v₀ - Σ μ w.
 */
export interface Design {
  readonly n: number;
  /** The number of columns, that of ones included. */
  readonly p: number;
  /** μ [d], 0 without an intercept. */
  readonly means: Float64Array;
  /** s [d], one less than p if there is an intercept. */
  readonly scales: Float64Array;
  /** How many rows to ask for at once, if each column of v takes a product. */
  rowsAtOnce(k: number): number;
  /** The same for `addGram` of `count` columns. */
  gramRowsAtOnce(count: number): number;
  /** out [to - from, k] = X vᵀ for some rows, with v [k, p]. */
  scores(from: number, to: number, v: Float64Array, k: number, out: Float64Array): void;
  /** out [k, p] += rᵀ X for some rows, with r [to - from, k]. */
  addGradient(from: number, to: number, r: Float64Array, k: number, out: Float64Array): void;
  /** out [c, c] += Xᵀ diag(h) X for some rows and the given columns, of which only the lower triangle is written. */
  addGram(from: number, to: number, h: Float64Array, columns: Int32Array, out: Float64Array): void;
}

/** Coefficients of the columns as they came, w [k, d] and b [k], of v [k, p]. */
export function inUnits(
  { p, means, scales }: Design,
  k: number,
  v: Float64Array,
): { coef: Float64Array; intercept: Float64Array } {
  const d = scales.length;
  const coef = new Float64Array(k * d);
  const intercept = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    let shift = p > d ? v[c * p + d]! : 0;
    for (let j = 0; j < d; j++) {
      const w = v[c * p + j]! / scales[j]!;
      coef[c * d + j] = w;
      shift -= means[j]! * w;
    }
    intercept[c] = shift;
  }
  return { coef, intercept };
}

/** @param l2 weight of ½ Σ w² beside the mean loss @throws DataError if squares of the numbers overflow */
export function* designOf(owner: string, rows: Matrix | SparseRows, fitIntercept: boolean, l2: number): Steps<Design> {
  const moments = yield* isSparse(rows) ? sparseMoments(rows, fitIntercept, l2) : denseMoments(rows, fitIntercept, l2);
  if (moments.scales.some((scale) => !(scale <= 1e150))) {
    throw new DataError(`${owner}: squares of the numbers in x overflow; divide x by a constant first`);
  }
  return isSparse(rows) ? new SparseDesign(rows, moments) : new DenseDesign(rows, moments);
}

interface Moments {
  means: Float64Array;
  scales: Float64Array;
  /** The number of columns, that of ones included. */
  p: number;
}

class DenseDesign implements Design {
  readonly n: number;
  readonly p: number;
  readonly means: Float64Array;
  readonly scales: Float64Array;
  readonly #rows: Matrix;
  /** 1 / s. */
  readonly #inverse: Float64Array;
  /** All rows standardized, if they are few; else those of the block that was asked for last. */
  #block: Float64Array = new Float64Array(0);
  #from = 0;
  #to = 0;

  constructor(rows: Matrix, { means, scales, p }: Moments) {
    this.n = rows.rows;
    this.p = p;
    this.means = means;
    this.scales = scales;
    this.#rows = rows;
    this.#inverse = scales.map((scale) => 1 / scale);
    if (this.n * this.p <= KEPT) this.#standardize(0, this.n);
  }

  rowsAtOnce(k: number): number {
    return Math.min(this.n, Math.ceil(BLOCK / this.p), rowsAtOnce(k * this.p));
  }

  gramRowsAtOnce(count: number): number {
    return this.rowsAtOnce(count);
  }

  scores(from: number, to: number, v: Float64Array, k: number, out: Float64Array): void {
    const start = this.#standardize(from, to);
    products(this.#block, start, to - from, v, k, this.p, out);
  }

  addGradient(from: number, to: number, r: Float64Array, k: number, out: Float64Array): void {
    const { p } = this;
    const start = this.#standardize(from, to);
    const block = this.#block;
    const m = to - from;
    for (let c = 0; c < k; c++) {
      let i = 0;
      // Four rows between reading a sum and writing it.
      for (; i + 4 <= m; i += 4) {
        const r0 = r[i * k + c]!;
        const r1 = r[(i + 1) * k + c]!;
        const r2 = r[(i + 2) * k + c]!;
        const r3 = r[(i + 3) * k + c]!;
        let at = start + i * p;
        for (let j = c * p; j < c * p + p; j++, at++) {
          out[j] = out[j]! + r0 * block[at]! + r1 * block[at + p]! + r2 * block[at + 2 * p]! + r3 * block[at + 3 * p]!;
        }
      }
      for (; i < m; i++) addScaled(r[i * k + c]!, block, start + i * p, out, c * p, p);
    }
  }

  addGram(from: number, to: number, h: Float64Array, columns: Int32Array, out: Float64Array): void {
    const start = this.#standardize(from, to);
    addLowerProducts(this.#block, start, this.p, h, to - from, columns, out);
  }

  /** Has these rows standardized in the block; returns where they begin. */
  #standardize(from: number, to: number): number {
    const { p, means } = this;
    const inverse = this.#inverse;
    if (from >= this.#from && to <= this.#to && this.#to > 0) return (from - this.#from) * p;
    const { data, columns: d } = this.#rows;
    const size = (to - from) * p;
    if (this.#block.length < size) this.#block = new Float64Array(size);
    const block = this.#block;
    for (let i = from, at = 0; i < to; i++) {
      for (let j = 0; j < d; j++) block[at++] = (data[i * d + j]! - means[j]!) * inverse[j]!;
      if (p > d) block[at++] = 1;
    }
    this.#from = from;
    this.#to = to;
    return 0;
  }
}

/** Up to so many numbers are kept standardized: 16 MB. */
const KEPT = 1 << 21;

/** Numbers of a block, such that it stays in the nearer caches. */
const BLOCK = 1 << 16;

/**
 * out[a, b] += Σᵢ h[i] x[i, columns[a]] x[i, columns[b]] for b ≤ a, over m rows of p numbers, the first at `start`: two times four
 * sums at a time, so that what is read serves several.
 */
function addLowerProducts(
  x: Float64Array,
  start: number,
  p: number,
  h: Float64Array,
  m: number,
  columns: Int32Array,
  out: Float64Array,
): void {
  const count = columns.length;
  // Behind the last column it stands again; those sums are not kept.
  const placeOf = (c: number) => start + columns[Math.min(c, count - 1)]!;
  const keep = (a: number, b: number, sum: number) => {
    if (b <= a && a < count) out[a * count + b]! += sum;
  };
  for (let b = 0; b < count; b += 4) {
    const b0 = placeOf(b);
    const b1 = placeOf(b + 1);
    const b2 = placeOf(b + 2);
    const b3 = placeOf(b + 3);
    for (let a = b; a < count; a += 2) {
      const a0 = placeOf(a);
      const a1 = placeOf(a + 1);
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      for (let i = 0, row = 0; i < m; i++, row += p) {
        const x0 = x[a0 + row]! * h[i]!;
        const x1 = x[a1 + row]! * h[i]!;
        const y0 = x[b0 + row]!;
        const y1 = x[b1 + row]!;
        const y2 = x[b2 + row]!;
        const y3 = x[b3 + row]!;
        s00 += x0 * y0;
        s01 += x0 * y1;
        s02 += x0 * y2;
        s03 += x0 * y3;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s12 += x1 * y2;
        s13 += x1 * y3;
      }
      keep(a, b, s00);
      keep(a, b + 1, s01);
      keep(a, b + 2, s02);
      keep(a, b + 3, s03);
      keep(a + 1, b, s10);
      keep(a + 1, b + 1, s11);
      keep(a + 1, b + 2, s12);
      keep(a + 1, b + 3, s13);
    }
  }
}

/** Sparse rows stay as they are; centering is done on what comes out of the products. */
class SparseDesign implements Design {
  readonly n: number;
  readonly p: number;
  readonly means: Float64Array;
  readonly scales: Float64Array;
  readonly #rows: SparseRows;

  constructor(rows: SparseRows, { means, scales, p }: Moments) {
    this.n = rows.shape[0];
    this.p = p;
    this.means = means;
    this.scales = scales;
    this.#rows = rows;
  }

  rowsAtOnce(k: number): number {
    const held = Math.ceil(this.#rows.data.length / this.n);
    return Math.min(this.n, rowsAtOnce(k * held + 1));
  }

  gramRowsAtOnce(count: number): number {
    // As many as make centering, which costs count² each time, the smaller part.
    const ofRow = Math.ceil(this.#rows.data.length / this.n) ** 2 + 1;
    return Math.min(this.n, Math.max(rowsAtOnce(ofRow), Math.ceil((4 * count * count) / ofRow)));
  }

  scores(from: number, to: number, v: Float64Array, k: number, out: Float64Array): void {
    const { data, indices, indptr, shape } = this.#rows;
    const d = shape[1];
    const { coef, intercept } = inUnits(this, k, v);
    for (let c = 0; c < k; c++) {
      for (let i = from; i < to; i++) {
        let sum = intercept[c]!;
        for (let at = indptr[i]!; at < indptr[i + 1]!; at++) sum += data[at]! * coef[c * d + indices[at]!]!;
        out[(i - from) * k + c] = sum;
      }
    }
  }

  addGradient(from: number, to: number, r: Float64Array, k: number, out: Float64Array): void {
    const { p, means, scales } = this;
    const { data, indices, indptr, shape } = this.#rows;
    const d = shape[1];
    const sums = new Float64Array(d);
    for (let c = 0; c < k; c++) {
      sums.fill(0);
      let total = 0;
      for (let i = from; i < to; i++) {
        const value = r[(i - from) * k + c]!;
        total += value;
        for (let at = indptr[i]!; at < indptr[i + 1]!; at++) sums[indices[at]!]! += value * data[at]!;
      }
      for (let j = 0; j < d; j++) out[c * p + j]! += (sums[j]! - means[j]! * total) / scales[j]!;
      if (p > d) out[c * p + d]! += total;
    }
  }

  addGram(from: number, to: number, h: Float64Array, columns: Int32Array, out: Float64Array): void {
    const { data, indices, indptr, shape } = this.#rows;
    const d = shape[1];
    const count = columns.length;
    const placeOf = new Int32Array(d).fill(-1);
    for (let c = 0; c < count; c++) if (columns[c]! < d) placeOf[columns[c]!] = c;
    const products = new Float64Array(count * count);
    const sums = new Float64Array(count);
    const places = new Int32Array(count);
    const values = new Float64Array(count);
    let total = 0;
    for (let i = from; i < to; i++) {
      const weight = h[i - from]!;
      total += weight;
      let held = 0;
      for (let at = indptr[i]!; at < indptr[i + 1]!; at++) {
        const place = placeOf[indices[at]!]!;
        if (place < 0) continue;
        places[held] = place;
        values[held++] = data[at]!;
      }
      // The column of ones, which sparse rows do not hold, is the last of all.
      if (columns[count - 1] === d) {
        places[held] = count - 1;
        values[held++] = 1;
      }
      for (let a = 0; a < held; a++) {
        const left = weight * values[a]!;
        sums[places[a]!]! += left;
        for (let b = 0; b <= a; b++) products[places[a]! * count + places[b]!]! += left * values[b]!;
      }
    }
    // The column of ones has neither.
    const mean = (c: number) => this.means[columns[c]!] ?? 0;
    const scale = (c: number) => this.scales[columns[c]!] ?? 1;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        const centered = products[a * count + b]! - mean(a) * sums[b]! - mean(b) * sums[a]! + mean(a) * mean(b) * total;
        out[a * count + b]! += centered / (scale(a) * scale(b));
      }
    }
  }
}

function* denseMoments(rows: Matrix, fitIntercept: boolean, l2: number): Steps<Moments> {
  const { data, rows: n, columns: d } = rows;
  const means = fitIntercept ? yield* columnMeans(rows, null) : new Float64Array(d);
  const squares = new Float64Array(d);
  const most = rowsAtOnce(d);
  for (let from = 0; from < n; from += most) {
    for (let i = from; i < Math.min(n, from + most); i++) {
      for (let j = 0; j < d; j++) {
        const value = data[i * d + j]! - means[j]!;
        squares[j]! += value * value;
      }
    }
    yield;
  }
  return { means, scales: squares.map((square, j) => scaleOf(square / n, means[j]!, l2)), p: d + +fitIntercept };
}

/** Elements of sparse rows between two pauses. */
const ELEMENTS = 1 << 17;

function* sparseMoments({ data, indices, shape }: SparseRows, fitIntercept: boolean, l2: number): Steps<Moments> {
  const [n, d] = shape;
  const means = new Float64Array(d);
  const squares = new Float64Array(d);
  for (let at = 0; at < data.length; at++) {
    means[indices[at]!]! += data[at]! / n;
    squares[indices[at]!]! += (data[at]! * data[at]!) / n;
    if (at % ELEMENTS === ELEMENTS - 1) yield;
  }
  if (!fitIntercept) means.fill(0);
  return {
    means,
    scales: squares.map((square, j) => scaleOf(square - means[j]! ** 2, means[j]!, l2)),
    p: d + +fitIntercept,
  };
}

/**
 * √(variance + 4 λ₂), by which the second derivative of the mean loss with its penalty is at most ¼; the variance counts as 0 if it is
 * nothing but the rounding of a constant column.
 */
function scaleOf(variance: number, mean: number, l2: number): number {
  const varies = !(variance <= 1e-28 * mean * mean) && !(variance < 1e-200);
  const scale = Math.sqrt((varies ? variance : 0) + 4 * l2);
  return scale === 0 ? 1 : scale;
}
