import {
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSampleWeight,
  type FitAsyncOptions,
  type FitOptions,
  type Progress,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  streamFrom,
} from '@maru-ml/base';
import { isSparse, type MatrixLike, type Regressor, type SparseRows, toRows, toTargets } from '@maru-ml/tensor';
import { descend } from './dual-descent.ts';
import { checkLinear, LINEAR_OPTIONS, type LinearOptions, type LinearSettings } from './linear-options.ts';
import { FittedLinearSVR, type LinearSVRModel } from './linear-svr-model.ts';
import { describeEstimator } from './text.ts';

export interface LinearSVROptions extends LinearOptions {
  /** ε: errors up to it cost nothing, ≥ 0; 0. */
  epsilon?: number;
  /** The loss of a row: how far it lies outside of the tube, or the square of that; 'epsilonInsensitive'. */
  loss?: 'epsilonInsensitive' | 'squaredEpsilonInsensitive';
}

/** The options with their defaults. */
export type LinearSVRSettings = Readonly<
  LinearSettings & { epsilon: number; loss: 'epsilonInsensitive' | 'squaredEpsilonInsensitive' }
>;

const OWNER = 'LinearSVR';

/**
 * Linear support vector regression for many rows or columns, dense or sparse: minimizes
 *
 *   ½ (‖w‖² + (b / τ)²) + C Σᵢ sᵢ ℓ(|yᵢ - w·xᵢ - b| - ε),   ℓ(z) = max(0, z) or max(0, z)²,
 *
 * where s are the weights of rows and τ is `interceptScaling`, by dual coordinate descent (see the references). A pass costs
 * O(numbers in x). Options, defaults and attributes are those of scikit-learn's (LIBLINEAR's) dual solver, which penalizes the
 * intercept in the same way, but that `intercept` is a number. Many passes are needed where C or the numbers in x are large: scale columns first.
 *
 * C.-H. Ho and C.-J. Lin, "Large-scale linear support vector regression", JMLR 13 (2012).
 */
export class LinearSVR implements Regressor<MatrixLike | SparseRows> {
  readonly options: LinearSVRSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: LinearSVROptions = {}) {
    checkKnown(OWNER, options, ['epsilon', 'loss', ...LINEAR_OPTIONS]);
    const { epsilon = 0, loss = 'epsilonInsensitive' } = options;
    checkNumber(OWNER, 'epsilon', epsilon, { min: 0 });
    checkOneOf(OWNER, 'loss', loss, ['epsilonInsensitive', 'squaredEpsilonInsensitive']);
    this.options = Object.freeze({ epsilon, loss, ...checkLinear(OWNER, options) });
    readable(this);
  }

  /**
   * Fits the line to `x` [n, d], dense or sparse, and the numbers `y` [n].
   * @throws DataError for missing, infinite or far too large numbers, ShapeError for lengths that do not fit
   */
  fit(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: FitOptions = {}): LinearSVRModel {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress']);
    return runSteps(this.#steps(x, y, options.sampleWeight), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike | SparseRows,
    y: ArrayLike<number>,
    options: FitAsyncOptions = {},
  ): Promise<LinearSVRModel> {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress', 'signal']);
    return runStepsAsync(this.#steps(x, y, options.sampleWeight), options);
  }

  toString(): string {
    return describeEstimator(OWNER, this.options);
  }

  *#steps(
    x: MatrixLike | SparseRows,
    y: ArrayLike<number>,
    sampleWeight: ArrayLike<number> | undefined,
  ): Steps<LinearSVRModel> {
    const { C, epsilon, loss, fitIntercept, interceptScaling, maxIter } = this.options;
    const rows = toRows(OWNER, x);
    const n = isSparse(rows) ? rows.shape[0] : rows.rows;
    const targets = toTargets(OWNER, y, n);
    const weights = checkSampleWeight(OWNER, sampleWeight, n);
    yield;
    const isLinear = loss === 'epsilonInsensitive';
    const cost = Float64Array.from(targets, (_, i) => C * (weights?.[i] ?? 1));
    const upper = cost.map((c) => (isLinear || c === 0 ? c : Number.POSITIVE_INFINITY));
    let step = 0;
    const solution = yield* descend(
      {
        rows,
        constant: fitIntercept ? interceptScaling : 0,
        linear: targets.map((target) => -target),
        lower: upper.map((most) => -most),
        upper,
        ridge: cost.map((c) => (isLinear || c === 0 ? 0 : 1 / (2 * c))),
        epsilon,
      },
      {
        ...this.options,
        owner: OWNER,
        random: streamFrom(this.options.seed).fork(),
        tell: (violation): Progress => ({ step: ++step, total: maxIter, unit: 'iteration', metrics: { violation } }),
      },
    );
    return new FittedLinearSVR(solution);
  }
}
