import type { Criterion, Search } from './search.ts';

/**
 * The variance of the targets: Σ wᵢ (yᵢ - ȳ)² / W. With s the sum of wᵢ (yᵢ - ȳ) on the left, where ȳ is the node's mean, a
 * split gains s² W / (l r): sums of deviations lose no digits to a large mean. Friedman's improvement l r / W (ȳₗ - ȳᵣ)² is the
 * same number, so that his criterion finds the same splits.
 *
 * J. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29 (2001), formula 35.
 */
export class Squares implements Criterion {
  readonly width = 1;
  readonly categoryOrders = 1;
  readonly hasUnit = true;
  readonly isAveraged: boolean;
  weight = 0;
  impurity = 0;
  margin = 0;
  readonly #y: Float64Array;
  readonly #weights: Float64Array | null;
  #mean = 0;

  /**
   * @param isAveraged false for Friedman's criterion, whose decrease is not divided by the weight of all rows in scikit-learn
   */
  constructor(y: Float64Array, weights: Float64Array | null, isAveraged: boolean) {
    this.isAveraged = isAveraged;
    this.#y = y;
    this.#weights = weights;
  }

  measure(rows: Int32Array, start: number, end: number): void {
    const y = this.#y;
    const weights = this.#weights;
    let weight = 0;
    let sum = 0;
    // Deviations from any of the targets have no large mean.
    const origin = y[rows[start]!]!;
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      const w = weights === null ? 1 : weights[row]!;
      weight += w;
      sum += w * (y[row]! - origin);
    }
    const mean = origin + sum / weight;
    let squares = 0;
    let rest = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      const w = weights === null ? 1 : weights[row]!;
      const deviation = y[row]! - mean;
      squares += w * deviation * deviation;
      rest += w * deviation;
    }
    this.weight = weight;
    this.impurity = squares / weight;
    this.margin = 1e-12 * squares;
    // What rounding took from the mean.
    this.#mean = mean + rest / weight;
  }

  writeValue(out: Float64Array, at: number): void {
    out[at] = this.#mean;
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
    const { minSamplesLeaf, minWeightLeaf, margin, allDiffer } = search;
    const weight = this.weight;
    const mean = this.#mean;
    const y = this.#y;
    const weights = this.#weights;
    let leftWeight = 0;
    let sum = 0;
    if (missingLeft) {
      for (let i = stop; i < end; i++) {
        const w = weights === null ? 1 : weights[rows[i]!]!;
        leftWeight += w;
        sum += w * (y[rows[i]!]! - mean);
      }
    }
    const already = missingLeft ? end - stop : 0;
    // Only missing ones on one side are a split too.
    const last = missingLeft || stop === end ? stop - 1 : stop;
    let best = search.gain;
    let position = -1;
    let row = rows[start]!;
    let key = keys[base + row]!;
    for (let p = start + 1; p <= last; p++) {
      const w = weights === null ? 1 : weights[row]!;
      leftWeight += w;
      sum += w * (y[row]! - mean);
      if (p < stop) {
        row = rows[p]!;
        if (!allDiffer) {
          const next = keys[base + row]!;
          if (key === next) continue;
          key = next;
        }
      }
      const count = p - start + already;
      if (count < minSamplesLeaf) continue;
      if (end - start - count < minSamplesLeaf) break;
      const rightWeight = weight - leftWeight;
      if (leftWeight < minWeightLeaf || rightWeight < minWeightLeaf) continue;
      const gain = ((sum * sum) / leftWeight) * (weight / rightWeight);
      if (gain > best + margin) {
        best = gain;
        position = p - start;
      }
    }
    if (position < 0) return false;
    search.gain = best;
    search.position = position;
    search.missingLeft = missingLeft;
    return true;
  }
}

/** The weighted mean of the targets of some rows. */
export function meanOf(
  y: Float64Array,
  weights: Float64Array | null,
  rows: Int32Array,
  start: number,
  end: number,
): number {
  let [sum, weight] = [0, 0];
  const origin = y[rows[start]!]!;
  for (let i = start; i < end; i++) {
    const w = weights === null ? 1 : weights[rows[i]!]!;
    weight += w;
    sum += w * (y[rows[i]!]! - origin);
  }
  return origin + sum / weight;
}
