import { checkNumber, checkOneOf } from '@maru-ml/base';

/** A member of the family of Cressie and Read, by name or by its λ. */
export type Power = PowerName | number;

type PowerName = 'pearson' | 'log-likelihood' | 'freeman-tukey' | 'mod-log-likelihood' | 'neyman' | 'cressie-read';

const POWERS: Readonly<Record<PowerName, number>> = {
  pearson: 1,
  'log-likelihood': 0,
  'freeman-tukey': -1 / 2,
  'mod-log-likelihood': -1,
  neyman: -2,
  'cressie-read': 2 / 3,
};

/** The λ of a member. @throws OptionError for one that does not exist */
export function checkPower(owner: string, power: unknown): number {
  if (typeof power === 'number') return checkNumber(owner, 'lambda', power);
  return POWERS[checkOneOf(owner, 'lambda', power, Object.keys(POWERS) as PowerName[])];
}

/**
 * How far observed counts are from expected ones: 2 / (λ (λ + 1)) Σ fᵢ ((fᵢ / eᵢ)^λ - 1), and its limits at λ = 0 and -1.
 * With λ = 1 it is Pearson's Σ (fᵢ - eᵢ)² / eᵢ, with λ = 0 the likelihood ratio G. A count of 0 makes it infinite for λ ≤ -1.
 *
 * N. Cressie and T. Read, "Multinomial goodness-of-fit tests", Journal of the Royal Statistical Society B 46 (1984).
 */
export function divergence(observed: Float64Array, expected: Float64Array, lambda: number): number {
  let sum = 0;
  for (let i = 0; i < observed.length; i++) {
    const [f, e] = [observed[i]!, expected[i]!];
    if (lambda === 1) sum += (f - e) ** 2 / e;
    else if (lambda === 0) sum += f === 0 ? 0 : 2 * f * Math.log(f / e);
    else if (lambda === -1) sum += 2 * e * Math.log(e / f);
    else if (f === 0) sum += lambda < -1 ? Number.POSITIVE_INFINITY : 0;
    else sum += (2 / (lambda * (lambda + 1))) * f * ((f / e) ** lambda - 1);
  }
  return sum;
}
