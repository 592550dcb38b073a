import { Tree } from './tree.ts';

/** Nodes as they are added to a tree. */
export class TreeBuilder {
  nodes = 0;
  readonly #width: number;
  #feature = new Int32Array(FIRST);
  #threshold = new Float64Array(FIRST);
  #left = new Int32Array(FIRST);
  #right = new Int32Array(FIRST);
  #missingLeft = new Uint8Array(FIRST);
  #impurity = new Float64Array(FIRST);
  #samples = new Int32Array(FIRST);
  #weight = new Float64Array(FIRST);
  #value: Float64Array;
  /** The categories of nodes that ask for one, and how many of them go left. */
  readonly #categories = new Map<number, { values: Float64Array; leftCount: number }>();

  constructor(width: number) {
    this.#width = width;
    this.#value = new Float64Array(FIRST * width);
  }

  /** Adds a leaf and returns its number. */
  add(samples: number, weight: number, impurity: number): number {
    const node = this.nodes++;
    if (node === this.#feature.length) this.#grow();
    this.#feature[node] = -2;
    this.#threshold[node] = -2;
    this.#left[node] = -1;
    this.#right[node] = -1;
    this.#impurity[node] = impurity;
    this.#samples[node] = samples;
    this.#weight[node] = weight;
    return node;
  }

  /** Where the values of the nodes stand, and where that of a node starts. */
  get value(): Float64Array {
    return this.#value;
  }

  /** Makes a node ask for a column. */
  ask(node: number, feature: number, threshold: number, missingLeft: boolean): void {
    this.#feature[node] = feature;
    this.#threshold[node] = threshold;
    this.#missingLeft[node] = missingLeft ? 1 : 0;
  }

  /** Gives a node the categories that it knows: those that go left, then the others. */
  askCategories(node: number, values: Float64Array, leftCount: number): void {
    this.#categories.set(node, { values, leftCount });
  }

  connect(parent: number, isLeft: boolean, child: number): void {
    if (isLeft) this.#left[parent] = child;
    else this.#right[parent] = child;
  }

  finish(): Tree {
    const n = this.nodes;
    return new Tree({
      feature: this.#feature.slice(0, n),
      threshold: this.#threshold.slice(0, n),
      left: this.#left.slice(0, n),
      right: this.#right.slice(0, n),
      missingLeft: this.#missingLeft.slice(0, n),
      impurity: this.#impurity.slice(0, n),
      nNodeSamples: this.#samples.slice(0, n),
      weightedNNodeSamples: this.#weight.slice(0, n),
      value: this.#value.slice(0, n * this.#width),
      categories: this.#categories.size === 0 ? null : this.#lists(),
    });
  }

  #lists() {
    const n = this.nodes;
    const start = new Int32Array(n + 1);
    const leftCount = new Int32Array(n);
    for (let t = 0; t < n; t++) start[t + 1] = start[t]! + (this.#categories.get(t)?.values.length ?? 0);
    const values = new Float64Array(start[n]!);
    for (const [t, list] of this.#categories) {
      values.set(list.values, start[t]!);
      leftCount[t] = list.leftCount;
    }
    return { start, leftCount, values };
  }

  #grow(): void {
    const length = 2 * this.#feature.length;
    const larger = <A extends Int32Array | Float64Array | Uint8Array>(
      make: new (n: number) => A,
      old: A,
      n: number,
    ) => {
      const array = new make(n);
      array.set(old);
      return array;
    };
    this.#feature = larger(Int32Array, this.#feature, length);
    this.#threshold = larger(Float64Array, this.#threshold, length);
    this.#left = larger(Int32Array, this.#left, length);
    this.#right = larger(Int32Array, this.#right, length);
    this.#missingLeft = larger(Uint8Array, this.#missingLeft, length);
    this.#impurity = larger(Float64Array, this.#impurity, length);
    this.#samples = larger(Int32Array, this.#samples, length);
    this.#weight = larger(Float64Array, this.#weight, length);
    this.#value = larger(Float64Array, this.#value, length * this.#width);
  }
}

const FIRST = 64;
