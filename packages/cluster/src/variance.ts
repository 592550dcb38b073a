import { DataError, type Steps } from '@maru-ml/base';
import { type Points, rowsAtOnce } from './points.ts';

/**
 * The (weighted) variance of the columns, averaged over them.
 * @throws DataError if squared distances would overflow, or vanish between rows that differ and weigh something
 */
export function* variance(points: Points): Steps<number> {
  const { n, d } = points;
  const most = rowsAtOnce(d);
  const means = new Float64Array(d);
  let total = 0;
  let squares = 0;
  let differ = false;
  let first: Float32Array | Float64Array | null = null;
  // The means in the first pass, the squares of the deviations in the second.
  for (const pass of [1, 2]) {
    for (let from = 0; from < n; from += most) {
      const to = Math.min(n, from + most);
      const { x, weights } = points.rows(from, to);
      for (let i = 0; i < to - from; i++) {
        const weight = weights === null ? 1 : weights[i]!;
        if (weight === 0) continue;
        first ??= x.slice(i * d, (i + 1) * d);
        if (pass === 1) {
          total += weight;
          for (let j = 0; j < d; j++) means[j]! += weight * x[i * d + j]!;
          continue;
        }
        for (let j = 0; j < d; j++) {
          const deviation = x[i * d + j]! - means[j]!;
          squares += weight * deviation * deviation;
          differ ||= x[i * d + j] !== first[j];
        }
      }
      yield;
    }
    if (pass === 1) for (let j = 0; j < d; j++) means[j]! /= total;
  }
  checkFinite(squares);
  // Smaller squares have lost digits, down to all of them.
  if (differ && squares < 2 ** -970) {
    throw new DataError('KMeans: squared distances in x vanish; multiply x by a constant first');
  }
  return squares / total / d;
}

/** Throws a `DataError` if a sum of squared distances has overflown. */
export function checkFinite(sum: number): void {
  if (!(sum < Number.POSITIVE_INFINITY)) {
    throw new DataError('KMeans: squared distances in x overflow; divide x by a constant first');
  }
}
