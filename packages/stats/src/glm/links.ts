import { expit, ndtr, ndtri } from '@maru-ml/special';

/** Links by statsmodels' names. */
export type LinkName =
  | 'identity'
  | 'log'
  | 'logit'
  | 'probit'
  | 'cloglog'
  | 'loglog'
  | 'cauchy'
  | 'inverse_power'
  | 'inverse_squared'
  | 'sqrt'
  | 'nbinom';

/**
 * A link g(μ) = η. All is a function of η, in which means near 0 and 1 keep their digits.
 */
export interface Link {
  /** As statsmodels' pages call it. */
  readonly title: string;
  /** g(μ), for the start. */
  of(mu: number): number;
  /** μ = g⁻¹(η). */
  mean(eta: number): number;
  /** 1 - μ, for means from 0 to 1. */
  complement(eta: number): number;
  /** dμ/dη */
  slope(eta: number): number;
  /** d²μ/dη² */
  bend(eta: number): number;
}

/** The link of that name. @param alpha of the negative binomial family, which the link 'nbinom' depends on */
export function linkOf(name: LinkName, alpha: number): Link {
  if (name === 'nbinom') return negativeBinomialLink(alpha);
  return LINKS[name];
}

const less = (mean: (eta: number) => number) => (eta: number) => 1 - mean(eta);

const density = (eta: number) => Math.exp(-0.5 * eta * eta) / Math.sqrt(2 * Math.PI);

const LINKS: Readonly<Record<Exclude<LinkName, 'nbinom'>, Link>> = {
  identity: {
    title: 'identity',
    of: (mu) => mu,
    mean: (eta) => eta,
    complement: less((eta) => eta),
    slope: () => 1,
    bend: () => 0,
  },
  log: {
    title: 'Log',
    of: Math.log,
    mean: Math.exp,
    complement: (eta) => -Math.expm1(eta),
    slope: Math.exp,
    bend: Math.exp,
  },
  logit: {
    title: 'Logit',
    of: (mu) => Math.log(mu / (1 - mu)),
    mean: expit,
    complement: (eta) => expit(-eta),
    slope: (eta) => expit(eta) * expit(-eta),
    bend: (eta) => expit(eta) * expit(-eta) * (expit(-eta) - expit(eta)),
  },
  probit: {
    title: 'probit',
    of: ndtri,
    mean: ndtr,
    complement: (eta) => ndtr(-eta),
    slope: density,
    bend: (eta) => -eta * density(eta),
  },
  // μ = 1 - exp(-e^η)
  cloglog: {
    title: 'CLogLog',
    of: (mu) => Math.log(-Math.log1p(-mu)),
    mean: (eta) => -Math.expm1(-Math.exp(eta)),
    complement: (eta) => Math.exp(-Math.exp(eta)),
    slope: (eta) => Math.exp(eta - Math.exp(eta)),
    bend: (eta) => Math.exp(eta - Math.exp(eta)) * -Math.expm1(eta),
  },
  // μ = exp(-e^-η)
  loglog: {
    title: 'LogLog',
    of: (mu) => -Math.log(-Math.log(mu)),
    mean: (eta) => Math.exp(-Math.exp(-eta)),
    complement: (eta) => -Math.expm1(-Math.exp(-eta)),
    slope: (eta) => Math.exp(-eta - Math.exp(-eta)),
    bend: (eta) => Math.exp(-eta - Math.exp(-eta)) * Math.expm1(-eta),
  },
  cauchy: {
    title: 'cauchy',
    of: (mu) => Math.tan(Math.PI * (mu - 0.5)),
    mean: cauchyTail,
    complement: (eta) => cauchyTail(-eta),
    slope: (eta) => 1 / (Math.PI * (1 + eta * eta)),
    bend: (eta) => (-2 * eta) / (Math.PI * (1 + eta * eta) ** 2),
  },
  inverse_power: {
    title: 'inverse_power',
    of: (mu) => 1 / mu,
    mean: (eta) => 1 / eta,
    complement: less((eta) => 1 / eta),
    slope: (eta) => -1 / (eta * eta),
    bend: (eta) => 2 / eta ** 3,
  },
  inverse_squared: {
    title: 'inverse_squared',
    of: (mu) => 1 / (mu * mu),
    mean: (eta) => 1 / Math.sqrt(eta),
    complement: less((eta) => 1 / Math.sqrt(eta)),
    slope: (eta) => -0.5 / (eta * Math.sqrt(eta)),
    bend: (eta) => 0.75 / (eta * eta * Math.sqrt(eta)),
  },
  sqrt: {
    title: 'sqrt',
    of: Math.sqrt,
    mean: (eta) => eta * eta,
    complement: less((eta) => eta * eta),
    slope: (eta) => 2 * eta,
    bend: () => 2,
  },
};

/** The distribution function of Cauchy's distribution, also far below 0. */
function cauchyTail(eta: number): number {
  return eta < -1 ? Math.atan(-1 / eta) / Math.PI : 0.5 + Math.atan(eta) / Math.PI;
}

/** g(μ) = log(α μ / (1 + α μ)), the canonical link of the negative binomial family. */
function negativeBinomialLink(alpha: number): Link {
  const mean = (eta: number) => 1 / (alpha * Math.expm1(-eta));
  const slope = (eta: number) => mean(eta) * (1 + alpha * mean(eta));
  return {
    title: 'nbinom',
    of: (mu) => -Math.log1p(1 / (alpha * mu)),
    mean,
    complement: less(mean),
    slope,
    bend: (eta) => (1 + 2 * alpha * mean(eta)) * slope(eta),
  };
}
