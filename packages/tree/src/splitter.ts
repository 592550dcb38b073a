import type { RandomStream } from '@maru-ml/base';
import type { NodeCategories } from './category-lists.ts';
import type { CategoryOrder } from './category-order.ts';
import type { Criterion } from './criterion.ts';
import type { TreeData } from './data.ts';

export interface SplitOptions {
  /** How many columns are tried at a node. */
  maxFeatures: number;
  /** The fewest rows of a child. */
  minSamplesLeaf: number;
  /** The least weight of a child. */
  minWeightLeaf: number;
}

/** What a node asks. */
export interface Question {
  feature: number;
  threshold: number;
  missingLeft: boolean;
  /** The categories that the node knows; null for numbers. */
  categories: NodeCategories | null;
}

/** A kind of splitter. */
export type SplitterClass = new (...given: ConstructorParameters<typeof Splitter>) => Splitter;

/** Finds the best split of a node and parts its rows. A node is a stretch of an array of rows. */
export abstract class Splitter {
  /** The rows that weigh something: those of a node stand together. */
  readonly rows: Int32Array;
  /** How many there are. */
  readonly count: number;

  /** What the best split gains, and how many rows go left by it. */
  gain = 0;
  left = 0;

  /** Puts categories in order; null where there are none. */
  readonly categories: CategoryOrder | null;

  protected readonly data: TreeData;
  protected readonly random: RandomStream;
  readonly #criterion: Criterion;
  readonly #options: SplitOptions;
  readonly #columns: Int32Array;
  /** What the splits gain by which the first p rows of an order go left, and these rows' weight [count]. */
  readonly #gains: Float64Array;
  readonly #leftWeights: Float64Array;
  /** 1 for rows that go left [n]. */
  protected readonly goesLeft: Uint8Array;
  /** Two places for the rows of a node as a column orders them: one to work in, one for what was best [count]. */
  ordered: Int32Array;
  #kept: Int32Array;
  // The node, and how many columns were tried and did not vary.
  start = 0;
  end = 0;
  #tried = 0;
  #constant = 0;
  // The best split: its column, and its rows as that orders them, those that go left first.
  protected feature = -1;
  protected threshold = 0;
  #missingLeft = false;
  best: Int32Array;
  from = 0;
  /** Rows of columns that were read since the last pause. */
  #worked = 0;

  constructor(
    data: TreeData,
    criterion: Criterion,
    options: SplitOptions,
    weights: Float64Array | null,
    random: RandomStream,
    categories: CategoryOrder | null,
  ) {
    const { rows: n, columns: d } = data;
    this.goesLeft = new Uint8Array(n);
    this.data = data;
    this.#criterion = criterion;
    this.#options = options;
    this.random = random;
    this.categories = categories;
    this.#columns = upTo(d);
    this.rows = thoseThatWeigh(upTo(n), weights);
    const count = this.rows.length;
    this.count = count;
    this.#gains = new Float64Array(count);
    this.#leftWeights = new Float64Array(count);
    this.ordered = new Int32Array(count);
    this.#kept = new Int32Array(count);
    this.best = this.#kept;
  }

  /** Takes the node of `rows[start...end]`, which the criterion has measured. */
  begin(start: number, end: number): void {
    this.start = start;
    this.end = end;
    this.#tried = 0;
    this.#constant = 0;
    this.feature = -1;
    this.gain = Number.NEGATIVE_INFINITY;
  }

  /** Looks for the best split, for some milliseconds; true when it is found, or when there is none. */
  find(): boolean {
    const { columns: d } = this.data;
    const { maxFeatures } = this.#options;
    const columns = this.#columns;
    // Columns that do not vary in the node do not count, as long as no other was found.
    for (; this.#tried < d && (this.#tried < maxFeatures || this.#tried === this.#constant); this.#tried++) {
      if (this.isTimeToPause()) return false;
      const at = this.#tried;
      if (maxFeatures < d) {
        const drawn = at + this.random.integer(d - at);
        const column = columns[drawn]!;
        columns[drawn] = columns[at]!;
        columns[at] = column;
      }
      const j = columns[at]!;
      const varies = this.categories?.isAbout(j) ? this.categories.tryColumn(j, this) : this.tryNumbers(j);
      if (!varies) this.#constant++;
    }
    return true;
  }

