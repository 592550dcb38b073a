/**
 * Sorts rows by their keys, with arrays that are made once. Keys are put in as many buckets of equal width as there are keys, those
 * of a crowded bucket into buckets of their own, and insertion does the rest. It costs O(n) for keys that are spread at all
 * evenly; each time the buckets of a crowd are n times narrower, so that others cost O(n log r / log n) for a ratio r of the
 * largest difference to the smallest.
 */
export class Sorter {
  readonly #keys: Float64Array;
  readonly #spareKeys: Float64Array;
  readonly #spareRows: Int32Array;
  /** The bucket of each key, and where each bucket starts. */
  readonly #bucket: Int32Array;
  readonly #starts: Int32Array;

  constructor(capacity: number) {
    this.#keys = new Float64Array(capacity);
    this.#spareKeys = new Float64Array(capacity);
    this.#spareRows = new Int32Array(capacity);
    this.#bucket = new Int32Array(capacity);
    this.#starts = new Int32Array(capacity);
  }

  /**
   * Sorts `rows[at...at + n]` by `keys[base + row]`, of which none is NaN; rows of equal keys stay in the order in which they stand.
   */
  sort(rows: Int32Array, at: number, n: number, keys: Float64Array | Int32Array, base: number): void {
    this.spread(rows, at, n, keys, base);
    this.insert(rows, at, n);
  }

  /** The first half of the work: the rows in the order of their buckets. */
  spread(rows: Int32Array, at: number, n: number, keys: Float64Array | Int32Array, base: number): void {
    const sorted = this.#keys;
    for (let i = 0; i < n; i++) sorted[i] = keys[base + rows[at + i]!]!;
    if (n > FEW) this.#spread(rows, at, 0, n);
  }

  /** The second: those of a bucket in order. */
  insert(rows: Int32Array, at: number, n: number): void {
    const sorted = this.#keys;
    for (let i = 1; i < n; i++) {
      const key = sorted[i]!;
      if (sorted[i - 1]! <= key) continue;
      const row = rows[at + i]!;
      let j = i - 1;
      for (; j >= 0 && sorted[j]! > key; j--) {
        sorted[j + 1] = sorted[j]!;
        rows[at + j + 1] = rows[at + j]!;
      }
      sorted[j + 1] = key;
      rows[at + j + 1] = row;
    }
  }

  /** Puts the n keys from `from` on, and their rows, in the order of their buckets. */
  #spread(rows: Int32Array, at: number, from: number, n: number): void {
    const [keys, bucket, starts] = [this.#keys, this.#bucket, this.#starts];
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = from; i < from + n; i++) {
      low = Math.min(low, keys[i]!);
      high = Math.max(high, keys[i]!);
    }
    if (low === high) return;
    // A power of two, where the difference would overflow or be so small that its inverse would.
    const unit = high - low === Number.POSITIVE_INFINITY ? 0.5 : high - low < 1e-290 ? 2 ** 100 : 1;
    const origin = low * unit;
    const scale = (n - 1) / (high * unit - origin);
    starts.fill(0, 0, n);
    for (let i = 0; i < n; i++) {
      // Rounding keeps the order, so that no key comes into a bucket before that of a smaller one.
      const place = ((keys[from + i]! * unit - origin) * scale) | 0;
      bucket[i] = place;
      starts[place]! += 1;
    }
    const crowds: number[] = [];
    let start = 0;
    for (let place = 0; place < n; place++) {
      const count = starts[place]!;
      if (count > FEW) crowds.push(start, count);
      starts[place] = start;
      start += count;
    }
    for (let i = 0; i < n; i++) {
      const place = starts[bucket[i]!]!;
      starts[bucket[i]!] = place + 1;
      this.#spareKeys[place] = keys[from + i]!;
      this.#spareRows[place] = rows[at + from + i]!;
    }
    for (let i = 0; i < n; i++) {
      keys[from + i] = this.#spareKeys[i]!;
      rows[at + from + i] = this.#spareRows[i]!;
    }
    for (let c = 0; c < crowds.length; c += 2) this.#spread(rows, at, from + crowds[c]!, crowds[c + 1]!);
  }
}

/** So few are sorted faster by insertion. */
const FEW = 30;
