import { NumberImpurity } from './numbers.ts';
import { Sorter } from './sort.ts';

/**
 * The mean absolute deviation from the median m: Σ wᵢ |yᵢ - m| / W. The weights and weighted targets to the left of the split
 * stand in a Fenwick tree over the node's targets in ascending order, in which a row moves and a median is found in O(log n).
 *
 * P. Fenwick, "A new data structure for cumulative frequency tables", Software: Practice and Experience 24 (1994).
 */
export class Absolute extends NumberImpurity {
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
  #total = 0;

  constructor(y: Float64Array, weights: Float64Array | null) {
    const n = y.length;
    super(y, weights);
    this.#sorter = new Sorter(n);
    this.#sorted = new Int32Array(n);
    this.#place = new Int32Array(n);
    this.#deviation = new Float64Array(n);
    this.#leftWeights = new Fenwick(n);
    this.#leftSums = new Fenwick(n);
    this.#allWeights = new Fenwick(n);
    this.#allSums = new Fenwick(n);
  }

  measure(rows: Int32Array, start: number, end: number): void {
    const { y, weights } = this;
    const n = end - start;
    const sorted = this.#sorted;
    let weight = 0;
    for (let i = 0; i < n; i++) {
      sorted[i] = rows[start + i]!;
      weight += weights === null ? 1 : weights[sorted[i]!]!;
    }
    this.#sorter.sort(sorted, 0, n, y, 0);
    const median = this.#medianOf(n, weight);
    let places = -1;
    let total = 0;
    let absolute = 0;
    for (let i = 0; i < n; i++) {
      const row = sorted[i]!;
      const deviation = y[row]! - median;
      if (i === 0 || y[row] !== y[sorted[i - 1]!]) this.#deviation[++places] = deviation;
      this.#place[row] = places;
      const w = weights === null ? 1 : weights[row]!;
      total += w * deviation;
      absolute += w * Math.abs(deviation);
    }
    this.#places = places + 1;
    this.#total = total;
    this.weight = weight;
    this.impurity = absolute / weight;
    this.margin = 1e-12 * absolute;
    this.center = median;
    this.#allWeights.clear(this.#places);
    this.#allSums.clear(this.#places);
    for (let i = 0; i < n; i++) {
      const row = sorted[i]!;
      const w = weights === null ? 1 : weights[row]!;
      this.#allWeights.add(this.#place[row]!, w);
      this.#allSums.add(this.#place[row]!, w * this.#deviation[this.#place[row]!]!);
    }
  }

  scan(rows: Int32Array, from: number, most: number, gains: Float64Array, leftWeights: Float64Array): void {
    this.#leftWeights.clear(this.#places);
    this.#leftSums.clear(this.#places);
    const all = this.impurity * this.weight;
    let leftWeight = 0;
    let leftTotal = 0;
    for (let p = 1; p <= most; p++) {
      const row = rows[from + p - 1]!;
      const w = this.weights === null ? 1 : this.weights[row]!;
      const place = this.#place[row]!;
      const sum = w * this.#deviation[place]!;
      leftWeight += w;
      leftTotal += sum;
      this.#leftWeights.add(place, w);
      this.#leftSums.add(place, sum);
      leftWeights[p] = leftWeight;
      gains[p] =
        all -
        this.#spread(true, leftWeight, leftTotal) -
        this.#spread(false, this.weight - leftWeight, this.#total - leftTotal);
    }
  }

  /** Σ wᵢ |yᵢ - m| of one side, m being its median: with prefixes up to m, m l - s + (S - s) - m (L - l). */
  #spread(left: boolean, side: number, total: number): number {
    const [weights, sums] = [this.#leftWeights.sums, this.#leftSums.sums];
    const [allWeights, allSums] = [this.#allWeights.sums, this.#allSums.sums];
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
    const { y, weights } = this;
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
