import type { Random, Steps } from '@maru-ml/base';
import { CategoryOrder } from './category-order.ts';
import type { TreeData } from './data.ts';
import { type Criterion, type Limits, Search } from './search.ts';
import { Sorter } from './sort.ts';

export interface SplitOptions extends Limits {
  splitter: 'best' | 'random';
  /** How many columns are tried at a node. */
  maxFeatures: number;
}

/** A split by which the rows of a node are parted. */
export interface Split {
  feature: number;
  threshold: number;
  missingLeft: boolean;
  /** The categories that the node knows, those that go left first, and how many these are; null for numbers. */
  categories: { values: Float64Array; leftCount: number } | null;
  /** Where the rows of the right side start. */
  middle: number;
}

/**
 * Finds the best split of a node and parts its rows. A node is a stretch of an array of rows. Where all columns are tried, each
 * column keeps its own array, sorted once and parted stably from then on, so that no node sorts; else the rows are sorted for
 * each column that was drawn.
 */
export class Splitter {
  /** The rows that weigh something: those of a node stand together. */
  readonly rows: Int32Array;
  /** How many there are. */
  readonly count: number;

  /** What the split that `find` found gains. */
  gain = 0;

  #feature = -1;
  #threshold = 0;
  #missingLeft = false;

  readonly #data: TreeData;
  readonly #criterion: Criterion;
  readonly #options: SplitOptions;
  readonly #random: Random;
  readonly #search: Search;
  /** The rows of each column in ascending order [d, count]; null where nodes sort. */
  readonly #sorted: Int32Array | null;
  readonly #sorter: Sorter | null;
  /** The rows of a node as one column orders them [count]. */
  readonly #ordered: Int32Array;
  /** 0 or 1 for the two sides of a random split, by row [n]. */
  readonly #sides: Int32Array;
  /** 1 for rows that go left [n]. */
  readonly #goesLeft: Uint8Array;
  readonly #columns: Int32Array;
  readonly #categories: CategoryOrder | null;
  /** Of the best split: the rank up to which rows go left. */
  #cut = 0;
  #worked = 0;

  constructor(
    data: TreeData,
    criterion: Criterion,
    options: SplitOptions,
    weights: Float64Array | null,
    random: Random,
  ) {
    const { rows: n, columns: d } = data;
    this.#data = data;
    this.#criterion = criterion;
    this.#options = options;
    this.#random = random;
    this.#search = new Search(options);
    let count = n;
    if (weights !== null) for (let i = 0; i < n; i++) if (weights[i] === 0) count--;
    this.count = count;
    const presorted = options.splitter === 'best' && options.maxFeatures >= d;
    this.#sorted = presorted ? sortedColumns(data, weights, count) : null;
    this.#sorter = presorted ? null : new Sorter(count);
    this.rows = new Int32Array(count);
    let at = 0;
    for (let i = 0; i < n; i++) if (weights === null || weights[i]! > 0) this.rows[at++] = i;
    this.#ordered = new Int32Array(count);
    this.#sides = new Int32Array(presorted ? 0 : n);
    this.#goesLeft = new Uint8Array(n);
    this.#columns = Int32Array.from({ length: d }, (_, j) => j);
    this.#categories = data.categorical === null ? null : new CategoryOrder(data, criterion);
  }

