import { log } from '@maru-ml/kernels/scalar';
import { ClassImpurity } from './classes.ts';

/**
 * The entropy -Σ pₖ log₂ pₖ of the shares p of the classes, in bits. With f(c) = c log₂ c a split gains
 * Σ f(L) - f(l) + Σ f(R) - f(r) - (Σ f(T) - f(W)), in the names of Gini's criterion.
 */
export class Entropy extends ClassImpurity {
  /** f of the whole numbers up to the number of rows; null where weights are not whole. */
  readonly #table: Float64Array | null = tableFor(this.codes.length, this.weights);
  #parent = 0;

  protected judge(): void {
    let entropy = 0;
    let sum = 0;
    for (const count of this.total) {
      const share = count / this.weight;
      if (share > 0) entropy -= share * (log(share) / Math.LN2);
      sum += this.#f(count);
    }
    this.impurity = entropy;
    this.#parent = sum;
  }

  scan(rows: Int32Array, from: number, most: number, gains: Float64Array, leftWeights: Float64Array): void {
    const { codes, weights, weight, total } = this;
    const left = this.left.fill(0);
    const parent = this.#parent;
    const all = this.#f(weight);
    let leftWeight = 0;
    let leftSum = 0;
    let rightSum = parent;
    for (let p = 1; p <= most; p++) {
      const row = rows[from + p - 1]!;
      const w = weights === null ? 1 : weights[row]!;
      const c = codes[row]!;
      const has = left[c]!;
      const rest = total[c]! - has;
      leftSum += this.#f(has + w) - this.#f(has);
      rightSum += this.#f(rest - w) - this.#f(rest);
      left[c] = has + w;
      leftWeight += w;
      leftWeights[p] = leftWeight;
      gains[p] = leftSum - this.#f(leftWeight) + rightSum - this.#f(weight - leftWeight) - parent + all;
    }
  }

  #f(count: number): number {
    if (this.#table !== null) return this.#table[count]!;
    return entropyOf(count);
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
  return total > 4 * n + 1000 ? null : Float64Array.from({ length: total + 1 }, (_, count) => entropyOf(count));
}

/** c log₂ c; rounding may leave a little less than nothing of a class that is gone. */
function entropyOf(count: number): number {
  return count > 0 ? count * (log(count) / Math.LN2) : 0;
}
