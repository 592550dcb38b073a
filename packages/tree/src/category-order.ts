import { type CategoryLists, categoryLists } from './category-lists.ts';
import type { Criterion } from './criterion.ts';
import type { TreeData } from './data.ts';
import { Sorter } from './sort.ts';
import type { Question, Splitter } from './splitter.ts';

/**
 * The categories of a column in a node, in the order of their mean targets: of two classes and of numbers, the best of all
 * subsets of categories is a beginning of this order (for absolute deviations it only tends to be). Of more classes the orders
 * by the share of each class are tried.
 *
 * L. Breiman, J. Friedman, R. Olshen and C. Stone, "Classification and Regression Trees" (1984), theorem 4.5.
 * P. Chou, "Optimal partitioning for classification and regression trees", IEEE PAMI 13 (1991).
 */
export class CategoryOrder {
  /** The place in the order of each row's category, NaN for missing ones [n]. */
  readonly keys: Float64Array;
  /** How many categories the node has, and how many of its rows have none. */
  groups = 0;
  missing = 0;

  readonly #data: TreeData;
  readonly #criterion: Criterion;
  readonly #sorter: Sorter;
  /** The node's rows by category, missing ones last, and where each category's rows start and the missing ones. */
  readonly #rows: Int32Array;
  readonly #starts: Int32Array;
  #count = 0;
  readonly #means: Float64Array;
  /** The groups in their order. */
  readonly #order: Int32Array;

  constructor(data: TreeData, criterion: Criterion) {
    const n = data.rows;
    this.#data = data;
    this.#criterion = criterion;
    this.#sorter = new Sorter(n);
    this.keys = new Float64Array(n);
    this.#rows = new Int32Array(n);
    this.#starts = new Int32Array(n + 1);
    this.#means = new Float64Array(n);
    this.#order = new Int32Array(n);
  }

  /** Whether a column's numbers are names of categories. */
  isAbout(j: number): boolean {
    return this.#data.categorical![j] === 1;
  }

  /** Tries the splits of a column in a splitter's node; false if it does not vary there. */
  tryColumn(j: number, splitter: Splitter): boolean {
    let varies = this.#group(j, splitter);
    for (let which = 0; varies && which < this.#criterion.categoryOrders; which++) {
      this.#arrange(which, splitter.ordered);
      varies = splitter.tryOrder(j, this);
    }
    return varies;
  }

  /** What the best split of a splitter's node asks. */
  ask(question: Question, { best, from, left, start, end }: Splitter): Question {
    const j = question.feature;
    if (!this.isAbout(j)) return question;
    const { x, rows: n } = this.#data;
    const known = (some: Int32Array) => {
      const values = new Set(Array.from(some, (row) => x[j * n + row]!));
      values.delete(Number.NaN);
      return Float64Array.from(values).sort();
    };
    const goLeft = known(best.subarray(from, from + left));
    const values = Float64Array.from([...goLeft, ...known(best.subarray(from + left, from + end - start))]);
    return { ...question, threshold: Number.NaN, categories: { values, leftCount: goLeft.length } };
  }

  /** The categories of a tree's nodes, given what they ask, null for leaves; null if no node asks for categories. */
  listsOf(questions: readonly (Question | null)[]): CategoryLists | null {
    return categoryLists(questions.map((question) => question?.categories ?? null));
  }

  /** Groups the rows of a node by the categories of column j; false if all are in one group. */
  #group(j: number, { rows, start, end }: Splitter): boolean {
    const { x, places, rows: n } = this.#data;
    const own = this.#rows;
    const count = end - start;
    for (let i = 0; i < count; i++) own[i] = rows[start + i]!;
    this.#sorter.sort(own, 0, count, places, j * n);
    const category = (i: number) => x[j * n + own[i]!]!;
    let groups = 0;
    let at = 0;
    for (; at < count && !Number.isNaN(category(at)); at++) {
      if (at === 0 || category(at) !== category(at - 1)) this.#starts[groups++] = at;
    }
    this.#starts[groups] = at;
    this.missing = count - at;
    this.groups = groups;
    this.#count = count;
    return groups > Number(at === count);
  }

  /** Puts the groups in one of the criterion's orders, and the node's rows after it into `out`, missing ones last. */
  #arrange(which: number, out: Int32Array): void {
    const [own, starts, order, groups] = [this.#rows, this.#starts, this.#order, this.groups];
    for (let g = 0; g < groups; g++) {
      this.#means[g] = this.#criterion.meanTarget(own, starts[g]!, starts[g + 1]!, which);
      order[g] = g;
    }
    this.#sorter.sort(order, 0, groups, this.#means, 0);
    let at = 0;
    const append = (place: number, from: number, to: number) => {
      for (let i = from; i < to; i++) {
        out[at++] = own[i]!;
        this.keys[own[i]!] = place;
      }
    };
    for (let place = 0; place < groups; place++) append(place, starts[order[place]!]!, starts[order[place]! + 1]!);
    append(Number.NaN, starts[groups]!, this.#count);
  }
}

/** What puts categories in order, where data have any. */
export function categoryOrderOf(data: TreeData, criterion: Criterion): CategoryOrder | null {
  return data.categorical === null ? null : new CategoryOrder(data, criterion);
}
