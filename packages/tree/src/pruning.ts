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
function* weakestLinks(tree: Tree): Generator<{ node: number; strength: number; risk: number }> {
  const { feature, left, right } = tree;
  const n = tree.nodeCount;
  const parent = new Int32Array(n).fill(-1);
  for (let t = 0; t < n; t++) if (feature[t]! >= 0) parent[left[t]!] = parent[right[t]!] = t;
  // R and the number of leaves of each subtree; children come after their parents.
  const risk = new Float64Array(n);
  const leaves = new Int32Array(n);
  for (let t = n - 1; t >= 0; t--) {
    const isLeaf = feature[t]! < 0;
    risk[t] = isLeaf ? riskOf(tree, t) : risk[left[t]!]! + risk[right[t]!]!;
    leaves[t] = isLeaf ? 1 : leaves[left[t]!]! + leaves[right[t]!]!;
  }
  // A heap of nodes by their strength; what it knew before a node changed is out of date.
  const version = new Int32Array(n);
  const gone = new Uint8Array(n);
  const heap = new Heap<Link>(before);
  const offer = (t: number) => {
    heap.push({ node: t, strength: (riskOf(tree, t) - risk[t]!) / (leaves[t]! - 1), version: version[t]! });
  };
  for (let t = 0; t < n; t++) if (feature[t]! >= 0) offer(t);
  while (heap.size > 0) {
    const { node, strength, version: known } = heap.pop();
    if (gone[node] === 1 || known !== version[node]) continue;
    const stack = [node];
    while (stack.length > 0) {
      const t = stack.pop()!;
      if (gone[t] === 1) continue;
      gone[t] = 1;
      if (feature[t]! >= 0) stack.push(left[t]!, right[t]!);
    }
    const more = riskOf(tree, node) - risk[node]!;
    const fewer = leaves[node]! - 1;
    for (let t = node; t >= 0; t = parent[t]!) {
      risk[t]! += more;
      leaves[t]! -= fewer;
      version[t]! += 1;
      if (t !== node) offer(t);
    }
    yield { node, strength, risk: risk[0]! };
  }
}

/** The tree in which some nodes have become leaves, numbered in pre-order. */
function withoutBelow(tree: Tree, becomesLeaf: Uint8Array): Tree {
  const { feature, threshold, width } = tree;
  const builder = new TreeBuilder(width);
  const stack = [{ node: 0, parent: -1, isLeft: false }];
  while (stack.length > 0) {
    const { node: t, parent, isLeft } = stack.pop()!;
    if (parent >= 0) builder.connect(parent, isLeft, builder.nodes);
    const place = builder.add(tree.nNodeSamples[t]!, tree.weightedNNodeSamples[t]!, tree.impurity[t]!);
    builder.value.set(tree.value.subarray(t * width, (t + 1) * width), place * width);
    if (feature[t]! < 0 || becomesLeaf[t] === 1) continue;
    const question = { feature: feature[t]!, threshold: threshold[t]!, missingLeft: tree.missingLeft[t] === 1 };
    builder.ask(place, { ...question, categories: tree.categoriesOf(t) });
    stack.push({ node: tree.right[t]!, parent: place, isLeft: false });
    stack.push({ node: tree.left[t]!, parent: place, isLeft: true });
  }
  return builder.finish();
}

interface Link {
  node: number;
  strength: number;
  version: number;
}

/** The weakest link comes first; of equals, that of the lowest number. */
function before(a: Link, b: Link): boolean {
  return a.strength < b.strength || (a.strength === b.strength && a.node < b.node);
}
