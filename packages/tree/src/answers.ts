import type { Tree } from './tree.ts';

/** The leaf of each row of `x` [rows, d] in a tree. */
export function leavesFor(tree: Tree, x: ArrayLike<number>, rows: number): Int32Array {
  const d = x.length / rows;
  const leaves = new Int32Array(rows);
  for (let i = 0; i < rows; i++) leaves[i] = tree.leafOf(x, i * d);
  return leaves;
}

/** Adds the values of the rows' leaves to `out` [rows, width], without allocating. */
export function addValues(tree: Tree, x: ArrayLike<number>, rows: number, out: Float64Array): void {
  const { width, value } = tree;
  const d = x.length / rows;
  for (let i = 0; i < rows; i++) {
    const leaf = tree.leafOf(x, i * d) * width;
    for (let c = 0; c < width; c++) out[i * width + c]! += value[leaf + c]!;
  }
}
