import type { CategoryOrder } from './category-order.ts';
import { Splitter } from './splitter.ts';

/** Tries one split of each column, drawn at random. */
export class RandomSplitter extends Splitter {
  /** Tries one threshold, drawn between the least and the largest number of the node. */
  protected override tryNumbers(j: number): boolean {
    const { x, rows: n } = this.data;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let missing = 0;
    for (let i = this.start; i < this.end; i++) {
      const value = x[j * n + this.rows[i]!]!;
      if (value < low) low = value;
      if (value > high) high = value;
      if (Number.isNaN(value)) missing++;
    }
    if (!(low < high)) return false;
    const share = this.random.uniform();
    const drawn = low * (1 - share) + high * share;
    const threshold = drawn >= low && drawn < high ? drawn : low;
    if (this.#trySides(j, x, j * n, threshold, missing)) this.threshold = threshold;
    return true;
  }

  /** Tries one place between two categories. */
  override tryOrder(j: number, { keys, groups, missing }: CategoryOrder): boolean {
    if (groups < 2) return false;
    this.#trySides(j, keys, 0, this.random.integer(groups - 1), missing);
    return true;
  }

  /** Tries the split of keys up to `limit` from others; missing ones take a side at random. */
  #trySides(j: number, keys: Float64Array, base: number, limit: number, missing: number): boolean {
    const missingLeft = missing > 0 && this.random.integer(2) === 1;
    const { rows, ordered } = this;
    let left = 0;
    let right = this.end - this.start;
    for (let i = this.start; i < this.end; i++) {
      const row = rows[i]!;
      const key = keys[base + row]!;
      if (key <= limit || (missingLeft && Number.isNaN(key))) ordered[left++] = row;
      else ordered[--right] = row;
    }
    return this.tryPlaces(j, ordered, 0, left, left, keys, base, missing, missingLeft);
  }
}
