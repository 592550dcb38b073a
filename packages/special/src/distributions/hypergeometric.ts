import { checkInteger, type Random, readable } from '@maru-ml/base';
import { logBinomialTerm } from '../functions/binomial-term.ts';
import { discreteQuantile, normalGuess } from './discrete.ts';
import { checkProbability, type DiscreteDistribution, openUniform } from './distribution.ts';

/**
 * The hypergeometric distribution: how many of `N` things drawn without putting back are of a kind of which there are `n` among
 * `M`. P(X = k) = C(n, k) C(M - n, N - k)/C(M, N). It is what Fisher's exact test rests on; the letters are SciPy's.
 *
 * A probability is the quotient of three binomial ones (Loader), of p = N/M. Tails are sums away from the mean, O(√N) terms.
 *
 * C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
 *
 * @throws OptionError unless M, n and N are integers with 0 ≤ n, N ≤ M < 2⁵³
 * @example
 * ```ts
 * import { hypergeometric } from '@maru-ml/special';
 *
 * // Eight cups of tea, four with milk first; four are chosen. All right by chance: 1/70.
 * console.log(hypergeometric(8, 4, 4).pmf(4)); // 0.0142857142857…
 * console.log(hypergeometric(8, 4, 4).sf(2)); // 0.242857142857…
 * ```
 */
export function hypergeometric(M: number, n: number, N: number): DiscreteDistribution {
  checkInteger('hypergeometric', 'M', M, { min: 0, max: Number.MAX_SAFE_INTEGER });
  checkInteger('hypergeometric', 'n', n, { min: 0, max: M });
  checkInteger('hypergeometric', 'N', N, { min: 0, max: M });
  return new Hypergeometric(M, n, N);
}

class Hypergeometric implements DiscreteDistribution {
  readonly #M: number;
  readonly #n: number;
  readonly #N: number;
  /** The support. */
  readonly #low: number;
  readonly #high: number;

  constructor(M: number, n: number, N: number) {
    this.#M = M;
    this.#n = n;
    this.#N = N;
    this.#low = Math.max(0, N - (M - n));
    this.#high = Math.min(n, N);
    readable(this);
  }

  get mean(): number {
    return this.#M === 0 ? 0 : this.#N * (this.#n / this.#M);
  }

  get variance(): number {
    const M = this.#M;
    return M < 2 ? 0 : ((this.mean * (M - this.#n)) / M) * ((M - this.#N) / (M - 1));
  }

  get std(): number {
    return Math.sqrt(this.variance);
  }

  pmf(k: number): number {
    return Math.exp(this.logPmf(k));
  }

  logPmf(k: number): number {
    if (!(Number.isInteger(k) && k >= this.#low && k <= this.#high))
      return Number.isNaN(k) ? k : Number.NEGATIVE_INFINITY;
    const M = this.#M;
    const n = this.#n;
    const N = this.#N;
    if (this.#low === this.#high) return 0;
    const p = N / M;
    const q = (M - N) / M;
    return logBinomialTerm(k, n, p, q) + logBinomialTerm(N - k, M - n, p, q) - logBinomialTerm(N, M, p, q);
  }

  cdf(k: number): number {
    return this.#tail(k, false, false);
  }

  logCdf(k: number): number {
    return this.#tail(k, false, true);
  }

  sf(k: number): number {
    return this.#tail(k, true, false);
  }

  logSf(k: number): number {
    return this.#tail(k, true, true);
  }

  ppf(p: number): number {
    checkProbability('hypergeometric', 'p', p);
    return discreteQuantile(this, p, false, this.#low, this.#high, normalGuess(this, p, false, 0));
  }

  isf(q: number): number {
    checkProbability('hypergeometric', 'q', q);
    return discreteQuantile(this, q, true, this.#low, this.#high, normalGuess(this, q, true, 0));
  }

  sample(random: Random): number {
    return this.ppf(openUniform(random));
  }

  toString(): string {
    return `hypergeometric(${this.#M}, ${this.#n}, ${this.#N})`;
  }

  #tail(x: number, upper: boolean, log: boolean): number {
    if (Number.isNaN(x)) return x;
    const k = Math.floor(x);
    if (k < this.#low || k >= this.#high) {
      const impossible = upper === k >= this.#high;
      if (log) return impossible ? Number.NEGATIVE_INFINITY : 0;
      return impossible ? 0 : 1;
    }
    // The side that does not hold the mean is summed, from its largest term on.
    const below = k < this.mean;
    const sum = below ? this.#sumDown(k) : this.#sumUp(k + 1);
    const first = this.logPmf(below ? k : k + 1);
    const direct = below !== upper;
    if (log) return direct ? first + Math.log(sum) : Math.log1p(-Math.exp(first) * sum);
    return direct ? Math.exp(first) * sum : 1 - Math.exp(first) * sum;
  }

  /** Σ P(X = i)/P(X = k) over i ≤ k. */
  #sumDown(k: number): number {
    let sum = 1;
    let term = 1;
    for (let i = k; i > this.#low && term > 1e-17 * sum; i--) {
      term *= (i / (this.#n - i + 1)) * ((this.#M - this.#n - this.#N + i) / (this.#N - i + 1));
      sum += term;
    }
    return sum;
  }

  /** Σ P(X = i)/P(X = k) over i ≥ k. */
  #sumUp(k: number): number {
    let sum = 1;
    let term = 1;
    for (let i = k; i < this.#high && term > 1e-17 * sum; i++) {
      term *= ((this.#n - i) / (i + 1)) * ((this.#N - i) / (this.#M - this.#n - this.#N + i + 1));
      sum += term;
    }
    return sum;
  }
}
