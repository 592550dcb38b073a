import { ClassImpurity } from './classes.ts';

/**
 * Gini's impurity 1 - Σ pₖ² of the shares p of the classes. With the weights T, L and R of each class in a node and its two
 * children, of sums W, l and r, a split gains Σ L² / l + Σ R² / r - Σ T² / W; a row that moves from right to left changes
 * the sums of squares by the squares of one class, so that a position costs O(1).
 */
export class Gini extends ClassImpurity {
  #squares = 0;

  protected judge(): void {
    const { total, weight } = this;
    let squares = 0;
    for (let c = 0; c < total.length; c++) squares += total[c]! * total[c]!;
    this.impurity = 1 - squares / (weight * weight);
    this.#squares = squares;
  }

  scan(rows: Int32Array, from: number, most: number, gains: Float64Array, leftWeights: Float64Array): void {
    if (this.width === 2) {
      this.#scanTwo(rows, from, most, gains, leftWeights);
      return;
    }
    const { codes, weights, weight, total } = this;
    const left = this.left.fill(0);
    const parent = this.#squares / weight;
    let leftWeight = 0;
    let leftSquares = 0;
    let rightSquares = this.#squares;
    for (let p = 1; p <= most; p++) {
      const row = rows[from + p - 1]!;
      const w = weights === null ? 1 : weights[row]!;
      const c = codes[row]!;
      const has = left[c]!;
      leftSquares += w * (2 * has + w);
      rightSquares -= w * (2 * (total[c]! - has) - w);
      left[c] = has + w;
      leftWeight += w;
      leftWeights[p] = leftWeight;
      gains[p] = leftSquares / leftWeight + rightSquares / (weight - leftWeight) - parent;
    }
  }

  /** `scan` for two classes, of which the weight of the second says all: a split gains 2 W / (l r) (L₂ - l T₂ / W)². */
  #scanTwo(rows: Int32Array, from: number, most: number, gains: Float64Array, leftWeights: Float64Array): void {
    const { codes, weights, weight } = this;
    const share = this.total[1]! / weight;
    let leftWeight = 0;
    let second = 0;
    for (let p = 1; p <= most; p++) {
      const row = rows[from + p - 1]!;
      const w = weights === null ? 1 : weights[row]!;
      leftWeight += w;
      second += w * codes[row]!;
      const excess = second - leftWeight * share;
      leftWeights[p] = leftWeight;
      gains[p] = ((2 * weight) / (leftWeight * (weight - leftWeight))) * excess * excess;
    }
  }
}
