import type { Matrix, SparseRows } from '@maru-ml/tensor';
import { leavesFor } from './answers.ts';
import type { Tree } from './tree.ts';

/** The nodes that each row passes on its way to a leaf, as 1 in sparse rows [m, nodes]. */
export function pathsOf(tree: Tree, { data, rows }: Matrix): SparseRows {
  const nodes = tree.nodeCount;
  const parent = new Int32Array(nodes).fill(-1);
  for (let t = 0; t < nodes; t++) if (tree.feature[t]! >= 0) parent[tree.left[t]!] = parent[tree.right[t]!] = t;
  const indptr = new Int32Array(rows + 1);
  const indices: number[] = [];
  leavesFor(tree, data, rows).forEach((leaf, i) => {
    const path: number[] = [];
    for (let t = leaf; t >= 0; t = parent[t]!) path.push(t);
    // Children have higher numbers than their parents, so that these ascend.
    for (const t of path.reverse()) indices.push(t);
    indptr[i + 1] = indices.length;
  });
  return {
    data: new Float64Array(indices.length).fill(1),
    indices: new Int32Array(indices),
    indptr,
    shape: [rows, nodes],
  };
}
