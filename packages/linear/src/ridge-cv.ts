import {
  checkBoolean,
  checkKnown,
  checkSampleWeight,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
} from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { rightVectors } from '@maru-ml/linalg/dense';
import { type MatrixLike, type Regressor, toMatrix, toTargets } from '@maru-ml/tensor';
import { center, rowsAtOnce, sumOf } from './centered.ts';
import { addScaled, dot } from './dot.ts';
import { numbers } from './option-numbers.ts';
import { FittedRidgeCV, type RidgeCVFit, type RidgeCVModel } from './ridge-cv-model.ts';
import { describeEstimator } from './text.ts';

export interface RidgeCVOptions {
  /** The α to choose from, > 0; [.1, 1, 10]. */
  alphas?: readonly number[];
  /** Whether the line has an intercept b, which is not penalized; true. */
  fitIntercept?: boolean;
}

/** The options with their defaults. */
export type RidgeCVSettings = Readonly<Required<RidgeCVOptions>>;

/**
 * Ridge regression with α chosen by leave-one-out: the smallest mean of the squared errors with which each row is predicted from
 * all others. Nothing is fitted n times: with the hat matrix H = U diag(s² / (s² + α)) Uᵀ (and that of the intercept) the
 * error of row i is (yᵢ - ŷᵢ) / (1 - Hᵢᵢ). The singular values and right vectors V, O(n d min(n, d)), serve all α by U diag(s) = X V; then each costs
 * O(n min(n, d)). Squared errors are multiplied by the weights of their rows, as in scikit-learn.
 *
 * R. Rifkin and R. Lippert, "Notes on regularized least squares", MIT-CSAIL-TR-2007-025 (2007).
 */
export class RidgeCV implements Regressor {
  readonly options: RidgeCVSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: RidgeCVOptions = {}) {
    checkKnown('RidgeCV', options, ['alphas', 'fitIntercept']);
    const { alphas = [0.1, 1, 10], fitIntercept = true } = options;
    checkBoolean('RidgeCV', 'fitIntercept', fitIntercept);
    this.options = Object.freeze({ alphas: numbers('RidgeCV', 'alphas', alphas, { above: 0 }), fitIntercept });
    readable(this);
  }

  /**
   * Chooses and fits the line to `x` [n, d] and `y` [n].
   * @throws DataError for missing, infinite or far too large numbers or a single row, ShapeError for lengths that do not fit
   */
  fit(x: MatrixLike, y: ArrayLike<number>, options: FitOptions = {}): RidgeCVModel {
    checkKnown('RidgeCV', options, ['sampleWeight', 'onProgress']);
    return new FittedRidgeCV(runSteps(fitRidgeCV(this.options, x, y, options), options.onProgress));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, y: ArrayLike<number>, options: FitAsyncOptions = {}): Promise<RidgeCVModel> {
    checkKnown('RidgeCV', options, ['sampleWeight', 'onProgress', 'signal']);
    return new FittedRidgeCV(await runStepsAsync(fitRidgeCV(this.options, x, y, options), options));
  }

  toString(): string {
    return describeEstimator('RidgeCV', this.options);
  }
}

function* fitRidgeCV(
  { alphas, fitIntercept }: RidgeCVSettings,
  x: MatrixLike,
  y: ArrayLike<number>,
  { sampleWeight }: FitOptions,
): Steps<RidgeCVFit> {
  const owner = 'RidgeCV';
  const matrix = toMatrix(owner, x, { keepFloat32: true });
  const { rows: n, columns: d } = matrix;
  const targets = toTargets(owner, y, n);
  const weights = checkSampleWeight(owner, sampleWeight, n);
  const usable = weights === null ? n : weights.filter((weight) => weight > 0).length;
  if (usable < 2) throw new DataError(`${owner}: leave-one-out needs at least 2 rows, got ${usable}`);
  yield;
  const centered = yield* center(owner, matrix, targets, weights, fitIntercept, false);
  const { s, vt } = yield* rightVectors(n, d, (from, count, out, at) =>
    out.set(centered.x.subarray(from * d, (from + count) * d), at),
  );
  const k = s.length;
  // X V = U diag(s), and Vᵀ Xᵀ y.
  const projected = new Float64Array(n * k);
  const most = rowsAtOnce(d * k);
  for (let from = 0; from < n; from += most) {
    const count = Math.min(most, n - from);
    const rows = centered.x.subarray(from * d, (from + count) * d);
    matmul(rows, vt, projected.subarray(from * k, (from + count) * k), { m: count, n: k, k: d, transB: true });
    yield;
  }
  const products = new Float64Array(k);
  const stretch = rowsAtOnce(4 * k);
  for (let i = 0; i < n; i++) {
    addScaled(centered.y[i]!, projected, i * k, products, 0, k);
    if (i % stretch === stretch - 1) yield;
  }
  // What the intercept has in the hat matrix.
  const total = weights === null ? n : sumOf(weights);
  const ofIntercept = (i: number) => (fitIntercept ? (weights === null ? 1 : weights[i]!) / total : 0);

  const errors = new Float64Array(alphas.length);
  const shrunk = new Float64Array(k);
  for (const [a, alpha] of alphas.entries()) {
    const squares = s.map((value) => value * value + alpha);
    for (let j = 0; j < k; j++) shrunk[j] = products[j]! / squares[j]!;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      let hat = ofIntercept(i);
      for (let j = 0; j < k; j++) hat += projected[i * k + j]! ** 2 / squares[j]!;
      const residual = centered.y[i]! - dot(projected, i * k, shrunk, 0, k);
      sum += residual === 0 ? 0 : (residual / (1 - hat)) ** 2;
      if (i % stretch === stretch - 1) yield;
    }
    errors[a] = sum / n;
    yield;
  }
  let best = 0;
  for (let a = 1; a < alphas.length; a++) if (errors[a]! < errors[best]!) best = a;
  const alpha = alphas[best]!;
  const coef = new Float64Array(d);
  for (let j = 0; j < k; j++) addScaled(products[j]! / (s[j]! * s[j]! + alpha), vt, j * d, coef, 0, d);
  const intercept = centered.yMean - dot(centered.means, 0, coef, 0, d);
  return { coef, intercept, alpha, alphas: Float64Array.from(alphas), errors };
}
