import { Sorter } from './sort.ts';
import { partStably, Splitter, type SplitterClass, thoseThatWeigh } from './splitter.ts';

/**
 * Tries all thresholds of a column. Where all columns are tried, each column keeps its own array, sorted once and parted stably from
 * then on, so that no node sorts; else the rows are sorted for each column that was drawn.
 */
export class BestSplitter extends Splitter {
  /** The rows of each column in ascending order [d, count]; null where nodes sort. */
  readonly #sorted: Int32Array | null;
  readonly #sorter: Sorter;
  /** A bit for each place in a column's order, 0 but while a node is sorted. */
  readonly #marks: Int32Array;
  /** How many columns were parted; -1 before the node's rows are. */
  #parted = -1;

  constructor(...given: ConstructorParameters<SplitterClass>) {
    super(...given);
    const [data, , { maxFeatures }, weights] = given;
    const presorts = maxFeatures >= data.columns;
    this.#sorted = presorts ? thoseThatWeigh(data.order.slice(), weights) : null;
    this.#sorter = new Sorter(presorts ? 0 : this.count);
    this.#marks = new Int32Array(presorts ? 0 : Math.ceil(data.rows / 32));
  }

  override part(): boolean {
    const { start, end, goesLeft, count } = this;
    const sorted = this.#sorted;
    if (this.#parted < 0) {
      super.part();
      this.#parted = 0;
    }
    for (; sorted !== null && this.#parted < this.data.columns; this.#parted++) {
      // The column that is asked for may be parted by its order already.
      if (this.#parted === this.feature && this.best === sorted) continue;
      if (this.isTimeToPause()) return false;
      const at = this.#parted * count;
      partStably(sorted, at + start, at + end, goesLeft, this.ordered);
    }
    this.#parted = -1;
    return true;
  }

  protected override tryNumbers(j: number): boolean {
    const { x, rows: n } = this.data;
    if (this.#sorted !== null) return this.tryInOrder(j, this.#sorted, j * this.count + this.start, x, j * n);
    this.#sort(j);
    return this.tryInOrder(j, this.ordered, 0, x, j * n);
  }

  /** Puts the node's rows in the order of a column. */
  #sort(j: number): void {
    const { order, places, rows: n } = this.data;
    const { start, end, ordered } = this;
    const marks = this.#marks;
    if ((end - start) * FEW < n) {
      for (let i = start; i < end; i++) ordered[i - start] = this.rows[i]!;
      this.#sorter.sort(ordered, 0, end - start, places, j * n);
      return;
    }
    // Where many of all rows are left, their places are marked, bit by bit, and the marks read from the first to the last.
    for (let i = start; i < end; i++) {
      const place = places[j * n + this.rows[i]!]!;
      marks[place >>> 5]! |= 1 << place;
    }
    let at = 0;
    for (let word = 0; word < marks.length; word++) {
      for (let bits = marks[word]!; bits !== 0; bits &= bits - 1) {
        ordered[at++] = order[j * n + 32 * word + 31 - Math.clz32(bits & -bits)]!;
      }
      marks[word] = 0;
    }
  }
}

/** Of all rows a node has at least one of so many, if it is sorted by marks. */
const FEW = 64;
