import type { Measure } from './metrics.ts';
import type { Bounds, SearchTree } from './search-tree.ts';

/** The boxes around the rows of each node. J. Bentley, "Multidimensional binary search trees", Communications of the ACM (1975). */
export function boxes(tree: SearchTree, measure: Measure): Bounds {
  const { data, d } = tree.rows;
  const nodes = tree.starts.length;
  const low = new Float64Array(nodes * d).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(nodes * d).fill(Number.NEGATIVE_INFINITY);
  for (let node = nodes - 1; node >= 0; node--) {
    if (tree.isLeaf(node)) {
      for (let i = tree.starts[node]!; i < tree.ends[node]!; i++) {
        const at = tree.order[i]! * d;
        for (let j = 0; j < d; j++) widen(node * d + j, data[at + j]!, data[at + j]!);
      }
    } else {
      for (const child of [2 * node + 1, 2 * node + 2]) {
        for (let j = 0; j < d; j++) widen(node * d + j, low[child * d + j]!, high[child * d + j]!);
      }
    }
  }
  function widen(at: number, least: number, most: number) {
    if (least < low[at]!) low[at] = least;
    if (most > high[at]!) high[at] = most;
  }
  const ranks = new Float64Array(nodes);
  const nearest = new Float64Array(d);
  return {
    ranks,
    least(query, at, node) {
      // The point of the box that is nearest to the query.
      for (let j = 0; j < d; j++) {
        const value = query[at + j]!;
        nearest[j] = Math.min(Math.max(value, low[node * d + j]!), high[node * d + j]!);
      }
      measure.rank(query, at, nearest, 0, d, ranks, node);
      ranks[node]! *= LESS;
    },
  };
}

/** A bound is a sum too, which rounding may have made a little too large. */
const LESS = 1 - 2 ** -45;
