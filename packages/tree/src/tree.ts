import { DataError } from '@maru-ml/base';
import { decodeArray, encodeArray } from '@maru-ml/tensor';

/** The arrays of a tree, one element for each node but for those of `value` and `categories`. */
export interface TreeArrays {
  /** The column that a node asks for; -2 for leaves. */
  feature: Int32Array;
  /** Numbers up to it go left; -2 for leaves, NaN where categories decide, ∞ where only missing ones go right. */
  threshold: Float64Array;
  /** The nodes of the two sides; -1 for leaves. */
  left: Int32Array;
  right: Int32Array;
  /** 1 where missing numbers go left. */
  missingLeft: Uint8Array;
  impurity: Float64Array;
  nNodeSamples: Int32Array;
  weightedNNodeSamples: Float64Array;
  /** The shares of the classes or the number that a node stands for [nodes, width]. */
  value: Float64Array;
  /** The categories that nodes know, or null if no node asks for one. */
  categories: CategoryLists | null;
}

/** The categories of the nodes that ask for one: those of node t are `values[start[t]...start[t + 1]]`. */
export interface CategoryLists {
  /** [nodes + 1] */
  start: Int32Array;
  /** How many of them, the first ones, go left; the others go right [nodes]. */
  leftCount: Int32Array;
  /** Ascending on each side. */
  values: Float64Array;
}

/**
 * A grown tree as flat arrays: the root is node 0 and children come after their parents. Trees that are grown depth first are
 * numbered in pre-order.
 */
export class Tree implements TreeArrays {
  // Assigned in the order of `ARRAYS`, so that all trees have one layout in memory.
  declare readonly feature: Int32Array;
  declare readonly threshold: Float64Array;
  declare readonly left: Int32Array;
  declare readonly right: Int32Array;
  declare readonly missingLeft: Uint8Array;
  declare readonly impurity: Float64Array;
  declare readonly nNodeSamples: Int32Array;
  declare readonly weightedNNodeSamples: Float64Array;
  declare readonly value: Float64Array;
  declare readonly categories: CategoryLists | null;

  constructor(arrays: TreeArrays) {
    Object.assign(this, arrays);
  }

  get nodeCount(): number {
    return this.feature.length;
  }

  /** How many numbers the value of a node is. */
  get width(): number {
    return this.value.length / this.feature.length;
  }

  /** The leaf of the row `x[at...at + d]`, without allocating. */
  leafOf(x: ArrayLike<number>, at: number): number {
    const { feature, threshold, left, right } = this;
    let node = 0;
    for (let j = feature[0]!; j >= 0; j = feature[node]!) {
      const value = x[at + j]!;
      if (value <= threshold[node]!) node = left[node]!;
      else if (value > threshold[node]!) node = right[node]!;
      else node = this.#goesLeft(node, value) ? left[node]! : right[node]!;
    }
    return node;
  }

  /** The leaf of each row of `x` [rows, d]. */
  apply(x: ArrayLike<number>, rows: number): Int32Array {
    const d = x.length / rows;
    const leaves = new Int32Array(rows);
    for (let i = 0; i < rows; i++) leaves[i] = this.leafOf(x, i * d);
    return leaves;
  }

  /** Adds `scale` times the values of the rows' leaves to `out` [rows, width], without allocating. */
  addValues(x: ArrayLike<number>, rows: number, out: Float64Array, scale = 1): void {
    const d = x.length / rows;
    const width = this.width;
    for (let i = 0; i < rows; i++) {
      const leaf = this.leafOf(x, i * d) * width;
      for (let c = 0; c < width; c++) out[i * width + c]! += scale * this.value[leaf + c]!;
    }
  }

  /**
   * How much each of d columns lowered the impurity: Σ (w I - wₗ Iₗ - wᵣ Iᵣ) / W over the nodes that ask for it; divided by
   * their sum, if `normalize` and if it is not 0.
   */
  importances(d: number, normalize = true): Float64Array {
    const { feature, left, right, impurity, weightedNNodeSamples: weight } = this;
    const importances = new Float64Array(d);
    for (let t = 0; t < feature.length; t++) {
      if (feature[t]! < 0) continue;
      const [l, r] = [left[t]!, right[t]!];
      importances[feature[t]!]! +=
        (weight[t]! * impurity[t]! - weight[l]! * impurity[l]! - weight[r]! * impurity[r]!) / weight[0]!;
    }
    let sum = 0;
    for (let j = 0; j < d; j++) sum += importances[j]!;
    if (normalize && sum > 0) for (let j = 0; j < d; j++) importances[j]! /= sum;
    return importances;
  }

  /** The categories that a node knows, those that go left first, and how many these are; null if it asks for a number. */
  categoriesOf(node: number): { values: Float64Array; leftCount: number } | null {
    if (this.categories === null) return null;
    const { start, leftCount, values } = this.categories;
    if (start[node] === start[node + 1]) return null;
    return { values: values.slice(start[node], start[node + 1]), leftCount: leftCount[node]! };
  }

