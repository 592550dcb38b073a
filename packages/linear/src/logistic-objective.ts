import type { Steps } from '@maru-ml/base';
import { exp, log, log1p } from '@maru-ml/kernels/scalar';
import { bestClass } from '@maru-ml/tensor';
import { sumOf } from './centered.ts';
import type { Design } from './design.ts';

/**
 * The mean loss of logistic regression, with its smooth penalty, as a function of the coefficients v [k, p] of standardized columns
 * (see `Design`); k is 1 for two classes.
 *
 *   f(v) = Σᵢ sᵢ ℓ(yᵢ, v xᵢ) / S + ½ Σ λ₂ⱼ vⱼ²,   ℓ(y, z) = log Σ_c e^z_c - z_y,   S = Σ sᵢ
 */
export class LogisticObjective {
  readonly design: Design;
  /** Rows of v. */
  readonly k: number;
  /** Numbers in v. */
  readonly size: number;
  /** λ₂ [p] and, for whoever adds it, λ₁ [p] of Σ λ₁ⱼ |vⱼ|; 0 for the intercept. */
  readonly l2: Float64Array;
  readonly l1: Float64Array;
  readonly #codes: Int32Array;
  /** sᵢ / S [n]. */
  readonly #weights: Float64Array;
  /** Of each class in each row, for the v that was evaluated last [n, k]. */
  readonly #probabilities: Float64Array;

  /**
   * @param codes classes of the rows [n], from 0
   * @param weights sᵢ [n]
   * @param penalty weights of Σ |wⱼ| and ½ Σ wⱼ² beside the sum (not the mean) of the losses
   */
  constructor(
    design: Design,
    codes: Int32Array,
    classes: number,
    weights: Float64Array,
    penalty: { l1: number; l2: number },
  ) {
    const { n, p, scales } = design;
    this.design = design;
    this.k = classes === 2 ? 1 : classes;
    this.size = this.k * p;
    const total = sumOf(weights);
    this.#codes = codes;
    this.#weights = weights.map((weight) => weight / total);
    this.#probabilities = new Float64Array(n * this.k);
    this.l1 = new Float64Array(p);
    this.l2 = new Float64Array(p);
    for (let j = 0; j < scales.length; j++) {
      this.l1[j] = penalty.l1 / total / scales[j]!;
      this.l2[j] = penalty.l2 / total / scales[j]! / scales[j]!;
    }
  }

  /** f(v); its gradient goes to `gradient` [k, p]. One pass over the rows. */
  *evaluate(v: Float64Array, gradient: Float64Array): Steps<number> {
    const { design, k, l2 } = this;
    const { n, p } = design;
    gradient.fill(0);
    let loss = 0;
    const most = design.rowsAtOnce(k);
    const residuals = new Float64Array(most * k);
    for (let from = 0; from < n; from += most) {
      const to = Math.min(n, from + most);
      design.scores(from, to, v, k, residuals);
      loss += k === 1 ? this.#binary(from, to, residuals) : this.#multinomial(from, to, residuals);
      design.addGradient(from, to, residuals, k, gradient);
      yield;
    }
    for (let i = 0; i < v.length; i++) {
      const weight = l2[i % p]!;
      gradient[i]! += weight * v[i]!;
      loss += 0.5 * weight * v[i]! * v[i]!;
    }
    return loss;
  }

