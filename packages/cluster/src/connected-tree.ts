import { DataError, type Steps } from '@maru-ml/base';
import { squaredDistance } from '@maru-ml/kernels/kmeans';
import type { Matrix } from '@maru-ml/tensor';
import { Heap } from './heap.ts';
import type { Linkage, MergeTree } from './merge-tree.ts';

/**
 * Merges the nearest of the clusters that are connected until there is one. Two clusters are connected if two of their rows
 * are; the distance of a union from a cluster that only one part is connected with is that part's, and 'average' weighs the
 * parts by their sizes, as in scikit-learn. O(m log m) for m pairs of neighbors that come up.
 *
 * @param pairs the pairs of rows that are connected, flat
 * @param distance the distance between two rows, for linkages other than 'ward'
 * @throws DataError if the rows are not all connected
 */
export function* connectedTree(
  owner: string,
  x: Matrix,
  pairs: Int32Array,
  linkage: Linkage,
  distance: (i: number, j: number) => number,
): Steps<MergeTree> {
  const n = x.rows;
  const moments = linkage === 'ward' ? new Moments(x) : null;
  const measure = moments === null ? distance : (i: number, j: number) => moments.between(i, j);
  const sizes = new Int32Array(2 * n - 1).fill(1, 0, n);
  const near: Map<number, number>[] = Array.from({ length: n }, () => new Map());
  const heap = new Heap();
  for (let at = 0; at < pairs.length; at += 2) {
    const [i, j] = [Math.max(pairs[at]!, pairs[at + 1]!), Math.min(pairs[at]!, pairs[at + 1]!)];
    if (i === j || near[i]!.has(j)) continue;
    const apart = measure(i, j);
    near[i]!.set(j, apart);
    near[j]!.set(i, apart);
    heap.push(apart, i, j);
    if (at % 65536 === 65534) yield;
  }
  const children = new Int32Array(2 * (n - 1));
  const distances = new Float64Array(n - 1);
  const merged = new Uint8Array(2 * n - 1);
  for (let node = n; node < 2 * n - 1; node++) {
    let edge = heap.pop();
    while (edge !== undefined && (merged[edge.i] === 1 || merged[edge.j] === 1)) edge = heap.pop();
    if (edge === undefined) {
      throw new DataError(`${owner}: connectivity leaves x in ${2 * n - node} parts; add pairs between them`);
    }
    const { value, i, j } = edge;
    children.set([j, i], 2 * (node - n));
    distances[node - n] = linkage === 'ward' ? Math.sqrt(2 * value) : value;
    merged[i] = merged[j] = 1;
    sizes[node] = sizes[i]! + sizes[j]!;
    moments?.merge(i, j, node);
    const [ofI, ofJ] = [near[i]!, near[j]!];
    const union = new Map<number, number>();
    for (const [from, other] of [
      [ofI, ofJ],
      [ofJ, ofI],
    ] as const) {
      // biome-ignore format: two pairs
      for (const [c, apart] of from) {
        if (merged[c] === 1 || union.has(c)) continue;
        const both = other.get(c);
        let joint = apart;
        if (linkage === 'ward') joint = measure(node, c);
        else if (both !== undefined) joint = joined(linkage, ofI.get(c)!, ofJ.get(c)!, sizes[i]!, sizes[j]!);
        union.set(c, joint);
        near[c]!.delete(i);
        near[c]!.delete(j);
        near[c]!.set(node, joint);
        heap.push(joint, node, c);
      }
    }
    near[i] = near[j] = new Map();
    near.push(union);
    if (node % 256 === 255) yield;
  }
  return { children, distances };
}

function joined(linkage: Exclude<Linkage, 'ward'>, a: number, b: number, sizeA: number, sizeB: number): number {
  if (linkage === 'complete') return Math.max(a, b);
  if (linkage === 'single') return Math.min(a, b);
  return (sizeA * a + sizeB * b) / (sizeA + sizeB);
}

/** Sizes and means of clusters, of which Ward's distances are made. */
class Moments {
  readonly #d: number;
  readonly #sizes: Float64Array;
  readonly #means: Float64Array;

  constructor({ data, rows: n, columns: d }: Matrix) {
    this.#d = d;
    this.#sizes = new Float64Array(2 * n - 1).fill(1, 0, n);
    this.#means = new Float64Array((2 * n - 1) * d);
    this.#means.set(data);
  }

  merge(i: number, j: number, node: number): void {
    const [d, means, sizes] = [this.#d, this.#means, this.#sizes];
    const size = sizes[i]! + sizes[j]!;
    sizes[node] = size;
    for (let l = 0; l < d; l++) {
      means[node * d + l] = (sizes[i]! * means[i * d + l]! + sizes[j]! * means[j * d + l]!) / size;
    }
  }

  /** The sum of squares that the union of two clusters adds to J. */
  between(i: number, j: number): number {
    const [a, b, d] = [this.#sizes[i]!, this.#sizes[j]!, this.#d];
    return ((a * b) / (a + b)) * squaredDistance(this.#means, i * d, this.#means, j * d, d);
  }
}
