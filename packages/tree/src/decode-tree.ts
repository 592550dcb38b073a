import { DataError } from '@maru-ml/base';
import { decodeArray } from '@maru-ml/tensor';
import { type CategoryLists, LISTS } from './category-lists.ts';
import { ARRAYS, eachArray, type Tree, type TreeArrays } from './tree.ts';
import { treeOf } from './tree-of.ts';

/**
 * The tree that `encode` wrote, before or after its way through JSON.
 *
 * @param owner who asks, for errors; @param d the number of columns; @param width how many numbers the value of a node is
 * @throws DataError if it is none, or if its nodes do not make a tree
 */
export function decodeTree(owner: string, encoded: unknown, d: number, width: number): Tree {
  if (typeof encoded !== 'object' || encoded === null) throw new DataError(`${owner}: the tree is missing`);
  const fields = encoded as { [name in keyof TreeArrays]: unknown };
  const n = decodeArray(owner, 'feature', fields.feature, { dtype: 'int32', shape: [-1] }).length;
  if (typeof fields.categories !== 'object') throw new DataError(`${owner}: the categories are missing`);
  const shapes: Record<string, number[]> = { value: [n, width], values: [-1], start: [n + 1] };
  const decoded = (array: unknown, name: string, Typed: unknown) => {
    const dtype = Typed === Int32Array ? 'int32' : Typed === Float64Array ? 'float64' : 'uint8';
    return decodeArray(owner, name, array, { dtype, shape: shapes[name] ?? [n], finite: name === 'value' });
  };
  const tree = treeOf({
    ...eachArray(ARRAYS, fields, decoded),
    categories: fields.categories === null ? null : eachArray(LISTS, fields.categories, decoded),
  } as unknown as TreeArrays);
  if (tree.categories !== null) checkCategories(owner, tree.categories, n);
  checkNodes(owner, tree, d);
  return tree;
}

function checkCategories(owner: string, lists: CategoryLists, nodes: number): void {
  let good = lists.start[0] === 0 && lists.start[nodes] === lists.values.length;
  for (let t = 0; t < nodes; t++) {
    const count = lists.start[t + 1]! - lists.start[t]!;
    good &&= count >= 0 && lists.leftCount[t]! >= 0 && lists.leftCount[t]! <= count;
  }
  if (!good) throw new DataError(`${owner}: the lists of categories do not fit the nodes`);
}

/** Every node but the root must be the child of one node before it, so that ways down end. */
function checkNodes(owner: string, { feature, left, right }: Tree, d: number): void {
  const n = feature.length;
  const parents = new Uint8Array(n);
  for (let t = 0; t < n; t++) {
    if (feature[t] === -2) continue;
    const [l, r] = [left[t]!, right[t]!];
    const good = feature[t]! >= 0 && feature[t]! < d && l > t && l < n && r > t && r < n && l !== r;
    if (!good) throw new DataError(`${owner}: node ${t} of the tree has no column or children that can be`);
    parents[l]! += 1;
    parents[r]! += 1;
  }
  const lost = parents.findIndex((count, t) => count !== (t === 0 ? 0 : 1));
  if (n === 0 || lost >= 0) throw new DataError(`${owner}: the nodes do not make a tree`);
}
