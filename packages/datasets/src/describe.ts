import { OptionError, show } from '@maru-ml/base';
import type { Dataset } from './dataset.ts';

/** What one feature looks like. */
export interface FeatureSummary {
  name: string;
  min: number;
  max: number;
  mean: number;
  /** Standard deviation, over n. */
  std: number;
  /** Pearson's correlation with the target (for classes: with their numbers); NaN if either is constant. */
  correlation: number;
}

/**
 * The table that data sets are introduced with: minimum, maximum, mean, standard deviation and correlation with the target of
 * each feature. `console.table(describe(iris()))` prints it. Two passes, O(n d).
 *
 * @throws OptionError for what is no data set, such as columns
 */
export function describe(dataset: Pick<Dataset, 'x' | 'y' | 'featureNames'>): FeatureSummary[] {
  const { x, y, featureNames } = dataset ?? {};
  if (x?.shape === undefined || y === undefined || featureNames === undefined) {
    throw new OptionError(
      `describe: dataset must have x, y and featureNames, as iris() has, got ${show(dataset)}; for columns see describe of @maru-ml/stats`,
    );
  }
  const [n, d] = x.shape;
  const target = moments(y, 0, 1, n);
  return featureNames.map((name, j) => {
    const { min, max, mean, std } = moments(x.data, j, d, n);
    let products = 0;
    for (let i = 0; i < n; i++) products += (x.data[i * d + j]! - mean) * (y[i]! - target.mean);
    return { name, min, max, mean, std, correlation: products / n / (std * target.std) };
  });
}

function moments(
  data: ArrayLike<number>,
  from: number,
  step: number,
  n: number,
): Omit<FeatureSummary, 'name' | 'correlation'> {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const value = data[from + i * step]!;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
  }
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (data[from + i * step]! - mean) ** 2;
  return { min, max, mean, std: Math.sqrt(squares / n) };
}
