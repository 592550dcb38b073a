import { checkInteger, readable } from '@maru-ml/base';
import { factorialError } from '../functions/binomial-term.ts';
import { bracketedQuantile } from '../functions/bracket.ts';

import { checkProbability, type TailDistribution } from './distribution.ts';
import { logSmirnov } from './smirnov.ts';

/**
 * The exact distribution of Kolmogorov's Dₙ, the largest distance between the empirical distribution function of `n` numbers and
 * the true one; for `n` above 100,000 take `kolmogorov()` at √n d.
 *
 * The lower tail is the probability that a Poisson process stays between two lines, given that it ends at n: all terms are
 * positive (Pomeranz). It costs O(n² d). The upper one is twice Smirnov's (`smirnov`) where n d² > 4.5, which leaves out only that
 * both sides are exceeded at once, less than exp(-6 n d²) of it; else the complement. Relative errors of the upper tail: 1e-10.
 *
 * J. Pomeranz, "Exact cumulative distribution of the Kolmogorov-Smirnov statistic for small samples", CACM 17 (1974).
 * R. Simard and P. L'Ecuyer, "Computing the two-sided Kolmogorov-Smirnov distribution", J. Stat. Software 39 (2011).
 *
 * @throws OptionError unless `n` is an integer from 1 to 100,000
 * @example
 * ```ts
 * import { kolmogorovSmirnov } from '@maru-ml/special';
 *
 * console.log(kolmogorovSmirnov(10).sf(0.274)); // 0.371…
 * console.log(kolmogorovSmirnov(10).isf(0.05)); // 0.409246…
 * ```
 */
export function kolmogorovSmirnov(n: number): TailDistribution {
  return new KolmogorovSmirnov(checkInteger('kolmogorovSmirnov', 'n', n, { min: 1, max: 100_000 }));
}

class KolmogorovSmirnov implements TailDistribution {
  readonly #n: number;

  constructor(n: number) {
    this.#n = n;
    readable(this);
  }

  cdf(d: number): number {
    return this.#far(d) ? 1 - this.sf(d) : Math.exp(logBetweenLines(this.#n, d));
  }

  logCdf(d: number): number {
    return this.#far(d) ? Math.log1p(-this.sf(d)) : logBetweenLines(this.#n, d);
  }

  sf(d: number): number {
    return this.#far(d) ? 2 * Math.exp(logSmirnov(this.#n, d)) : -Math.expm1(logBetweenLines(this.#n, d));
  }

  logSf(d: number): number {
    return this.#far(d) ? Math.LN2 + logSmirnov(this.#n, d) : Math.log1p(-Math.exp(logBetweenLines(this.#n, d)));
  }

  ppf(p: number): number {
    return bracketedQuantile(this, checkProbability('kolmogorovSmirnov', 'p', p), false, 0.5 / this.#n, 1);
  }

  isf(q: number): number {
    return bracketedQuantile(this, checkProbability('kolmogorovSmirnov', 'q', q), true, 0.5 / this.#n, 1);
  }

  toString(): string {
    return `kolmogorovSmirnov(${this.#n})`;
  }

  /** Whether both sides are not exceeded at once: never for d ≥ ½, hardly ever for large n d². */
  #far(d: number): boolean {
    return d >= 0.5 || (d > 0 && this.#n * d * d > 4.5);
  }
}

/**
 * log P(Dₙ ≤ d). With c = n d, a Poisson process N of rate 1 on [0, n] that ends at n has to be at most m + ⌊c⌋ at the times
 * m + 1 - frac(c) and at least m + 1 - ⌊c⌋ at the times m + frac(c). Between these times pass 2s and 1 - 2s in turns.
 */
function logBetweenLines(n: number, d: number): number {
  const c = n * d;
  if (!(c > 0.5)) return Number.isNaN(c) ? c : Number.NEGATIVE_INFINITY;
  const whole = Math.floor(c);
  const part = c - whole;
  const lowerFirst = part <= 0.5;
  const s = lowerFirst ? part : 1 - part;
  const start = poissonKernel(s);
  const long = poissonKernel(2 * s);
  const short = poissonKernel(1 - 2 * s);
  // v[j] is the probability of N = j, of which low to high are within the lines.
  const v = new Float64Array(n + 2);
  v[0] = 1;
  let low = 0;
  let high = 0;
  let logScale = 0;
  for (let m = 0; m < n; m++) {
    for (let turn = 0; turn < 2; turn++) {
      const isLower = lowerFirst === (turn === 0);
      // Before the next check from above N may rise as far as that allows.
      const allowed = Math.min(n, isLower && !lowerFirst ? m + 1 + whole : m + whole);
      spread(v, low, high, allowed, turn === 1 ? short : m === 0 ? start : long);
      high = allowed;
      if (isLower) {
        const least = m - whole + 1;
        while (low < least) v[low++] = 0;
      }
    }
    if (m % 16 === 15) logScale += rescale(v, low, high);
  }
  let last = 0;
  for (let j = low; j <= high; j++) last += v[j]! * (start[n - j] ?? 0);
  // Divided by P(N = n): n! eⁿ/nⁿ.
  return Math.min(0, Math.log(last) + logScale + 0.5 * Math.log(2 * Math.PI * n) + factorialError(n));
}

/** v[j] becomes Σ v[j - i] kernel[i] for low ≤ j ≤ allowed, in place from above. */
function spread(v: Float64Array, low: number, high: number, allowed: number, kernel: Float64Array): void {
  for (let j = high + 1; j <= allowed; j++) v[j] = 0;
  for (let j = allowed; j >= low; j--) {
    const most = Math.min(kernel.length - 1, j - low);
    let sum = 0;
    for (let i = 0; i <= most; i++) sum += v[j - i]! * kernel[i]!;
    v[j] = sum;
  }
}

/** Makes the largest value 1 and returns the logarithm of what it was. */
function rescale(v: Float64Array, low: number, high: number): number {
  let largest = 0;
  for (let j = low; j <= high; j++) largest = Math.max(largest, v[j]!);
  if (!(largest > 0)) return 0;
  for (let j = low; j <= high; j++) v[j]! /= largest;
  return Math.log(largest);
}

/** Poisson probabilities of a mean up to 1, as far as they count. */
function poissonKernel(mean: number): Float64Array {
  const terms = [Math.exp(-mean)];
  for (let i = 1; terms[i - 1]! > 1e-22; i++) terms.push((terms[i - 1]! * mean) / i);
  return Float64Array.from(terms);
}
