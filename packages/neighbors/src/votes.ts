import { DataError } from '@maru-ml/base';

/** How much each neighbor counts: all alike, or by the inverse of its distance. */
export type NeighborWeights = 'uniform' | 'distance';

/**
 * Adds the votes of neighbors for their classes to `out` [k] from place `to` on. Weighed by distance, rows that the query lies on have all the say.
 *
 * @param codes the classes of all rows
 */
export function vote(
  places: Int32Array,
  distances: Float64Array,
  from: number,
  end: number,
  codes: Int32Array,
  weights: NeighborWeights,
  out: Float64Array,
  to: number,
): void {
  const nearest = weights === 'uniform' ? 0 : least(distances, from, end);
  for (let at = from; at < end; at++) {
    out[to + codes[places[at]!]!]! += weights === 'uniform' ? 1 : weightOf(distances[at]!, nearest);
  }
}

/** The weighted mean of the numbers of neighbors. */
export function average(
  places: Int32Array,
  distances: Float64Array,
  from: number,
  end: number,
  y: Float64Array,
  weights: NeighborWeights,
): number {
  const nearest = weights === 'uniform' ? 0 : least(distances, from, end);
  let sum = 0;
  let total = 0;
  for (let at = from; at < end; at++) {
    const weight = weights === 'uniform' ? 1 : weightOf(distances[at]!, nearest);
    sum += weight * y[places[at]!]!;
    total += weight;
  }
  return sum / total;
}

/** Numbers to be averaged, if the sum of all of them is a number. @throws DataError */
export function checkSums(owner: string, y: Float64Array): Float64Array {
  if (Number.isFinite(y.reduce((sum, value) => sum + Math.abs(value), 0))) return y;
  throw new DataError(`${owner}: sums of the numbers in y overflow; divide y by a constant first`);
}

/** The inverse of a distance, as a share of that of the nearest: at most 1, however small distances are. */
function weightOf(distance: number, nearest: number): number {
  return distance === nearest ? 1 : nearest / distance;
}

function least(distances: Float64Array, from: number, end: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let at = from; at < end; at++) nearest = Math.min(nearest, distances[at]!);
  return nearest;
}