  /**
   * The lower triangle of the second derivatives at the v that was evaluated last, [m, m] for the given places in v. In directions
   * that change no probability (the same shift of all classes) it is made positive, which changes no step, since gradients
   * have no part in them.
   */
  *hessian(places: Int32Array): Steps<Float64Array> {
    const { design, k, l2 } = this;
    const { n, p } = design;
    const m = places.length;
    const out = new Float64Array(m * m);
    // The places of a class stand together.
    const starts = Int32Array.from({ length: k + 1 }, (_, c) => places.filter((place) => place < c * p).length);
    const [weights, probabilities] = [this.#weights, this.#probabilities];
    const atColumn = new Int32Array(p);
    for (let a = 0; a < k; a++) {
      for (let b = 0; b <= a; b++) {
        if (starts[a] === starts[a + 1] || starts[b] === starts[b + 1]) continue;
        const own = [...places.subarray(starts[a], starts[a + 1]), ...places.subarray(starts[b], starts[b + 1])];
        const columns = Int32Array.from(new Set(own.map((place) => place % p))).sort();
        const count = columns.length;
        for (let c = 0; c < count; c++) atColumn[columns[c]!] = c;
        const gram = new Float64Array(count * count);
        const most = design.gramRowsAtOnce(count);
        const h = new Float64Array(most);
        for (let from = 0; from < n; from += most) {
          const to = Math.min(n, from + most);
          for (let i = from; i < to; i++) {
            const pa = probabilities[i * k + a]!;
            const pb = probabilities[i * k + b]!;
            h[i - from] = weights[i]! * (a === b ? pa * (1 - pa) : -pa * pb);
          }
          design.addGram(from, to, h, columns, gram);
          yield;
        }
        for (let i = starts[a]!; i < starts[a + 1]!; i++) {
          for (let j = starts[b]!; j < Math.min(i + 1, starts[b + 1]!); j++) {
            const s = atColumn[places[i]! % p]!;
            const t = atColumn[places[j]! % p]!;
            out[i * m + j] = gram[Math.max(s, t) * count + Math.min(s, t)]!;
          }
        }
      }
    }
    for (let i = 0; i < m; i++) {
      const column = places[i]! % p;
      out[i * m + i]! += l2[column]!;
      // With λ₁ there is a minimum in those directions too, of the penalty, which more curvature would only put off.
      if (k === 1 || l2[column]! > 0 || this.l1[column]! > 0) continue;
      for (let j = 0; j <= i; j++) if (places[j]! % p === column) out[i * m + j]! += 1 / k;
    }
    return out;
  }

  /** Whether the v that was evaluated last tells all rows of weight right: then the classes are separable. */
  separates(): boolean {
    const { k } = this;
    const p = this.#probabilities;
    return this.#codes.every((code, i) => {
      if (this.#weights[i] === 0) return true;
      if (k === 1) return code === 1 ? p[i]! > 0.5 : p[i]! < 0.5;
      for (let c = 0; c < k; c++) if (c !== code && !(p[i * k + code]! > p[i * k + c]!)) return false;
      return true;
    });
  }

  /** Turns scores into the weighted differences of probabilities from the truth; returns the loss. */
  #binary(from: number, to: number, scores: Float64Array): number {
    const [codes, weights, probabilities] = [this.#codes, this.#weights, this.#probabilities];
    let loss = 0;
    // Π (1 + e) - 1 over rows of one weight, so that many share a logarithm.
    let product = 0;
    let held = 0;
    for (let i = from; i < to; i++) {
      const z = scores[i - from]!;
      const code = codes[i]!;
      const weight = weights[i]!;
      const e = exp(-Math.abs(z));
      const probability = (z < 0 ? e : 1) / (1 + e);
      probabilities[i] = probability;
      if (weight !== held || product > 1e15) {
        loss += held * log1p(product);
        product = 0;
        held = weight;
      }
      product += e + product * e;
      loss += weight * (Math.max(z, 0) - code * z);
      scores[i - from] = weight * (probability - code);
    }
    return loss + held * log1p(product);
  }

  #multinomial(from: number, to: number, scores: Float64Array): number {
    const { k } = this;
    const [codes, weights, probabilities] = [this.#codes, this.#weights, this.#probabilities];
    let loss = 0;
    for (let i = from; i < to; i++) {
      const at = (i - from) * k;
      const truth = at + codes[i]!;
      const weight = weights[i]!;
      const largest = scores[at + bestClass(scores, at, k)]!;
      const score = scores[truth]! - largest;
      let sum = 0;
      for (let c = at; c < at + k; c++) {
        scores[c] = exp(scores[c]! - largest);
        sum += scores[c]!;
      }
      loss += weight * (log(sum) - score);
      for (let c = 0; c < k; c++) {
        const probability = scores[at + c]! / sum;
        probabilities[i * k + c] = probability;
        scores[at + c] = weight * probability;
      }
      scores[truth]! -= weight;
    }
    return loss;
  }
}
