import { log1p } from '@maru-ml/kernels/scalar';
import { type IncrementalCriterion, type Search, scanRows } from './search.ts';
import { meanOf } from './squares.ts';

/**
 * Half the Poisson deviance of counts or rates y ≥ 0: Σ wᵢ yᵢ ln(yᵢ / ȳ) / W. With h(a) = (1 + a) ln(1 + a) - a it is ȳ Σ wᵢ
 * h(yᵢ / ȳ - 1) / W, since the deviations add up to 0, and a split gains l ȳ h(ȳₗ / ȳ - 1) + r ȳ h(ȳᵣ / ȳ - 1): these terms are
 * all positive and do not cancel. A split one of whose sides is all zeros is not made, since a rate of 0 is ruled out by any
 * later count.
 */
export class Poisson implements IncrementalCriterion {
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
  #mean = 0;
  /** Σ wᵢ (yᵢ - ȳ) of what is left. */
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
      const deviation = (y[rows[i]!]! - mean) / mean;
      loss += (weights === null ? 1 : weights[rows[i]!]!) * mean * h(deviation);
    }
    this.weight = weight;
    this.impurity = loss / weight;
    this.margin = 1e-12 * loss;
    this.#mean = mean;
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
    return scanRows(this, search, rows, start, stop, end, keys, base, missingLeft);
  }

  reset(): void {
    this.leftWeight = 0;
    this.#left = 0;
  }

  move(row: number): void {
    const w = this.#weights === null ? 1 : this.#weights[row]!;
    this.leftWeight += w;
    this.#left += w * (this.#y[row]! - this.#mean);
  }

  gain(): number {
    const [left, right, mean] = [this.leftWeight, this.weight - this.leftWeight, this.#mean];
    const a = this.#left / left / mean;
    const b = -this.#left / right / mean;
    if (a <= ALL_ZERO || b <= ALL_ZERO) return Number.NEGATIVE_INFINITY;
    return mean * (left * h(a) + right * h(b));
  }
}

/** The relative deviation of a mean of zeros, but for rounding. */
const ALL_ZERO = 1e-12 - 1;

/** (1 + a) ln(1 + a) - a, exact to the last digits for small a too; 1 at -1. */
function h(a: number): number {
  if (a <= -1) return 1;
  if (a > 0.01 || a < -0.01) return (1 + a) * log1p(a) - a;
  // Σ (-a)ᵏ / (k (k - 1))
  return a * a * (1 / 2 + a * (-1 / 6 + a * (1 / 12 + a * (-1 / 20 + a * (1 / 30 + a * (-1 / 42 + a / 56))))));
}
