import type { Measure } from './metrics.ts';
import type { Bounds, SearchTree } from './search-tree.ts';

/** The balls around the rows of each node. S. Omohundro, "Five balltree construction algorithms", ICSI technical report (1989). */
export function balls(tree: SearchTree, measure: Measure): Bounds {
  const { data, d } = tree.rows;
  const nodes = tree.starts.length;
  const centers = new Float64Array(nodes * d);
  const radii = new Float64Array(nodes);
  for (let node = 0; node < nodes; node++) {
    const [start, end] = [tree.starts[node]!, tree.ends[node]!];
    for (let i = start; i < end; i++) {
      for (let j = 0; j < d; j++) centers[node * d + j]! += data[tree.order[i]! * d + j]! / (end - start);
    }
    let most = 0;
    for (let i = start; i < end; i++) {
      most = Math.max(most, measure.rank(data, tree.order[i]! * d, centers, node * d, d));
    }
    // Stretched by more than rounding can do.
    radii[node] = measure.distance(most) * (1 + 2 ** -40);
  }
  return {
    least(query, at, node) {
      const away = measure.distance(measure.rank(query, at, centers, node * d, d)) * (1 - 2 ** -40);
      return away > radii[node]! ? measure.rankOf(away - radii[node]!) * (1 - 2 ** -40) : 0;
    },
  };
}
