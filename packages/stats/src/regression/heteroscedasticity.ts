import { checkBoolean, checkKnown, DataError, runSteps, ShapeError } from '@maru-ml/base';
import { chiSquare, fisherF } from '@maru-ml/special';
import { type MatrixLike, toMatrix, toTargets } from '@maru-ml/tensor';
import { spansConstant } from '../constant.ts';
import { fitLeastSquares } from './least-squares.ts';

/** A test of whether the variance of errors depends on columns. */
export interface HeteroscedasticityTest {
  /** The Lagrange multiplier statistic, χ² of `df` degrees of freedom if it does not. */
  readonly lm: number;
  readonly lmPvalue: number;
  /** The F test of the same regression, which is nearer to its level in small samples. */
  readonly fvalue: number;
  readonly fPvalue: number;
  readonly df: number;
}

/**
 * The test of Breusch and Pagan: squared residuals are regressed on columns. LM = n R² in Koenker's form, which does not need normal errors; in the
 * classic form half of the explained sum of squares of e² / σ².
 *
 * T. S. Breusch and A. R. Pagan, "A simple test for heteroscedasticity and random coefficient variation", Econometrica 47 (1979);
 * R. Koenker, "A note on studentizing a test for heteroscedasticity", Journal of Econometrics 17 (1981).
 *
 * @param resid residuals [n], such as `model.resid`
 * @param exog columns [n, k] with a constant, such as `model.exog`
 * @param options.robust Koenker's form; true
 * @throws OptionError, ShapeError, DataError for residuals and columns that cannot be used, or have no constant among them
 */
export function hetBreuschpagan(
  resid: ArrayLike<number>,
  exog: MatrixLike,
  options: { robust?: boolean } = {},
): HeteroscedasticityTest {
  const owner = 'hetBreuschpagan';
  checkKnown(owner, options, ['robust']);
  const robust = checkBoolean(owner, 'robust', options.robust ?? true);
  const { x, squares, n, k } = readTest(owner, resid, exog);
  const mean = squares.reduce((sum, value) => sum + value, 0) / n;
  if (mean === 0) throw new DataError(`${owner}: all residuals are 0`);
  return auxiliary(owner, x, robust ? squares : squares.map((value) => value / mean), n, k, robust);
}

/**
 * White's test: squared residuals are regressed on the columns, their squares and products.
 *
 * H. White, "A heteroskedasticity-consistent covariance matrix estimator and a direct test for heteroskedasticity", Econometrica 48 (1980).
 *
 * @param resid residuals [n], such as `model.resid`
 * @param exog columns [n, k] with a constant, such as `model.exog`
 * @throws as `hetBreuschpagan`
 */
export function hetWhite(resid: ArrayLike<number>, exog: MatrixLike): HeteroscedasticityTest {
  const { x, squares, n, k } = readTest('hetWhite', resid, exog);
  if (k < 2) throw new ShapeError('hetWhite: exog must have 2 columns or more, one of them constant, got 1');
  const width = (k * (k + 1)) / 2;
  const products = new Float64Array(n * width);
  for (let i = 0, to = 0; i < n; i++) {
    for (let a = 0; a < k; a++) for (let b = a; b < k; b++) products[to++] = x[i * k + a]! * x[i * k + b]!;
  }
  return auxiliary('hetWhite', products, squares, n, width, true);
}

function readTest(owner: string, resid: ArrayLike<number>, exog: MatrixLike) {
  const { data, rows: n, columns: k } = toMatrix(owner, exog, { name: 'exog' });
  const squares = toTargets(owner, resid, n).map((value) => value * value);
  const x = Float64Array.from(data);
  if (!spansConstant(x, n, k))
    throw new DataError(`${owner}: exog must have a constant column, since the test is about the mean of squares`);
  return { x, squares, n, k };
}

/** The regression of squared residuals and its tests. */
function auxiliary(
  owner: string,
  x: Float64Array,
  y: Float64Array,
  n: number,
  k: number,
  studentized: boolean,
): HeteroscedasticityTest {
  const { resid, rank } = runSteps(fitLeastSquares(owner, x, y, n, k));
  const [df, left] = [rank - 1, n - rank];
  if (df === 0)
    throw new DataError(`${owner}: exog holds only a constant, so there is nothing that the variance could depend on`);
  if (left === 0) throw new DataError(`${owner}: ${n} rows are too few for ${rank} independent columns`);
  const mean = y.reduce((sum, value) => sum + value, 0) / n;
  const tss = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const ssr = resid.reduce((sum, value) => sum + value * value, 0);
  if (tss === 0) throw new DataError(`${owner}: all residuals have the same size`);
  const lm = studentized ? n * (1 - ssr / tss) : (tss - ssr) / 2;
  const fvalue = (tss - ssr) / df / (ssr / left);
  return { lm, lmPvalue: chiSquare(df).sf(Math.max(0, lm)), fvalue, fPvalue: fisherF(df, left).sf(fvalue), df };
}
