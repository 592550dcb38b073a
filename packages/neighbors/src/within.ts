import { Found } from './found.ts';
import { checkRanks, type Measure } from './metrics.ts';
import type { Rows } from './rows-searched.ts';
import type { NeighborSearch } from './search.ts';

/** The largest distance of a search [1], and the largest rank that rows so near can have [1]. */
export interface Range {
  readonly distance: Float64Array;
  readonly rank: Float64Array;
}

/** A distance as `rowsNear` takes it. */
export function rangeOf(measure: Measure, radius: number): Range {
  const rank = Float64Array.of(radius);
  measure.toRanks(rank, 0, 1);
  // The rank of the radius is rounded, so the distances decide.
  rank[0]! *= 1 + 2 ** -40;
  return { distance: Float64Array.of(radius), rank };
}

/** All rows within a distance of each query, in the order of their places: those of query i at `indptr[i]` to `indptr[i + 1]`. */
export function rowsWithin(
  search: NeighborSearch,
  queries: Rows,
  radius: number,
): { places: Int32Array; distances: Float64Array; indptr: Int32Array } {
  const range = rangeOf(search.measure, radius);
  const found = new Found();
  const indptr = new Int32Array(queries.n + 1);
  const places: number[] = [];
  const distances: number[] = [];
  for (let i = 0; i < queries.n; i++) {
    rowsNear(search, queries.data, i * queries.d, range, found);
    for (let at = 0; at < found.size; at++) {
      places.push(found.places[at]!);
      distances.push(found.ranks[at]!);
    }
    indptr[i + 1] = places.length;
  }
  return { places: Int32Array.from(places), distances: Float64Array.from(distances), indptr };
}

/**
 * The same for the checked row that begins at `at`, into `found`, whose ranks become distances; allocates nothing once `found`
 * has room.
 */
export function rowsNear(
  search: NeighborSearch,
  query: ArrayLike<number>,
  at: number,
  { distance, rank }: Range,
  found: Found,
): void {
  const { owner, rows, measure } = search;
  found.clear();
  if (search.tree !== null) gather(search, query, at, rank, found, 0);
  else {
    const { data, n, d } = rows;
    for (let j = 0; j < n; j++) {
      measure.rank(query, at, data, j * d, d, found.rank, 0);
      checkRanks(owner, found.rank, 1);
      if (found.rank[0]! <= rank[0]!) found.add(j);
    }
  }
  measure.toDistances(found.ranks, 0, found.size);
  found.settle(distance);
}

/** Adds each row of a tree whose rank is at most `most[0]` to `found`, below `node`. */
function gather(
  search: NeighborSearch,
  query: ArrayLike<number>,
  at: number,
  most: Float64Array,
  found: Found,
  node: number,
): void {
  const { measure } = search;
  const tree = search.tree!;
  const bounds = search.bounds!;
  bounds.least(query, at, node);
  if (bounds.ranks[node]! > most[0]!) return;
  if (!tree.isLeaf(node)) {
    gather(search, query, at, most, found, 2 * node + 1);
    gather(search, query, at, most, found, 2 * node + 2);
    return;
  }
  const { data, d } = search.rows;
  for (let i = tree.starts[node]!; i < tree.ends[node]!; i++) {
    const place = tree.order[i]!;
    measure.rank(query, at, data, place * d, d, found.rank, 0);
    if (found.rank[0]! <= most[0]!) found.add(place);
  }
}
