import { TreeBuilder } from './builder.ts';
import { Heap } from './heap.ts';
import type { Tree } from './tree.ts';

/** How a tree shrinks as leaves cost more. */
export interface PruningPath {
  /** The α at which each tree of the path begins, ascending from 0. */
  readonly ccpAlphas: Float64Array;
  /** The impurities of these trees' leaves, weighted by their shares of the rows. */
  readonly impurities: Float64Array;
}

/**
 * Minimal cost-complexity pruning: of all trees that pruning leads to, the smallest that minimizes R(T) + α |T|, with the
 * impurity R of the leaves by their shares of the weight, and their number |T|. The node whose subtree gains least for each of
 * its leaves, (R(t) - R(T_t)) / (|T_t| - 1), becomes a leaf, as long as that is at most α. O(m h log m) for m nodes of depth h.
 *
 * L. Breiman, J. Friedman, R. Olshen and C. Stone, "Classification and Regression Trees" (1984), chapter 3.
 */
export function prune(tree: Tree, alpha: number): Tree {
  if (alpha === 0) return tree;
  const becomesLeaf = new Uint8Array(tree.nodeCount);
  for (const { node, strength } of weakestLinks(tree)) {
    if (strength > alpha) break;
    becomesLeaf[node] = 1;
  }
  return withoutBelow(tree, becomesLeaf);
}

/** All trees that pruning leads to, from the whole one to the root. */
export function pruningPath(tree: Tree): PruningPath {
  const alphas = [0];
  let impurity = 0;
  for (let t = 0; t < tree.nodeCount; t++) if (tree.feature[t]! < 0) impurity += riskOf(tree, t);
  const impurities = [impurity];
  for (const { strength, risk } of weakestLinks(tree)) {
    alphas.push(strength);
    impurities.push(risk);
  }
  return { ccpAlphas: Float64Array.from(alphas), impurities: Float64Array.from(impurities) };
}

/** R(t): the node's impurity by its share of the weight. */
function riskOf({ impurity, weightedNNodeSamples: weight }: Tree, t: number): number {
  return (impurity[t]! * weight[t]!) / weight[0]!;
}

/** The nodes that become leaves, in order, with their α, and the risk of the tree that is left. */
function* weakestLinks(tree: Tree): Generator<Link & { risk: number }> {
  const { left, right, nodeCount: n } = tree;
  const parent = new Int32Array(n).fill(-1);
  // R and the number of leaves of each subtree; children come after their parents.
  const risk = new Float64Array(n);
  const leaves = new Int32Array(n).fill(1);
  for (let t = n - 1; t >= 0; t--) {
    const [l, r] = [left[t]!, right[t]!];
    risk[t] = l < 0 ? riskOf(tree, t) : risk[l]! + risk[r]!;
    if (l < 0) continue;
    parent[l] = parent[r] = t;
    leaves[t] = leaves[l]! + leaves[r]!;
  }
  const strengthOf = (t: number) => (riskOf(tree, t) - risk[t]!) / (leaves[t]! - 1);
  const isGone = (t: number): boolean => t >= 0 && (leaves[t] === 1 || isGone(parent[t]!));
  const heap = new Heap<Link>(before);
  for (let t = 0; t < n; t++) if (leaves[t]! > 1) heap.push({ node: t, strength: strengthOf(t) });
  while (heap.size > 0) {
    const { node, strength } = heap.pop();
    // A node whose subtree has changed is in the heap once more.
    if (isGone(node) || strength !== strengthOf(node)) continue;
    const more = riskOf(tree, node) - risk[node]!;
    const fewer = leaves[node]! - 1;
    for (let t = node; t >= 0; t = parent[t]!) {
      risk[t]! += more;
      leaves[t]! -= fewer;
      if (t !== node) heap.push({ node: t, strength: strengthOf(t) });
    }
    yield { node, strength, risk: risk[0]! };
  }
}

/** The tree in which some nodes have become leaves, numbered in pre-order. */
function withoutBelow(tree: Tree, becomesLeaf: Uint8Array): Tree {
  const { feature, threshold, width } = tree;
  const builder = new TreeBuilder();
  // The nodes that still ask, in the order of the new ones; -1 for leaves.
  const asking: number[] = [];
  const stack = [{ node: 0, parent: -1, isLeft: false }];
  while (stack.length > 0) {
    const { node: t, parent, isLeft } = stack.pop()!;
    const [samples, weight] = [tree.nNodeSamples[t]!, tree.weightedNNodeSamples[t]!];
    const place = builder.add(parent, isLeft, samples, weight, tree.impurity[t]!);
    builder.value.push(...tree.value.subarray(t * width, (t + 1) * width));
    const isLeaf = feature[t]! < 0 || becomesLeaf[t] === 1;
    asking.push(isLeaf ? -1 : t);
    if (isLeaf) continue;
    builder.ask(place, { feature: feature[t]!, threshold: threshold[t]!, missingLeft: tree.missingLeft[t] === 1 });
    stack.push({ node: tree.right[t]!, parent: place, isLeft: false });
    stack.push({ node: tree.left[t]!, parent: place, isLeft: true });
  }
  return builder.finish(tree.categories?.at(asking) ?? null);
}

interface Link {
  node: number;
  strength: number;
}

/** The weakest link comes first; of equals, that of the lowest number. */
function before(a: Link, b: Link): boolean {
  return a.strength < b.strength || (a.strength === b.strength && a.node < b.node);
}
