import { type IncrementalCriterion, type Search, scanRows } from './search.ts';
import { Sorter } from './sort.ts';
import { meanOf } from './squares.ts';

/**
 * The mean absolute deviation from the median m: Σ wᵢ |yᵢ - m| / W. The weights and weighted targets to the left of the split
 * stand in a Fenwick tree over the node's targets in ascending order, in which a row moves and a median is found in O(log n).
 *
 * P. Fenwick, "A new data structure for cumulative frequency tables", Software: Practice and Experience 24 (1994).
 */
export class Absolute implements IncrementalCriterion {
  readonly width = 1;
  readonly categoryOrders = 1;
  readonly hasUnit = true;
  readonly isAveraged = true;
  weight = 0;
  impurity = 0;
  margin = 0;
  leftWeight = 0;
  readonly #y: Float64Array;
  readonly #weights: Float64Array | null;
  /** The place of each target among the different ones of all rows [n], and how many there are. */
  readonly #ranks: Int32Array;
  readonly #distinct: number;
  readonly #sorter: Sorter;
  readonly #sorted: Int32Array;
  /** The place of each row's target among the different ones of the node [n]. */
  readonly #place: Int32Array;
  /** The node's different targets less its median. */
  readonly #deviation: Float64Array;
  readonly #leftWeights: Fenwick;
  readonly #leftSums: Fenwick;
  readonly #allWeights: Fenwick;
  readonly #allSums: Fenwick;
  #places = 0;
  #median = 0;
  #total = 0;
  #leftTotal = 0;

  constructor(y: Float64Array, weights: Float64Array | null) {
    const n = y.length;
    this.#y = y;
    this.#weights = weights;
    this.#sorter = new Sorter(n);
    this.#sorted = new Int32Array(n);
    this.#ranks = new Int32Array(n);
    const values = y.map((value) => value + 0);
    this.#sorter.byValue(values, 0, n, this.#sorted, 0);
    let rank = 0;
    for (let i = 0; i < n; i++) {
      if (i > 0 && y[this.#sorted[i]!] !== y[this.#sorted[i - 1]!]) rank++;
      this.#ranks[this.#sorted[i]!] = rank;
    }
    this.#distinct = rank + 1;
    this.#place = new Int32Array(n);
    this.#deviation = new Float64Array(n);
    this.#leftWeights = new Fenwick(n);
    this.#leftSums = new Fenwick(n);
    this.#allWeights = new Fenwick(n);
    this.#allSums = new Fenwick(n);
  }

  measure(rows: Int32Array, start: number, end: number): void {
    const y = this.#y;
    const weights = this.#weights;
    const sorted = this.#sorted;
    const n = end - start;
    let weight = 0;
    for (let i = 0; i < n; i++) {
      sorted[i] = rows[start + i]!;
      weight += weights === null ? 1 : weights[sorted[i]!]!;
    }
    this.#sorter.byRank(sorted, 0, n, this.#ranks, 0, this.#distinct - 1);
    const median = this.#medianOf(n, weight);
    let places = -1;
    let total = 0;
    let absolute = 0;
    for (let i = 0; i < n; i++) {
      const row = sorted[i]!;
      const deviation = y[row]! - median;
      if (i === 0 || this.#ranks[row] !== this.#ranks[sorted[i - 1]!]) this.#deviation[++places] = deviation;
      this.#place[row] = places;
      const w = weights === null ? 1 : weights[row]!;
      total += w * deviation;
      absolute += w * Math.abs(deviation);
    }
    this.#places = places + 1;
    this.#median = median;
    this.#total = total;
    this.weight = weight;
    this.impurity = absolute / weight;
    this.margin = 1e-12 * absolute;
    this.#allWeights.clear(this.#places);
    this.#allSums.clear(this.#places);
    for (let i = 0; i < n; i++) {
      const row = sorted[i]!;
      const w = weights === null ? 1 : weights[row]!;
      this.#allWeights.add(this.#place[row]!, w);
      this.#allSums.add(this.#place[row]!, w * this.#deviation[this.#place[row]!]!);
    }
  }

  writeValue(out: Float64Array, at: number): void {
    out[at] = this.#median;
  }

  meanTarget(rows: Int32Array, start: number, end: number): number {
    return meanOf(this.#y, this.#weights, rows, start, end);
  }

  scan(
    search: Search,
    rows: Int32Array,
    start: number,
    stop: number,
    end: number,
    keys: Int32Array,
    base: number,
    missingLeft: boolean,
  ): boolean {
    return scanRows(this, search, rows, start, stop, end, keys, base, missingLeft);
  }

  reset(): void {
    this.leftWeight = 0;
    this.#leftTotal = 0;
    this.#leftWeights.clear(this.#places);
    this.#leftSums.clear(this.#places);
  }

  move(row: number): void {
    const w = this.#weights === null ? 1 : this.#weights[row]!;
    const place = this.#place[row]!;
    const sum = w * this.#deviation[place]!;
    this.leftWeight += w;
    this.#leftTotal += sum;
    this.#leftWeights.add(place, w);
    this.#leftSums.add(place, sum);
  }

  gain(): number {
    return this.impurity * this.weight - this.#spread(true) - this.#spread(false);
  }

  /** Σ wᵢ |yᵢ - m| of one side, m being its median: with prefixes up to m, m l - s + (S - s) - m (L - l). */
  #spread(left: boolean): number {
    const [weights, sums] = [this.#leftWeights.sums, this.#leftSums.sums];
    const [allWeights, allSums] = [this.#allWeights.sums, this.#allSums.sums];
    const side = left ? this.leftWeight : this.weight - this.leftWeight;
    const total = left ? this.#leftTotal : this.#total - this.#leftTotal;
    const places = this.#places;
    // The last place whose prefix weighs less than half; the one after it is the median.
    let at = 0;
    let below = 0;
    let sum = 0;
    for (let step = highestBit(places); step > 0; step >>= 1) {
      const next = at + step;
      if (next > places) continue;
      const w = left ? weights[next]! : allWeights[next]! - weights[next]!;
      if (below + w >= side / 2) continue;
      at = next;
      below += w;
      sum += left ? sums[next]! : allSums[next]! - sums[next]!;
    }
    const median = this.#deviation[Math.min(at, places - 1)]!;
    return median * below - sum + (total - sum) - median * (side - below);
  }

  /** The median of the sorted rows; where half the weight is reached exactly, the mean of the two about it. */
  #medianOf(n: number, weight: number): number {
    const y = this.#y;
    const weights = this.#weights;
    let below = 0;
    for (let i = 0; i < n; i++) {
      const row = this.#sorted[i]!;
      below += weights === null ? 1 : weights[row]!;
      if (below < weight / 2) continue;
      if (below > weight / 2 || i === n - 1) return y[row]!;
      return y[row]! / 2 + y[this.#sorted[i + 1]!]! / 2;
    }
    return y[this.#sorted[n - 1]!]!;
  }
}

/** Sums of prefixes that change as numbers do. */
class Fenwick {
  /** At i ≥ 1 the sum of the numbers from i - (i & -i) to i - 1. */
  readonly sums: Float64Array;
  #length = 0;

  constructor(capacity: number) {
    this.sums = new Float64Array(capacity + 1);
  }

  clear(length: number): void {
    this.#length = length;
    this.sums.fill(0, 0, length + 1);
  }

  add(place: number, value: number): void {
    for (let i = place + 1; i <= this.#length; i += i & -i) this.sums[i]! += value;
  }
}

/** The largest power of two that is at most n. */
function highestBit(n: number): number {
  return n === 0 ? 0 : 1 << (31 - Math.clz32(n));
}
