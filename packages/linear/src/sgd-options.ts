import {
  checkBoolean,
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSeed,
  DataError,
  type Seed,
} from '@maru-ml/base';
import { asSaved } from '@maru-ml/tensor';
import type { LearningRate, SgdSettings } from './sgd.ts';

/** The options that all estimators by stochastic gradient descent have. */
export interface SgdOptions {
  /** 'l2' keeps coefficients small, 'l1' few, 'elasticnet' both; null does neither; 'l2'. */
  penalty?: 'l2' | 'l1' | 'elasticnet' | null;
  /** How much the penalty weighs, ≥ 0 (> 0 for 'optimal'); 1e-4. */
  alpha?: number;
  /** The share of the 'l1' penalty in 'elasticnet'; .15. */
  l1Ratio?: number;
  /** Whether there is an intercept b, which is not penalized; true. */
  fitIntercept?: boolean;
  /** The most epochs; 1000. */
  maxIter?: number;
  /** Stop when an epoch gains less than this, `nIterNoChange` times; null goes on to `maxIter`; 1e-3. */
  tol?: number | null;
  /** Whether the rows are shuffled before each epoch; true. */
  shuffle?: boolean;
  /** η: 'optimal' 1 / (α (t + t₀)), 'constant' η₀, 'invscaling' η₀ / t^powerT, 'adaptive' η₀, divided by 5 when nothing is gained. */
  learningRate?: LearningRate;
  /** η₀, ≥ 0 (> 0 but for 'optimal'). */
  eta0?: number;
  /** The power of 'invscaling'. */
  powerT?: number;
  /** Measure the gain on rows that are held out instead of by the loss on the others; false. */
  earlyStopping?: boolean;
  /** The share of the rows that is held out; .1. */
  validationFraction?: number;
  /** Epochs without a gain until it stops; 5. */
  nIterNoChange?: number;
  /** Return the average of all w, from this row on (true is 1); false. */
  average?: boolean | number;
  /** What rows are shuffled and held out with: a number or a `Random`; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type SgdCommon = Readonly<Required<Omit<SgdOptions, 'seed'>> & { seed: Seed | undefined }>;

const KNOWN = /* @__PURE__ */ (
  'penalty alpha l1Ratio fitIntercept maxIter tol shuffle learningRate eta0 powerT earlyStopping validationFraction ' +
  'nIterNoChange average seed'
).split(' ');

/**
 * Checks the common options and fills in their defaults.
 * @param more the names of others, which the caller checks
 * @param fixed the names of common ones that the estimator does not have
 */
export function checkSgd(
  owner: string,
  options: SgdOptions,
  more: readonly string[],
  defaults: { penalty: 'l2' | null; learningRate: LearningRate; eta0: number; powerT: number },
  fixed: readonly string[] = [],
): SgdCommon {
  checkKnown(
    owner,
    options,
    [...more, ...KNOWN].filter((name) => !fixed.includes(name)),
  );
  const { penalty = defaults.penalty, alpha = 1e-4, l1Ratio = 0.15, fitIntercept = true, maxIter = 1000 } = options;
  const { tol = 1e-3, shuffle = true, learningRate = defaults.learningRate, eta0 = defaults.eta0 } = options;
  const { powerT = defaults.powerT, earlyStopping = false, validationFraction = 0.1, nIterNoChange = 5 } = options;
  const { average = false, seed } = options;
  if (penalty !== null) checkOneOf(owner, 'penalty', penalty, ['l2', 'l1', 'elasticnet']);
  checkOneOf(owner, 'learningRate', learningRate, ['optimal', 'constant', 'invscaling', 'adaptive']);
  checkNumber(owner, 'alpha', alpha, learningRate === 'optimal' ? { above: 0 } : { min: 0 });
  checkNumber(owner, 'l1Ratio', l1Ratio, { min: 0, max: 1 });
  checkBoolean(owner, 'fitIntercept', fitIntercept);
  checkInteger(owner, 'maxIter', maxIter, { min: 1 });
  if (tol !== null) checkNumber(owner, 'tol', tol, { min: 0 });
  checkBoolean(owner, 'shuffle', shuffle);
  if (learningRate !== 'optimal') checkNumber(owner, 'eta0', eta0, { above: 0 });
  else checkNumber(owner, 'eta0', eta0, { min: 0 });
  checkNumber(owner, 'powerT', powerT);
  checkBoolean(owner, 'earlyStopping', earlyStopping);
  checkNumber(owner, 'validationFraction', validationFraction, { above: 0, below: 1 });
  checkInteger(owner, 'nIterNoChange', nIterNoChange, { min: 1 });
  if (typeof average !== 'boolean') checkInteger(owner, 'average', average, { min: 0 });
  if (seed !== undefined) checkSeed(owner, seed);
  const schedule = { learningRate, eta0, powerT, earlyStopping, validationFraction, nIterNoChange };
  return { penalty, alpha, l1Ratio, fitIntercept, maxIter, tol, shuffle, ...schedule, average, seed };
}

/** The options as the descent takes them. */
export function sgdSettings(options: SgdCommon): SgdSettings {
  return { ...options, average: Number(options.average) };
}

/** What `check` makes of the options of a saved model, which are without the seed. @throws DataError if they are none */
export function savedOptions<O>(
  owner: string,
  { options }: Record<string, unknown>,
  check: (options: SgdOptions & Record<string, unknown>) => O,
): O {
  if (typeof options !== 'object' || options === null) throw new DataError(`${owner}: options must be an object`);
  return asSaved(owner, () => check(options as SgdOptions & Record<string, unknown>));
}
