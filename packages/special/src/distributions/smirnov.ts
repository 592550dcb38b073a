import { checkInteger, readable } from '@maru-ml/base';
import { logBinomialTerm } from '../functions/binomial-term.ts';
import { bracketedQuantile } from '../functions/bracket.ts';
import { checkProbability, type TailDistribution } from './distribution.ts';

/**
 * Smirnov's one-sided distribution: that of Dₙ⁺, the largest excess of the empirical distribution function of `n` numbers over the
 * true one. By Birnbaum and Tingey,
 *
 *   P(Dₙ⁺ > d) = d Σⱼ C(n, j) (d + j/n)ʲ⁻¹ (1 - d - j/n)ⁿ⁻ʲ  over 0 ≤ j ≤ n (1 - d),
 *
 * whose terms are positive. A call costs O(n).
 *
 * Z. Birnbaum and F. Tingey, "One-sided confidence contours for probability distribution functions", Ann. Math. Stat. 22 (1951).
 *
 * @throws OptionError unless `n` is an integer from 1 to 1,000,000
 */
export function smirnov(n: number): TailDistribution {
  return new Smirnov(checkInteger('smirnov', 'n', n, { min: 1, max: 1_000_000 }));
}

class Smirnov implements TailDistribution {
  readonly #n: number;

  constructor(n: number) {
    this.#n = n;
    readable(this);
  }

  cdf(d: number): number {
    return this.#few(d) ? lower(this.#n, d) : 1 - Math.exp(logSmirnov(this.#n, d));
  }

  logCdf(d: number): number {
    return this.#few(d) ? Math.log(lower(this.#n, d)) : Math.log1p(-Math.exp(logSmirnov(this.#n, d)));
  }

  sf(d: number): number {
    return this.#few(d) ? 1 - lower(this.#n, d) : Math.exp(logSmirnov(this.#n, d));
  }

  logSf(d: number): number {
    return this.#few(d) ? Math.log1p(-lower(this.#n, d)) : logSmirnov(this.#n, d);
  }

  ppf(p: number): number {
    return bracketedQuantile(this, checkProbability('smirnov', 'p', p), false, 0, 1);
  }

  isf(q: number): number {
    return bracketedQuantile(this, checkProbability('smirnov', 'q', q), true, 0, 1);
  }

  toString(): string {
    return `smirnov(${this.#n})`;
  }

  /** Whether the lower tail is a sum of few terms, and the smaller one. */
  #few(d: number): boolean {
    return this.#n * d < 2 && this.#n * d * d < 0.3;
  }
}

/** The logarithm of P(Dₙ⁺ > d). */
export function logSmirnov(n: number, d: number): number {
  if (!(d > 0 && d < 1)) return Number.isNaN(d) ? d : d <= 0 ? 0 : Number.NEGATIVE_INFINITY;
  // Terms are summed relative to about the largest, exp(-2nd²), which for d near 1 is n log(1 - d).
  const scale = Math.max(-2 * n * d * d, n * Math.log1p(-d));
  const last = Math.floor(n * (1 - d));
  let sum = 0;
  for (let j = 0; j <= last; j++) {
    const p = d + j / n;
    const q = 1 - d - j / n;
    // At the last j nothing may be left of q.
    if (q > 0) sum += Math.exp(logBinomialTerm(j, n, p, q) - scale) / p;
    else if (j === n) sum += Math.exp(-scale) / p;
  }
  return Math.min(0, Math.log(d * sum) + scale);
}

/**
 * P(Dₙ⁺ ≤ d) for n d < 2: the terms of the same sum that are left out, since all of them add up to 1 (Abel). There are one or two.
 */
function lower(n: number, d: number): number {
  if (!(d > 0)) return Number.isNaN(d) ? d : 0;
  let sum = 0;
  let binomial = 1;
  for (let i = 0; i <= n && i / n < d; i++) {
    // j = n - i
    sum += binomial * (1 + d - i / n) ** (n - i - 1) * (i / n - d) ** i;
    binomial *= (n - i) / (i + 1);
  }
  return Math.min(1, d * sum);
}
