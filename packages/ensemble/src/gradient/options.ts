import { checkInteger, checkKnown, checkNumber, checkOneOf, withDefaults } from '@maru-ml/base';
import {
  checkSharedOptions,
  SHARED_TREE_OPTIONS,
  type SharedTreeOptions,
  type SharedTreeSettings,
} from '@maru-ml/tree/grow';

/** The options that `GradientBoostingClassifier` and `GradientBoostingRegressor` share. `maxDepth` is 3 if it is not given. */
export interface GradientBoostingOptions extends SharedTreeOptions {
  /** What each tree's predictions are multiplied with; 0.1. */
  learningRate?: number;
  /** The most rounds, each of one tree (one for each class of three or more); 100. */
  nEstimators?: number;
  /** The share of rows, drawn anew, that the trees of a round are grown from; 1. */
  subsample?: number;
  /** What the splits of the trees minimize: 'friedmanMse', squared errors with Friedman's gain, or 'squaredError'; 'friedmanMse'. */
  criterion?: 'friedmanMse' | 'squaredError';
  /** How many rounds in a row must not gain on rows that are held out, to stop; null, never. */
  nIterNoChange?: number | null;
  /** The share of rows that are held out for that; 0.1. */
  validationFraction?: number;
  /** What is a gain; 1e-4. */
  tol?: number;
}

/** The options with their defaults. */
export type GradientBoostingSettings = Readonly<
  SharedTreeSettings &
    Required<
      Pick<
        GradientBoostingOptions,
        'learningRate' | 'nEstimators' | 'subsample' | 'criterion' | 'nIterNoChange' | 'validationFraction' | 'tol'
      >
    >
>;

const DEFAULTS = {
  learningRate: 0.1,
  nEstimators: 100,
  subsample: 1,
  criterion: 'friedmanMse' as 'friedmanMse' | 'squaredError',
  nIterNoChange: null as number | null,
  validationFraction: 0.1,
  tol: 1e-4,
};

/** Checks them. @throws OptionError */
export function checkOptions(
  owner: string,
  options: GradientBoostingOptions,
  more: readonly string[],
): GradientBoostingSettings {
  checkKnown(owner, options, [...more, ...Object.keys(DEFAULTS), ...SHARED_TREE_OPTIONS]);
  const own = withDefaults(options, DEFAULTS);
  checkNumber(owner, 'learningRate', own.learningRate, { above: 0 });
  checkInteger(owner, 'nEstimators', own.nEstimators, { min: 1 });
  checkNumber(owner, 'subsample', own.subsample, { above: 0, max: 1 });
  checkOneOf(owner, 'criterion', own.criterion, ['friedmanMse', 'squaredError']);
  if (own.nIterNoChange !== null) checkInteger(owner, 'nIterNoChange', own.nIterNoChange, { min: 1 });
  checkNumber(owner, 'validationFraction', own.validationFraction, { above: 0, below: 1 });
  checkNumber(owner, 'tol', own.tol, { min: 0 });
  return Object.freeze({ ...own, ...checkSharedOptions(owner, { maxDepth: 3, ...options }) });
}