  /** Looks for the best split of the node of `rows[start...end]`, which the criterion has measured; false if there is none. */
  *find(start: number, end: number): Steps<boolean> {
    const { columns: d } = this.#data;
    const { maxFeatures } = this.#options;
    const columns = this.#columns;
    this.#search.start(this.#criterion.margin);
    this.#feature = -1;
    // Columns that do not vary in the node do not count, as long as no other was found.
    let constant = 0;
    for (let visited = 0; visited < d && (visited < maxFeatures || visited === constant); visited++) {
      if (maxFeatures < d) {
        const drawn = visited + this.#random.integer(d - visited);
        const column = columns[drawn]!;
        columns[drawn] = columns[visited]!;
        columns[visited] = column;
      }
      if (!this.#tryColumn(columns[visited]!, start, end)) constant++;
      if (this.#isTimeToPause(end - start)) yield;
    }
    return this.#feature >= 0;
  }

  /** Parts the node by the split that was found. */
  *part(start: number, end: number): Steps<Split> {
    const { rows } = this;
    const goesLeft = this.#goesLeft;
    this.#markSides(start, end);
    const middle = partStably(rows, start, end, goesLeft, this.#ordered);
    const sorted = this.#sorted;
    if (sorted !== null) {
      const { columns: d, missing, categorical } = this.#data;
      for (let j = 0; j < d; j++) {
        // The column that is asked for is parted by its order already.
        if (j === this.#feature && missing[j] === 0 && categorical === null) continue;
        partStably(sorted, j * this.count + start, j * this.count + end, goesLeft, this.#ordered);
        if (this.#isTimeToPause(end - start)) yield;
      }
    }
    const categories = this.#data.categorical?.[this.#feature] === 1 ? this.#categories!.best() : null;
    return { feature: this.#feature, threshold: this.#threshold, missingLeft: this.#missingLeft, categories, middle };
  }

  /** Counts rows of a column that were read, and says when they were many. */
  #isTimeToPause(rows: number): boolean {
    this.#worked += rows;
    if (this.#worked <= ROWS_AT_ONCE) return false;
    this.#worked = 0;
    return true;
  }

  /** Tries the splits of a column; false if it does not vary in the node. */
  #tryColumn(j: number, start: number, end: number): boolean {
    const data = this.#data;
    if (data.categorical?.[j] === 1) return this.#tryCategories(j, start, end);
    if (this.#options.splitter === 'random') return this.#tryAtRandom(j, start, end);
    const { ranks, rows: n } = data;
    const base = j * n;
    const absent = data.distinct[j]!;
    let [rows, from, to] = [this.#sorted!, j * this.count + start, j * this.count + end];
    if (this.#sorter !== null) {
      rows = this.#ordered;
      [from, to] = [0, end - start];
      for (let i = 0; i < to; i++) rows[i] = this.rows[start + i]!;
      this.#sorter.byRank(rows, 0, to, ranks, base, absent);
    }
    let stop = to;
    if (data.missing[j]! > 0) while (stop > from && ranks[base + rows[stop - 1]!] === absent) stop--;
    const largest = stop === from ? -1 : ranks[base + rows[stop - 1]!]!;
    if (stop === from || (stop === to && ranks[base + rows[from]!] === largest)) return false;
    const search = this.#search;
    const criterion = this.#criterion;
    search.allDiffer = absent === n;
    let better = criterion.scan(search, rows, from, stop, to, ranks, base, false);
    if (stop < to) better = criterion.scan(search, rows, from, stop, to, ranks, base, true) || better;
    if (!better) return true;
    const cut = from + search.position;
    this.#feature = j;
    this.gain = search.gain;
    this.#cut = ranks[base + rows[cut - 1]!]!;
    const low = data.x[base + rows[cut - 1]!]!;
    this.#threshold = cut === stop ? Number.POSITIVE_INFINITY : between(low, data.x[base + rows[cut]!]!);
    this.#missingLeft = stop < to ? search.missingLeft : 2 * search.position > to - from;
    return true;
  }

  /** Tries one threshold, drawn between the least and the largest number of the node. */
  #tryAtRandom(j: number, start: number, end: number): boolean {
    const { x, ranks, rows: n, distinct } = this.#data;
    const base = j * n;
    const absent = distinct[j]!;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let missing = 0;
    for (let i = start; i < end; i++) {
      const value = x[base + this.rows[i]!]!;
      if (value < low) low = value;
      if (value > high) high = value;
      if (Number.isNaN(value)) missing++;
    }
    if (!(low < high)) return false;
    const share = this.#random.uniform();
    const drawn = low * (1 - share) + high * share;
    const threshold = drawn >= low && drawn < high ? drawn : low;
    const missingLeft = missing > 0 && this.#random.integer(2) === 1;
    const sides = this.#sides;
    let cut = -1;
    let left = 0;
    for (let i = start; i < end; i++) {
      const row = this.rows[i]!;
      const value = x[base + row]!;
      const goesLeft = value <= threshold || (missingLeft && Number.isNaN(value));
      sides[row] = goesLeft ? 0 : 1;
      if (!goesLeft) continue;
      left++;
      const rank = ranks[base + row]!;
      if (rank !== absent && rank > cut) cut = rank;
    }
    if (!this.#trySides(start, end)) return true;
    this.#feature = j;
    this.gain = this.#search.gain;
    this.#cut = cut;
    this.#threshold = threshold;
    this.#missingLeft = missing > 0 ? missingLeft : 2 * left > end - start;
    return true;
  }

  /** Tries the subsets of categories that orders of them part. */
  #tryCategories(j: number, start: number, end: number): boolean {
    const order = this.#categories!;
    const search = this.#search;
    search.allDiffer = false;
    const rows = this.#ordered;
    const count = end - start;
    const groups = order.group(j, this.rows, start, end);
    const stop = count - order.missing;
    if (groups === 0 || (groups === 1 && stop === count)) return false;
    const random = this.#options.splitter === 'random';
    if (random && groups === 1) return false;
    for (let which = 0; which < this.#criterion.categoryOrders; which++) {
      order.arrange(which, rows);
      let better: boolean;
      let leftGroups: number;
      let left = 0;
      let missingLeft = false;
      if (random) {
        leftGroups = 1 + this.#random.integer(groups - 1);
        missingLeft = stop < count && this.#random.integer(2) === 1;
        for (let i = 0; i < count; i++) {
          const goesLeft = i < stop ? order.keys[rows[i]!]! < leftGroups : missingLeft;
          this.#sides[rows[i]!] = goesLeft ? 0 : 1;
          if (goesLeft) left++;
        }
        better = this.#trySides(start, end);
      } else {
        better = this.#criterion.scan(search, rows, 0, stop, count, order.keys, 0, false);
        if (stop < count) better = this.#criterion.scan(search, rows, 0, stop, count, order.keys, 0, true) || better;
        left = search.position;
        leftGroups = better ? order.keys[rows[left - 1]!]! + 1 : 0;
        missingLeft = search.missingLeft;
      }
      if (!better) continue;
      this.#feature = j;
      this.gain = search.gain;
      this.#threshold = Number.NaN;
      this.#missingLeft = stop < count ? missingLeft : 2 * left > count;
      order.keep(leftGroups);
    }
    return true;
  }

  /** Tries the split that `#sides` says. */
  #trySides(start: number, end: number): boolean {
    const [rows, sides] = [this.#ordered, this.#sides];
    let [left, right] = [0, end - start];
    for (let i = start; i < end; i++) {
      const row = this.rows[i]!;
      if (sides[row] === 0) rows[left++] = row;
      else rows[--right] = row;
    }
    const count = end - start;
    this.#search.allDiffer = false;
    return this.#criterion.scan(this.#search, rows, 0, count, count, sides, 0, false);
  }

  #markSides(start: number, end: number): void {
    const { ranks, rows: n, distinct, categorical } = this.#data;
    const goesLeft = this.#goesLeft;
    const absent = distinct[this.#feature]!;
    const missing = this.#missingLeft ? 1 : 0;
    const base = this.#feature * n;
    if (categorical?.[this.#feature] === 1) {
      this.#categories!.mark(this.#feature, this.rows, start, end, missing, goesLeft);
      return;
    }
    const cut = this.#cut;
    for (let i = start; i < end; i++) {
      const row = this.rows[i]!;
      const rank = ranks[base + row]!;
      goesLeft[row] = rank <= cut ? 1 : rank === absent ? missing : 0;
    }
  }
}

/** The middle of two numbers, in such a way that the lower one is up to it and the higher one is not. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

/** Moves rows that go left before the others; both keep their order. Returns where the others start. */
function partStably(rows: Int32Array, start: number, end: number, goesLeft: Uint8Array, spare: Int32Array): number {
  let left = start;
  let right = 0;
  // Both places are written and one is moved on: this is faster than asking.
  for (let i = start; i < end; i++) {
    const row = rows[i]!;
    const side = goesLeft[row]!;
    rows[left] = row;
    spare[right] = row;
    left += side;
    right += 1 - side;
  }
  if (right > MANY) rows.set(spare.subarray(0, right), left);
  else for (let i = 0; i < right; i++) rows[left + i] = spare[i]!;
  return left;
}

/** So many are copied faster at once, though that needs a view. */
const MANY = 200;

/** The orders of the columns without the rows that weigh nothing. */
function sortedColumns(
  { order, rows: n, columns: d }: TreeData,
  weights: Float64Array | null,
  count: number,
): Int32Array {
  if (count === n) return order.slice();
  const sorted = new Int32Array(d * count);
  let at = 0;
  for (let i = 0; i < d * n; i++) if (weights![order[i]!]! > 0) sorted[at++] = order[i]!;
  return sorted;
}

/** Some 5 ms of scanning, or 15 where rows are sorted first. */
const ROWS_AT_ONCE = 200_000;
