/** A box of a drawing, its size along the layers (width) and across them (height). */
export interface Box {
  width: number;
  height: number;
}

export interface Arc {
  from: number;
  to: number;
}

export interface Layout extends Box {
  /** The centers of the boxes. */
  centers: { x: number; y: number }[];
  /** For each arc its places from the one box to the other. */
  routes: { x: number; y: number }[][];
}

/** Distances between neighbours in a layer, and between layers. */
export const GAP = 14;
export const LAYER_GAP = 34;
const SWEEPS = 12;

/**
 * Places the boxes of a directed graph without cycles in layers, so that all arcs run downwards: a box stands as near to what it
 * leads to as possible. Long arcs pass through the layers between; sweeps order each layer by the mean place of its neighbours, which
 * avoids most crossings; then boxes move towards their neighbours as far as the order allows.
 *
 * K. Sugiyama, S. Tagawa, M. Toda: Methods for visual understanding of hierarchical system structures. IEEE Trans. SMC 11, 1981.
 */
export function layoutLayers(boxes: readonly Box[], arcs: readonly Arc[]): Layout {
  const layerOf = assignLayers(boxes.length, arcs);
  const { vertices, chains } = withBends(boxes, arcs, layerOf);
  const layers = firstOrder(vertices);
  orderLayers(layers, vertices);
  const x = placeAcross(layers, vertices);
  const { y, height } = placeDown(layers, vertices);

  const left = Math.min(...vertices.map(({ width }, v) => x[v]! - width / 2));
  const right = Math.max(...vertices.map(({ width }, v) => x[v]! + width / 2));
  const center = (v: number) => ({ x: x[v]! - left, y: y[v]! });
  const routes = chains.map((chain) => {
    const [first, last] = [chain[0]!, chain.at(-1)!];
    const [start, end] = [center(first), center(last)];
    start.y += vertices[first]!.height / 2;
    end.y -= vertices[last]!.height / 2;
    return [start, ...chain.slice(1, -1).map(center), end];
  });
  return { centers: boxes.map((_, v) => center(v)), routes, width: right - left, height };
}

/** An order in which all arcs lead forward, or the boxes of a cycle. */
export function topologicalOrder(n: number, arcs: readonly Arc[]): { order: number[] } | { cycle: number[] } {
  const next = successors(n, arcs);
  const waiting = new Array<number>(n).fill(0);
  for (const { to } of arcs) waiting[to]!++;
  const order = waiting.flatMap((count, v) => (count === 0 ? [v] : []));
  for (let i = 0; i < order.length; i++) for (const to of next[order[i]!]!) if (--waiting[to]! === 0) order.push(to);
  if (order.length === n) return { order };
  // Whatever still waits is on a cycle or behind one: going back arc by arc must meet a box again.
  const path = [waiting.findIndex((count) => count > 0)];
  for (;;) {
    const before = arcs.find(({ from, to }) => to === path[0] && waiting[from]! > 0)!.from;
    const seen = path.indexOf(before);
    path.unshift(before);
    if (seen >= 0) return { cycle: path.slice(0, seen + 2) };
  }
}

function successors(n: number, arcs: readonly Arc[]): number[][] {
  const next: number[][] = Array.from({ length: n }, () => []);
  for (const { from, to } of arcs) next[from]!.push(to);
  return next;
}

/** The layer of each box, 0 on top: one above the highest of those it leads to. */
function assignLayers(n: number, arcs: readonly Arc[]): number[] {
  const { order } = topologicalOrder(n, arcs) as { order: number[] };
  const next = successors(n, arcs);
  const fromBottom = new Array<number>(n).fill(0);
  for (const v of order.reverse())
    for (const to of next[v]!) fromBottom[v] = Math.max(fromBottom[v]!, fromBottom[to]! + 1);
  const most = Math.max(...fromBottom);
  return fromBottom.map((layer) => most - layer);
}

/** A box, or a bend where a long arc passes a layer. */
interface Vertex extends Box {
  layer: number;
  above: number[];
  below: number[];
}

/** The boxes and, after them, the bends; and for each arc the vertices that it passes. */
function withBends(boxes: readonly Box[], arcs: readonly Arc[], layerOf: number[]) {
  const vertices: Vertex[] = boxes.map((box, v) => ({ ...box, layer: layerOf[v]!, above: [], below: [] }));
  const chains = arcs.map(({ from, to }) => {
    const chain = [from];
    for (let layer = layerOf[from]! + 1; layer < layerOf[to]!; layer++) {
      chain.push(vertices.push({ width: 4, height: 0, layer, above: [], below: [] }) - 1);
    }
    chain.push(to);
    for (let i = 0; i + 1 < chain.length; i++) {
      vertices[chain[i]!]!.below.push(chain[i + 1]!);
      vertices[chain[i + 1]!]!.above.push(chain[i]!);
    }
    return chain;
  });
  return { vertices, chains };
}

/**
 * The vertices of each layer in the order in which a walk up from the bottom meets them. Of three and more that lead to one, the one with the
 * most above it stands in the middle, so that a long chain runs straight down between its parameters.
 */
