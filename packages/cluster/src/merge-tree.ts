import type { Steps } from '@maru-ml/base';
import { pairDistances, type Ruler } from './pair-distances.ts';

/** How far two clusters are apart: by the squares their union adds to J, the farthest, mean or nearest pair of rows. */
export type Linkage = 'ward' | 'complete' | 'average' | 'single';

/**
 * The merges of n rows into one cluster: rows are the nodes 0 to n - 1, and merge i makes the node n + i.
 */
export interface MergeTree {
  /** The two nodes of each merge [n - 1, 2]. */
  children: Int32Array;
  /** How far apart they were [n - 1]. */
  distances: Float64Array;
}

/** Merges as they are found: rows that stand for the clusters, and the distances. */
export interface Merges {
  pairs: Int32Array;
  distances: Float64Array;
}

/** Distances that are looked at between two pauses: each may lie in memory that has to be fetched. */
const STRETCH = 2 ** 18;

/**
 * Merges the nearest clusters until there is one, by the chain of nearest neighbors: walk from a cluster to its nearest
 * one and so on, until two are each other's nearest; these can be merged at once, in whatever order the tree is written.
 * O(n²) time and memory.
 *
 * F. Murtagh, "A survey of recent advances in hierarchical clustering algorithms", The Computer Journal 26 (1983).
 */
export function* chainTree(owner: string, ruler: Ruler, linkage: Exclude<Linkage, 'single'>): Steps<MergeTree> {
  const n = ruler.n;
  const d = yield* pairDistances(owner, ruler);
  if (linkage === 'ward') {
    for (let at = 0; at < d.length; at++) {
      d[at] = d[at]! * d[at]!;
      if (at % 2 ** 22 === 2 ** 22 - 1) yield;
    }
  }
  // The distance between i < j stands at base[i] + j.
  const base = Int32Array.from({ length: n }, (_, i) => i * n - (i * (i + 1)) / 2 - i - 1);
  const sizes = new Float64Array(n).fill(1);
  const active = Int32Array.from(sizes.keys());
  const chain = new Int32Array(n + 1);
  const merges = { pairs: new Int32Array(2 * (n - 1)), distances: new Float64Array(n - 1) };
  let [length, work] = [0, 0];
  for (let merge = 0; merge < n - 1; merge++) {
    const left = n - merge;
    if (length === 0) chain[length++] = active[0]!;
    let x: number;
    let y: number;
    let nearest: number;
    for (;;) {
      x = chain[length - 1]!;
      // Of equals the one that the chain came from, so that it ends.
      y = length > 1 ? chain[length - 2]! : -1;
      nearest = y === -1 ? Number.POSITIVE_INFINITY : d[x < y ? base[x]! + y : base[y]! + x]!;
      const cameFrom = y;
      let a = 0;
      for (; active[a]! < x; a++) {
        const i = active[a]!;
        const distance = d[base[i]! + x]!;
        if (distance >= nearest) continue;
        nearest = distance;
        y = i;
      }
      const row = base[x]!;
      for (a++; a < left; a++) {
        const i = active[a]!;
        const distance = d[row + i]!;
        if (distance >= nearest) continue;
        nearest = distance;
        y = i;
      }
      work += left;
      if (work > STRETCH) {
        work = 0;
        yield;
      }
      if (y === cameFrom) break;
      chain[length++] = y;
    }
    length -= 2;
    if (x > y) [x, y] = [y, x];
    merges.pairs.set([x, y], 2 * merge);
    merges.distances[merge] = linkage === 'ward' ? Math.sqrt(nearest) : nearest;
    work += 2 * left;
    join(d, base, active, left, sizes, x, y, nearest, linkage);
    active.copyWithin(active.indexOf(x), active.indexOf(x) + 1, left);
  }
  return treeOf(merges, true);
}

/** Merges cluster x into y: the distances of the others from the union, by the formula of Lance and Williams. */
function join(
  d: Float64Array,
  base: Int32Array,
  active: Int32Array,
  left: number,
  sizes: Float64Array,
  x: number,
  y: number,
  between: number,
  linkage: Exclude<Linkage, 'single'>,
): void {
  const [nx, ny] = [sizes[x]!, sizes[y]!];
  for (let a = 0; a < left; a++) {
    const i = active[a]!;
    if (i === x || i === y) continue;
    const toX = d[i < x ? base[i]! + x : base[x]! + i]!;
    const at = i < y ? base[i]! + y : base[y]! + i;
    const toY = d[at]!;
    if (linkage === 'complete') d[at] = Math.max(toX, toY);
    else if (linkage === 'average') d[at] = (nx * toX + ny * toY) / (nx + ny);
    else {
      const ni = sizes[i]!;
      d[at] = Math.max(0, ((ni + nx) * toX + (ni + ny) * toY - ni * between) / (nx + ny + ni));
    }
  }
  sizes[y] = nx + ny;
}

/** Writes merges in ascending order, of equals the first first, and numbers the clusters. */
export function treeOf({ pairs, distances: found }: Merges, sorted: boolean): MergeTree {
  const n = found.length + 1;
  const order = Int32Array.from(found.keys()).sort((a, b) => found[a]! - found[b]! || a - b);
  const parents = Int32Array.from({ length: 2 * n - 1 }, (_, node) => node);
  const rootOf = (node: number) => {
    let root = node;
    while (parents[root] !== root) root = parents[root]!;
    for (let at = node; at !== root; ) [at, parents[at]] = [parents[at]!, root];
    return root;
  };
  const children = new Int32Array(2 * (n - 1));
  for (const [place, merge] of order.entries()) {
    const [a, b] = [rootOf(pairs[2 * merge]!), rootOf(pairs[2 * merge + 1]!)];
    children.set(sorted && a > b ? [b, a] : [a, b], 2 * place);
    parents[a] = n + place;
    parents[b] = n + place;
  }
  return { children, distances: found.slice().sort() };
}
