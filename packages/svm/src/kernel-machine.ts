import { DataError, runSteps } from '@maru-ml/base';
import { rowProduct } from '@maru-ml/kernels/kernel-functions';
import { allocate, float64View, release } from '@maru-ml/kernels/memory';
import { type Matrix, takeRow } from '@maru-ml/tensor';
import { isOfProducts, type Kernel, suited } from './kernel.ts';
import { kernelValues, layOut, partsOf, sizeOf, type Vectors } from './vectors.ts';

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
  /** The array of the vectors below, and the means that were taken off them. */
  readonly #all: Float64Array;
  readonly #vectors: Vectors;
  readonly #means: Float64Array;
  /** The support vectors one by one, for functions. */
  readonly #each: readonly Float64Array[];

  constructor(owner: string, parts: MachineParts) {
    const { kernel, d, support, vectors, intercept } = parts;
    this.#owner = owner;
    this.answers = new Float64Array(intercept.length);
    this.weights = kernel.name === 'linear' ? weightsOf(parts) : null;
    const n = this.weights === null ? vectors.length / d : 0;
    const places = Int32Array.from({ length: n }, (_, s) => s);
    this.#all = new Float64Array(sizeOf(n, d, support.length));
    this.#vectors = partsOf(this.#all, n, d);
    const means = runSteps(layOut(kernel, vectors, d, places, () => this.#vectors));
    const own = suited(kernel, this.#vectors.squares);
    this.#parts = { ...parts, kernel: own };
    this.#means = own === kernel ? means : new Float64Array(d);
    this.#each = own.custom === null ? [] : Array.from(places, (s) => vectors.slice(s * d, (s + 1) * d));
  }

  /** Checks one row [d] and puts its answers into `answers`, without allocating. */
  answerOne(row: ArrayLike<number>): Float64Array {
    const taken = this.#vectors.row;
    takeRow(this.#owner, row, taken);
    this.#answerRow(this.#vectors, taken, 0, this.answers, 0);
    for (let r = 0; r < this.answers.length; r++) {
      if (this.answers[r]! - this.answers[r]! !== 0) throw this.#tooLarge('the row');
    }
    return this.answers;
  }

  /** The answers to checked rows [m, r]. Vectors that are multiplied with each are put into the kernels' memory, where there is some. */
  answer({ data, rows, columns: d }: Matrix): Float64Array {
    const r = this.answers.length;
    const out = new Float64Array(rows * r);
    const { length } = this.#all;
    const address = isOfProducts(this.#parts.kernel) && this.weights === null ? allocate(8 * length) : 0;
    let vectors = this.#vectors;
    if (address !== 0) {
      const all = float64View(address, length);
      all.set(this.#all);
      vectors = partsOf(all, vectors.squares.length, d);
    }
    for (let i = 0; i < rows; i++) this.#answerRow(vectors, data, i * d, out, i * r);
    release(address, 8 * length);
    const bad = out.findIndex((value) => value - value !== 0);
    if (bad >= 0) throw this.#tooLarge(`x[${Math.floor(bad / r)}]`);
    return out;
  }

  /** The answers to the row of `x` from `at` on, to `out` from `to` on. */
  #answerRow(vectors: Vectors, x: ArrayLike<number>, at: number, out: Float64Array, to: number): void {
    const { kernel, d, support, intercept } = this.#parts;
    const { row, values } = vectors;
    for (let l = 0; l < d; l++) row[l] = x[at + l]! - this.#means[l]!;
    if (this.weights !== null) {
      for (let r = 0; r < intercept.length; r++)
        out[to + r] = rowProduct(this.weights, r * d, row, 0, d) + intercept[r]!;
      return;
    }
    if (isOfProducts(kernel)) kernelValues(kernel, vectors, 0, values.length, d);
    else if (kernel.custom === null) for (let s = 0; s < values.length; s++) values[s] = row[support[s]!]!;
    else for (let s = 0; s < values.length; s++) values[s] = kernel.custom(this.#each[s]!, row);
    this.#combine(values, out, to);
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
