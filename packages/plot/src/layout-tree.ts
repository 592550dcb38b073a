import { type Arc, type Box, GAP, LAYER_GAP, type Layout } from './layout.ts';

/**
 * Places the boxes of a tree whose arcs lead away from its root: each at its depth, in the order of the arcs, over the middle of
 * those it leads to; subtrees stand as close together as their outlines allow. Null if the graph is no such tree.
 *
 * E. Reingold, J. Tilford: Tidier drawings of trees. IEEE Trans. SE 7, 1981. Cost O(boxes × depth).
 */
export function layoutTree(boxes: readonly Box[], arcs: readonly Arc[]): Layout | null {
  const below = childrenOf(boxes.length, arcs);
  const order = below && fromRoot(boxes.length, arcs, below);
  if (!below || !order) return null;

  // From the leaves up: where a subtree's boxes end at each depth below its root, to the left and to the right of the root's center.
  const outlines = new Array<Outline>(boxes.length);
  const offset = new Float64Array(boxes.length);
  for (const v of [...order].reverse()) {
    const half = boxes[v]!.width / 2;
    const merged = beside(below[v]!.map((child) => outlines[child]!));
    const middle = (merged.at[0]! + merged.at.at(-1)!) / 2;
    for (const [k, child] of below[v]!.entries()) offset[child] = merged.at[k]! - middle;
    outlines[v] = {
      left: [-half, ...merged.left.map((x) => x - middle)],
      right: [half, ...merged.right.map((x) => x - middle)],
    };
  }

  const depth = new Int32Array(boxes.length);
  const x = new Float64Array(boxes.length);
  const root = outlines[order[0]!]!;
  const heights: number[] = [];
  x[order[0]!] = -Math.min(...root.left);
  for (const v of order) {
    heights[depth[v]!] = Math.max(heights[depth[v]!] ?? 0, boxes[v]!.height);
    for (const child of below[v]!) {
      depth[child] = depth[v]! + 1;
      x[child] = x[v]! + offset[child]!;
    }
  }
  const tops = heights.map((_, d) => heights.slice(0, d).reduce((sum, height) => sum + height + LAYER_GAP, 0));
  const centers = boxes.map((box, v) => ({ x: x[v]!, y: tops[depth[v]!]! + box.height / 2 }));
  const routes = arcs.map(({ from, to }) => [
    { x: x[from]!, y: centers[from]!.y + boxes[from]!.height / 2 },
    { x: x[to]!, y: tops[depth[to]!]! },
  ]);
  const width = Math.max(...root.right) - Math.min(...root.left);
  return { centers, routes, width, height: tops.at(-1)! + heights.at(-1)! };
}

interface Outline {
  left: number[];
  right: number[];
}

/** Subtrees side by side: the places of their roots, and the outline of all of them. */
function beside(subtrees: readonly Outline[]): Outline & { at: number[] } {
  const all: Outline & { at: number[] } = { left: [], right: [], at: [] };
  for (const { left, right } of subtrees) {
    const shared = Math.min(left.length, all.right.length);
    let place = all.at.length === 0 ? 0 : Number.NEGATIVE_INFINITY;
    for (let d = 0; d < shared; d++) place = Math.max(place, all.right[d]! + GAP - left[d]!);
    all.at.push(place);
    for (let d = 0; d < left.length; d++) {
      if (d >= all.left.length) all.left.push(place + left[d]!);
      all.right[d] = place + right[d]!;
    }
  }
  return all.at.length === 0 ? { ...all, at: [0] } : all;
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
