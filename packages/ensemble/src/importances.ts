import { importancesOf, type Tree, toShares } from '@maru-ml/tree/grow';

/**
 * How much each of d columns lowered the impurity in trees, adding up to 1, if any did.
 * @param each whether the columns of each tree are made to add up to 1 first
 */
export function meanImportances(trees: readonly Tree[], d: number, each: boolean): Float64Array {
  const sums = new Float64Array(d);
  for (const tree of trees) {
    const own = importancesOf(tree, d);
    const added = each ? toShares(own) : own;
    for (let j = 0; j < d; j++) sums[j]! += added[j]!;
  }
  return toShares(sums);
}
