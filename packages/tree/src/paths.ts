import type { Matrix, SparseRows } from '@maru-ml/tensor';
import type { Tree } from './tree.ts';

/** The nodes that each row passes on its way to a leaf, as 1 in sparse rows [m, nodes]. */
export function pathsOf(tree: Tree, { data, rows }: Matrix): SparseRows {
  const nodes = tree.nodeCount;
  const parent = new Int32Array(nodes).fill(-1);
  const depth = new Int32Array(nodes);
  for (let t = 0; t < nodes; t++) {
    if (tree.feature[t]! < 0) continue;
    for (const child of [tree.left[t]!, tree.right[t]!]) {
      parent[child] = t;
      depth[child] = depth[t]! + 1;
    }
  }
  const leaves = tree.apply(data, rows);
  const indptr = new Int32Array(rows + 1);
  for (let i = 0; i < rows; i++) indptr[i + 1] = indptr[i]! + depth[leaves[i]!]! + 1;
  const indices = new Int32Array(indptr[rows]!);
  for (let i = 0; i < rows; i++) {
    // Children have higher numbers than their parents, so that these ascend.
    let at = indptr[i + 1]!;
    for (let t = leaves[i]!; t >= 0; t = parent[t]!) indices[--at] = t;
  }
  return { data: new Float64Array(indices.length).fill(1), indices, indptr, shape: [rows, nodes] };
}
