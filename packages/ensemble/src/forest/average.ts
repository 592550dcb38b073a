import { allFinite, type Matrix, type MatrixLike, takeRow, toMatrix } from '@maru-ml/tensor';
import type { Tree } from '@maru-ml/tree/grow';

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
    const plain = this.trees.every(({ categories }) => categories === null) && allFinite(data);
    if (plain) this.#descents ??= this.trees.map(descentOf);
    for (let from = 0; from < rows; from += ROWS) {
      const to = Math.min(rows, from + ROWS);
      const [x, sums] = [data.subarray(from * d, to * d), out.subarray(from * width, to * width)];
      for (const [t, tree] of this.trees.entries()) {
        if (plain) addPlain(this.#descents![t]!, x, to - from, d, sums);
        else tree.addValues(x, to - from, sums);
      }
    }
    for (let i = 0; i < out.length; i++) out[i]! /= this.trees.length;
    return out;
  }

  /** The mean for one row [width], valid until the next call. */
  one(row: ArrayLike<number>): Float64Array {
    takeRow(this.owner, row, this.#row, true);
    const { trees, width } = this;
    const sums = this.#sums.fill(0);
    for (let t = 0; t < trees.length; t++) {
      const tree = trees[t]!;
      const leaf = tree.leafOf(this.#row, 0) * width;
      for (let c = 0; c < width; c++) sums[c]! += tree.value[leaf + c]!;
    }
    for (let c = 0; c < width; c++) sums[c]! /= trees.length;
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
    const sums = new Float64Array(this.columns);
    for (const tree of this.trees) {
      const own = tree.importances(this.columns);
      for (let j = 0; j < sums.length; j++) sums[j]! += own[j]!;
    }
    let total = 0;
    for (const sum of sums) total += sum;
    return total > 0 ? sums.map((sum) => sum / total) : sums;
  }

  matrix(x: MatrixLike): Matrix {
    return toMatrix(this.owner, x, { columns: this.columns, allowMissing: true });
  }
}

/**
 * A tree for rows that go down it without a test whether they have arrived: a leaf asks what all numbers answer with itself. Of two
 * children the right one stands behind the left one, and what a node asks stands together in one stretch of memory.
 */
interface Descent {
  /** Of node v: at 2 v what goes left is at most. */
  readonly limits: Float64Array;
  /** The same memory: at 4 v + 2 the column, at 4 v + 3 the left child. */
  readonly nodes: Int32Array;
  /** The values of the nodes [nodes, width]. */
  readonly values: Float64Array;
}

function descentOf({ feature, threshold, left, right, value, width, nodeCount }: Tree): Descent {
  const limits = new Float64Array(2 * nodeCount);
  const nodes = new Int32Array(limits.buffer);
  const values = new Float64Array(value.length);
  // The nodes of the tree level by level, so that the two children of one stand side by side.
  const order = [0];
  for (let v = 0; v < order.length; v++) {
    const t = order[v]!;
    const isLeaf = feature[t]! < 0;
    limits[2 * v] = isLeaf ? Number.POSITIVE_INFINITY : threshold[t]!;
    nodes[4 * v + 2] = isLeaf ? 0 : feature[t]!;
    nodes[4 * v + 3] = isLeaf ? v : order.length;
    if (!isLeaf) order.push(left[t]!, right[t]!);
    for (let c = 0; c < width; c++) values[v * width + c] = value[t * width + c]!;
  }
  return { limits, nodes, values };
}

/**
 * Adds the values of the leaves of rows without missing numbers. The side is a number that is added to the left child, not a
 * branch, since nobody can tell which way it would go; and four rows go down together, so that a look-up of one need not wait for
 * those of another.
 */
function addPlain(
  { limits, nodes, values }: Descent,
  x: ArrayLike<number>,
  rows: number,
  d: number,
  out: Float64Array,
): void {
  const width = out.length / rows;
  for (let i = 0; i < rows; i += 4) {
    // Behind the last row it is taken again, and left out below.
    const last = (rows - 1) * d;
    const a = i * d;
    const b = Math.min(a + d, last);
    const c = Math.min(a + 2 * d, last);
    const e = Math.min(a + 3 * d, last);
    let [p, q, r, s] = [0, 0, 0, 0];
    for (let moved = 1; moved !== 0; ) {
      const p1 = nodes[4 * p + 3]! + Number(x[a + nodes[4 * p + 2]!]! > limits[2 * p]!);
      const q1 = nodes[4 * q + 3]! + Number(x[b + nodes[4 * q + 2]!]! > limits[2 * q]!);
      const r1 = nodes[4 * r + 3]! + Number(x[c + nodes[4 * r + 2]!]! > limits[2 * r]!);
      const s1 = nodes[4 * s + 3]! + Number(x[e + nodes[4 * s + 2]!]! > limits[2 * s]!);
      moved = (p ^ p1) | (q ^ q1) | (r ^ r1) | (s ^ s1);
      p = p1;
      q = q1;
      r = r1;
      s = s1;
    }
    for (let k = 0; k < width; k++) {
      out[i * width + k]! += values[p * width + k]!;
      if (i + 1 < rows) out[(i + 1) * width + k]! += values[q * width + k]!;
      if (i + 2 < rows) out[(i + 2) * width + k]! += values[r * width + k]!;
      if (i + 3 < rows) out[(i + 3) * width + k]! += values[s * width + k]!;
    }
  }
}
