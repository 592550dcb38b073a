import type { Matrix } from '@maru-ml/tensor';

/**
 * A tree as flat arrays. Four integers a node, from the root on:
 *
 * - the column that it asks for; -1 at leaves
 * - of a categorical node, the place of its set
 * - how far its left child lies behind it, next to which is the right one
 * - 1 if missing values go left; 2 if the node is categorical; else 0
 *
 * A set is 256 bits in eight integers between nodes: which bins go left, the last one for missing values and unknown categories.
 */
export interface Tree {
  readonly nodes: Int32Array;
  /** For each four integers: values up to this go left; at leaves, what is predicted. */
  readonly values: Float64Array;
}

/** The tree of a list that grew: four numbers a node, as above, but the second one is its value. */
export function treeOf(list: readonly number[]): Tree {
  const values = Float64Array.from({ length: list.length / 4 }, (_, i) => list[4 * i + 1]!);
  return { nodes: Int32Array.from(list), values };
}

/** What a categorical node has in the place of `missingLeft`. */
export const CATEGORICAL = 2;

/** Of each column the categories in ascending order, whose places are their bins; null, and nothing, for an ordered column. */
export type Categories = readonly (Float64Array | null)[];

/** Makes a leaf at place `node` ask a question, and returns the place of its left child; the right one is 4 behind it. */
export function addChildren(tree: number[], node: number, column: number, limit: number, kind: number): number {
  const left = tree.length;
  tree.push(-1, 0, 0, 0, -1, 0, 0, 0);
  tree.splice(node, 4, column, limit, left - node, kind);
  return left;
}

/** Rows that go through all trees before the next ones: their sums stay in the nearest cache. */
const ROWS = 256;

/**
 * Adds what the trees from `from` to `to` say of rows to `raw` [outputs, rows]; tree t is of output t mod `outputs`.
 * O(rows · trees · depth).
 */
export function addTrees(
  trees: readonly Tree[],
  categories: Categories,
  { data, rows, columns: d }: Matrix,
  raw: Float64Array,
  from = 0,
  to: number = trees.length,
): void {
  const outputs = raw.length / rows;
  for (let start = 0; start < rows; start += ROWS) {
    const stop = Math.min(rows, start + ROWS);
    for (let t = from; t < to; t++) {
      const out = (t % outputs) * rows;
      for (let i = start; i < stop; i++) raw[out + i]! += predicted(trees[t]!, categories, data, i * d);
    }
  }
}

/** What a tree says of the row at place `at`. */
export function predicted({ nodes, values }: Tree, categories: Categories, x: ArrayLike<number>, at: number): number {
  let node = 0;
  for (let j = nodes[0]!; j >= 0; j = nodes[node]!) {
    const value = x[at + j]!;
    const kind = nodes[node + 3]!;
    // NaN is never up to the limit.
    let left = value <= values[node >> 2]!;
    if (kind === 1) left ||= Number.isNaN(value);
    if (kind === CATEGORICAL) {
      const bin = categories[j]!.indexOf(value) & 255;
      left = ((nodes[nodes[node + 1]! + (bin >> 5)]! >> (bin & 31)) & 1) === 1;
    }
    node += nodes[node + 2]! + (left ? 0 : 4);
  }
  return values[node >> 2]!;
}
