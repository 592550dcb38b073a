import { DataError } from '@maru-ml/base';
import { rowGaussians, rowProducts } from '@maru-ml/kernels/kernel-functions';
import { allocate, float64View, release } from '@maru-ml/kernels/memory';
import { type Matrix, takeRow } from '@maru-ml/tensor';
import { dot, type Kernel, type KernelVectors, kernelValues, kernelVectors, ofProduct } from './kernel.ts';

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
  readonly #vectors: KernelVectors;
  readonly #row: Float64Array;
  /** The kernel function of a row and each support vector [s]. */
  readonly #values: Float64Array;
  /** The support vectors one by one, for functions of the user. */
  readonly #each: readonly Float64Array[];

  constructor(owner: string, parts: MachineParts) {
    const { kernel, d, support, vectors, intercept } = parts;
    this.#owner = owner;
    this.#parts = parts;
    this.#vectors = kernelVectors(kernel, vectors, d);
    this.#row = new Float64Array(d);
    this.#values = new Float64Array(support.length);
    this.#each = kernel.custom === null ? [] : Array.from(support, (_, s) => vectors.slice(s * d, (s + 1) * d));
    this.answers = new Float64Array(intercept.length);
    this.weights = kernel.name === 'linear' ? weightsOf(parts) : null;
  }

  /** Checks one row [d] and puts its answers into `answers`, without allocating. */
  answerOne(row: ArrayLike<number>): Float64Array {
    takeRow(this.#owner, row, this.#row);
    const { kernel, d } = this.#parts;
    if (this.weights === null) {
      const values = this.#values;
      if (kernel.name === 'precomputed' || kernel.custom !== null) this.#givenValues(this.#row, values);
      else {
        const { means } = this.#vectors;
        for (let l = 0; l < d; l++) this.#row[l]! -= means[l]!;
        kernelValues(kernel, this.#row, this.#vectors, d, values);
      }
      this.#combine(values, this.answers, 0);
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
    const { kernel } = this.#parts;
    if (this.weights !== null) for (let i = 0; i < rows; i++) this.#project(x, i * d, out, i * r);
    else if (kernel.name !== 'precomputed' && kernel.custom === null) this.#answerVectors(x, rows, out);
    else {
      const values = new Float64Array(this.#values.length);
      for (let i = 0; i < rows; i++) {
        this.#givenValues(x.slice(i * d, (i + 1) * d), values);
        this.#combine(values, out, i * r);
      }
    }
    const bad = out.findIndex((value) => value - value !== 0);
    if (bad >= 0) throw this.#tooLarge(`x[${Math.floor(bad / r)}]`);
    return out;
  }

  /** Puts the support vectors into the kernels' memory, where there is some, and multiplies them with each row. */
  #answerVectors(x: Float64Array, m: number, out: Float64Array): void {
    const { kernel, d } = this.#parts;
    const { vectors, means, squares } = this.#vectors;
    const s = this.#values.length;
    // The vectors, the squares of their lengths, their kernel values, and a row.
    const numbers = s * d + 2 * s + d;
    const address = allocate(8 * numbers);
    const all = address === 0 ? new Float64Array(numbers) : float64View(address, numbers);
    try {
      const inside = all.subarray(0, s * d);
      const insideSquares = all.subarray(s * d, s * d + s);
      const values = all.subarray(s * d + s, s * d + 2 * s);
      const row = all.subarray(numbers - d);
      inside.set(vectors);
      insideSquares.set(squares);
      for (let i = 0; i < m; i++) {
        for (let l = 0; l < d; l++) row[l] = x[i * d + l]! - means[l]!;
        if (kernel.name === 'rbf') {
          rowGaussians(inside, row, insideSquares, dot(row, 0, row, 0, d), kernel.gamma, values, s, d);
        } else {
          rowProducts(inside, row, values, s, d);
          for (let j = 0; j < s; j++) values[j] = ofProduct(kernel, values[j]!);
        }
        this.#combine(values, out, i * this.answers.length);
      }
    } finally {
      release(address, 8 * numbers);
    }
  }

  /** Kernel values that a table has or a function of the user makes. */
  #givenValues(row: Float64Array, out: Float64Array): void {
    const { kernel, support } = this.#parts;
    if (kernel.custom === null) for (let s = 0; s < out.length; s++) out[s] = row[support[s]!]!;
    else for (let s = 0; s < out.length; s++) out[s] = kernel.custom(this.#each[s]!, row);
  }

  /** The answers from kernel values, to `out` from `to` on. */
  #combine(values: Float64Array, out: Float64Array, to: number): void {
    const { coef, runs, intercept } = this.#parts;
    for (let r = 0; r < runs.length; r++) {
      const parts = runs[r]!;
      let sum = 0;
      for (let p = 0; p < parts.length; p++) {
        const from = parts[p]![0];
        const end = parts[p]![1];
        const first = parts[p]![2];
        for (let s = from; s < end; s++) sum += coef[first + s - from]! * values[s]!;
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
