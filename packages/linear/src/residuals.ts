import type { Steps } from '@maru-ml/base';
import { gemv } from '@maru-ml/kernels/blas';
import { allocate, float64View, release } from '@maru-ml/kernels/memory';
import type { SparseRows } from '@maru-ml/tensor';
import { type Centered, checkSize, largestSize, rowsAtOnce, sumOf, weightedMean } from './centered.ts';
import type { Residual } from './coordinate-descent.ts';
import { addScaled, dot } from './dot.ts';

/** Keeps Xᵀ r instead of r, by the Gram matrix G = Xᵀ X: a move costs O(d), whatever n. */
export class GramResidual implements Residual {
  readonly d: number;
  readonly squares: Float64Array;
  readonly ySquare: number;
  readonly cost: number;
  readonly #gram: Float64Array;
  /** Xᵀ y. */
  readonly #target: Float64Array;
  /** Xᵀ r. */
  readonly #correlations: Float64Array;

  private constructor(gram: Float64Array, target: Float64Array, ySquare: number) {
    this.d = target.length;
    this.squares = target.map((_, j) => gram[j * target.length + j]!);
    this.ySquare = ySquare;
    this.cost = target.length;
    this.#gram = gram;
    this.#target = target;
    this.#correlations = target.slice();
  }

  /** @param centered column by column */
  static *of(centered: Centered): Steps<GramResidual> {
    const { x, y, n, d } = centered;
    const gram = new Float64Array(d * d);
    // Half a megabyte at a time, which caches hold.
    const most = Math.max(16, Math.floor(2 ** 16 / d));
    for (let from = 0; from < n; from += most) {
      addProducts(centered, from, Math.min(most, n - from), gram);
      yield;
    }
    for (let j = 0; j < d; j++) for (let l = 0; l < j; l++) gram[j * d + l] = gram[l * d + j]!;
    const target = Float64Array.from({ length: d }, (_, j) => dot(x, j * n, y, 0, n));
    return new GramResidual(gram, target, dot(y, 0, y, 0, n));
  }

  reset(w: Float64Array): void {
    this.#correlations.set(this.#target);
    for (let j = 0; j < this.d; j++) if (w[j] !== 0) this.move(j, w[j]!);
  }

  correlation(j: number): number {
    return this.#correlations[j]!;
  }

