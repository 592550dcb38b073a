import { ClassCounts } from './class-counts.ts';
import type { Criterion, Search } from './search.ts';

/**
 * Gini's impurity 1 - Σ pₖ² of the shares p of the classes. With the weights T, L and R of each class in a node and its two
 * children, of sums W, l and r, a split gains Σ L² / l + Σ R² / r - Σ T² / W; a row that moves from right to left changes
 * the sums of squares by the squares of one class, so that a position costs O(1).
 */
export class Gini implements Criterion {
  readonly width: number;
  readonly categoryOrders: number;
  readonly hasUnit = false;
  readonly isAveraged = true;
  weight = 0;
  impurity = 0;
  margin = 0;
  readonly #counts: ClassCounts;
  readonly #codes: Int32Array;
  readonly #weights: Float64Array | null;
  readonly #left: Float64Array;
  #squares = 0;

  constructor(codes: Int32Array, k: number, weights: Float64Array | null) {
    this.width = k;
    this.categoryOrders = k > 2 ? k : 1;
    this.#counts = new ClassCounts(codes, k, weights);
    this.#codes = codes;
    this.#weights = weights;
    this.#left = new Float64Array(k);
  }

  measure(rows: Int32Array, start: number, end: number): void {
    const { total } = this.#counts;
    const weight = this.#counts.count(rows, start, end);
    let squares = 0;
    for (let c = 0; c < this.width; c++) squares += total[c]! * total[c]!;
    this.weight = weight;
    this.impurity = 1 - squares / (weight * weight);
    this.margin = 1e-12 * weight;
    this.#squares = squares;
  }

  writeValue(out: Float64Array, at: number): void {
    this.#counts.writeShares(out, at);
  }

  meanTarget(rows: Int32Array, start: number, end: number, which: number): number {
    return this.#counts.shareOf(rows, start, end, which);
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
    if (this.width === 2) return this.#scanTwo(search, rows, start, stop, end, keys, base, missingLeft);
    const { minSamplesLeaf, minWeightLeaf, margin, allDiffer } = search;
    const weight = this.weight;
    const codes = this.#codes;
    const weights = this.#weights;
    const left = this.#left;
    const { total } = this.#counts;
    left.fill(0);
    let leftWeight = 0;
    let leftSquares = 0;
    let rightSquares = this.#squares;
    if (missingLeft) {
      for (let i = stop; i < end; i++) {
        const row = rows[i]!;
        const w = weights === null ? 1 : weights[row]!;
        const c = codes[row]!;
        const has = left[c]!;
        leftSquares += w * (2 * has + w);
        rightSquares -= w * (2 * (total[c]! - has) - w);
        left[c] = has + w;
        leftWeight += w;
      }
    }
    const already = missingLeft ? end - stop : 0;
    // Only missing ones on one side are a split too.
    const last = missingLeft || stop === end ? stop - 1 : stop;
    const parent = this.#squares / weight;
    let best = search.gain;
    let position = -1;
    let row = rows[start]!;
    let key = keys[base + row]!;
    for (let p = start + 1; p <= last; p++) {
      const w = weights === null ? 1 : weights[row]!;
      const c = codes[row]!;
      const has = left[c]!;
      leftSquares += w * (2 * has + w);
      rightSquares -= w * (2 * (total[c]! - has) - w);
      left[c] = has + w;
      leftWeight += w;
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
      const gain = leftSquares / leftWeight + rightSquares / rightWeight - parent;
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

  /** `scan` for two classes, of which the weight of the second says all: a split gains 2 W / (l r) (L₂ - l T₂ / W)². */
  #scanTwo(
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
    const codes = this.#codes;
    const weights = this.#weights;
    const share = this.#counts.total[1]! / weight;
    let leftWeight = 0;
    let second = 0;
    if (missingLeft) {
      for (let i = stop; i < end; i++) {
        const w = weights === null ? 1 : weights[rows[i]!]!;
        leftWeight += w;
        second += w * codes[rows[i]!]!;
      }
    }
    const already = missingLeft ? end - stop : 0;
    const last = missingLeft || stop === end ? stop - 1 : stop;
    let best = search.gain;
    let position = -1;
    let row = rows[start]!;
    let key = keys[base + row]!;
    for (let p = start + 1; p <= last; p++) {
      const w = weights === null ? 1 : weights[row]!;
      leftWeight += w;
      second += w * codes[row]!;
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
      const excess = second - leftWeight * share;
      const gain = ((2 * weight) / (leftWeight * rightWeight)) * excess * excess;
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
