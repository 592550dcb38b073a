import { checkBoolean, checkInteger, checkKnown, checkNumber, type OnProgress, OptionError } from '@maru-ml/base';
import {
  COVARIANCE_OPTIONS,
  type CovarianceOptions,
  type CovarianceSettings,
  checkCovariance,
  type Groups,
} from '../covariance.ts';
import type { ChoiceKind } from './choice.ts';

/** Options of `Logit`, `Probit` and `MNLogit`. */
export interface DiscreteOptions extends CovarianceOptions {
  /** Put a column of ones before those of a matrix; false. A formula has its own intercept. */
  addConstant?: boolean;
  /** The most iterations; 35. */
  maxIter?: number;
  /** Stop when no coefficient moves by more than this, times its size where that is above 1; 1e-8. */
  tol?: number;
}

/** The options with their defaults. */
export type DiscreteSettings = Readonly<CovarianceSettings & { addConstant: boolean; maxIter: number; tol: number }>;

export interface DiscreteFitOptions {
  /** What is added to the linear predictor [n]; 0. Not in `MNLogit`. */
  offset?: ArrayLike<number>;
  /** The group of each row [n], for `covType: 'cluster'`; two lists for groups of two kinds. */
  groups?: Groups;
  /** Called after each iteration; returning false stops the fit and keeps the model so far. */
  onProgress?: OnProgress;
}

/** Checks the options. @throws OptionError */
export function checkDiscrete(kind: ChoiceKind, options: DiscreteOptions): DiscreteSettings {
  checkKnown(kind, options, [...COVARIANCE_OPTIONS, 'addConstant', 'maxIter', 'tol']);
  const { addConstant = false, maxIter = 35, tol = 1e-8 } = options;
  checkBoolean(kind, 'addConstant', addConstant);
  checkInteger(kind, 'maxIter', maxIter, { min: 1 });
  checkNumber(kind, 'tol', tol, { min: 0 });
  const covariance = checkCovariance(kind, options);
  if (kind === 'MNLogit' && (covariance.covType === 'HC2' || covariance.covType === 'HC3')) {
    throw new OptionError(
      `MNLogit: covType must be 'nonrobust', 'HC0', 'HC1', 'HAC' or 'cluster', got '${covariance.covType}'`,
    );
  }
  return Object.freeze({ addConstant, maxIter, tol, ...covariance });
}