  move(j: number, delta: number): void {
    addScaled(-delta, this.#gram, j * this.d, this.#correlations, 0, this.d);
  }

  // biome-ignore lint/correctness/useYield: it is short
  *summary(w: Float64Array, out: Float64Array): Steps<{ square: number; dotY: number }> {
    out.set(this.#correlations);
    const dotY = this.ySquare - dot(w, 0, this.#target, 0, this.d);
    return { square: Math.max(0, dotY - dot(w, 0, this.#correlations, 0, this.d)), dotY };
  }
}

/** Adds the products of the columns over k rows to the upper half of G. */
function addProducts({ x, n, d }: Centered, from: number, k: number, gram: Float64Array): void {
  // In the kernels' memory, where there is room, columns are multiplied without copying them once more.
  const bytes = 8 * d * k;
  const address = allocate(bytes);
  const columns = address === 0 ? new Float64Array(d * k) : float64View(address, d * k);
  for (let j = 0; j < d; j++) columns.set(x.subarray(j * n + from, j * n + from + k), j * k);
  for (let j = 0; j < d; j++) {
    const column = columns.subarray(j * k, (j + 1) * k);
    const out = gram.subarray(j * d + j, (j + 1) * d);
    gemv(columns.subarray(j * k), column, out, { m: d - j, n: k, accumulate: true });
  }
  release(address, bytes);
}

/** Keeps r: a move costs O(n). */
export class DenseResidual implements Residual {
  readonly d: number;
  readonly squares: Float64Array;
  readonly ySquare: number;
  readonly cost: number;
  readonly #centered: Centered;
  readonly #r: Float64Array;

  /** @param centered column by column */
  constructor(centered: Centered) {
    const { x, y, n, d } = centered;
    this.d = d;
    this.squares = Float64Array.from({ length: d }, (_, j) => dot(x, j * n, x, j * n, n));
    this.ySquare = dot(y, 0, y, 0, n);
    this.cost = n;
    this.#centered = centered;
    this.#r = y.slice();
  }

  reset(w: Float64Array): void {
    this.#r.set(this.#centered.y);
    for (let j = 0; j < this.d; j++) if (w[j] !== 0) this.move(j, w[j]!);
  }

  correlation(j: number): number {
    const { x, n } = this.#centered;
    return dot(x, j * n, this.#r, 0, n);
  }

  move(j: number, delta: number): void {
    const { x, n } = this.#centered;
    addScaled(-delta, x, j * n, this.#r, 0, n);
  }

  *summary(_w: Float64Array, out: Float64Array): Steps<{ square: number; dotY: number }> {
    const most = rowsAtOnce(this.cost);
    for (let j = 0; j < this.d; j++) {
      out[j] = this.correlation(j);
      if (j % most === most - 1) yield;
    }
    const { y, n } = this.#centered;
    return { square: dot(this.#r, 0, this.#r, 0, n), dotY: dot(this.#r, 0, y, 0, n) };
  }
}

/**
 * The same for sparse columns, which are not centered, as that would fill them: r lacks the offset Σ μⱼ wⱼ, which is added
 * where r is read. A move costs O(elements held in the column).
 */
export class SparseResidual implements Residual {
  readonly d: number;
  readonly squares: Float64Array;
  readonly ySquare: number;
  readonly cost: number;
  readonly means: Float64Array;
  readonly yMean: number;
  readonly #columns: SparseColumns;
  readonly #weights: Float64Array | null;
  readonly #total: number;
  readonly #y: Float64Array;
  readonly #r: Float64Array;
  #offset = 0;

  /** @param weights of the rows; null for 1 each */
  constructor(owner: string, x: SparseRows, y: Float64Array, weights: Float64Array | null, fitIntercept: boolean) {
    const n = x.shape[0];
    this.d = x.shape[1];
    this.cost = Math.ceil(x.data.length / this.d) + 1;
    checkSize(owner, 'x', largestSize(x.data));
    const columns = sparseColumns(x);
    this.#columns = columns;
    this.#weights = weights;
    this.#total = weights === null ? n : sumOf(weights);
    this.means = new Float64Array(this.d);
    this.squares = new Float64Array(this.d);
    for (let j = 0; j < this.d; j++) {
      let [sum, square] = [0, 0];
      for (let k = columns.starts[j]!; k < columns.starts[j + 1]!; k++) {
        const value = columns.data[k]!;
        const weight = weights === null ? 1 : weights[columns.rows[k]!]!;
        sum += weight * value;
        square += weight * value * value;
      }
      if (fitIntercept) this.means[j] = sum / this.#total;
      this.squares[j] = Math.max(0, square - this.means[j]! * sum);
      // What is left of a constant column is rounding.
      if (this.squares[j]! <= 1e-15 * square) this.squares[j] = 0;
    }
    this.yMean = fitIntercept ? weightedMean(y, weights) : 0;
    this.#y = y.map((value) => value - this.yMean);
    checkSize(owner, 'y', largestSize(this.#y));
    this.#r = this.#y.slice();
    this.ySquare = this.#product(this.#y, this.#y);
  }

  reset(w: Float64Array): void {
    this.#r.set(this.#y);
    this.#offset = 0;
    for (let j = 0; j < this.d; j++) if (w[j] !== 0) this.move(j, w[j]!);
  }

  correlation(j: number): number {
    const { data, rows, starts } = this.#columns;
    const weights = this.#weights;
    let sum = 0;
    if (weights === null) for (let k = starts[j]!; k < starts[j + 1]!; k++) sum += data[k]! * this.#r[rows[k]!]!;
    else {
      for (let k = starts[j]!; k < starts[j + 1]!; k++) sum += weights[rows[k]!]! * data[k]! * this.#r[rows[k]!]!;
    }
    // Centered residuals add up to 0, so of the column's mean nothing is left but this.
    return sum + this.#offset * this.#total * this.means[j]!;
  }

  move(j: number, delta: number): void {
    const { data, rows, starts } = this.#columns;
    for (let k = starts[j]!; k < starts[j + 1]!; k++) this.#r[rows[k]!]! -= delta * data[k]!;
    this.#offset += delta * this.means[j]!;
  }

  *summary(_w: Float64Array, out: Float64Array): Steps<{ square: number; dotY: number }> {
    const most = rowsAtOnce(this.cost);
    for (let j = 0; j < this.d; j++) {
      out[j] = this.squares[j] === 0 ? 0 : this.correlation(j);
      if (j % most === most - 1) yield;
    }
    const r = this.#r.map((value) => value + this.#offset);
    return { square: this.#product(r, r), dotY: this.#product(r, this.#y) };
  }

  #product(a: Float64Array, b: Float64Array): number {
    if (this.#weights === null) return dot(a, 0, b, 0, a.length);
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += this.#weights[i]! * a[i]! * b[i]!;
    return sum;
  }
}

/** The elements of a sparse matrix by column: those of column j lie at `starts[j]` to `starts[j + 1]`. */
export interface SparseColumns {
  data: Float64Array;
  rows: Int32Array;
  starts: Int32Array;
}

/** O(elements held + columns). */
export function sparseColumns({ data, indices, indptr, shape }: SparseRows): SparseColumns {
  const starts = new Int32Array(shape[1] + 1);
  for (const column of indices) starts[column + 1]! += 1;
  for (let j = 0; j < shape[1]; j++) starts[j + 1]! += starts[j]!;
  const next = starts.slice();
  const out = { data: new Float64Array(data.length), rows: new Int32Array(data.length), starts };
  for (let i = 0; i < shape[0]; i++) {
    for (let k = indptr[i]!; k < indptr[i + 1]!; k++) {
      const at = next[indices[k]!]!++;
      out.data[at] = data[k]!;
      out.rows[at] = i;
    }
  }
  return out;
}