function firstOrder(vertices: Vertex[]): number[][] {
  const layers: number[][] = Array.from({ length: Math.max(...vertices.map(({ layer }) => layer)) + 1 }, () => []);
  const chainAbove = longestChains(vertices);
  const seen = new Set<number>();
  const waiting = vertices.flatMap(({ below }, v) => (below.length === 0 ? [v] : [])).reverse();
  for (let v = waiting.pop(); v !== undefined; v = waiting.pop()) {
    if (seen.has(v)) continue;
    seen.add(v);
    layers[vertices[v]!.layer]!.push(v);
    const next = [...vertices[v]!.above];
    if (next.length > 2) {
      const longest = next.reduce((a, b) => (chainAbove[b]! > chainAbove[a]! ? b : a));
      next.splice(next.indexOf(longest), 1);
      next.splice(next.length >> 1, 0, longest);
    }
    waiting.push(...next.reverse());
  }
  return layers;
}

/** For each vertex the length of the longest chain that leads to it. */
function longestChains(vertices: Vertex[]): number[] {
  const chains = new Array<number>(vertices.length).fill(0);
  const downwards = vertices.map((_, v) => v).sort((a, b) => vertices[a]!.layer - vertices[b]!.layer);
  for (const v of downwards) for (const u of vertices[v]!.above) chains[v] = Math.max(chains[v]!, chains[u]! + 1);
  return chains;
}

/** Sorts the layers by the mean place of neighbours, down and up in turn, and keeps the best order met. */
function orderLayers(layers: number[][], vertices: Vertex[]): void {
  let best = layers.map((layer) => [...layer]);
  let fewest = countCrossings(layers, vertices);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const down = sweep % 2 === 0;
    const place = new Array<number>(vertices.length);
    for (const layer of layers) for (const [i, v] of layer.entries()) place[v] = i;
    for (const layer of down ? layers : [...layers].reverse()) {
      const wanted = (v: number) => {
        const neighbors = down ? vertices[v]!.above : vertices[v]!.below;
        return neighbors.length === 0 ? place[v]! : mean(neighbors.map((u) => place[u]!));
      };
      const key = new Map(layer.map((v) => [v, wanted(v)]));
      layer.sort((a, b) => key.get(a)! - key.get(b)!);
      for (const [i, v] of layer.entries()) place[v] = i;
    }
    const crossings = countCrossings(layers, vertices);
    if (crossings < fewest) {
      fewest = crossings;
      best = layers.map((layer) => [...layer]);
    }
  }
  for (const [i, layer] of best.entries()) layers[i] = layer;
}

function countCrossings(layers: number[][], vertices: Vertex[]): number {
  let crossings = 0;
  for (let i = 0; i + 1 < layers.length; i++) {
    const place = new Map(layers[i + 1]!.map((v, j) => [v, j]));
    const ends = layers[i]!.flatMap((v) => vertices[v]!.below.map((u) => place.get(u)!).sort((a, b) => a - b));
    for (let a = 0; a < ends.length; a++)
      for (let b = a + 1; b < ends.length; b++) if (ends[a]! > ends[b]!) crossings++;
  }
  return crossings;
}

/** The x of each vertex: near the mean of its neighbours in the layers around, in the order of its layer. */
function placeAcross(layers: number[][], vertices: Vertex[]): number[] {
  const x = new Array<number>(vertices.length).fill(0);
  for (const layer of layers) settle(layer, vertices, x);
  for (let sweep = 0; sweep < 2 * SWEEPS; sweep++) {
    const down = sweep % 2 === 1;
    for (const layer of down ? layers : [...layers].reverse()) {
      const wanted = layer.map((v) => {
        const neighbors = down ? vertices[v]!.above : vertices[v]!.below;
        return neighbors.length === 0 ? x[v]! : mean(neighbors.map((u) => x[u]!));
      });
      for (const [i, v] of layer.entries()) x[v] = wanted[i]!;
      settle(layer, vertices, x);
    }
  }
  return x;
}

/**
 * Moves the vertices of a layer apart, as little as possible in the sense of least squares: after taking away the distances that must lie
 * between them, wanted places that fall out of order are pooled to their mean.
 */
function settle(layer: number[], vertices: Vertex[], x: number[]): void {
  const offsets: number[] = [];
  for (const [i, v] of layer.entries()) {
    const before = i === 0 ? 0 : offsets[i - 1]! + (vertices[layer[i - 1]!]!.width + vertices[v]!.width) / 2 + GAP;
    offsets.push(before);
  }
  const pools: { sum: number; n: number }[] = [];
  for (const [i, v] of layer.entries()) {
    let pool = { sum: x[v]! - offsets[i]!, n: 1 };
    for (let last = pools.at(-1); last !== undefined && last.sum / last.n >= pool.sum / pool.n; last = pools.at(-1)) {
      pool = { sum: pool.sum + last.sum, n: pool.n + last.n };
      pools.pop();
    }
    pools.push(pool);
  }
  const placed = pools.flatMap(({ sum, n }) => new Array<number>(n).fill(sum / n));
  for (const [i, v] of layer.entries()) x[v] = placed[i]! + offsets[i]!;
}

function placeDown(layers: number[][], vertices: Vertex[]): { y: number[]; height: number } {
  const y = new Array<number>(vertices.length).fill(0);
  let top = 0;
  for (const layer of layers) {
    const tallest = Math.max(...layer.map((v) => vertices[v]!.height));
    for (const v of layer) y[v] = top + tallest / 2;
    top += tallest + LAYER_GAP;
  }
  return { y, height: top - LAYER_GAP };
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
