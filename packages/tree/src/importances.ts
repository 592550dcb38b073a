import type { Tree } from './tree.ts';

/** How much each of d columns lowered the impurity: Σ (w I - wₗ Iₗ - wᵣ Iᵣ) / W over the nodes that ask for it. */
export function importancesOf(tree: Tree, d: number): Float64Array {
  const { feature, left, right, impurity, weightedNNodeSamples: weight } = tree;
  const importances = new Float64Array(d);
  for (let t = 0; t < feature.length; t++) {
    if (feature[t]! < 0) continue;
    const [l, r] = [left[t]!, right[t]!];
    importances[feature[t]!]! +=
      (weight[t]! * impurity[t]! - weight[l]! * impurity[l]! - weight[r]! * impurity[r]!) / weight[0]!;
  }
  return importances;
}

/** Numbers divided by their sum, if that is not 0. */
export function toShares(values: Float64Array): Float64Array {
  let sum = 0;
  for (const value of values) sum += value;
  return sum > 0 ? values.map((value) => value / sum) : values;
}
