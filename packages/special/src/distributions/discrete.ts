import { ndtri } from '../functions/ndtr.ts';

/** What the search for a quantile needs. */
interface Tails {
  readonly mean: number;
  readonly std: number;
  cdf(k: number): number;
  sf(k: number): number;
}

/** What rounding may have done to a tail that equals p on paper. */
const SLACK = 1e-12;

/**
 * The smallest k from `low` to `high` with cdf(k) ≥ p (or, `upper`, sf(k) ≤ p), by steps of doubling length from a guess and then
 * by halving. The tail that is small decides, so that p near 0 and p near 1 are as exact as the numbers allow; one that
 * is within 1e-12 of p, relatively, counts as equal. At p = 0 the quantile is `low`, as the support begins there.
 */
export function discreteQuantile(
  tails: Tails,
  p: number,
  upper: boolean,
  low: number,
  high: number,
  guess: number,
): number {
  if (Number.isNaN(p)) return p;
  if (p === (upper ? 1 : 0)) return low;
  if (p === (upper ? 0 : 1)) return high;
  const byUpper = upper === p <= 0.5;
  const wanted = p <= 0.5 ? p : 1 - p;
  // The complement of p has the rounding of p itself.
  const slack = SLACK * wanted + (p > 0.5 ? 1.2e-16 : 0);
  const reached = (k: number) => (byUpper ? tails.sf(k) <= wanted + slack : tails.cdf(k) >= wanted - slack);
  let step = 1;
  let k = Math.min(Math.max(Math.round(guess), low), high);
  if (Number.isNaN(k)) k = low;
  let above: number;
  let below: number;
  if (reached(k)) {
    above = k;
    below = k - step;
    while (below >= low && reached(below)) {
      above = below;
      step *= 2;
      below = above - step;
    }
    below = Math.max(below, low - 1);
  } else {
    below = k;
    above = k + step;
    while (above < high && !reached(above)) {
      below = above;
      step *= 2;
      above = below + step;
    }
    above = Math.min(above, high);
  }
  while (above - below > 1) {
    const middle = below + Math.floor((above - below) / 2);
    if (reached(middle)) above = middle;
    else below = middle;
  }
  return above;
}

/** The quantile of the normal distribution with the same mean and deviation, corrected for skewness (Cornish and Fisher). */
export function normalGuess(tails: Tails, p: number, upper: boolean, skew: number): number {
  if (!(p > 0 && p < 1)) return tails.mean;
  const z = upper ? -ndtri(p) : ndtri(p);
  // `skew` is the skewness times the standard deviation.
  return tails.mean + z * tails.std + (skew * (z * z - 1)) / 6 - 0.5;
}
