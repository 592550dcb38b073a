import { DataError } from '@maru-ml/base';
import { chiSquare } from '@maru-ml/special';
import { toTargets } from '@maru-ml/tensor';
import { momentsOf } from '../descriptive/moments.ts';

/** What the shape and order of residuals tell of a fit. All are NaN for residuals that are all equal. */
export interface ResidualTests {
  /** D'Agostino's K², of skewness and kurtosis; NaN for fewer than 8 rows. */
  readonly omnibus: number;
  readonly omnibusPvalue: number;
  readonly jarqueBera: number;
  readonly jarqueBeraPvalue: number;
  readonly skew: number;
  /** 3 for a normal distribution. */
  readonly kurtosis: number;
  /** Near 2 without, near 0 or 4 with correlation of neighbors. */
  readonly durbinWatson: number;
}

/**
 * Tests whether residuals [n] look like independent draws from a normal distribution, as the foot of a regression's page does. O(n).
 *
 * C. M. Jarque and A. K. Bera, "Efficient tests for normality, homoscedasticity and serial independence of regression residuals",
 * Economics Letters 6 (1980).
 *
 * @throws OptionError, DataError for what are no finite numbers
 */
export function residualTests(resid: ArrayLike<number>): ResidualTests {
  return testsOf(toTargets('residualTests', resid, resid?.length ?? 0));
}

/** @internal The same for residuals that are known to be numbers. */
export function testsOf(resid: Float64Array): ResidualTests {
  const { n, m2, m3, m4 } = momentsOf(resid);
  const skew = (Math.sqrt(n) * m3) / m2 ** 1.5;
  const kurtosis = (n * m4) / (m2 * m2);
  const jarqueBera = (n / 6) * (skew ** 2 + (kurtosis - 3) ** 2 / 4);
  const omnibus = n < 8 ? Number.NaN : skewZ(skew, n) ** 2 + kurtosisZ(kurtosis, n) ** 2;
  const chi2 = chiSquare(2);
  return {
    omnibus,
    omnibusPvalue: chi2.sf(omnibus),
    jarqueBera,
    jarqueBeraPvalue: chi2.sf(jarqueBera),
    skew,
    kurtosis,
    durbinWatson: neighborsOf(resid),
  };
}

/**
 * Σ (eᵢ - e₍ᵢ₋₁₎)² / Σ eᵢ² of residuals [n]: near 2 without serial correlation. O(n).
 * J. Durbin and G. S. Watson, "Testing for serial correlation in least squares regression", Biometrika 37 (1950).
 *
 * @throws OptionError, DataError for what are no finite numbers, or all 0
 */
export function durbinWatson(resid: ArrayLike<number>): number {
  const checked = toTargets('durbinWatson', resid, resid?.length ?? 0);
  if (checked.every((value) => value === 0)) throw new DataError('durbinWatson: all residuals are 0');
  return neighborsOf(checked);
}

function neighborsOf(resid: Float64Array): number {
  let [steps, squares] = [0, 0];
  for (let i = 0; i < resid.length; i++) {
    if (i > 0) steps += (resid[i]! - resid[i - 1]!) ** 2;
    squares += resid[i]! ** 2;
  }
  return steps / squares;
}

/** R. B. D'Agostino, "Transformation to normality of the null distribution of g1", Biometrika 57 (1970). */
function skewZ(skew: number, n: number): number {
  const y = skew * Math.sqrt(((n + 1) * (n + 3)) / (6 * (n - 2)));
  const beta = (3 * (n * n + 27 * n - 70) * (n + 1) * (n + 3)) / ((n - 2) * (n + 5) * (n + 7) * (n + 9));
  const square = Math.sqrt(2 * (beta - 1)) - 1;
  const alpha = Math.sqrt(2 / (square - 1));
  return Math.asinh(y / alpha) / Math.sqrt(0.5 * Math.log(square));
}

/** F. J. Anscombe and W. J. Glynn, "Distribution of the kurtosis statistic b2 for normal samples", Biometrika 70 (1983). */
function kurtosisZ(kurtosis: number, n: number): number {
  const mean = (3 * (n - 1)) / (n + 1);
  const variance = (24 * n * (n - 2) * (n - 3)) / ((n + 1) ** 2 * (n + 3) * (n + 5));
  const x = (kurtosis - mean) / Math.sqrt(variance);
  const root =
    ((6 * (n * n - 5 * n + 2)) / ((n + 7) * (n + 9))) * Math.sqrt((6 * (n + 3) * (n + 5)) / (n * (n - 2) * (n - 3)));
  const a = 6 + (8 / root) * (2 / root + Math.sqrt(1 + 4 / root ** 2));
  const cube = Math.cbrt((1 - 2 / a) / (1 + x * Math.sqrt(2 / (a - 4))));
  return (1 - 2 / (9 * a) - cube) / Math.sqrt(2 / (9 * a));
}
