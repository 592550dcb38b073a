import type { Measure } from './metrics.ts';
import type { Bounds, SearchTree } from './search-tree.ts';

/** The balls around the rows of each node. S. Omohundro, "Five balltree construction algorithms", ICSI technical report (1989). */
export function balls(tree: SearchTree, measure: Measure): Bounds {
  const { data, d } = tree.rows;
  const nodes = tree.starts.length;
  const centers = new Float64Array(nodes * d);
  const radii = new Float64Array(nodes);
  const ranks = new Float64Array(nodes);
  for (let node = 0; node < nodes; node++) {
    const [start, end] = [tree.starts[node]!, tree.ends[node]!];
    for (let i = start; i < end; i++) {
      for (let j = 0; j < d; j++) centers[node * d + j]! += data[tree.order[i]! * d + j]! / (end - start);
    }
    for (let i = start; i < end; i++) {
      measure.rank(data, tree.order[i]! * d, centers, node * d, d, ranks, node);
      radii[node] = Math.max(radii[node]!, ranks[node]!);
    }
    measure.toDistances(radii, node, node + 1);
    // Stretched by more than rounding can do.
    radii[node]! *= 1 + 2 ** -40;
  }
  return {
    ranks,
    least(query, at, node) {
      measure.rank(query, at, centers, node * d, d, ranks, node);
      measure.toDistances(ranks, node, node + 1);
      const away = ranks[node]! * (1 - 2 ** -40);
      ranks[node] = away > radii[node]! ? away - radii[node]! : 0;
      measure.toRanks(ranks, node, node + 1);
      ranks[node]! *= 1 - 2 ** -40;
    },
  };
}
