import { log } from '@maru-ml/kernels/scalar';
import { ClassCounts } from './class-counts.ts';
import { type IncrementalCriterion, type Search, scanRows } from './search.ts';

/**
 * The entropy -Σ pₖ log₂ pₖ of the shares p of the classes, in bits. With f(c) = c log₂ c a split gains
 * Σ f(L) - f(l) + Σ f(R) - f(r) - (Σ f(T) - f(W)), in the names of Gini's criterion.
 */
export class Entropy implements IncrementalCriterion {
  readonly width: number;
  readonly categoryOrders: number;
  readonly hasUnit = false;
  readonly isAveraged = true;
  weight = 0;
  impurity = 0;
  margin = 0;
  leftWeight = 0;
  readonly #counts: ClassCounts;
  readonly #codes: Int32Array;
  readonly #weights: Float64Array | null;
  readonly #left: Float64Array;
  /** f of the whole numbers up to the number of rows; null where weights are not whole. */
  readonly #table: Float64Array | null;
  #parent = 0;
  #leftSum = 0;
  #rightSum = 0;

  constructor(codes: Int32Array, k: number, weights: Float64Array | null) {
    this.width = k;
    this.categoryOrders = k > 2 ? k : 1;
    this.#counts = new ClassCounts(codes, k, weights);
    this.#codes = codes;
    this.#weights = weights;
    this.#left = new Float64Array(k);
    this.#table = tableFor(codes.length, weights);
  }

  measure(rows: Int32Array, start: number, end: number): void {
    const { total } = this.#counts;
    const weight = this.#counts.count(rows, start, end);
    let entropy = 0;
    let sum = 0;
    for (let c = 0; c < this.width; c++) {
      const share = total[c]! / weight;
      if (share > 0) entropy -= share * (log(share) / Math.LN2);
      sum += this.#f(total[c]!);
    }
    this.weight = weight;
    this.impurity = entropy;
    this.margin = 1e-12 * weight;
    this.#parent = sum;
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
    return scanRows(this, search, rows, start, stop, end, keys, base, missingLeft);
  }

  reset(): void {
    this.#left.fill(0);
    this.leftWeight = 0;
    this.#leftSum = 0;
    this.#rightSum = this.#parent;
  }

  move(row: number): void {
    const w = this.#weights === null ? 1 : this.#weights[row]!;
    const c = this.#codes[row]!;
    const left = this.#left[c]!;
    const right = this.#counts.total[c]! - left;
    this.#leftSum += this.#f(left + w) - this.#f(left);
    this.#rightSum += this.#f(right - w) - this.#f(right);
    this.#left[c] = left + w;
    this.leftWeight += w;
  }

  gain(): number {
    const left = this.leftWeight;
    const right = this.weight - left;
    return this.#leftSum - this.#f(left) + this.#rightSum - this.#f(right) - this.#parent + this.#f(this.weight);
  }

  #f(count: number): number {
    if (this.#table !== null) return this.#table[count]!;
    // Rounding may leave a little less than nothing of a class that is gone.
    return count > 0 ? count * (log(count) / Math.LN2) : 0;
  }
}

/** f of the whole numbers from 0 to the total weight, if all weights are whole and it is not too large. */
function tableFor(n: number, weights: Float64Array | null): Float64Array | null {
  let total = weights === null ? n : 0;
  if (weights !== null) {
    for (let i = 0; i < n; i++) {
      if (!Number.isInteger(weights[i])) return null;
      total += weights[i]!;
    }
  }
  if (total > 4 * n + 1000) return null;
  const table = new Float64Array(total + 1);
  for (let count = 1; count <= total; count++) table[count] = count * (log(count) / Math.LN2);
  return table;
}
