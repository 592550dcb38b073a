import type { Question } from './splitter.ts';
import { eachArray, Tree, type TreeArrays } from './tree.ts';

/** Nodes as they are added to a tree. */
export class TreeBuilder {
  readonly #lists = eachArray({ categories: null }, () => []) as Record<keyof TreeArrays, number[]>;
  readonly #categories = new Map<number, { values: Float64Array; leftCount: number }>();

  /** The values of the nodes: who adds one appends its value. */
  get value(): number[] {
    return this.#lists.value;
  }

  /** Adds a leaf below a node, -1 for the root, and returns its number. */
  add(parent: number, isLeft: boolean, samples: number, weight: number, impurity: number): number {
    const lists = this.#lists;
    lists.threshold.push(-2);
    lists.left.push(-1);
    lists.right.push(-1);
    lists.missingLeft.push(0);
    lists.impurity.push(impurity);
    lists.nNodeSamples.push(samples);
    lists.weightedNNodeSamples.push(weight);
    const node = lists.feature.push(-2) - 1;
    if (parent >= 0) lists[isLeft ? 'left' : 'right'][parent] = node;
    return node;
  }

  /** Makes a node ask. */
  ask(node: number, { feature, threshold, missingLeft, categories }: Question): void {
    const lists = this.#lists;
    lists.feature[node] = feature;
    lists.threshold[node] = threshold;
    lists.missingLeft[node] = Number(missingLeft);
    if (categories !== null) this.#categories.set(node, categories);
  }

  finish(): Tree {
    const lists = { ...this.#lists, categories: this.#categories.size === 0 ? null : this.#categoryLists() };
    return new Tree(eachArray(lists, (list, _, Typed) => new Typed(list)) as unknown as TreeArrays);
  }

  #categoryLists() {
    const lists = { start: [0], leftCount: [] as number[], values: [] as number[] };
    for (let t = 0; t < this.#lists.feature.length; t++) {
      const known = this.#categories.get(t);
      for (const category of known?.values ?? []) lists.values.push(category);
      lists.leftCount.push(known?.leftCount ?? 0);
      lists.start.push(lists.values.length);
    }
    return lists;
  }
}
