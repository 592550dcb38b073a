import { readable } from '@maru-ml/base';
import { bracketedQuantile } from '../functions/bracket.ts';
import { checkProbability, type TailDistribution } from './distribution.ts';

/**
 * Kolmogorov's limit distribution: that of √n Dₙ for many numbers, where Dₙ is the largest distance between the empirical
 * distribution function of n numbers and the true one.
 *
 *   P(K > x) = 2 Σ (-1)ʲ⁻¹ exp(-2 j² x²),  P(K ≤ x) = √(2π)/x Σ exp(-(2j - 1)² π²/(8x²))
 *
 * each where it converges at once. For n up to 100,000 `kolmogorovSmirnov(n)` is exact.
 *
 * @example
 * ```ts
 * import { kolmogorov } from '@maru-ml/special';
 *
 * console.log(kolmogorov().isf(0.05)); // 1.358098639…
 * ```
 */
export function kolmogorov(): TailDistribution {
  return new Kolmogorov();
}

class Kolmogorov implements TailDistribution {
  constructor() {
    readable(this);
  }

  cdf(x: number): number {
    return x < MIDDLE ? Math.exp(logLower(x)) : 1 - upper(x);
  }

  logCdf(x: number): number {
    return x < MIDDLE ? logLower(x) : Math.log1p(-upper(x));
  }

  sf(x: number): number {
    return x < MIDDLE ? -Math.expm1(logLower(x)) : upper(x);
  }

  logSf(x: number): number {
    if (x < MIDDLE) return Math.log1p(-Math.exp(logLower(x)));
    return Math.LN2 - 2 * x * x + Math.log(alternating(x));
  }

  ppf(p: number): number {
    return this.#quantile(checkProbability('kolmogorov', 'p', p), false);
  }

  isf(q: number): number {
    return this.#quantile(checkProbability('kolmogorov', 'q', q), true);
  }

  toString(): string {
    return 'kolmogorov()';
  }

  #quantile(p: number, isUpper: boolean): number {
    if (p === (isUpper ? 0 : 1)) return Number.POSITIVE_INFINITY;
    return bracketedQuantile(this, p, isUpper, 0, 30);
  }
}

const MIDDLE = 0.85;
const LOG_SQRT_2_PI = 0.9189385332046727;

function upper(x: number): number {
  return 2 * Math.exp(-2 * x * x) * alternating(x);
}

/** Σ (-1)ʲ⁻¹ exp(-2 (j² - 1) x²). */
function alternating(x: number): number {
  const s = -2 * x * x;
  return 1 - Math.exp(3 * s) + Math.exp(8 * s) - Math.exp(15 * s) + Math.exp(24 * s);
}

function logLower(x: number): number {
  if (x <= 0) return Number.NEGATIVE_INFINITY;
  const s = (-Math.PI * Math.PI) / 8 / x / x;
  return LOG_SQRT_2_PI - Math.log(x) + s + Math.log1p(Math.exp(8 * s) + Math.exp(24 * s) + Math.exp(48 * s));
}
