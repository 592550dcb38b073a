import { NumberImpurity } from './numbers.ts';

/**
 * The variance of the targets: Σ wᵢ (yᵢ - ȳ)² / W. With s the sum of wᵢ (yᵢ - ȳ) on the left, where ȳ is the node's mean, a
 * split gains s² W / (l r): sums of deviations lose no digits to a large mean. Friedman's improvement l r / W (ȳₗ - ȳᵣ)² is the
 * same number, so that his criterion finds the same splits.
 *
 * J. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29 (2001), formula 35.
 */
export class Squares extends NumberImpurity {
  override readonly isAveraged: boolean;

  /**
   * @param isAveraged false for Friedman's criterion, whose decrease is not divided by the weight of all rows in scikit-learn
   */
  constructor(y: Float64Array, weights: Float64Array | null, isAveraged: boolean) {
    super(y, weights);
    this.isAveraged = isAveraged;
  }

  measure(rows: Int32Array, start: number, end: number): void {
    const { y, weights } = this;
    const mean = this.meanTarget(rows, start, end);
    let weight = 0;
    let squares = 0;
    let rest = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      const w = weights === null ? 1 : weights[row]!;
      const deviation = y[row]! - mean;
      weight += w;
      squares += w * deviation * deviation;
      rest += w * deviation;
    }
    this.weight = weight;
    this.impurity = squares / weight;
    this.margin = 1e-12 * squares;
    // What rounding took from the mean.
    this.center = mean + rest / weight;
  }

  scan(rows: Int32Array, from: number, most: number, gains: Float64Array, leftWeights: Float64Array): void {
    const { y, weights, weight, center } = this;
    let leftWeight = 0;
    let sum = 0;
    for (let p = 1; p <= most; p++) {
      const row = rows[from + p - 1]!;
      const w = weights === null ? 1 : weights[row]!;
      leftWeight += w;
      sum += w * (y[row]! - center);
      leftWeights[p] = leftWeight;
      gains[p] = ((sum * sum) / leftWeight) * (weight / (weight - leftWeight));
    }
  }
}