  /** The same tree with arrays of its own. */
  copy(): Tree {
    return new Tree(eachArray(this, (array, _, Typed) => new Typed(array)) as unknown as TreeArrays);
  }

  /** Plain data for the JSON form of a model; `decodeTree` reads it. */
  encode(): Record<string, unknown> {
    return eachArray(this, (array, name) =>
      encodeArray(array as Float64Array, name === 'value' ? [this.nodeCount, this.width] : [array.length]),
    );
  }

  /** Where a category or a missing number goes; categories that the node does not know go where missing ones go. */
  #goesLeft(node: number, value: number): boolean {
    if (this.categories !== null) {
      const { start, leftCount, values } = this.categories;
      const middle = start[node]! + leftCount[node]!;
      if (holds(values, start[node]!, middle, value)) return true;
      if (holds(values, middle, start[node + 1]!, value)) return false;
    }
    return this.missingLeft[node] === 1;
  }
}

/**
 * The tree that `encode` wrote, before or after its way through JSON.
 *
 * @param owner who asks, for errors; @param d the number of columns; @param width how many numbers the value of a node is
 * @throws DataError if it is none, or if its nodes do not make a tree
 */
export function decodeTree(owner: string, encoded: unknown, d: number, width: number): Tree {
  if (typeof encoded !== 'object' || encoded === null) throw new DataError(`${owner}: the tree is missing`);
  const fields = encoded as { [name in keyof TreeArrays]: unknown };
  const n = decodeArray(owner, 'feature', fields.feature, { dtype: 'int32', shape: [-1] }).length;
  if (typeof fields.categories !== 'object') throw new DataError(`${owner}: the categories are missing`);
  const shapes: Record<string, number[]> = { value: [n, width], values: [-1], start: [n + 1] };
  const arrays = eachArray(fields, (array, name, Typed) => {
    const dtype = Typed === Int32Array ? 'int32' : Typed === Float64Array ? 'float64' : 'uint8';
    return decodeArray(owner, name, array, { dtype, shape: shapes[name] ?? [n], finite: name === 'value' });
  });
  const tree = new Tree(arrays as unknown as TreeArrays);
  if (tree.categories !== null) checkCategories(owner, tree.categories, n);
  checkNodes(owner, tree, d);
  return tree;
}

/** Whether ascending numbers hold a value. */
function holds(values: Float64Array, from: number, to: number, value: number): boolean {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low < to && values[low] === value;
}

/** The arrays of a tree by name, with their classes; a node has one number in each but for `value`. */
const ARRAYS = {
  feature: Int32Array,
  threshold: Float64Array,
  left: Int32Array,
  right: Int32Array,
  missingLeft: Uint8Array,
  impurity: Float64Array,
  nNodeSamples: Int32Array,
  weightedNNodeSamples: Float64Array,
  value: Float64Array,
};

const LISTS = { start: Int32Array, leftCount: Int32Array, values: Float64Array };

type Typed = typeof Int32Array | typeof Float64Array | typeof Uint8Array;
type Lists = Readonly<Record<string, ArrayLike<number>>>;

/** What `of` makes of each array of a tree, by name. */
export function eachArray(
  { categories, ...arrays }: { readonly categories: unknown },
  of: (array: ArrayLike<number>, name: string, Typed: Typed) => unknown,
): Record<string, unknown> {
  const all = (lists: object, classes: Readonly<Record<string, Typed>>) =>
    Object.fromEntries(
      Object.entries(classes).map(([name, Typed]) => [name, of((lists as Lists)[name]!, name, Typed)]),
    );
  return { ...all(arrays, ARRAYS), categories: categories === null ? null : all(categories as object, LISTS) };
}

function checkCategories(owner: string, lists: CategoryLists, nodes: number): void {
  let good = lists.start[0] === 0 && lists.start[nodes] === lists.values.length;
  for (let t = 0; t < nodes; t++) {
    const count = lists.start[t + 1]! - lists.start[t]!;
    good &&= count >= 0 && lists.leftCount[t]! >= 0 && lists.leftCount[t]! <= count;
  }
  if (!good) throw new DataError(`${owner}: the lists of categories do not fit the nodes`);
}

/** Every node but the root must be the child of one node before it, so that ways down end. */
function checkNodes(owner: string, { feature, left, right }: Tree, d: number): void {
  const n = feature.length;
  const parents = new Uint8Array(n);
  for (let t = 0; t < n; t++) {
    if (feature[t] === -2) continue;
    const [l, r] = [left[t]!, right[t]!];
    const good = feature[t]! >= 0 && feature[t]! < d && l > t && l < n && r > t && r < n && l !== r;
    if (!good) throw new DataError(`${owner}: node ${t} of the tree has no column or children that can be`);
    parents[l]! += 1;
    parents[r]! += 1;
  }
  const lost = parents.findIndex((count, t) => count !== (t === 0 ? 0 : 1));
  if (n === 0 || lost >= 0) throw new DataError(`${owner}: the nodes do not make a tree`);
}
