import { checkInteger, checkKnown, checkNumber, checkSeed, DataError, type Seed } from '@maru-ml/base';
import { decodeArray } from '@maru-ml/tensor';

/** The options that `AdaBoostClassifier` and `AdaBoostRegressor` share. */
export interface AdaBoostOptions {
  /** The most models; 50. */
  nEstimators?: number;
  /** η, which makes each model count less where it is below 1; 1. */
  learningRate?: number;
  /** What the seeds of models (and for numbers, rows) are drawn with; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type AdaBoostSettings = Readonly<Required<Omit<AdaBoostOptions, 'seed'>> & { seed: Seed | undefined }>;

/** Checks them. @throws OptionError */
export function checkAdaBoost(owner: string, options: AdaBoostOptions, more: readonly string[]): AdaBoostSettings {
  checkKnown(owner, options, ['nEstimators', 'learningRate', 'seed', ...more]);
  const { nEstimators = 50, learningRate = 1, seed } = options;
  checkInteger(owner, 'nEstimators', nEstimators, { min: 1 });
  checkNumber(owner, 'learningRate', learningRate, { above: 0 });
  if (seed !== undefined) checkSeed(owner, seed);
  return Object.freeze({ nEstimators, learningRate, seed });
}

/** Makes weights add up to 1, in place. */
export function normalized(weights: Float64Array): Float64Array {
  let total = 0;
  for (const weight of weights) total += weight;
  for (let i = 0; i < weights.length; i++) weights[i]! /= total;
  return weights;
}

/** What a JSON form says of each model: how much it counts, or its error. @throws DataError */
export function savedByModel(owner: string, name: string, json: unknown, models: number): Float64Array {
  const values = decodeArray(owner, name, json, { dtype: 'float64', shape: [models] });
  if (values.every((value) => value >= 0 && value < Number.POSITIVE_INFINITY)) return values;
  throw new DataError(`${owner}: ${name} must be finite numbers ≥ 0`);
}
