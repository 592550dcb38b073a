import { checkInteger, checkKnown, checkNumber, checkOneOf } from '@maru-ml/base';
import { checkTreeOptions, TREE_OPTIONS, type TreeOptions, type TreeSettings } from '@maru-ml/tree/grow';

/** The options that `GradientBoostingClassifier` and `GradientBoostingRegressor` share. `maxDepth` is 3 if it is not given. */
export interface GradientBoostingOptions extends Omit<TreeOptions, 'splitter'> {
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
  Omit<TreeSettings, 'splitter'> &
    Required<
      Pick<
        GradientBoostingOptions,
        'learningRate' | 'nEstimators' | 'subsample' | 'criterion' | 'nIterNoChange' | 'validationFraction' | 'tol'
      >
    >
>;

const OWN = ['learningRate', 'nEstimators', 'subsample', 'criterion', 'nIterNoChange', 'validationFraction', 'tol'];

/** Checks them. @throws OptionError */
export function checkOptions(
  owner: string,
  options: GradientBoostingOptions,
  more: readonly string[],
): GradientBoostingSettings {
  checkKnown(owner, options, [...more, ...OWN, ...TREE_OPTIONS.filter((name) => name !== 'splitter')]);
  const { learningRate = 0.1, nEstimators = 100, subsample = 1, criterion = 'friedmanMse' } = options;
  const { nIterNoChange = null, validationFraction = 0.1, tol = 1e-4 } = options;
  checkNumber(owner, 'learningRate', learningRate, { above: 0 });
  checkInteger(owner, 'nEstimators', nEstimators, { min: 1 });
  checkNumber(owner, 'subsample', subsample, { above: 0, max: 1 });
  checkOneOf(owner, 'criterion', criterion, ['friedmanMse', 'squaredError']);
  if (nIterNoChange !== null) checkInteger(owner, 'nIterNoChange', nIterNoChange, { min: 1 });
  checkNumber(owner, 'validationFraction', validationFraction, { above: 0, below: 1 });
  checkNumber(owner, 'tol', tol, { min: 0 });
  const { splitter: _, ...trees } = checkTreeOptions(owner, { maxDepth: 3, ...options });
  const own = { learningRate, nEstimators, subsample, criterion, nIterNoChange, validationFraction, tol };
  return Object.freeze({ ...own, ...trees });
}
