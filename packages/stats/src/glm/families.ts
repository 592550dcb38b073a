import { DataError } from '@maru-ml/base';
import { lgamma, xlogy } from '@maru-ml/special';
import type { LinkName } from './links.ts';

export type FamilyName = 'gaussian' | 'binomial' | 'poisson' | 'gamma' | 'inverseGaussian' | 'negativeBinomial';

/** A distribution of the response y given its mean μ. q is 1 - μ, for means from 0 to 1. */
export interface Family {
  /** As statsmodels' pages call it. */
  readonly title: string;
  /** The first one is the default. */
  readonly links: readonly LinkName[];
  /** Whether the scale φ is 1, not to be estimated. */
  readonly fixedScale: boolean;
  /** What y has to be, as an error says it; null: any number. */
  readonly domain: string | null;
  accepts(y: number): boolean;
  /** Whether a mean is possible. */
  allows(mu: number): boolean;
  /** Where IRLS starts. */
  start(y: number, mean: number): number;
  /** V(μ): the variance of y is φ V(μ). */
  variance(mu: number, q: number): number;
  /** V'(μ) */
  varianceSlope(mu: number): number;
  /** Twice what the logarithm of the likelihood lacks of its maximum, at φ = 1. */
  deviance(y: number, mu: number, q: number): number;
  /** The logarithm of the likelihood of y; `weight` divides φ. @param trials of the binomial family */
  logLikelihood(y: number, mu: number, q: number, weight: number, scale: number, trials: number): number;
}

const middle = (y: number, mean: number) => (y + mean) / 2;

const LOG_2_PI = Math.log(2 * Math.PI);

/** @param alpha of the negative binomial family */
export function familyOf(name: FamilyName, alpha: number): Family {
  if (name === 'negativeBinomial') return negativeBinomial(alpha);
  return FAMILIES[name];
}

const FAMILIES: Readonly<Record<Exclude<FamilyName, 'negativeBinomial'>, Family>> = {
  gaussian: {
    title: 'Gaussian',
    links: ['identity', 'log', 'inverse_power'],
    fixedScale: false,
    domain: null,
    accepts: () => true,
    allows: () => true,
    start: middle,
    variance: () => 1,
    varianceSlope: () => 0,
    deviance: (y, mu) => (y - mu) ** 2,
    logLikelihood: (y, mu, _, weight, scale) =>
      (-weight * (y - mu) ** 2) / scale / 2 - Math.log(scale / weight) / 2 - LOG_2_PI / 2,
  },
  binomial: {
    title: 'Binomial',
    links: ['logit', 'probit', 'cloglog', 'loglog', 'cauchy', 'log', 'identity'],
    fixedScale: true,
    domain: 'from 0 to 1',
    accepts: (y) => y >= 0 && y <= 1,
    allows: (mu) => mu > 0 && mu < 1,
    start: (y) => (y + 0.5) / 2,
    variance: (mu, q) => mu * q,
    varianceSlope: (mu) => 1 - 2 * mu,
    deviance: (y, mu, q) => 2 * ((y > 0 ? y * Math.log(y / mu) : 0) + (y < 1 ? (1 - y) * Math.log((1 - y) / q) : 0)),
    logLikelihood: (y, mu, q, weight, _, n) => {
      const logChoose = y === 0 || y === 1 ? 0 : lgamma(n + 1) - lgamma(n * y + 1) - lgamma(n * (1 - y) + 1);
      return weight * (logChoose + n * (xlogy(y, mu) + xlogy(1 - y, q)));
    },
  },
  poisson: {
    title: 'Poisson',
    links: ['log', 'identity', 'sqrt'],
    fixedScale: true,
    domain: '≥ 0',
    accepts: (y) => y >= 0,
    allows: (mu) => mu > 0,
    start: middle,
    variance: (mu) => mu,
    varianceSlope: () => 1,
    deviance: (y, mu) => 2 * (xlogy(y, y / mu) - (y - mu)),
    logLikelihood: (y, mu, _, weight, scale) => (weight / scale) * (xlogy(y, mu) - mu - lgamma(y + 1)),
  },
  gamma: {
    title: 'Gamma',
    links: ['inverse_power', 'log', 'identity'],
    fixedScale: false,
    domain: '> 0',
    accepts: (y) => y > 0,
    allows: (mu) => mu > 0,
    start: middle,
    variance: (mu) => mu * mu,
    varianceSlope: (mu) => 2 * mu,
    deviance: (y, mu) => 2 * ((y - mu) / mu - Math.log(y / mu)),
    logLikelihood: (y, mu, _, weight, scale) => {
      const shape = weight / scale;
      return shape * Math.log((shape * y) / mu) - (shape * y) / mu - lgamma(shape) - Math.log(y);
    },
  },
  inverseGaussian: {
    title: 'InverseGaussian',
    links: ['inverse_squared', 'inverse_power', 'identity', 'log'],
    fixedScale: false,
    domain: '> 0',
    accepts: (y) => y > 0,
    allows: (mu) => mu > 0,
    start: middle,
    variance: (mu) => mu ** 3,
    varianceSlope: (mu) => 3 * mu * mu,
    deviance: (y, mu) => (y - mu) ** 2 / (y * mu * mu),
    logLikelihood: (y, mu, _, weight, scale) =>
      (-weight * (y - mu) ** 2) / (scale * y * mu * mu) / 2 - Math.log((scale * y ** 3) / weight) / 2 - LOG_2_PI / 2,
  },
};

function negativeBinomial(alpha: number): Family {
  return {
    title: 'NegativeBinomial',
    links: ['log', 'cloglog', 'identity', 'nbinom', 'sqrt'],
    fixedScale: true,
    domain: '≥ 0',
    accepts: (y) => y >= 0,
    allows: (mu) => mu > 0,
    start: middle,
    variance: (mu) => mu + alpha * mu * mu,
    varianceSlope: (mu) => 1 + 2 * alpha * mu,
    deviance: (y, mu) => 2 * (xlogy(y, y / mu) - (y + 1 / alpha) * Math.log((1 + alpha * y) / (1 + alpha * mu))),
    logLikelihood: (y, mu, _, weight) => {
      const r = 1 / alpha;
      const constant = lgamma(y + r) - lgamma(y + 1) - lgamma(r);
      return weight * (xlogy(y, (alpha * mu) / (1 + alpha * mu)) - Math.log1p(alpha * mu) / alpha + constant);
    },
  };
}

/** Throws a `DataError` for the first y that the family does not know, and for a y that has no maximum of the likelihood. */
export function checkResponse(owner: string, family: Family, y: Float64Array): void {
  const wrong = y.findIndex((value) => !family.accepts(value));
  if (wrong >= 0) {
    throw new DataError(
      `${owner}: y[${wrong}] must be ${family.domain} in the ${family.title} family, got ${y[wrong]}`,
    );
  }
  if (!family.fixedScale) return;
  const extreme = [0, ...(family.title === 'Binomial' ? [1] : [])].find((value) => y.every((v) => v === value));
  if (extreme === undefined) return;
  throw new DataError(
    `${owner}: y is ${extreme} in all rows, so that the likelihood of the ${family.title} family has no maximum`,
  );
}
