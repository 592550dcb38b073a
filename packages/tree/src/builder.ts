import type { CategoryLists } from './category-lists.ts';
import type { Question } from './splitter.ts';
import { ARRAYS, eachArray, Tree, type TreeArrays } from './tree.ts';

/** Nodes as they are added to a tree. */
export class TreeBuilder {
  readonly #lists = eachArray(ARRAYS, ARRAYS, () => []) as Record<keyof TreeArrays, number[]>;

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

  /** Makes a node ask for a number. */
  ask(node: number, { feature, threshold, missingLeft }: Omit<Question, 'categories'>): void {
    const lists = this.#lists;
    lists.feature[node] = feature;
    lists.threshold[node] = threshold;
    lists.missingLeft[node] = Number(missingLeft);
  }

  /** The tree, given the categories that nodes ask for. */
  finish(categories: CategoryLists | null): Tree {
    const arrays = eachArray(ARRAYS, this.#lists, (list, _, Typed) => new Typed(list));
    return new Tree({ ...arrays, categories } as unknown as TreeArrays);
  }
}
