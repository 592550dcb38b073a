import { checkBoolean, checkInteger, checkKnown, checkNumber, checkOneOf } from '@maru-ml/base';
import { COVARIANCE_OPTIONS, type CovarianceOptions, type CovarianceSettings, checkCovariance } from '../covariance.ts';
import { type FamilyName, familyOf } from './families.ts';
import type { GlmSpec } from './fit.ts';
import { type LinkName, linkOf } from './links.ts';

export interface GLMOptions extends CovarianceOptions {
  /** The distribution of the response; 'gaussian'. */
  family?: FamilyName;
  /** g in g(μ) = x b; 'identity' for gaussian, 'logit' binomial, 'log' poisson and negativeBinomial, 'inverse_power' gamma, 'inverse_squared' inverseGaussian. */
  link?: LinkName;
  /** α of the negative binomial family, whose variance is μ + α μ²; 1. */
  alpha?: number;
  /** The scale φ, or how it is estimated: from Pearson's χ² ('x2') or the deviance ('dev'); 1 for binomial, poisson and negativeBinomial, else 'x2'. */
  scale?: number | 'x2' | 'dev';
  /** The most iterations; 100. */
  maxIter?: number;
  /** Stop when what `tolCriterion` names changes by at most this; 1e-8. */
  tol?: number;
  /** What `tol` holds: the deviance over the scale, or each coefficient, which makes them more exact where the link is not the family's own; 'deviance'. */
  tolCriterion?: 'deviance' | 'params';
  /** Put a column of ones before those of a matrix; false. A formula has its own intercept. */
  addConstant?: boolean;
}

/** The options with their defaults; scale is undefined where it depends on the family. */
export type GLMSettings = Readonly<
  CovarianceSettings & {
    family: FamilyName;
    link: LinkName;
    alpha: number;
    scale: number | 'x2' | 'dev' | undefined;
    maxIter: number;
    tol: number;
    tolCriterion: 'deviance' | 'params';
    addConstant: boolean;
  }
>;

/** The family and link that the settings name. */
export function specOf({ family: name, link, alpha, scale, maxIter, tol, tolCriterion }: GLMSettings): GlmSpec {
  const family = familyOf(name, alpha);
  return {
    owner: 'GLM',
    family,
    link: linkOf(link, alpha),
    scale: scale ?? (family.fixedScale ? 1 : 'x2'),
    maxIter,
    tol,
    tolCriterion,
  };
}

const FAMILIES: readonly FamilyName[] = [
  'gaussian',
  'binomial',
  'poisson',
  'gamma',
  'inverseGaussian',
  'negativeBinomial',
];

/** Checks the options. @throws OptionError */
export function checkOptions(options: GLMOptions): GLMSettings {
  checkKnown('GLM', options, [
    ...COVARIANCE_OPTIONS,
    'family',
    'link',
    'alpha',
    'scale',
    'maxIter',
    'tol',
    'tolCriterion',
    'addConstant',
  ]);
  const {
    family = 'gaussian',
    alpha = 1,
    scale,
    maxIter = 100,
    tol = 1e-8,
    tolCriterion = 'deviance',
    addConstant = false,
  } = options;
  checkOneOf('GLM', 'family', family, FAMILIES);
  checkNumber('GLM', 'alpha', alpha, { above: 0 });
  const { links } = familyOf(family, alpha);
  const link = checkOneOf('GLM', 'link', options.link ?? links[0], links);
  if (typeof scale === 'string') checkOneOf('GLM', 'scale', scale, ['x2', 'dev']);
  else if (scale !== undefined) checkNumber('GLM', 'scale', scale, { above: 0 });
  checkInteger('GLM', 'maxIter', maxIter, { min: 1 });
  checkNumber('GLM', 'tol', tol, { min: 0 });
  checkOneOf('GLM', 'tolCriterion', tolCriterion, ['deviance', 'params']);
  checkBoolean('GLM', 'addConstant', addConstant);
  return Object.freeze({
    family,
    link,
    alpha,
    scale,
    maxIter,
    tol,
    tolCriterion,
    addConstant,
    ...checkCovariance('GLM', options),
  });
}
