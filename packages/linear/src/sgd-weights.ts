import { isSparse, type Matrix, type SparseRows } from '@maru-ml/tensor';
import { addScaled, dot } from './dot.ts';

/**
 * The coefficients w [d] of one score while stochastic gradient descent changes them: w = scale · raw, so that shrinking all
 * takes one product; with the average of all w so far, if wanted, which is kept as (sum + a · raw) / b, so that a sparse row changes
 * only its own columns.
 *
 * L. Bottou, "Stochastic gradient descent tricks" (2012), sections 5.1 and 5.3.
 */
export class SgdWeights {
  readonly raw: Float64Array;
  readonly average: Float64Array | null;
  #scale = 1;
  #a = 0;
  #b = 1;
  /** What each column has had of the 'l1' penalty [d]. */
  readonly #paid: Float64Array;
  /** What a column could have had. */
  #due = 0;

  constructor(w: Float64Array, average: Float64Array | null) {
    this.raw = w;
    this.average = average;
    this.#paid = new Float64Array(w.length);
  }

  /** w · row i. */
  score(rows: Matrix | SparseRows, i: number): number {
    const { raw } = this;
    if (!isSparse(rows)) return this.#scale * dot(raw, 0, rows.data, i * rows.columns, rows.columns);
    const { data, indices, indptr } = rows;
    let sum = 0;
    for (let at = indptr[i]!; at < indptr[i + 1]!; at++) sum += data[at]! * raw[indices[at]!]!;
    return this.#scale * sum;
  }

  /** w *= factor. */
  shrink(factor: number): void {
    this.#scale *= factor;
    // Before digits are lost, or all of w is.
    if (this.#scale < 1e-9) this.settle();
  }

  /** w += c · row i. */
  add(rows: Matrix | SparseRows, i: number, c: number): void {
    const step = c / this.#scale;
    const { raw, average } = this;
    const a = this.#a;
    if (!isSparse(rows)) {
      addScaled(step, rows.data, i * rows.columns, raw, 0, rows.columns);
      if (average !== null) addScaled(-a * step, rows.data, i * rows.columns, average, 0, rows.columns);
      return;
    }
    const { data, indices, indptr } = rows;
    for (let at = indptr[i]!; at < indptr[i + 1]!; at++) {
      raw[indices[at]!]! += step * data[at]!;
      if (average !== null) average[indices[at]!]! -= a * step * data[at]!;
    }
  }

  /** Takes w into the average as the `count`-th. */
  takeIntoAverage(count: number): void {
    const share = 1 / count;
    if (count > 1) this.#b /= 1 - share;
    this.#a += share * this.#b * this.#scale;
  }

  /**
   * Moves the columns of row i towards 0 by what they owe of the 'l1' penalty, which grows by `amount` a step, and never past 0.
   * Y. Tsuruoka, J. Tsujii and S. Ananiadou, "Stochastic gradient descent training for L1-regularized log-linear models with
   * cumulative penalty", ACL (2009).
   */
  penalize(rows: Matrix | SparseRows, i: number, amount: number): void {
    this.#due += amount;
    if (isSparse(rows)) {
      for (let at = rows.indptr[i]!; at < rows.indptr[i + 1]!; at++) this.#penalizeColumn(rows.indices[at]!);
    } else for (let j = 0; j < this.raw.length; j++) this.#penalizeColumn(j);
  }

  #penalizeColumn(j: number): void {
    const { raw } = this;
    const scale = this.#scale;
    const before = raw[j]!;
    const paid = this.#paid[j]!;
    if (before > 0) raw[j] = Math.max(0, before - (this.#due + paid) / scale);
    else if (before < 0) raw[j] = Math.min(0, before + (this.#due - paid) / scale);
    const change = raw[j]! - before;
    this.#paid[j]! += scale * change;
    if (this.average !== null) this.average[j]! -= this.#a * change;
  }

  /** Makes `raw` w itself, and `average` the average. */
  settle(): void {
    const { raw, average } = this;
    if (average !== null) {
      for (let j = 0; j < raw.length; j++) average[j] = (average[j]! + this.#a * raw[j]!) / this.#b;
      this.#a = 0;
      this.#b = 1;
    }
    for (let j = 0; j < raw.length; j++) raw[j]! *= this.#scale;
    this.#scale = 1;
  }

  isFinite(): boolean {
    return this.raw.every(Number.isFinite);
  }
}
