import { DataError } from '@maru-ml/base';
import { gemv } from '@maru-ml/kernels/blas';
import { squaredDistances } from '@maru-ml/kernels/distance';
import { exp } from '@maru-ml/kernels/math';
import { type Matrix, takeRow } from '@maru-ml/tensor';
import { dot, type Kernel, kernelValues, ofProduct } from './kernel.ts';

/** A run of support vectors [from, to) of one output, whose coefficients begin at the place `at`. */
export type Run = readonly [from: number, to: number, at: number];

/** What a machine is made of. */
export interface MachineParts {
  kernel: Kernel;
  /** Columns of x. */
  d: number;
  /** Places of the support vectors in the rows that it was fitted with [s]. */
  support: Int32Array;
  /** The support vectors [s, d]; empty for 'precomputed'. */
  vectors: Float64Array;
  coef: Float64Array;
  /** The runs of each output [r], and b [r]. */
  runs: readonly (readonly Run[])[];
  intercept: Float64Array;
}

/** The answers Σ βᵢ k(xᵢ, x) + b of machines to rows, r to each. One row alone gives the bits that it gives among others. */
export class KernelMachine {
  /** w [r, d] for the kernel 'linear', else null. */
  readonly weights: Float64Array | null;
  /** The answers to the last row of `answerOne` [r]. */
  readonly answers: Float64Array;
  readonly #owner: string;
  readonly #parts: MachineParts;
  readonly #row: Float64Array;
  /** The kernel function of a row and each support vector [s]. */
  readonly #values: Float64Array;
  /** The support vectors one by one, for functions of the user. */
  readonly #each: readonly Float64Array[];

  constructor(owner: string, parts: MachineParts) {
    const { kernel, d, support, vectors, intercept } = parts;
    this.#owner = owner;
    this.#parts = parts;
    this.#row = new Float64Array(d);
    this.#values = new Float64Array(support.length);
    this.#each = kernel.custom === null ? [] : Array.from(support, (_, s) => vectors.slice(s * d, (s + 1) * d));
    this.answers = new Float64Array(intercept.length);
    this.weights = kernel.name === 'linear' ? weightsOf(parts) : null;
  }

  /** Checks one row [d] and puts its answers into `answers`, without allocating. */
  answerOne(row: ArrayLike<number>): Float64Array {
    takeRow(this.#owner, row, this.#row);
    const { kernel, d, support, vectors } = this.#parts;
    if (this.weights === null) {
      const values = this.#values;
      if (kernel.name === 'precomputed') for (let s = 0; s < values.length; s++) values[s] = this.#row[support[s]!]!;
      else if (kernel.custom === null) kernelValues(kernel, this.#row, vectors, d, values);
      else for (let s = 0; s < values.length; s++) values[s] = kernel.custom(this.#each[s]!, this.#row);
      this.#combine(values, 0, this.answers, 0);
    } else this.#project(this.#row, 0, this.answers, 0);
    for (let r = 0; r < this.answers.length; r++) {
      if (this.answers[r]! - this.answers[r]! !== 0) throw this.#tooLarge('the row');
    }
    return this.answers;
  }

  /** The answers to checked rows [m, r]. */
  answer({ data, rows, columns: d }: Matrix): Float64Array {
    const x = data instanceof Float64Array ? data : Float64Array.from(data);
    const r = this.answers.length;
    const out = new Float64Array(rows * r);
    const s = this.#values.length;
    const most = Math.max(1, Math.floor(BLOCK / Math.max(1, s)));
    const values = this.weights === null ? new Float64Array(Math.min(most, rows) * s) : NONE;
    for (let from = 0; from < rows; from += most) {
      const to = Math.min(rows, from + most);
      if (this.weights === null) this.#kernelValues(x.subarray(from * d, to * d), to - from, values);
      for (let i = from; i < to; i++) {
        if (this.weights === null) this.#combine(values, (i - from) * s, out, i * r);
        else this.#project(x, i * d, out, i * r);
      }
    }
    const bad = out.findIndex((value) => value - value !== 0);
    if (bad >= 0) throw this.#tooLarge(`x[${Math.floor(bad / r)}]`);
    return out;
  }

  /** The kernel function of rows [m, d] and all support vectors, into `out` [m, s]. */
  #kernelValues(x: Float64Array, m: number, out: Float64Array): void {
    const { kernel, d, support, vectors } = this.#parts;
    const s = support.length;
    const values = out.subarray(0, m * s);
    if (kernel.custom !== null) {
      for (let i = 0; i < m; i++) {
        const row = x.slice(i * d, (i + 1) * d);
        for (let j = 0; j < s; j++) values[i * s + j] = kernel.custom(this.#each[j]!, row);
      }
    } else if (kernel.name === 'precomputed') {
      for (let i = 0; i < m; i++) for (let j = 0; j < s; j++) values[i * s + j] = x[i * d + support[j]!]!;
    } else if (kernel.name === 'rbf') {
      squaredDistances(x, vectors, m, s, d, values);
      for (let j = 0; j < values.length; j++) values[j] = -kernel.gamma * values[j]!;
      exp(values, values);
    } else {
      for (let i = 0; i < m; i++) {
        gemv(vectors, x.subarray(i * d, (i + 1) * d), values.subarray(i * s, (i + 1) * s), { m: s, n: d });
      }
      for (let j = 0; j < values.length; j++) values[j] = ofProduct(kernel, values[j]!);
    }
  }

  /** The answers from kernel values that lie from `at` on, to `out` from `to` on. */
  #combine(values: Float64Array, at: number, out: Float64Array, to: number): void {
    const { coef, runs, intercept } = this.#parts;
    for (let r = 0; r < runs.length; r++) {
      const parts = runs[r]!;
      let sum = 0;
      for (let p = 0; p < parts.length; p++) {
        const from = parts[p]![0];
        const end = parts[p]![1];
        const first = parts[p]![2];
        for (let s = from; s < end; s++) sum += coef[first + s - from]! * values[at + s]!;
      }
      out[to + r] = sum + intercept[r]!;
    }
  }

  #project(x: Float64Array, at: number, out: Float64Array, to: number): void {
    const { d, intercept } = this.#parts;
    for (let r = 0; r < intercept.length; r++) out[to + r] = dot(this.weights!, r * d, x, at, d) + intercept[r]!;
  }

  #tooLarge(place: string): DataError {
    return new DataError(`${this.#owner}: the kernel values of ${place} overflow; the numbers are too large`);
  }
}

/** Kernel values that are held at a time. */
const BLOCK = 2 ** 18;
const NONE = /* @__PURE__ */ new Float64Array(0);

/** w = Σ βᵢ xᵢ of each output [r, d]. */
function weightsOf({ d, vectors, coef, runs }: MachineParts): Float64Array {
  const weights = new Float64Array(runs.length * d);
  for (const [r, parts] of runs.entries()) {
    for (const [from, to, at] of parts) {
      for (let s = from; s < to; s++) {
        const c = coef[at + s - from]!;
        for (let l = 0; l < d; l++) weights[r * d + l]! += c * vectors[s * d + l]!;
      }
    }
  }
  return weights;
}
