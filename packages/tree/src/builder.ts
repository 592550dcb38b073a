import { Tree } from './tree.ts';

/** What a node asks. */
export interface Question {
  feature: number;
  threshold: number;
  missingLeft: boolean;
  /** The categories that the node knows, those that go left first, and how many these are; null for numbers. */
  categories: { values: Float64Array; leftCount: number } | null;
}

/** Nodes as they are added to a tree. */
export class TreeBuilder {
  nodes = 0;
  readonly #width: number;
  #capacity = 64;
  #arrays: ReturnType<typeof room>;
  readonly #categories = new Map<number, { values: Float64Array; leftCount: number }>();

  constructor(width: number) {
    this.#width = width;
    this.#arrays = room(this.#capacity, width);
  }

  /** Adds a leaf and returns its number. */
  add(samples: number, weight: number, impurity: number): number {
    if (this.nodes === this.#capacity) this.#grow();
    const node = this.nodes++;
    const arrays = this.#arrays;
    arrays.feature[node] = -2;
    arrays.threshold[node] = -2;
    arrays.left[node] = -1;
    arrays.right[node] = -1;
    arrays.impurity[node] = impurity;
    arrays.nNodeSamples[node] = samples;
    arrays.weightedNNodeSamples[node] = weight;
    return node;
  }

  /** Where the values of the nodes stand. */
  get value(): Float64Array {
    return this.#arrays.value;
  }

  /** Makes a node ask. */
  ask(node: number, { feature, threshold, missingLeft, categories }: Question): void {
    this.#arrays.feature[node] = feature;
    this.#arrays.threshold[node] = threshold;
    this.#arrays.missingLeft[node] = missingLeft ? 1 : 0;
    if (categories !== null) this.#categories.set(node, categories);
  }

  connect(parent: number, isLeft: boolean, child: number): void {
    this.#arrays[isLeft ? 'left' : 'right'][parent] = child;
  }

  finish(): Tree {
    const n = this.nodes;
    const arrays = room(n, this.#width);
    for (const [name, array] of Object.entries(arrays)) {
      array.set(this.#arrays[name as keyof typeof arrays].subarray(0, array.length));
    }
    return new Tree({ ...arrays, categories: this.#categories.size === 0 ? null : this.#lists() });
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
    this.#capacity *= 2;
    const larger = room(this.#capacity, this.#width);
    for (const [name, array] of Object.entries(larger)) array.set(this.#arrays[name as keyof typeof larger]);
    this.#arrays = larger;
  }
}

/** The arrays of n nodes. */
function room(n: number, width: number) {
  return {
    feature: new Int32Array(n),
    threshold: new Float64Array(n),
    left: new Int32Array(n),
    right: new Int32Array(n),
    missingLeft: new Uint8Array(n),
    impurity: new Float64Array(n),
    nNodeSamples: new Int32Array(n),
    weightedNNodeSamples: new Float64Array(n),
    value: new Float64Array(n * width),
  };
}
