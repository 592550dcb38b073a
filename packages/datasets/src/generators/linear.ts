import { checkInteger, checkKnown, checkNumber, OptionError, randomFrom, type Seed, show } from '@maru-ml/base';
import { type RegressionDataset, regressionDataset } from '../dataset.ts';
import { featureNames } from './points.ts';

export interface LinearOptions {
  /** Points; 100. */
  nSamples?: number;
  /** The slope w, or one for each feature; 1. */
  coef?: number | readonly number[];
  /** The intercept b; 0. */
  intercept?: number;
  /** Standard deviation of the normal noise on y; 0. */
  noise?: number;
  /** Mean of the normal features; 0. */
  mean?: number;
  /** Standard deviation of the normal features; 1. */
  std?: number;
  /** Draw the features evenly from [low, high) instead of a normal distribution; none. */
  range?: readonly [number, number];
  /** Seed of the random numbers; the next of the default stream. */
  seed?: Seed;
}

/** A line (or plane) with noise, and what it was made with. */
export interface LinearDataset extends RegressionDataset {
  readonly coef: readonly number[];
  readonly intercept: number;
}

/** Points on a line with noise, y = w·x + b + ε with ε ~ N(0, noise²): what regression is learned on. O(n d). */
export function makeLinear(options: LinearOptions = {}): LinearDataset {
  checkKnown('makeLinear', options, ['nSamples', 'coef', 'intercept', 'noise', 'mean', 'std', 'range', 'seed']);
  const n = checkInteger('makeLinear', 'nSamples', options.nSamples ?? 100, { min: 1 });
  const coef = checkCoef(options.coef ?? 1);
  const intercept = checkNumber('makeLinear', 'intercept', options.intercept ?? 0);
  const noise = checkNumber('makeLinear', 'noise', options.noise ?? 0, { min: 0 });
  const mean = checkNumber('makeLinear', 'mean', options.mean ?? 0);
  const std = checkNumber('makeLinear', 'std', options.std ?? 1, { min: 0 });
  const { range } = options;
  if (
    range !== undefined &&
    !(Array.isArray(range) && range.length === 2 && range.every(Number.isFinite) && range[0] <= range[1])
  ) {
    throw new OptionError(`makeLinear: range must be [low, high], got ${show(range)}`);
  }
  if (range !== undefined && (options.mean !== undefined || options.std !== undefined)) {
    throw new OptionError('makeLinear: give either range or mean and std, got both');
  }
  const random = randomFrom(options.seed);
  const d = coef.length;
  const data = new Float64Array(n * d);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let value = intercept;
    for (let j = 0; j < d; j++) {
      const x = range === undefined ? random.normal(mean, std) : random.uniform(range[0], range[1]);
      data[i * d + j] = x;
      value += coef[j]! * x;
    }
    y[i] = value + noise * random.normal();
  }
  const dataset = regressionDataset({
    name: 'linear',
    x: { data, shape: [n, d] },
    y,
    featureNames: featureNames(d),
    targetName: 'y',
    description: `Linear: ${n} points with y = w·x + b and noise, made by makeLinear.`,
  });
  return { ...dataset, coef, intercept };
}

function checkCoef(coef: number | readonly number[]): readonly number[] {
  const list = typeof coef === 'number' ? [coef] : coef;
  if (!Array.isArray(list) || list.length === 0) {
    throw new OptionError(`makeLinear: coef must be a number or a list of numbers, got ${show(coef)}`);
  }
  return list.map((w, j) => checkNumber('makeLinear', typeof coef === 'number' ? 'coef' : `coef[${j}]`, w));
}
