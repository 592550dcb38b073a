import { log } from '@maru-ml/kernels/scalar';
import { type IncrementalCriterion, type Search, scanRows } from './search.ts';
import { meanOf } from './squares.ts';

/**
 * Half the Poisson deviance of counts or rates y ≥ 0: Σ wᵢ yᵢ ln(yᵢ / ȳ) / W. A split gains l ȳₗ ln(ȳₗ / ȳ) + r ȳᵣ ln(ȳᵣ / ȳ); one of whose
 * sides is all zeros is not made, since a rate of 0 is ruled out by any later count.
 */
export class Poisson implements IncrementalCriterion {
  readonly width = 1;
  readonly categoryOrders = 1;
  weight = 0;
  impurity = 0;
  margin = 0;
  leftWeight = 0;
  readonly #y: Float64Array;
  readonly #weights: Float64Array | null;
  #total = 0;
  #left = 0;

  constructor(y: Float64Array, weights: Float64Array | null) {
    this.#y = y;
    this.#weights = weights;
  }

  measure(rows: Int32Array, start: number, end: number): void {
    const y = this.#y;
    const weights = this.#weights;
    let weight = 0;
    let total = 0;
    for (let i = start; i < end; i++) {
      const w = weights === null ? 1 : weights[rows[i]!]!;
      weight += w;
      total += w * y[rows[i]!]!;
    }
    const mean = total / weight;
    let loss = 0;
    for (let i = start; i < end; i++) {
      const value = y[rows[i]!]!;
      if (value > 0) loss += (weights === null ? 1 : weights[rows[i]!]!) * value * log(value / mean);
    }
    this.weight = weight;
    this.impurity = loss / weight;
    this.margin = 1e-12 * loss;
    this.#total = total;
  }

  writeValue(out: Float64Array, at: number): void {
    out[at] = this.#total / this.weight;
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
    this.#left = 0;
  }

  move(row: number): void {
    const w = this.#weights === null ? 1 : this.#weights[row]!;
    this.leftWeight += w;
    this.#left += w * this.#y[row]!;
  }

  gain(): number {
    const [left, right] = [this.#left, this.#total - this.#left];
    const tiny = 2 ** -52 * this.#total;
    if (left <= tiny || right <= tiny) return Number.NEGATIVE_INFINITY;
    const mean = this.#total / this.weight;
    return left * log(left / this.leftWeight / mean) + right * log(right / (this.weight - this.leftWeight) / mean);
  }
}
