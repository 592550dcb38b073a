import {
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSampleWeight,
  type FitAsyncOptions,
  type FitOptions,
  type RandomStream,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  streamFrom,
} from '@maru-ml/base';
import {
  holdOut,
  isSparse,
  type Matrix,
  type MatrixLike,
  type Regressor,
  rSquaredOf,
  type SparseRows,
  toRows,
  toTargets,
} from '@maru-ml/tensor';
import { checkSize, largestSize } from './centered.ts';
import { selectNumbers, selectRows } from './folds.ts';
import { LinearPredictor } from './linear-predictor.ts';
import { type SgdResult, type SgdState, sgd } from './sgd.ts';
import { type LossName, lossOf, NUMBER_LOSSES, single } from './sgd-losses.ts';
import { checkSgd, type SgdCommon, type SgdOptions, sgdSettings } from './sgd-options.ts';
import { FittedSGDRegressor, type SGDRegressorModel, type SgdRegressorFit } from './sgd-regressor-model.ts';
import { freshState } from './sgd-state.ts';
import { describeEstimator } from './text.ts';

/**
 * The options of `SGDRegressor`. Defaults of the schedule: `learningRate` 'invscaling', `eta0` .01, `powerT` .25.
 */
export interface SGDRegressorOptions extends SgdOptions {
  /** 'squaredError'; 'huber', which is linear from ε on; 'epsilonInsensitive', which is 0 up to ε, or its square; 'squaredError'. */
  loss?: (typeof NUMBER_LOSSES)[number];
  /** The width ε of the losses that have one; .1. */
  epsilon?: number;
}

/** The options with their defaults. */
export type SGDRegressorSettings = SgdCommon & Readonly<{ loss: LossName; epsilon: number }>;

/**
 * Linear regression by stochastic gradient descent: w and b of
 *
 *   (1/n) Σᵢ sᵢ ℓ(xᵢ w + b, yᵢ) + α (½ (1 - ρ) ‖w‖² + ρ ‖w‖₁)
 *
 * take a step for each row in turn. For data too large for other methods, which may come in batches (`model.update`). Columns must be
 * of like size: scale them first. Options are those of scikit-learn with names in camelCase; with `shuffle: false` the numbers
 * are the same too. O(n d) an epoch.
 *
 * L. Bottou, "Large-scale machine learning with stochastic gradient descent", COMPSTAT (2010).
 */
export class SGDRegressor implements Regressor<MatrixLike | SparseRows> {
  readonly options: SGDRegressorSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: SGDRegressorOptions = {}) {
    this.options = checkSGDRegressor(options);
    readable(this);
  }

  /**
   * Fits the line to `x` [n, d], dense or sparse, and `y` [n].
   * @throws DataError for missing, infinite or far too large numbers, ShapeError for lengths that do not fit
   */
  fit(x: MatrixLike | SparseRows, y: ArrayLike<number>, options: FitOptions = {}): SGDRegressorModel {
    checkKnown('SGDRegressor', options, ['sampleWeight', 'onProgress']);
    const random = streamFrom(this.options.seed).fork();
    const steps = fitSgdRegressor(this.options, x, y, options.sampleWeight, random);
    return new FittedSGDRegressor(runSteps(steps, options.onProgress));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike | SparseRows,
    y: ArrayLike<number>,
    options: FitAsyncOptions = {},
  ): Promise<SGDRegressorModel> {
    checkKnown('SGDRegressor', options, ['sampleWeight', 'onProgress', 'signal']);
    const random = streamFrom(this.options.seed).fork();
    const steps = fitSgdRegressor(this.options, x, y, options.sampleWeight, random);
    return new FittedSGDRegressor(await runStepsAsync(steps, options));
  }

  toString(): string {
    return describeEstimator('SGDRegressor', this.options);
  }
}

export function checkSGDRegressor(options: SGDRegressorOptions): SGDRegressorSettings {
  const owner = 'SGDRegressor';
  const defaults = { penalty: 'l2', learningRate: 'invscaling', eta0: 0.01, powerT: 0.25 } as const;
  const common = checkSgd(owner, options, ['loss', 'epsilon'], defaults);
  const { loss = 'squaredError', epsilon = 0.1 } = options;
  checkOneOf(owner, 'loss', loss, NUMBER_LOSSES);
  checkNumber(owner, 'epsilon', epsilon, { min: 0 });
  return Object.freeze({ loss, epsilon, ...common });
}

function* fitSgdRegressor(
  settings: SGDRegressorSettings,
  x: MatrixLike | SparseRows,
  y: ArrayLike<number>,
  sampleWeight: ArrayLike<number> | undefined,
  random: RandomStream,
): Steps<SgdRegressorFit> {
  const owner = 'SGDRegressor';
  const rows = toRows(owner, x, { keepFloat32: true });
  const [n, d] = isSparse(rows) ? rows.shape : [rows.rows, rows.columns];
  yield;
  const targets = toTargets(owner, y, n);
  const weights = checkSampleWeight(owner, sampleWeight, n);
  yield;
  const state = freshState(1, d, Number(settings.average) > 0);
  const result = yield* descendTo(settings, rows, targets, weights, { ...state }, random);
  state.t += result.nIter * n;
  return { settings, state, ...result, random: random.state };
}

/** Epochs until nothing is gained; `state` is changed in place. */
export function* descendTo(
  settings: SGDRegressorSettings,
  rows: Matrix | SparseRows,
  truth: Float64Array,
  sampleWeight: Float64Array | null,
  state: SgdState,
  random: RandomStream,
): Steps<SgdResult> {
  const owner = 'SGDRegressor';
  checkSize(owner, 'x', largestSize(rows.data));
  yield;
  checkSize(owner, 'y', largestSize(truth));
  yield;
  const n = truth.length;
  const held = settings.earlyStopping ? yield* holdOut(owner, n, settings.validationFraction, null, random) : null;
  let validate: ((coef: Float64Array, intercept: Float64Array) => number) | null = null;
  if (held !== null) {
    const heldOut = selectRows(rows, held.test);
    const wanted = selectNumbers(truth, held.test);
    const heldWeights = sampleWeight === null ? null : selectNumbers(sampleWeight, held.test);
    validate = (coef, intercept) => {
      const predictor = new LinearPredictor(owner, coef, intercept[0]!, true);
      return rSquaredOf(predictor.predictRows(heldOut), wanted, heldWeights);
    };
  }
  const loss = lossOf(settings.loss, settings.epsilon);
  const own = random.fork();
  const data = {
    rows,
    truth,
    weights: sampleWeight ?? new Float64Array(n).fill(1),
    places: held?.train ?? new Int32Array(n).map((_, i) => i),
    validate,
    typicalSlope: (score: number) => loss.slope(score, 1),
  };
  yield;
  return yield* sgd(owner, data, single(loss), sgdSettings(settings), state, settings.shuffle ? own : null);
}
