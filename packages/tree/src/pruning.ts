import { Heap } from './heap.ts';
import { type CategoryLists, Tree } from './tree.ts';

/** How a tree shrinks as leaves cost more. */
export interface PruningPath {
  /** The α at which each tree of the path begins, ascending from 0. */
  readonly ccpAlphas: Float64Array;
  /** The impurities of these trees' leaves, weighted by their shares of the rows. */
  readonly impurities: Float64Array;
}

/**
 * Minimal cost-complexity pruning: of all trees that pruning leads to, the smallest that minimizes R(T) + α |T|, with the impurity R of
 * the leaves by their shares of the weight, and their number |T|. The node whose subtree gains least for each of its leaves,
 * (R(t) - R(T_t)) / (|T_t| - 1), becomes a leaf, as long as that is at most α. O(m h log m) for m nodes of depth h.
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
  const kept: number[] = [];
  const isLeft: boolean[] = [];
  const parents: number[] = [];
  const stack: { node: number; parent: number; left: boolean }[] = [{ node: 0, parent: -1, left: false }];
  while (stack.length > 0) {
    const { node, parent, left } = stack.pop()!;
    const place = kept.length;
    kept.push(node);
    parents.push(parent);
    isLeft.push(left);
    if (tree.feature[node]! < 0 || becomesLeaf[node] === 1) continue;
    stack.push({ node: tree.right[node]!, parent: place, left: false });
    stack.push({ node: tree.left[node]!, parent: place, left: true });
  }
  const n = kept.length;
  const [left, right] = [new Int32Array(n).fill(-1), new Int32Array(n).fill(-1)];
  for (let i = 1; i < n; i++) (isLeft[i] ? left : right)[parents[i]!] = i;
  const width = tree.width;
  const value = new Float64Array(n * width);
  for (let i = 0; i < n; i++) value.set(tree.value.subarray(kept[i]! * width, (kept[i]! + 1) * width), i * width);
  const asks = (i: number) => left[i]! >= 0;
  return new Tree({
    feature: Int32Array.from(kept, (t, i) => (asks(i) ? tree.feature[t]! : -2)),
    threshold: Float64Array.from(kept, (t, i) => (asks(i) ? tree.threshold[t]! : -2)),
    left,
    right,
    missingLeft: Uint8Array.from(kept, (t, i) => (asks(i) ? tree.missingLeft[t]! : 0)),
    impurity: Float64Array.from(kept, (t) => tree.impurity[t]!),
    nNodeSamples: Int32Array.from(kept, (t) => tree.nNodeSamples[t]!),
    weightedNNodeSamples: Float64Array.from(kept, (t) => tree.weightedNNodeSamples[t]!),
    value,
    categories: tree.categories === null ? null : listsOf(tree.categories, kept, asks),
  });
}

function listsOf(
  { start, leftCount, values }: CategoryLists,
  kept: readonly number[],
  asks: (i: number) => boolean,
): CategoryLists | null {
  const starts = new Int32Array(kept.length + 1);
  for (const [i, t] of kept.entries()) starts[i + 1] = starts[i]! + (asks(i) ? start[t + 1]! - start[t]! : 0);
  const list = new Float64Array(starts[kept.length]!);
  if (list.length === 0) return null;
  for (const [i, t] of kept.entries()) if (asks(i)) list.set(values.subarray(start[t]!, start[t + 1]!), starts[i]!);
  return { start: starts, leftCount: Int32Array.from(kept, (t, i) => (asks(i) ? leftCount[t]! : 0)), values: list };
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
