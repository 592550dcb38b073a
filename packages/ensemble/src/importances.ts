import type { Tree } from '@maru-ml/tree/grow';

/**
 * How much each of d columns lowered the impurity in trees, adding up to 1, if any did.
 * @param each whether the columns of each tree are made to add up to 1 first
 */
export function importancesOf(trees: readonly Tree[], d: number, each: boolean): Float64Array {
  const sums = new Float64Array(d);
  for (const tree of trees) {
    const own = tree.importances(d, each);
    for (let j = 0; j < d; j++) sums[j]! += own[j]!;
  }
  let total = 0;
  for (const sum of sums) total += sum;
  return total > 0 ? sums.map((sum) => sum / total) : sums;
}
