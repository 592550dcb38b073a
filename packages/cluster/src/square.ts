import { DataError, ShapeError, type Steps } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';
import { rowsAtOnce } from './points.ts';

/**
 * Checks that x holds a number ≥ 0 for each pair of rows, the same both ways but for rounding.
 * @param what what the numbers are, such as 'distances'
 * @param factor by which the numbers may be multiplied
 */
export function* checkPairs(owner: string, { data, rows: n, columns }: Matrix, what: string, factor = 1): Steps<void> {
  if (columns !== n) {
    throw new ShapeError(`${owner}: x must hold ${what} of all pairs of rows [n, n], got shape [${n}, ${columns}]`);
  }
  const most = rowsAtOnce(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [there, back] = [data[i * n + j]!, data[j * n + i]!];
      if (!(there >= 0)) throw new DataError(`${owner}: ${what} must be ≥ 0, but x[${i}, ${j}] is ${there}`);
      if (!(there * factor < Number.POSITIVE_INFINITY)) {
        throw new DataError(`${owner}: sums of ${what} overflow; divide x by a constant first`);
      }
      if (Math.abs(there - back) > 1e-10 * there) {
        throw new DataError(
          `${owner}: ${what} must be the same both ways, but x[${i}, ${j}] is ${there} and x[${j}, ${i}] is ${back}`,
        );
      }
    }
    if (i % most === most - 1) yield;
  }
}
