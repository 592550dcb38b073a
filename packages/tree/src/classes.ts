import type { Criterion } from './criterion.ts';

/** What criteria of classes share. */
export abstract class ClassImpurity implements Criterion {
  readonly width: number;
  readonly categoryOrders: number;
  readonly hasUnit = false;
  readonly isAveraged = true;
  weight = 0;
  impurity = 0;
  margin = 0;
  /** The class of each row [n]. */
  protected readonly codes: Int32Array;
  protected readonly weights: Float64Array | null;
  /** The weight of each class in the measured node, and on the left as rows go there [k]. */
  protected readonly total: Float64Array;
  protected readonly left: Float64Array;

  constructor(codes: Int32Array, k: number, weights: Float64Array | null) {
    this.width = k;
    this.categoryOrders = k > 2 ? k : 1;
    this.codes = codes;
    this.weights = weights;
    this.total = new Float64Array(k);
    this.left = new Float64Array(k);
  }

  abstract scan(rows: Int32Array, from: number, most: number, gains: Float64Array, leftWeights: Float64Array): void;

  /** Takes the impurity of the classes whose weights are `total`. */
  protected abstract judge(): void;

  measure(rows: Int32Array, start: number, end: number): void {
    const { codes, weights } = this;
    const total = this.total.fill(0);
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      total[codes[row]!]! += weights === null ? 1 : weights[row]!;
    }
    let weight = 0;
    for (let c = 0; c < total.length; c++) weight += total[c]!;
    this.weight = weight;
    this.margin = 1e-12 * weight;
    this.judge();
  }

  writeValue(out: number[]): void {
    for (let c = 0; c < this.width; c++) out.push(this.total[c]! / this.weight);
  }

  /** The share of a class among some rows; of two classes that of the second. */
  meanTarget(rows: Int32Array, start: number, end: number, which: number): number {
    const wanted = this.width <= 2 ? 1 : which;
    let [share, weight] = [0, 0];
    for (let i = start; i < end; i++) {
      const w = this.weights === null ? 1 : this.weights[rows[i]!]!;
      weight += w;
      if (this.codes[rows[i]!] === wanted) share += w;
    }
    return share / weight;
  }
}
