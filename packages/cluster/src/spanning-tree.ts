import type { Steps } from '@maru-ml/base';
import { type MergeTree, treeOf } from './merge-tree.ts';
import type { Ruler } from './pair-distances.ts';

/** Numbers that are looked at between two pauses. */
const STRETCH = 2 ** 21;

/**
 * The tree of single linkage: the edges of the minimum spanning tree, found by Prim's algorithm, in ascending order. O(n²)
 * time, O(n) memory.
 * @param sorted whether the lower node of a merge comes first; else as the edge was found
 */
export function* spanningTree(ruler: Ruler, sorted: boolean): Steps<MergeTree> {
  const { n, rank, distance, cost } = ruler;
  const merges = { pairs: new Int32Array(2 * (n - 1)), distances: new Float64Array(n - 1) };
  // The rows that are not in the tree yet, and the ranks of their distances from it.
  const others = Int32Array.from({ length: n - 1 }, (_, at) => at + 1);
  const nearest = new Float64Array(n - 1).fill(Number.POSITIVE_INFINITY);
  let x = 0;
  for (let left = n - 1, work = 0; left > 0; left--) {
    rank(x, others, left, nearest);
    const next = lowestOf(nearest, left, distance);
    const merge = n - 1 - left;
    merges.pairs[2 * merge] = x;
    x = others[next]!;
    merges.pairs[2 * merge + 1] = x;
    merges.distances[merge] = distance(nearest[next]!);
    others.copyWithin(next, next + 1, left);
    nearest.copyWithin(next, next + 1, left);
    work += left * cost;
    if (work < STRETCH) continue;
    work = 0;
    yield;
  }
  return treeOf(merges, sorted);
}

/** The first place with the least distance; different squares may have the same root. */
function lowestOf(ranks: Float64Array, count: number, distance: (rank: number) => number): number {
  let place = 0;
  let lowest = ranks[0]!;
  for (let at = 1; at < count; at++) {
    if (ranks[at]! >= lowest || distance(ranks[at]!) >= distance(lowest)) continue;
    place = at;
    lowest = ranks[at]!;
  }
  return place;
}
