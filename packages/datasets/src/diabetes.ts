import { checkBoolean, checkKnown } from '@maru-ml/base';
import { type RegressionDataset, regressionDataset, splitTarget } from './dataset.ts';
import { packed } from './embedded/diabetes.ts';
import { unpack } from './packed.ts';

export interface DiabetesOptions {
  /** Center each column and scale it to a sum of squares of 1, as scikit-learn does; true. */
  scaled?: boolean;
}

/**
 * Diabetes: ten measures of 442 patients (age, sex, body mass index, blood pressure, six blood values) and the progression of
 * the disease a year later. With `scaled` (the default) each column has mean 0 and sum of squares 1.
 *
 * Origin: B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, "Least angle regression", Annals of Statistics 32 (2004).
 * License: none stated; a table of facts.
 */
export function diabetes(options: DiabetesOptions = {}): RegressionDataset {
  checkKnown('diabetes', options, ['scaled']);
  const scaled = checkBoolean('diabetes', 'scaled', options.scaled ?? true);
  const { x, target } = splitTarget(unpack(packed), packed.rows);
  if (scaled) scale(x.data, x.shape);
  return regressionDataset({
    name: 'diabetes',
    x,
    y: target,
    featureNames: ['age', 'sex', 'bmi', 'bp', 's1', 's2', 's3', 's4', 's5', 's6'],
    targetName: 'progression',
    description: `Diabetes: ten baseline measures of 442 patients and the progression of the disease after one year.
Columns: age, sex (1, 2), bmi (body mass index), bp (mean blood pressure), s1 (total cholesterol), s2 (LDL), s3 (HDL), s4 (total cholesterol / HDL), s5 (log of triglycerides), s6 (blood sugar).
Origin: https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html; the numbers are those of scikit-learn.
License: none stated; a table of facts, published by the authors with their article.
Cite: B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, "Least angle regression", Annals of Statistics 32(2), 407-499, 2004.`,
  });
}

/** Centers each column and divides it by its standard deviation times √n, in scikit-learn's order of operations, so to the last bit. */
function scale(data: Float64Array, [n, d]: readonly [number, number]): void {
  for (let j = 0; j < d; j++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += data[i * d + j]!;
    const mean = sum / n;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const centered = data[i * d + j]! - mean;
      data[i * d + j] = centered;
      squares += centered * centered;
    }
    const deviation = Math.sqrt(squares / n);
    for (let i = 0; i < n; i++) data[i * d + j] = data[i * d + j]! / deviation / Math.sqrt(n);
  }
}
