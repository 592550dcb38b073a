/**
 * Sorts by digits of eight bits, least significant first, with arrays that are made once: O(n) a digit, and a digit that all
 * numbers share costs nothing.
 */
export class Sorter {
  /** A place for the other half of a pass [capacity]. */
  readonly #spare: Int32Array;
  /** The bits of the numbers as unsigned words that sort as the numbers do: low words, then high words [2 · capacity]. */
  #words: Uint32Array | null = null;
  readonly #counts = new Int32Array(8 * 256);
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#spare = new Int32Array(capacity);
  }

  /**
   * Writes the places 0 to n - 1 of the numbers `values[from...from + n]` to `order[at...at + n]` in ascending order of the numbers,
   * equal ones in the order in which they stand, missing ones (NaN) last. -0 must not occur.
   *
   * @returns how many are not missing
   */
  byValue(values: Float64Array, from: number, n: number, order: Int32Array, at: number): number {
    this.#words ??= new Uint32Array(2 * this.#capacity);
    const words = this.#words;
    const capacity = this.#capacity;
    const counts = this.#counts;
    const bits = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
    counts.fill(0);
    let present = 0;
    let missing = at + n;
    for (let i = 0; i < n; i++) {
      const value = values[from + i]!;
      if (Number.isNaN(value)) {
        order[--missing] = i;
        continue;
      }
      order[at + present++] = i;
      // Negative numbers sort by their bits in reverse, positive ones after them.
      let low = bits[2 * (from + i)]!;
      let high = bits[2 * (from + i) + 1]!;
      if (high >>> 31 === 1) {
        low = ~low >>> 0;
        high = ~high >>> 0;
      } else high = (high | 0x80000000) >>> 0;
      words[i] = low;
      words[capacity + i] = high;
      for (let digit = 0; digit < 4; digit++) {
        counts[digit * 256 + ((low >>> (8 * digit)) & 255)]! += 1;
        counts[(digit + 4) * 256 + ((high >>> (8 * digit)) & 255)]! += 1;
      }
    }
    // They were written from the end.
    order.subarray(at + present, at + n).reverse();
    for (let digit = 0; digit < 8; digit++) {
      if (!this.#toStarts(digit * 256, present)) continue;
      this.#pass(order, at, present, words, digit < 4 ? 0 : capacity, 8 * (digit & 3), digit * 256);
    }
    return present;
  }

  /** Sorts `rows[start...end]` by the whole numbers `ranks[base + row]` from 0 to `largest`. */
  byRank(rows: Int32Array, start: number, end: number, ranks: Int32Array, base: number, largest: number): void {
    const n = end - start;
    if (n <= FEW) {
      insertionSort(rows, start, end, ranks, base);
      return;
    }
    const counts = this.#counts;
    for (let shift = 0; shift < 32 && largest >>> shift > 0; shift += 8) {
      counts.fill(0, 0, 256);
      for (let i = start; i < end; i++) counts[(ranks[base + rows[i]!]! >>> shift) & 255]! += 1;
      if (this.#toStarts(0, n)) this.#pass(rows, start, n, ranks, base, shift, 0);
    }
  }

  /** Turns the counts of a digit into the places where its values start; false if all n numbers share the digit. */
  #toStarts(from: number, n: number): boolean {
    const counts = this.#counts;
    let start = 0;
    for (let value = from; value < from + 256; value++) {
      const count = counts[value]!;
      if (count === n) return false;
      counts[value] = start;
      start += count;
    }
    return true;
  }

  #pass(
    order: Int32Array,
    at: number,
    n: number,
    keys: Uint32Array | Int32Array,
    base: number,
    shift: number,
    counter: number,
  ): void {
    const [spare, counts] = [this.#spare, this.#counts];
    for (let i = at; i < at + n; i++) {
      const row = order[i]!;
      const digit = counter + ((keys[base + row]! >>> shift) & 255);
      spare[counts[digit]!] = row;
      counts[digit]! += 1;
    }
    for (let i = 0; i < n; i++) order[at + i] = spare[i]!;
  }
}

/** So few are sorted faster by insertion. */
const FEW = 40;

function insertionSort(rows: Int32Array, start: number, end: number, ranks: Int32Array, base: number): void {
  for (let i = start + 1; i < end; i++) {
    const row = rows[i]!;
    const rank = ranks[base + row]!;
    let j = i - 1;
    while (j >= start && ranks[base + rows[j]!]! > rank) {
      rows[j + 1] = rows[j]!;
      j--;
    }
    rows[j + 1] = row;
  }
}
