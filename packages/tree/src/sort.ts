/**
 * Sorts with arrays that are made once. Numbers are put in as many buckets of equal width as there are numbers, then sorted by
 * insertion, which costs O(n) if they are spread at all evenly. Else, and for whole numbers, it is done by digits of eight
 * bits, least significant first: O(n) a digit, and a digit that all numbers share costs little.
 */
export class Sorter {
  /** A place for the other half of a pass [capacity]. */
  readonly #spare: Int32Array;
  /** The numbers as they are sorted, and how many each bucket holds; made when numbers are sorted. */
  #numbers: Float64Array | null = null;
  #buckets: Int32Array | null = null;
  #words: Uint32Array | null = null;
  readonly #counts = new Int32Array(256);
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#spare = new Int32Array(capacity);
  }

  /**
   * Writes the places 0 to n - 1 of the numbers `values[from...from + n]` to `order[at...at + n]` in ascending order of the
   * numbers, equal ones in the order in which they stand, missing ones (NaN) last. -0 must not occur.
   *
   * @returns how many are not missing
   */
  byValue(values: Float64Array, from: number, n: number, order: Int32Array, at: number): number {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let present = 0;
    let missing = at + n;
    for (let i = 0; i < n; i++) {
      const value = values[from + i]!;
      if (Number.isNaN(value)) {
        order[--missing] = i;
        continue;
      }
      order[at + present++] = i;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    // They were written from the end.
    order.subarray(at + present, at + n).reverse();
    if (!(low < high)) return present;
    if (!this.#byBuckets(values, from, order, at, present, low, high))
      this.#byBits(values, from, n, order, at, present);
    return present;
  }

  /** Sorts the places of numbers from `low` to `high`; gives up, with false, if too many different ones share a bucket. */
  #byBuckets(
    values: Float64Array,
    from: number,
    order: Int32Array,
    at: number,
    n: number,
    low: number,
    high: number,
  ): boolean {
    this.#numbers ??= new Float64Array(this.#capacity);
    this.#buckets ??= new Int32Array(this.#capacity);
    const [sorted, buckets, spare] = [this.#numbers, this.#buckets, this.#spare];
    // Rounding keeps the order, so that no number comes into a bucket before that of a smaller one.
    const scale = (n - 1) / (high - low);
    buckets.fill(0, 0, n);
    for (let i = 0; i < n; i++) {
      const bucket = ((values[from + order[at + i]!]! - low) * scale) | 0;
      buckets[bucket]! += 1;
    }
    let start = 0;
    for (let bucket = 0; bucket < n; bucket++) {
      const count = buckets[bucket]!;
      buckets[bucket] = start;
      start += count;
    }
    for (let i = 0; i < n; i++) {
      const row = order[at + i]!;
      const value = values[from + row]!;
      const bucket = ((value - low) * scale) | 0;
      const place = buckets[bucket]!;
      buckets[bucket] = place + 1;
      sorted[place] = value;
      spare[place] = row;
    }
    // Equal numbers may share a bucket, as they need not be moved.
    let moves = 0;
    for (let i = 0; i < n; i++) {
      const value = sorted[i]!;
      const row = spare[i]!;
      let j = i - 1;
      while (j >= 0 && sorted[j]! > value) {
        sorted[j + 1] = sorted[j]!;
        order[at + j + 1] = order[at + j]!;
        j--;
      }
      sorted[j + 1] = value;
      order[at + j + 1] = row;
      moves += i - 1 - j;
      if (moves > 16 * n) return false;
    }
    return true;
  }

  /** Sorts by the bits of the numbers as unsigned words that ascend as the numbers do. */
  #byBits(values: Float64Array, from: number, all: number, order: Int32Array, at: number, n: number): void {
    let present = at;
    for (let i = 0; i < all; i++) if (!Number.isNaN(values[from + i]!)) order[present++] = i;
    const bits = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
    this.#words ??= new Uint32Array(this.#capacity);
    const words = this.#words;
    for (const half of [0, 1]) {
      for (let i = 0; i < n; i++) {
        const row = order[at + i]!;
        // Negative numbers ascend by their bits in reverse, positive ones after them.
        const isNegative = bits[2 * (from + row) + 1]! >>> 31 === 1;
        const word = bits[2 * (from + row) + half]!;
        words[row] = isNegative ? ~word : half === 1 ? word | 0x80000000 : word;
      }
      for (let shift = 0; shift < 32; shift += 8) this.#pass(order, at, n, words, 0, shift);
    }
  }

  /** Sorts `rows[start...end]` by the whole numbers `ranks[base + row]` from 0 to `largest`. */
  byRank(rows: Int32Array, start: number, end: number, ranks: Int32Array, base: number, largest: number): void {
    const n = end - start;
    if (n <= FEW) {
      insertionSort(rows, start, end, ranks, base);
      return;
    }
    for (let shift = 0; shift < 32 && largest >>> shift > 0; shift += 8) this.#pass(rows, start, n, ranks, base, shift);
  }

  /** Puts rows in the order of a digit of their keys; those that share it stay in their order. */
  #pass(order: Int32Array, at: number, n: number, keys: Uint32Array | Int32Array, base: number, shift: number): void {
    const [spare, counts] = [this.#spare, this.#counts];
    counts.fill(0);
    for (let i = at; i < at + n; i++) counts[(keys[base + order[i]!]! >>> shift) & 255]! += 1;
    let start = 0;
    for (let digit = 0; digit < 256; digit++) {
      const count = counts[digit]!;
      if (count === n) return;
      counts[digit] = start;
      start += count;
    }
    for (let i = at; i < at + n; i++) {
      const row = order[i]!;
      const digit = (keys[base + row]! >>> shift) & 255;
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
