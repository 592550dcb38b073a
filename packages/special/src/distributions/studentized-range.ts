import { checkInteger, checkNumber, readable } from '@maru-ml/base';
import { bracketedQuantile } from '../functions/bracket.ts';
import { lgamma } from '../functions/gamma.ts';
import { ndtr } from '../functions/ndtr.ts';
import { LARGE, stirlingError } from '../functions/stirling.ts';
import { checkProbability, type TailDistribution } from './distribution.ts';

/**
 * The distribution of the studentized range, on which Tukey's test of all pairs rests: the range of `k` standard normal numbers,
 * divided by an independent estimate of their standard deviation with `df` degrees of freedom ν.
 *
 *   P(Q ≤ q) = ∫ W(q s) f(s) ds,  W(w) = k ∫ φ(z) (Φ(z) - Φ(z - w))ᵏ⁻¹ dz,
 *
 * with f the density of √(χ²/ν). Both integrals are sums over equal steps (of z, and of log s), which for such smooth functions
 * converge faster than any power of the step. The upper tail is a sum of its own. A call takes some milliseconds.
 *
 * H. Lund and J. Lund, "Algorithm AS 190: probabilities and upper quantiles for the studentized range", Applied Statistics 32
 * (1983), for the integrals.
 *
 * @throws OptionError unless `k` is an integer ≥ 2 and `df` ≥ 0.1; it may be ∞
 * @example
 * ```ts
 * import { studentizedRange } from '@maru-ml/special';
 *
 * console.log(studentizedRange(3, 10).isf(0.05)); // 3.876776750…
 * ```
 */
export function studentizedRange(k: number, df: number): TailDistribution {
  checkInteger('studentizedRange', 'k', k, { min: 2 });
  checkNumber('studentizedRange', 'df', df, { min: 0.1, max: Number.POSITIVE_INFINITY });
  return new StudentizedRange(k, df);
}

class StudentizedRange implements TailDistribution {
  readonly #k: number;
  readonly #df: number;
  /** 2 (ν/2)^(ν/2) exp(-ν/2)/Γ(ν/2), the density of log s at s = 1. */
  readonly #peak: number;

  constructor(k: number, df: number) {
    this.#k = k;
    this.#df = df;
    const a = df / 2;
    this.#peak =
      a < LARGE
        ? 2 * Math.exp(a * Math.log(a) - a - lgamma(a))
        : 2 * Math.sqrt(a / (2 * Math.PI)) * Math.exp(-stirlingError(a));
    readable(this);
  }

  cdf(q: number): number {
    return this.#tail(q, false);
  }

  logCdf(q: number): number {
    return q > 0
      ? logOf(this.#tail(q, false), () => this.#tail(q, true))
      : Number.isNaN(q)
        ? q
        : Number.NEGATIVE_INFINITY;
  }

  sf(q: number): number {
    return this.#tail(q, true);
  }

  logSf(q: number): number {
    return q > 0 ? logOf(this.#tail(q, true), () => this.#tail(q, false)) : Number.isNaN(q) ? q : 0;
  }

  ppf(p: number): number {
    return this.#quantile(checkProbability('studentizedRange', 'p', p), false);
  }

  isf(q: number): number {
    return this.#quantile(checkProbability('studentizedRange', 'q', q), true);
  }

  toString(): string {
    return `studentizedRange(${this.#k}, ${this.#df})`;
  }

  #quantile(p: number, upper: boolean): number {
    if (p === 0 || p === 1) return (p === 0) === upper ? Number.POSITIVE_INFINITY : 0;
    let high = 8;
    while (upper ? this.sf(high) > p : this.cdf(high) < p) high *= 2;
    return bracketedQuantile(this, p, upper, 0, high);
  }

  #tail(q: number, upper: boolean): number {
    if (!(q > 0 && q < 1e150)) return Number.isNaN(q) ? q : q > 0 === upper ? 0 : 1;
    const df = this.#df;
    if (df === Number.POSITIVE_INFINITY) return range(this.#k, q, upper);
    // The step is a part of the width of the density, and small enough for the range's distribution.
    const step = Math.min(0.12, 0.7 / Math.sqrt(2 * df));
    const term = (i: number) => {
      const u = i * step;
      const weight = Math.exp(df * (u - 0.5 * Math.expm1(2 * u)));
      return weight === 0 ? 0 : weight * range(this.#k, q * Math.exp(u), upper);
    };
    // The sum starts about where its terms are largest: far out, small s count.
    const start = upper ? -Math.round((0.5 * Math.log1p((q * q) / (2 * df))) / step) : 0;
    let sum = term(start);
    for (const direction of [-1, 1]) {
      let before = 0;
      for (let i = start + direction; ; i += direction) {
        const next = term(i);
        sum += next;
        // The terms may rise before they fall.
        if (next <= before && next <= 1e-17 * sum) break;
        before = next;
      }
    }
    return Math.min(1, this.#peak * step * sum);
  }
}

/** P(range of k standard normal numbers ≤ w), or > w. */
function range(k: number, w: number, upper: boolean): number {
  const step = 0.25;
  let sum = 0;
  // Beyond, the density of the largest is below 1e-19 of what counts: it is near w/2 for large w.
  const high = Math.max(9.25 + Math.sqrt(2 * Math.log(k)), 0.5 * w + 9.25);
  for (let z = -9.25; z <= high; z += step) {
    const density = Math.exp(-0.5 * z * z);
    const all = ndtr(z);
    const below = ndtr(z - w);
    if (upper) {
      // Φᵏ⁻¹ - (Φ - below)ᵏ⁻¹ without cancellation.
      sum += density * all ** (k - 1) * -Math.expm1((k - 1) * Math.log1p(-below / all));
    } else {
      // The difference of the smaller tails.
      const between = z > 0.5 * w ? ndtr(w - z) - ndtr(-z) : all - below;
      sum += density * between ** (k - 1);
    }
  }
  return (k * step * sum) / Math.sqrt(2 * Math.PI);
}

/** The logarithm of a tail, from the other one where that is smaller. */
function logOf(tail: number, other: () => number): number {
  return tail > 0.5 ? Math.log1p(-other()) : Math.log(tail);
}
