import { DataError, type Steps } from '@maru-ml/base';
import { allocate, float64View, release } from '@maru-ml/kernels/memory';
import { isOfProducts, type Kernel, ofProducts, suited } from './kernel.ts';
import { type DualProblem, type DualSolution, type SolverSettings, solve } from './smo.ts';
import { kernelValues, layOut, partsOf, sizeOf, type Vectors } from './vectors.ts';

/** Rows of the kernel matrix of n rows of x, whose order the solver changes. */
export interface KernelRows {
  /** k(x_i, x_i) [n], in the first order. */
  readonly diagonal: Float64Array;
  /** Writes k(x_i, x_j) to out[j] for j from `from` to `to`. @throws DataError for a number that is not finite */
  fill(i: number, from: number, to: number, out: Float64Array): void;
  /** Lets rows i and j change places. */
  swap(i: number, j: number): void;
}

/**
 * Solves the problem whose K is the kernel matrix of those rows of `x` [., d] that are at the places `rows` [n].
 * @throws DataError for kernel values that are not finite
 */
export function* solveRows(
  kernel: Kernel,
  x: Float64Array,
  d: number,
  rows: Int32Array,
  problem: Omit<DualProblem, 'kernel'>,
  settings: SolverSettings,
): Steps<DualSolution> {
  const given = (kernel: Kernel) => givenRows(settings.owner, kernel, x, d, rows);
  if (!isOfProducts(kernel)) return yield* solve({ ...problem, kernel: given(kernel) }, settings);
  const n = rows.length;
  const size = sizeOf(n, d, n);
  const address = allocate(8 * size);
  const vectorsNow = () => partsOf(address === 0 ? new Float64Array(size) : float64View(address, size), n, d);
  let known = vectorsNow();
  // Views are made again when the memory has grown, which leaves the old ones without elements.
  const vectors = () => {
    if (known.values.length === 0) known = vectorsNow();
    return known;
  };
  try {
    yield* layOut(kernel, x, d, rows, vectors);
    const own = suited(kernel, vectors().squares);
    const made = isOfProducts(own) ? productRows(settings.owner, kernel, d, rows, vectors) : given(own);
    return yield* solve({ ...problem, kernel: made }, settings);
  } finally {
    release(address, 8 * size);
  }
}

/** Rows of a table of kernel values, or that a function of the user makes. */
function givenRows(owner: string, kernel: Kernel, x: Float64Array, d: number, rows: Int32Array): KernelRows {
  const places = rows.slice();
  const { custom } = kernel;
  const vectors: Float64Array[] = [];
  if (custom !== null) for (const place of rows) vectors[place] = x.slice(place * d, (place + 1) * d);
  const value =
    custom === null
      ? (a: number, b: number) => x[a * d + b]!
      : (a: number, b: number) => {
          const result: unknown = custom(vectors[a]!, vectors[b]!);
          if (typeof result === 'number' && result - result === 0) return result;
          throw notFinite(owner, kernel, a, b, result);
        };
  return {
    diagonal: Float64Array.from(rows, (place) => value(place, place)),
    fill(i, from, to, out) {
      const place = places[i]!;
      for (let j = from; j < to; j++) out[j] = value(place, places[j]!);
    },
    swap: (i, j) => exchange(places, i, j),
  };
}

/** Rows of the kernels of this package, all made of products x_i · x_j: one call multiplies all rows with one. */
function productRows(owner: string, kernel: Kernel, d: number, rows: Int32Array, vectors: () => Vectors): KernelRows {
  const places = rows.slice();
  const n = rows.length;
  const diagonal = vectors().squares.slice();
  if (kernel.name === 'rbf') for (let i = 0; i < n; i++) diagonal[i] = 1 + (diagonal[i]! - diagonal[i]!);
  else ofProducts(kernel, diagonal, n);
  const bad = diagonal.findIndex((value) => value - value !== 0);
  if (bad >= 0) throw notFinite(owner, kernel, places[bad]!, places[bad]!, diagonal[bad]);
  return {
    diagonal,
    fill(i, from, to, out) {
      const all = vectors();
      const { rows, row, values } = all;
      for (let l = 0; l < d; l++) row[l] = rows[i * d + l]!;
      kernelValues(kernel, all, from, to - from, d);
      let sum = 0;
      for (let j = 0; j < to - from; j++) sum += values[j]! - values[j]!;
      out.set(values.subarray(0, to - from), from);
      if (sum === 0) return;
      const at = values.findIndex((value) => value - value !== 0);
      throw notFinite(owner, kernel, places[i]!, places[from + at]!, values[at]);
    },
    swap(i, j) {
      exchange(places, i, j);
      const { rows, squares } = vectors();
      exchange(squares, i, j);
      for (let l = 0; l < d; l++) exchange(rows, i * d + l, j * d + l);
    },
  };
}

/** Lets two elements change places. */
export function exchange(array: Float64Array | Int32Array, i: number, j: number): void {
  const first = array[i]!;
  array[i] = array[j]!;
  array[j] = first;
}

function notFinite(owner: string, { name }: Kernel, i: number, j: number, value: unknown): DataError {
  const remedy = name === 'precomputed' ? '' : '; scale the columns of x first (see StandardScaler)';
  return new DataError(`${owner}: the kernel '${name}' of x[${i}] and x[${j}] is ${value}${remedy}`);
}
