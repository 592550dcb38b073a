import { checkBoolean, checkInteger, checkKnown, checkNumber, randomFrom, type Seed } from '@maru-ml/base';
import { regressionDataset } from '../dataset.ts';
import type { LinearDataset } from './linear.ts';
import { featureNames, flatten, order } from './points.ts';

export interface RegressionOptions {
  /** Rows; 100. */
  nSamples?: number;
  /** Features; 100. */
  nFeatures?: number;
  /** Features that the target depends on (all, if there are fewer); 10. */
  nInformative?: number;
  /** The intercept; 0. */
  bias?: number;
  /** Standard deviation of the normal noise on y; 0. */
  noise?: number;
  /** Put the rows and the features in random order, else the informative features come first; true. */
  shuffle?: boolean;
  /** Seed of the random numbers; the next of the default stream. */
  seed?: Seed;
}

/**
 * A linear target of a few among many normal features, y = w·x + b + ε with w_j ~ U(0, 100) for the informative ones and 0 for the rest, as
 * scikit-learn's `make_regression`: what selecting features and the lasso are tried on. `coef` holds w. O(n d).
 */
export function makeRegression(options: RegressionOptions = {}): LinearDataset {
  checkKnown('makeRegression', options, ['nSamples', 'nFeatures', 'nInformative', 'bias', 'noise', 'shuffle', 'seed']);
  const n = checkInteger('makeRegression', 'nSamples', options.nSamples ?? 100, { min: 1 });
  const d = checkInteger('makeRegression', 'nFeatures', options.nFeatures ?? 100, { min: 1 });
  const nInformative = checkInteger('makeRegression', 'nInformative', options.nInformative ?? 10, { min: 0 });
  const bias = checkNumber('makeRegression', 'bias', options.bias ?? 0);
  const noise = checkNumber('makeRegression', 'noise', options.noise ?? 0, { min: 0 });
  const shuffle = checkBoolean('makeRegression', 'shuffle', options.shuffle ?? true);
  const random = randomFrom(options.seed);
  const weights = Array.from({ length: d }, (_, j) => (j < nInformative ? 100 * random.uniform() : 0));
  const features = order(random, d, shuffle);
  const coef = features.map((j) => weights[j]!);
  const rows = Array.from({ length: n }, () => coef.map(() => random.normal()));
  const y = Float64Array.from(
    rows,
    (row) => bias + row.reduce((sum, x, j) => sum + coef[j]! * x, 0) + noise * random.normal(),
  );
  const dataset = regressionDataset({
    name: 'regression',
    x: flatten(rows),
    y,
    featureNames: featureNames(d),
    targetName: 'y',
    description: `Regression: ${n} rows whose target depends on ${Math.min(nInformative, d)} of ${d} features, made by makeRegression.`,
  });
  return { ...dataset, coef, intercept: bias };
}
