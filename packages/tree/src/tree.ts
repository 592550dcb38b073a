import { encodeArray } from '@maru-ml/tensor';
import type { CategoryLists } from './category-lists.ts';

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
    const { feature, threshold, left, right, missingLeft, categories } = this;
    let node = 0;
    for (let j = feature[0]!; j >= 0; j = feature[node]!) {
      const value = x[at + j]!;
      if (value <= threshold[node]!) node = left[node]!;
      else if (value > threshold[node]!) node = right[node]!;
      // A category, or a missing number. Categories that the node does not know go where missing ones go.
      else node = (categories?.goesLeft(node, value) ?? missingLeft[node] === 1) ? left[node]! : right[node]!;
    }
    return node;
  }

  /** Plain data for the JSON form of a model; `decodeTree` reads it. */
  encode(): Record<string, unknown> {
    const encoded = eachArray(ARRAYS, this, (array, name) =>
      encodeArray(array as Float64Array, name === 'value' ? [this.nodeCount, this.width] : [array.length]),
    );
    return { ...encoded, categories: this.categories?.encode() ?? null };
  }
}

/** The arrays of a tree by name, with their classes; a node has one number in each but for `value`. */
export const ARRAYS: Readonly<Record<keyof Omit<TreeArrays, 'categories'>, Typed>> = {
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

/** A class of arrays. */
export type Typed = typeof Int32Array | typeof Float64Array | typeof Uint8Array;

/** What `of` makes of each of some arrays, by name. */
export function eachArray(
  classes: Readonly<Record<string, Typed>>,
  arrays: object,
  of: (array: ArrayLike<number>, name: string, Typed: Typed) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(classes).map(([name, Typed]) => [
      name,
      of((arrays as Readonly<Record<string, ArrayLike<number>>>)[name]!, name, Typed),
    ]),
  );
}
