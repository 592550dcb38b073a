import { checkKnown, checkNumber, DataError, OptionError, show } from '@maru-ml/base';
import { finite, type Numbers, numbersOf, type WeightOptions, weightedMean } from './door.ts';

// Errors of predictions that are means of a distribution whose variance is a power of its mean.

export interface TweedieOptions extends WeightOptions {
  /** p, the power of the mean that the variance is: 0 normal, 1 Poisson, 2 gamma, 3 inverse Gaussian; not between 0 and 1; 0. */
  power?: number;
}

/**
 * The mean deviance of predictions μ of a Tweedie distribution with power p:
 *
 *   p = 0   (y - μ)²
 *   p = 1   2 (y log(y / μ) - y + μ)
 *   p = 2   2 (log(μ / y) + y / μ - 1)
 *   else    2 (max(y, 0)²⁻ᵖ / ((1 - p)(2 - p)) - y μ¹⁻ᵖ / (1 - p) + μ²⁻ᵖ / (2 - p))
 *
 * @param yTrue [n]: any for p ≤ 0, ≥ 0 for 1 ≤ p < 2, > 0 for p ≥ 2
 * @param yPred [n]: any for p = 0, else > 0
 * @throws DataError for other numbers, OptionError for 0 < p < 1, which is no distribution
 */
export function meanTweedieDeviance(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: TweedieOptions = {},
): number {
  const owner = 'meanTweedieDeviance';
  const power = powerOf(owner, options);
  return deviance(owner, numbersOf(owner, yTrue, yPred, options.sampleWeight), power);
}

/** The mean deviance for counts, 2 (y log(y / μ) - y + μ). @param yTrue [n] ≥ 0 @param yPred [n] > 0 */
export function meanPoissonDeviance(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: WeightOptions = {},
): number {
  checkKnown('meanPoissonDeviance', options, ['sampleWeight']);
  return deviance('meanPoissonDeviance', numbersOf('meanPoissonDeviance', yTrue, yPred, options.sampleWeight), 1);
}

/** The mean deviance for positive sizes, 2 (log(μ / y) + y / μ - 1). @param yTrue [n] > 0 @param yPred [n] > 0 */
export function meanGammaDeviance(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: WeightOptions = {},
): number {
  checkKnown('meanGammaDeviance', options, ['sampleWeight']);
  return deviance('meanGammaDeviance', numbersOf('meanGammaDeviance', yTrue, yPred, options.sampleWeight), 2);
}

/**
 * D²: the share of the deviance that is explained, 1 - the deviance over that of always predicting the mean of y. R² for p = 0.
 * @throws DataError for fewer than two rows and for a constant y, and as `meanTweedieDeviance`
 */
export function d2TweedieScore(
  yTrue: ArrayLike<number>,
  yPred: ArrayLike<number>,
  options: TweedieOptions = {},
): number {
  const owner = 'd2TweedieScore';
  const power = powerOf(owner, options);
  const numbers = numbersOf(owner, yTrue, yPred, options.sampleWeight);
  const { yTrue: y, weights } = numbers;
  if (y.length < 2) throw new DataError(`${owner}: the score of a single row is not defined; give at least two`);
  const rest = deviance(owner, numbers, power);
  const mean = weightedMean(y, weights);
  const total = deviance(owner, { yTrue: y, yPred: new Float64Array(y.length).fill(mean), weights }, power);
  if (y.every((value) => value === y[0])) {
    throw new DataError(`${owner}: yTrue is constant, so there is no deviance to explain`);
  }
  return 1 - rest / total;
}

function powerOf(owner: string, options: TweedieOptions): number {
  checkKnown(owner, options, ['sampleWeight', 'power']);
  const power = checkNumber(owner, 'power', options.power ?? 0);
  if (power > 0 && power < 1) {
    throw new OptionError(`${owner}: power must be ≤ 0 or ≥ 1, as no distribution has one between, got ${power}`);
  }
  return power;
}

function deviance(owner: string, { yTrue, yPred, weights }: Numbers, power: number): number {
  const above = (name: string, values: Float64Array, bound: string, good: (value: number) => boolean) => {
    const bad = values.findIndex((value) => !good(value));
    if (bad < 0) return;
    throw new DataError(`${owner}: ${name}[${bad}] must be ${bound} for the power ${power}, got ${show(values[bad])}`);
  };
  if (power >= 2) above('yTrue', yTrue, '> 0', (y) => y > 0);
  else if (power >= 1) above('yTrue', yTrue, '≥ 0', (y) => y >= 0);
  if (power !== 0) above('yPred', yPred, '> 0', (y) => y > 0);
  return finite(
    owner,
    weightedMean(
      yTrue.map((y, i) => unitDeviance(y, yPred[i]!, power)),
      weights,
    ),
  );
}

function unitDeviance(y: number, mean: number, p: number): number {
  if (p === 0) return (y - mean) ** 2;
  if (p === 1) return 2 * ((y === 0 ? 0 : y * Math.log(y / mean)) - y + mean);
  if (p === 2) return 2 * (Math.log(mean / y) + y / mean - 1);
  const first = Math.max(y, 0) ** (2 - p) / ((1 - p) * (2 - p));
  return 2 * (first - (y * mean ** (1 - p)) / (1 - p) + mean ** (2 - p) / (2 - p));
}
