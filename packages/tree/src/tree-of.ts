import { CategoryLists } from './category-lists.ts';
import { Tree, type TreeArrays } from './tree.ts';

/** A tree of plain arrays, such as those that come from a worker. */
export function treeOf(arrays: TreeArrays): Tree {
  const { categories } = arrays;
  return new Tree({ ...arrays, categories: categories === null ? null : new CategoryLists(categories) });
}

/** The same tree with arrays of its own. */
export function copyTree(tree: Tree): Tree {
  return treeOf(structuredClone({ ...tree }));
}
