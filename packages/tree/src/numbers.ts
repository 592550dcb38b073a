import type { Criterion } from './criterion.ts';

/** What criteria of numbers share. */
export abstract class NumberImpurity implements Criterion {
  readonly width = 1;
  readonly categoryOrders = 1;
  readonly hasUnit = true;
  readonly isAveraged: boolean = true;
  weight = 0;
  impurity = 0;
  margin = 0;
  /** The targets [n]. */
  protected readonly y: Float64Array;
  protected readonly weights: Float64Array | null;
  /** What the measured node predicts. */
  protected center = 0;

  constructor(y: Float64Array, weights: Float64Array | null) {
    this.y = y;
    this.weights = weights;
  }

  abstract measure(rows: Int32Array, start: number, end: number): void;

  abstract scan(rows: Int32Array, from: number, most: number, gains: Float64Array, leftWeights: Float64Array): void;

  writeValue(out: number[]): void {
    out.push(this.center);
  }

  meanTarget(rows: Int32Array, start: number, end: number): number {
    const { y, weights } = this;
    let [sum, weight] = [0, 0];
    // Deviations from any of the targets have no large mean.
    const origin = y[rows[start]!]!;
    for (let i = start; i < end; i++) {
      const w = weights === null ? 1 : weights[rows[i]!]!;
      weight += w;
      sum += w * (y[rows[i]!]! - origin);
    }
    return origin + sum / weight;
  }
}
