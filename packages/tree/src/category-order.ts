import type { TreeData } from './data.ts';
import type { Criterion } from './search.ts';
import { Sorter } from './sort.ts';

/**
 * The categories of a column in a node, in the order of their mean targets: of two classes and of numbers, the best of all
 * subsets of categories is a beginning of this order (for absolute deviations it only tends to be). Of more classes the orders
 * by the share of each class are tried.
 *
 * L. Breiman, J. Friedman, R. Olshen and C. Stone, "Classification and Regression Trees" (1984), theorem 4.5.
 * P. Chou, "Optimal partitioning for classification and regression trees", IEEE PAMI 13 (1991).
 */
export class CategoryOrder {
  /** The place in the order of each row's category [n]. */
  readonly keys: Int32Array;
  /** How many rows of the node have no category. */
  missing = 0;

  readonly #data: TreeData;
  readonly #criterion: Criterion;
  readonly #sorter: Sorter;
  /** The node's rows by category, missing ones last, and where each category's rows start. */
  readonly #rows: Int32Array;
  readonly #starts: Int32Array;
  /** The ranks of the categories. */
  readonly #ranks: Int32Array;
  readonly #means: Float64Array;
  /** The groups in their order. */
  readonly #order: Int32Array;
  #groups = 0;
  // Of the best split so far: its column and the ranks of its categories, those that go left first.
  readonly #kept: Int32Array;
  #keptColumn = 0;
  #keptLeft = 0;
  #keptGroups = 0;
  #column = 0;
  readonly #isLeft: Uint8Array;

  constructor(data: TreeData, criterion: Criterion) {
    const n = data.rows;
    let most = 1;
    for (let j = 0; j < data.columns; j++) if (data.categorical![j] === 1) most = Math.max(most, data.distinct[j]!);
    this.#data = data;
    this.#criterion = criterion;
    this.#sorter = new Sorter(Math.max(n, most));
    this.keys = new Int32Array(n);
    this.#rows = new Int32Array(n);
    this.#starts = new Int32Array(most + 1);
    this.#ranks = new Int32Array(most);
    this.#means = new Float64Array(most);
    this.#order = new Int32Array(most);
    this.#kept = new Int32Array(most);
    this.#isLeft = new Uint8Array(most);
  }

  /** Groups the rows of a node by the categories of column j, and returns how many there are. */
  group(j: number, rows: Int32Array, start: number, end: number): number {
    const { ranks, rows: n, distinct } = this.#data;
    const base = j * n;
    const absent = distinct[j]!;
    const own = this.#rows;
    const count = end - start;
    for (let i = 0; i < count; i++) own[i] = rows[start + i]!;
    this.#sorter.byRank(own, 0, count, ranks, base, absent);
    let groups = 0;
    let at = 0;
    for (; at < count; at++) {
      const rank = ranks[base + own[at]!]!;
      if (rank === absent) break;
      if (groups > 0 && this.#ranks[groups - 1] === rank) continue;
      this.#starts[groups] = at;
      this.#ranks[groups] = rank;
      groups++;
    }
    this.#starts[groups] = at;
    this.missing = count - at;
    this.#groups = groups;
    this.#column = j;
    return groups;
  }

  /** Puts the groups in one of the criterion's orders, and the node's rows after it into `out`, missing ones last. */
  arrange(which: number, out: Int32Array): void {
    const [own, starts, order] = [this.#rows, this.#starts, this.#order];
    const groups = this.#groups;
    for (let g = 0; g < groups; g++) {
      this.#means[g] = this.#criterion.meanTarget(own, starts[g]!, starts[g + 1]!, which) + 0;
    }
    this.#sorter.byValue(this.#means, 0, groups, order, 0);
    let at = 0;
    for (let place = 0; place < groups; place++) {
      const g = order[place]!;
      for (let i = starts[g]!; i < starts[g + 1]!; i++) {
        out[at++] = own[i]!;
        this.keys[own[i]!] = place;
      }
    }
    for (let i = 0; i < this.missing; i++) out[at + i] = own[at + i]!;
  }

  /** Keeps the split whose left side is the first groups of the order. */
  keep(leftGroups: number): void {
    for (let place = 0; place < this.#groups; place++) this.#kept[place] = this.#ranks[this.#order[place]!]!;
    this.#keptColumn = this.#column;
    this.#keptLeft = leftGroups;
    this.#keptGroups = this.#groups;
  }

  /** The categories of the split that was kept. */
  best(): { values: Float64Array; leftCount: number } {
    const { x, order, ranks, rows: n } = this.#data;
    const base = this.#keptColumn * n;
    const values = new Float64Array(this.#keptGroups);
    this.#kept.subarray(0, this.#keptLeft).sort();
    this.#kept.subarray(this.#keptLeft, this.#keptGroups).sort();
    for (let i = 0; i < values.length; i++) {
      // Ranks do not fall along the order of the column.
      const rank = this.#kept[i]!;
      let [low, high] = [0, n - 1];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (ranks[base + order[base + middle]!]! < rank) low = middle + 1;
        else high = middle;
      }
      values[i] = x[base + order[base + low]!]!;
    }
    return { values, leftCount: this.#keptLeft };
  }

  /** Marks the rows that go left by the split that was kept. */
  mark(j: number, rows: Int32Array, start: number, end: number, missing: number, goesLeft: Uint8Array): void {
    const { ranks, rows: n, distinct } = this.#data;
    const isLeft = this.#isLeft;
    for (let i = 0; i < this.#keptGroups; i++) isLeft[this.#kept[i]!] = i < this.#keptLeft ? 1 : 0;
    for (let i = start; i < end; i++) {
      const rank = ranks[j * n + rows[i]!]!;
      goesLeft[rows[i]!] = rank === distinct[j] ? missing : isLeft[rank]!;
    }
  }
}
