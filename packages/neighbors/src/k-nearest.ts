import { bruteForce, offerAll, put } from './brute.ts';
import { checkRanks } from './metrics.ts';
import { Nearest } from './nearest.ts';
import type { Rows } from './rows-searched.ts';
import type { NeighborSearch } from './search.ts';

/** The k nearest rows of each query, nearest first, of equally near ones the first: their places and distances [m, k]. */
export function nearestRows(
  search: NeighborSearch,
  queries: Rows,
  k: number,
): { places: Int32Array; distances: Float64Array } {
  const { owner, rows, tree, measure } = search;
  const places = new Int32Array(queries.n * k);
  const distances = new Float64Array(queries.n * k);
  if (tree === null) bruteForce(rows, queries, k, measure, places, distances);
  else {
    const nearest = new Nearest(k);
    for (let i = 0; i < queries.n; i++) {
      nearest.clear();
      descend(search, queries.data, i * queries.d, nearest, 0);
      put(nearest, i, places, distances);
    }
  }
  checkRanks(owner, distances, distances.length);
  measure.toDistances(distances, 0, distances.length);
  return { places, distances };
}

/** The same for one checked row, into `nearest`, whose ranks become distances; allocates nothing. */
export function nearestOfRow(search: NeighborSearch, row: Float64Array, nearest: Nearest): void {
  nearest.clear();
  if (search.tree === null) offerAll(search.rows, row, 0, search.measure, nearest);
  else descend(search, row, 0, nearest, 0);
  nearest.sort();
  checkRanks(search.owner, nearest.ranks, nearest.size);
  search.measure.toDistances(nearest.ranks, 0, nearest.size);
}

/** Offers the rows of a tree to a query's nearest, starting below `node`, and first those of the nearer child. */
function descend(search: NeighborSearch, query: ArrayLike<number>, at: number, nearest: Nearest, node: number): void {
  const { measure } = search;
  const tree = search.tree!;
  const bounds = search.bounds!;
  if (tree.isLeaf(node)) {
    const { data, d } = search.rows;
    for (let i = tree.starts[node]!; i < tree.ends[node]!; i++) {
      const place = tree.order[i]!;
      measure.rank(query, at, data, place * d, d, nearest.rank, 0);
      nearest.offer(place);
    }
    return;
  }
  const [left, right] = [2 * node + 1, 2 * node + 2];
  bounds.least(query, at, left);
  bounds.least(query, at, right);
  const { ranks } = bounds;
  const near = ranks[left]! <= ranks[right]! ? left : right;
  const far = left + right - near;
  if (nearest.reaches(ranks, near)) descend(search, query, at, nearest, near);
  if (nearest.reaches(ranks, far)) descend(search, query, at, nearest, far);
}
