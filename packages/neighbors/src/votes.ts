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
  const exact = weights === 'distance' && hasZero(distances, from, end);
  for (let at = from; at < end; at++) {
    out[to + codes[places[at]!]!]! += weightOf(distances[at]!, weights, exact);
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
  const exact = weights === 'distance' && hasZero(distances, from, end);
  let sum = 0;
  let total = 0;
  for (let at = from; at < end; at++) {
    const weight = weightOf(distances[at]!, weights, exact);
    sum += weight * y[places[at]!]!;
    total += weight;
  }
  return sum / total;
}

function weightOf(distance: number, weights: NeighborWeights, exact: boolean): number {
  if (weights === 'uniform') return 1;
  if (exact) return distance === 0 ? 1 : 0;
  // The inverse of the smallest distances is no number any more.
  return Math.min(1 / distance, 2 ** 1000);
}

function hasZero(distances: Float64Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (distances[at] === 0) return true;
  return false;
}