  /** What the best split asks; null if there is none. */
  question(): Question | null {
    const feature = this.feature;
    if (feature < 0) return null;
    const question = { feature, threshold: this.threshold, missingLeft: this.#missingLeft, categories: null };
    return this.categories?.ask(question, this) ?? question;
  }

  /** Parts the node's rows by the best split, for some milliseconds; true when it is done. */
  part(): boolean {
    const { start, end, goesLeft, best } = this;
    for (let p = 0; p < end - start; p++) goesLeft[best[this.from + p]!] = p < this.left ? 1 : 0;
    partStably(this.rows, start, end, goesLeft, this.ordered);
    return true;
  }

  /** Says when many rows of columns were read, of which the node's are the next. */
  protected isTimeToPause(): boolean {
    const next = this.end - this.start;
    const isTime = this.#worked > 0 && this.#worked + next > ROWS_AT_ONCE;
    this.#worked = isTime ? 0 : this.#worked + next;
    return isTime;
  }

  /** Tries the splits of a column of numbers; false if it does not vary in the node. */
  protected abstract tryNumbers(j: number): boolean;

  /** Tries the splits of a column of categories, in whose order the node's rows are; false if it does not vary in the node. */
  tryOrder(j: number, { keys }: CategoryOrder): boolean {
    return this.tryInOrder(j, this.ordered, 0, keys, 0);
  }

  /**
   * Tries the splits between rows of different keys, which ascend; missing ones, whose key is NaN, stand at the end and go right, and then
   * left. If they go right, all that are not missing may go left.
   *
   * @returns false if all keys are the same
   */
  protected tryInOrder(j: number, rows: Int32Array, from: number, keys: Float64Array, base: number): boolean {
    const count = this.end - this.start;
    let present = count;
    while (present > 0 && Number.isNaN(keys[base + rows[from + present - 1]!]!)) present--;
    const missing = count - present;
    if (present === 0) return false;
    if (missing === 0 && keys[base + rows[from]!] === keys[base + rows[from + present - 1]!]) return false;
    this.tryPlaces(j, rows, from, 1, present, keys, base, missing, false);
    if (missing > 0) {
      const gone = rows.slice(from + present, from + count);
      const ordered = this.ordered;
      ordered.set(rows.subarray(from, from + present), missing);
      ordered.set(gone);
      this.tryPlaces(j, ordered, 0, missing + 1, count, keys, base, missing, true);
    }
    return true;
  }

  /** Tries the splits by which the first rows of an order go left, `least` to `most` of them, and keeps the best. */
  protected tryPlaces(
    j: number,
    rows: Int32Array,
    from: number,
    least: number,
    most: number,
    keys: Float64Array,
    base: number,
    missing: number,
    missingLeft: boolean,
  ): boolean {
    const { minSamplesLeaf, minWeightLeaf } = this.#options;
    const { margin, weight } = this.#criterion;
    const [gains, leftWeights] = [this.#gains, this.#leftWeights];
    const count = this.end - this.start;
    const last = Math.min(most, count - minSamplesLeaf);
    this.#criterion.scan(rows, from, last, gains, leftWeights);
    let left = 0;
    // Of splits that are equal but for rounding the first one stays.
    let bar = this.gain + margin;
    for (let p = Math.max(least, minSamplesLeaf); p <= last; p++) {
      if (!(gains[p]! > bar)) continue;
      if (leftWeights[p]! < minWeightLeaf || weight - leftWeights[p]! < minWeightLeaf) continue;
      if (keys[base + rows[from + p - 1]!] === keys[base + rows[from + p]!]) continue;
      bar = gains[p]! + margin;
      left = p;
    }
    if (left === 0) return false;
    this.gain = gains[left]!;
    const { x, rows: n } = this.data;
    const next = x[j * n + rows[from + left]!]!;
    this.feature = j;
    this.threshold = Number.isNaN(next) ? Number.POSITIVE_INFINITY : between(x[j * n + rows[from + left - 1]!]!, next);
    // What has not been seen goes where most rows go.
    this.#missingLeft = missing > 0 ? missingLeft : 2 * left > count;
    this.left = left;
    this.from = from;
    this.best = rows;
    if (rows === this.ordered) {
      this.ordered = this.#kept;
      this.#kept = rows;
    }
    return true;
  }
}

/** 0 to n - 1. */
function upTo(n: number): Int32Array {
  const all = new Int32Array(n);
  for (let i = 0; i < n; i++) all[i] = i;
  return all;
}

/** The rows of a list that weigh something, in the same place. */
export function thoseThatWeigh(rows: Int32Array, weights: Float64Array | null): Int32Array {
  if (weights === null) return rows;
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    rows[count] = row;
    if (weights[row]! > 0) count++;
  }
  return rows.subarray(0, count);
}

/** The middle of two numbers, in such a way that the lower one is up to it and the higher one is not. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

/** Moves rows that go left before the others; both keep their order. */
export function partStably(
  rows: Int32Array,
  start: number,
  end: number,
  goesLeft: Uint8Array,
  spare: Int32Array,
): void {
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
  for (let i = 0; i < right; i++) rows[left + i] = spare[i]!;
}

/** Some 3 ms of scanning, or 8 where rows are sorted first. */
const ROWS_AT_ONCE = 100_000;
