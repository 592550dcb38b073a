import { log1p } from '@maru-ml/kernels/scalar';
import { NumberImpurity } from './numbers.ts';

/**
 * Half the Poisson deviance of counts or rates y ≥ 0: Σ wᵢ yᵢ ln(yᵢ / ȳ) / W. With h(a) = (1 + a) ln(1 + a) - a it is ȳ Σ wᵢ
 * h(yᵢ / ȳ - 1) / W, since the deviations add up to 0, and a split gains l ȳ h(ȳₗ / ȳ - 1) + r ȳ h(ȳᵣ / ȳ - 1): these terms are
 * all positive and do not cancel. A split one of whose sides is all zeros is not made, since a rate of 0 is ruled out by any
 * later count.
 */
export class Poisson extends NumberImpurity {
  measure(rows: Int32Array, start: number, end: number): void {
    const { y, weights } = this;
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
    this.center = mean;
  }

  scan(rows: Int32Array, from: number, most: number, gains: Float64Array, leftWeights: Float64Array): void {
    const { y, weights, weight, center: mean } = this;
    let left = 0;
    let sum = 0;
    for (let p = 1; p <= most; p++) {
      const row = rows[from + p - 1]!;
      const w = weights === null ? 1 : weights[row]!;
      left += w;
      sum += w * (y[row]! - mean);
      const right = weight - left;
      const a = sum / left / mean;
      const b = -sum / right / mean;
      leftWeights[p] = left;
      gains[p] = a <= ALL_ZERO || b <= ALL_ZERO ? Number.NEGATIVE_INFINITY : mean * (left * h(a) + right * h(b));
    }
  }
}

/** The relative deviation of a mean of zeros, but for rounding. */
const ALL_ZERO = -0.999999999999;

/** (1 + a) ln(1 + a) - a, exact to the last digits for small a too; 1 at -1. */
function h(a: number): number {
  if (a <= -1) return 1;
  if (a > 0.01 || a < -0.01) return (1 + a) * log1p(a) - a;
  // Σ (-a)ᵏ / (k (k - 1))
  return a * a * (1 / 2 + a * (-1 / 6 + a * (1 / 12 + a * (-1 / 20 + a * (1 / 30 + a * (-1 / 42 + a / 56))))));
}
