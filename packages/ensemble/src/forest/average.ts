import { allFinite, type Matrix, type MatrixLike, takeRow, toMatrix } from '@maru-ml/tensor';
import { addValues, type Tree } from '@maru-ml/tree/grow';
import { meanImportances } from '../importances.ts';

/** Rows that go through all trees before the next ones, so that they stay in the nearest cache. */
const ROWS = 128;

/** The mean of what trees say. */
export class TreeAverage {
  readonly owner: string;
  readonly trees: readonly Tree[];
  readonly columns: number;
  readonly width: number;
  /** Where `one` puts its row and its answer, so that it need not allocate. */
  readonly #row: Float64Array;
  readonly #sums: Float64Array;
  /** Made when they are first needed. */
  #descents: Descent[] | null = null;

  constructor(owner: string, trees: readonly Tree[], columns: number) {
    this.owner = owner;
    this.trees = trees;
    this.columns = columns;
    this.width = trees[0]!.width;
    this.#row = new Float64Array(columns);
    this.#sums = new Float64Array(this.width);
  }

  /** The means for rows [m, width]. O(m · trees · depth). */
  of({ data, rows, columns: d }: Matrix): Float64Array {
    const { width } = this;
    const out = new Float64Array(rows * width);
    const fits = (tree: Tree) => tree.categories === null && tree.nodeCount <= NODES;
    const plain = d <= COLUMNS && this.trees.every(fits) && allFinite(data);
    if (plain) this.#descents ??= this.trees.map(descentOf);
    for (let from = 0; from < rows; from += ROWS) {
      const to = Math.min(rows, from + ROWS);
      const [x, sums] = [data.subarray(from * d, to * d), out.subarray(from * width, to * width)];
      const eights = plain ? (to - from) & ~7 : 0;
      for (const [t, tree] of this.trees.entries()) {
        if (eights > 0) addEights(this.#descents![t]!, x, eights, d, sums, width);
        if (from + eights < to)
          addValues(tree, x.subarray(eights * d), to - from - eights, sums.subarray(eights * width));
      }
    }
    for (let i = 0; i < out.length; i++) out[i]! /= this.trees.length;
    return out;
  }

  /** The mean for one row [width], valid until the next call. */
  one(row: ArrayLike<number>): Float64Array {
    takeRow(this.owner, row, this.#row, true);
    const { trees } = this;
    const sums = this.#sums.fill(0);
    for (let t = 0; t < trees.length; t++) addValues(trees[t]!, this.#row, 1, sums);
    for (let c = 0; c < sums.length; c++) sums[c]! /= trees.length;
    return sums;
  }

  /** The leaf of each row in each tree [m, trees]. */
  apply({ data, rows, columns }: Matrix): Int32Array {
    const out = new Int32Array(rows * this.trees.length);
    for (const [t, tree] of this.trees.entries()) {
      for (let i = 0; i < rows; i++) out[i * this.trees.length + t] = tree.leafOf(data, i * columns);
    }
    return out;
  }

  /** How much each column lowered the impurity: the mean of the trees that ask anything, adding up to 1 [d]. */
  importances(): Float64Array {
    return meanImportances(this.trees, this.columns, true);
  }

  matrix(x: MatrixLike): Matrix {
    return toMatrix(this.owner, x, { columns: this.columns, allowMissing: true });
  }
}

/** The most columns and nodes that fit in one number together: twelve bits are the column's, the others the node's. */
const COLUMNS = 2 ** 12;
const NODES = 2 ** 20;

/**
 * A tree for rows that go down it without a test whether they have arrived: a leaf asks what all numbers answer with itself. Of two
 * children the right one stands behind the left one.
 */
interface Descent {
  /** What goes left is at most [nodes]. */
  readonly limits: Float64Array;
  /** The left child, and in the lowest bits the column [nodes]. */
  readonly nodes: Int32Array;
  /** The values of the nodes [nodes, width]. */
  readonly values: Float64Array;
}

function descentOf({ feature, threshold, left, right, value, width, nodeCount }: Tree): Descent {
  const limits = new Float64Array(nodeCount);
  const nodes = new Int32Array(nodeCount);
  const values = new Float64Array(value.length);
  // The nodes of the tree level by level, so that the two children of one stand side by side.
  const order = [0];
  for (let v = 0; v < order.length; v++) {
    const t = order[v]!;
    const isLeaf = feature[t]! < 0;
    limits[v] = isLeaf ? Number.POSITIVE_INFINITY : threshold[t]!;
    nodes[v] = isLeaf ? v << 12 : (order.length << 12) | feature[t]!;
    if (!isLeaf) order.push(left[t]!, right[t]!);
    for (let c = 0; c < width; c++) values[v * width + c] = value[t * width + c]!;
  }
  return { limits, nodes, values };
}

/**
 * Adds the values of the leaves of rows without missing numbers, eight rows together, so that a look-up of one need not wait for
 * those of another. The side is a number that is added to the left child, not a branch, since nobody can tell which way it would go.
 */
function addEights(
  { limits, nodes, values }: Descent,
  x: ArrayLike<number>,
  rows: number,
  d: number,
  out: Float64Array,
  width: number,
): void {
  for (let i = 0; i < rows; i += 8) {
    let [p, q, r, s, t, u, v, w] = [0, 0, 0, 0, 0, 0, 0, 0];
    let [node, next] = [0, 0];
    for (let moved = 1; moved !== 0; ) {
      moved = 0;
      let at = i * d;
      node = nodes[p]!;
      next = (node >>> 12) + Number(x[at + (node & 0xfff)]! > limits[p]!);
      moved |= next ^ p;
      p = next;
      at += d;
      node = nodes[q]!;
      next = (node >>> 12) + Number(x[at + (node & 0xfff)]! > limits[q]!);
      moved |= next ^ q;
      q = next;
      at += d;
      node = nodes[r]!;
      next = (node >>> 12) + Number(x[at + (node & 0xfff)]! > limits[r]!);
      moved |= next ^ r;
      r = next;
      at += d;
      node = nodes[s]!;
      next = (node >>> 12) + Number(x[at + (node & 0xfff)]! > limits[s]!);
      moved |= next ^ s;
      s = next;
      at += d;
      node = nodes[t]!;
      next = (node >>> 12) + Number(x[at + (node & 0xfff)]! > limits[t]!);
      moved |= next ^ t;
      t = next;
      at += d;
      node = nodes[u]!;
      next = (node >>> 12) + Number(x[at + (node & 0xfff)]! > limits[u]!);
      moved |= next ^ u;
      u = next;
      at += d;
      node = nodes[v]!;
      next = (node >>> 12) + Number(x[at + (node & 0xfff)]! > limits[v]!);
      moved |= next ^ v;
      v = next;
      at += d;
      node = nodes[w]!;
      next = (node >>> 12) + Number(x[at + (node & 0xfff)]! > limits[w]!);
      moved |= next ^ w;
      w = next;
    }
    const leaves = [p, q, r, s, t, u, v, w];
    for (let row = 0; row < 8; row++) {
      for (let y = 0; y < width; y++) out[(i + row) * width + y]! += values[leaves[row]! * width + y]!;
    }
  }
}
