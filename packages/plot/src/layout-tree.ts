import { type Arc, type Box, GAP, LAYER_GAP, type Layout } from './layout.ts';

/**
 * Places the boxes of a tree whose arcs lead away from its root: each at its depth, in the order of the arcs, over the middle of
 * those it leads to; subtrees stand as close together as their outlines allow. Null if the graph is no such tree.
 *
 * E. Reingold, J. Tilford: Tidier drawings of trees. IEEE Trans. SE 7, 1981. Cost O(boxes).
 */
export function layoutTree(boxes: readonly Box[], arcs: readonly Arc[]): Layout | null {
  const below = childrenOf(boxes.length, arcs);
  const order = below && fromRoot(boxes.length, arcs, below);
  if (!below || !order) return null;

  // From the leaves up, each outline made of those below it, so that a chain of boxes has one.
  const outlines = new Array<Outline>(boxes.length);
  const offset = new Float64Array(boxes.length);
  for (const v of [...order].reverse()) {
    const half = boxes[v]!.width / 2;
    const { left, right, at } = beside(below[v]!.map((child) => outlines[child]!));
    const middle = (at[0]! + at.at(-1)!) / 2;
    for (const [k, child] of below[v]!.entries()) offset[child] = at[k]! - middle;
    for (const side of [left, right]) side.shift -= middle;
    left.ends.push(-half - left.shift);
    right.ends.push(half - right.shift);
    outlines[v] = { left, right };
  }

  const depth = new Int32Array(boxes.length);
  const x = new Float64Array(boxes.length);
  const { left, right } = outlines[order[0]!]!;
  const leftmost = left.ends.reduce((a, b) => Math.min(a, b)) + left.shift;
  const rightmost = right.ends.reduce((a, b) => Math.max(a, b)) + right.shift;
  const heights: number[] = [];
  x[order[0]!] = -leftmost;
  for (const v of order) {
    heights[depth[v]!] = Math.max(heights[depth[v]!] ?? 0, boxes[v]!.height);
    for (const child of below[v]!) {
      depth[child] = depth[v]! + 1;
      x[child] = x[v]! + offset[child]!;
    }
  }
  const tops = [0];
  for (const height of heights) tops.push(tops.at(-1)! + height + LAYER_GAP);
  const centers = boxes.map((box, v) => ({ x: x[v]!, y: tops[depth[v]!]! + box.height / 2 }));
  const routes = arcs.map(({ from, to }) => [
    { x: x[from]!, y: centers[from]!.y + boxes[from]!.height / 2 },
    { x: x[to]!, y: tops[depth[to]!]! },
  ]);
  return { centers, routes, width: rightmost - leftmost, height: tops.at(-1)! - LAYER_GAP };
}

/** Where a subtree ends on one side: at each depth from the deepest up to its root, to which `shift` is to be added. */
interface Side {
  ends: number[];
  shift: number;
}

interface Outline {
  left: Side;
  right: Side;
}

/** Subtrees side by side: the places of their roots, and the outline of all of them, made of theirs. */
function beside(subtrees: readonly Outline[]): Outline & { at: number[] } {
  const [first, ...others] = subtrees;
  let { left, right } = first ?? { left: { ends: [], shift: 0 }, right: { ends: [], shift: 0 } };
  const at = [0];
  for (const next of others) {
    const shared = Math.min(next.left.ends.length, right.ends.length);
    let place = Number.NEGATIVE_INFINITY;
    for (let d = 1; d <= shared; d++) place = Math.max(place, endAt(right, d) + GAP - endAt(next.left, d));
    at.push(place);
    for (const side of [next.left, next.right]) side.shift += place;
    left = above(left, next.left);
    right = above(next.right, right);
  }
  return { left, right, at };
}

/** Where a side ends at a depth; that of the root is 1. */
function endAt({ ends, shift }: Side, depth: number): number {
  return ends[ends.length - depth]! + shift;
}

/** The side in front where it reaches, and below it what is behind, in whose array it is written. */
function above(front: Side, behind: Side): Side {
  const [shallow, deep] = [front.ends.length, behind.ends.length];
  if (shallow >= deep) return front;
  for (let d = 1; d <= shallow; d++) behind.ends[deep - d] = endAt(front, d) - behind.shift;
  return behind;
}

/** Null if a box has two arcs to it. */
function childrenOf(n: number, arcs: readonly Arc[]): number[][] | null {
  const below: number[][] = Array.from({ length: n }, () => []);
  const led = new Uint8Array(n);
  for (const { from, to } of arcs) {
    if (led[to]++ > 0) return null;
    below[from]!.push(to);
  }
  return below;
}

/** The boxes from the root down; null if there is more than one root. */
function fromRoot(n: number, arcs: readonly Arc[], below: readonly number[][]): number[] | null {
  const led = new Set(arcs.map(({ to }) => to));
  const order = Array.from({ length: n }, (_, v) => v).filter((v) => !led.has(v));
  if (order.length !== 1) return null;
  for (let i = 0; i < order.length; i++) order.push(...below[order[i]!]!);
  return order;
}
