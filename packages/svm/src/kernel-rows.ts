import { DataError, type Steps } from '@maru-ml/base';
import { rowGaussians, rowProducts } from '@maru-ml/kernels/kernel-functions';
import { allocate, float64View, release } from '@maru-ml/kernels/memory';
import { dot, type Kernel, ofProduct } from './kernel.ts';
import { PART } from './rows.ts';

/** Rows of the kernel matrix of n rows of x, whose order the solver changes. */
export interface KernelRows {
  readonly n: number;
  /** k(x_i, x_i) [n], in the first order. */
  readonly diagonal: Float64Array;
  /** Writes k(x_i, x_j) to out[j] for j from `from` to `to`. @throws DataError for a number that is not finite */
  fill(i: number, from: number, to: number, out: Float64Array): void;
  /** Lets rows i and j change places. */
  swap(i: number, j: number): void;
  /** Gives memory back. */
  free(): void;
}

/**
 * The kernel matrix of those rows of `x` [., d] that are at the places `rows` [n].
 * @throws DataError if its diagonal is not finite
 */
export function* kernelRows(
  owner: string,
  kernel: Kernel,
  x: Float64Array,
  d: number,
  rows: Int32Array,
): Steps<KernelRows> {
  if (kernel.name === 'precomputed') return givenRows(x, d, rows);
  return kernel.custom === null ? yield* vectorRows(owner, kernel, x, d, rows) : customRows(owner, kernel, x, d, rows);
}

/** Rows of a table of kernel values. */
function givenRows(x: Float64Array, d: number, rows: Int32Array): KernelRows {
  const places = rows.slice();
  return {
    n: rows.length,
    diagonal: Float64Array.from(rows, (row) => x[row * d + row]!),
    fill(i, from, to, out) {
      const at = places[i]! * d;
      for (let j = from; j < to; j++) out[j] = x[at + places[j]!]!;
    },
    swap: (i, j) => exchange(places, i, j),
    free() {},
  };
}

/** Rows that a function of the user makes. */
function customRows(owner: string, kernel: Kernel, x: Float64Array, d: number, rows: Int32Array): KernelRows {
  const places = rows.slice();
  const vectors = Array.from(rows, (row) => x.slice(row * d, (row + 1) * d));
  const value = (i: number, j: number): number => {
    const result: unknown = kernel.custom!(vectors[i]!, vectors[j]!);
    if (typeof result === 'number' && result - result === 0) return result;
    throw notFinite(owner, kernel, places[i]!, places[j]!, result);
  };
  return {
    n: rows.length,
    diagonal: Float64Array.from(rows, (_, i) => value(i, i)),
    fill(i, from, to, out) {
      for (let j = from; j < to; j++) out[j] = value(i, j);
    },
    swap(i, j) {
      exchange(places, i, j);
      [vectors[i], vectors[j]] = [vectors[j]!, vectors[i]!];
    },
    free() {},
  };
}

/**
 * Rows of the kernels of this package, all made of products x_i · x_j: the rows lie in the kernels' memory, where there is some,
 * and one call multiplies them all with one. For 'rbf', ‖a - b‖² = ‖a‖² + ‖b‖² - 2 a · b of rows less the means of their columns, so
 * that what is common to all takes no digits away.
 */
function* vectorRows(owner: string, kernel: Kernel, x: Float64Array, d: number, rows: Int32Array): Steps<KernelRows> {
  const n = rows.length;
  const isRbf = kernel.name === 'rbf';
  const places = rows.slice();
  const most = Math.max(1, Math.floor(PART / d));
  const means = new Float64Array(d);
  for (let i = 0; i < n && isRbf; i++) {
    const at = rows[i]! * d;
    for (let l = 0; l < d; l++) means[l]! += x[at + l]! / n;
    if (i % most === 0) yield;
  }
  // The rows, then the squares of their lengths, then room for a row of the matrix.
  const numbers = n * d + 2 * n;
  const address = allocate(8 * numbers);
  const heap = address === 0 ? new Float64Array(numbers) : null;
  const view = (from: number, to: number) =>
    heap === null ? float64View(address + 8 * from, to - from) : heap.subarray(from, to);
  const squares = () => view(n * d, n * d + n);
  const free = () => release(address, 8 * numbers);
  let isReady = false;
  try {
    for (let from = 0; from < n; from += most) {
      const to = Math.min(n, from + most);
      const [part, squared] = [view(from * d, to * d), squares()];
      for (let i = from; i < to; i++) {
        const [at, source] = [(i - from) * d, rows[i]! * d];
        for (let l = 0; l < d; l++) part[at + l] = x[source + l]! - means[l]!;
        squared[i] = dot(part, at, part, at, d);
      }
      yield;
    }
    isReady = true;
  } finally {
    if (!isReady) free();
  }
  const diagonal = Float64Array.from(squares(), (square) =>
    isRbf ? 1 + (square - square) : ofProduct(kernel, square),
  );
  const bad = diagonal.findIndex((value) => value - value !== 0);
  if (bad >= 0) {
    free();
    throw notFinite(owner, kernel, rows[bad]!, rows[bad]!, diagonal[bad]);
  }
  return {
    n,
    diagonal,
    fill(i, from, to, out) {
      const values = view(n * d + n + from, n * d + n + to);
      const [rest, row] = [view(from * d, to * d), view(i * d, (i + 1) * d)];
      if (isRbf) {
        const all = squares();
        rowGaussians(rest, row, all.subarray(from, to), all[i]!, kernel.gamma, values, to - from, d);
      } else {
        rowProducts(rest, row, values, to - from, d);
        if (kernel.name !== 'linear') {
          for (let j = 0; j < values.length; j++) values[j] = ofProduct(kernel, values[j]!);
        }
      }
      let sum = 0;
      for (let j = 0; j < values.length; j++) sum += values[j]! - values[j]!;
      if (sum !== 0) {
        const at = values.findIndex((value) => value - value !== 0);
        throw notFinite(owner, kernel, places[i]!, places[from + at]!, values[at]);
      }
      out.set(values, from);
    },
    swap(i, j) {
      exchange(places, i, j);
      exchange(squares(), i, j);
      const now = view(0, n * d);
      for (let l = 0; l < d; l++) exchange(now, i * d + l, j * d + l);
    },
    free,
  };
}

export function exchange(array: Float64Array | Int32Array, i: number, j: number): void {
  const first = array[i]!;
  array[i] = array[j]!;
  array[j] = first;
}

function notFinite(owner: string, { name }: Kernel, i: number, j: number, value: unknown): DataError {
  const remedy = name === 'precomputed' ? '' : '; scale the columns of x first (see StandardScaler)';
  return new DataError(`${owner}: the kernel '${name}' of x[${i}] and x[${j}] is ${value}${remedy}`);
}
