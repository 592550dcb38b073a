import type { Steps } from '@maru-ml/base';
import { rowGaussians, rowProduct, rowProducts } from '@maru-ml/kernels/kernel-functions';
import { type Kernel, ofProducts } from './kernel.ts';
import { PART } from './rows.ts';

/** Rows of which kernel values are made, and room for those: parts of one array, so that all lie in the kernels' memory or none. */
export interface Vectors {
  /** The rows [n, d], for 'rbf' less the means of their columns. */
  readonly rows: Float64Array;
  /** The squares of their lengths [n]. */
  readonly squares: Float64Array;
  /** Room for one more row [d]. */
  readonly row: Float64Array;
  /** Room for the kernel values of a row. */
  readonly values: Float64Array;
}

/** How many numbers `n` rows of d columns take with room for `m` kernel values. */
export function sizeOf(n: number, d: number, m: number): number {
  return (n + 1) * d + n + m;
}

/** The parts of such an array. */
export function partsOf(all: Float64Array, n: number, d: number): Vectors {
  const [squares, row] = [n * d, n * d + n];
  return {
    rows: all.subarray(0, squares),
    squares: all.subarray(squares, row),
    row: all.subarray(row, row + d),
    values: all.subarray(row + d),
  };
}

/**
 * Lays rows of `x` [., d] out in the vectors and gives the means that it took off: for 'rbf' those of the columns, since what is common to
 * all rows would take digits away in ‖a - b‖² = ‖a‖² + ‖b‖² - 2 a · b; else 0.
 * @param places of the rows in x [n]
 * @param vectors asked for again after each pause
 */
export function* layOut(
  kernel: Kernel,
  x: Float64Array,
  d: number,
  places: Int32Array,
  vectors: () => Vectors,
): Steps<Float64Array> {
  const n = places.length;
  const means = new Float64Array(d);
  const most = Math.max(1, Math.floor(PART / d));
  if (kernel.name === 'rbf') {
    for (let i = 0; i < n; i++) {
      const at = places[i]! * d;
      for (let l = 0; l < d; l++) means[l]! += x[at + l]! / n;
      if (i % most === 0) yield;
    }
  }
  for (let from = 0; from < n; from += most) {
    const to = Math.min(n, from + most);
    const { rows, squares } = vectors();
    for (let i = from; i < to; i++) {
      const [at, source] = [i * d, places[i]! * d];
      for (let l = 0; l < d; l++) rows[at + l] = x[source + l]! - means[l]!;
      squares[i] = rowProduct(rows, at, rows, at, d);
    }
    yield;
  }
  return means;
}

/** The kernel function of `row` and each of m rows from the place `from` on, to the first m of `values`, without allocating where that is 0. */
export function kernelValues(kernel: Kernel, vectors: Vectors, from: number, m: number, d: number): void {
  const { row, values } = vectors;
  const rows = from === 0 ? vectors.rows : vectors.rows.subarray(from * d);
  if (kernel.name === 'rbf') {
    const squares = from === 0 ? vectors.squares : vectors.squares.subarray(from);
    rowGaussians(rows, row, squares, rowProduct(row, 0, row, 0, d), kernel.gamma, values, m, d);
  } else {
    rowProducts(rows, row, values, m, d);
    ofProducts(kernel, values, m);
  }
}
