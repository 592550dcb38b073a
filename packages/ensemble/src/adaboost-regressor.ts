import {
  checkKnown,
  checkOneOf,
  checkSampleWeight,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  type Fits,
  type Random,
  randomFrom,
  readable,
  runFits,
  runFitsAsync,
} from '@maru-ml/base';
import { exp, log } from '@maru-ml/kernels/scalar';
import {
  answerSteps,
  type MatrixLike,
  type Regressor,
  type RegressorModel,
  toMatrix,
  toTargets,
} from '@maru-ml/tensor';
import { type AdaBoostRegressorModel, FittedAdaBoostRegressor } from './adaboost-regressor-model.ts';
import { type AdaBoostOptions, type AdaBoostSettings, checkAdaBoost, normalized } from './members/adaboost.ts';
import { checkEstimator, rowsOf, seeded, someRows } from './members/members.ts';
import { fitted } from './members/plan.ts';
import { takeAt } from './take-rows.ts';
import { describeEstimator } from './text.ts';

export interface AdaBoostRegressorOptions extends AdaBoostOptions {
  /** What is made of errors, divided by the largest: themselves, their squares, or 1 - e^-error; 'linear'. */
  loss?: 'linear' | 'square' | 'exponential';
}

/** The options with their defaults. */
export type AdaBoostRegressorSettings = AdaBoostSettings & Readonly<{ loss: 'linear' | 'square' | 'exponential' }>;

const OWNER = 'AdaBoostRegressor';

/**
 * AdaBoost for numbers (R2): fits a regressor again and again to rows that are drawn with replacement, each time with more weight on those that the last
 * one predicted badly. With losses Lᵢ from 0 to 1 of the errors, divided by the largest,
 *
 *   L̄ₜ = Σ wᵢ Lᵢ,   βₜ = L̄ₜ / (1 - L̄ₜ),   wᵢ ← wᵢ βₜ^(η (1 - Lᵢ)),
 *
 * and the prediction is the median of the models' with weights η log(1 / βₜ). It ends early when a model is perfect, or L̄ₜ ≥ ½.
 *
 * Options are those of scikit-learn, but that the estimator must be given: `new DecisionTreeRegressor({ maxDepth: 3 })` is the default there.
 *
 * H. Drucker, "Improving regressors using boosting techniques", ICML (1997).
 */
export class AdaBoostRegressor implements Regressor {
  readonly estimator: Regressor;
  readonly options: AdaBoostRegressorSettings;

  /**
   * @param estimator any regressor
   * @throws OptionError for options that have no meaning
   */
  constructor(estimator: Regressor, options: AdaBoostRegressorOptions = {}) {
    this.estimator = checkEstimator(OWNER, 'estimator', estimator);
    const shared = checkAdaBoost(OWNER, options, ['loss']);
    const { loss = 'linear' } = options;
    checkOneOf(OWNER, 'loss', loss, ['linear', 'square', 'exponential']);
    this.options = Object.freeze({ loss, ...shared });
    readable(this);
  }

  /**
   * Fits the models from `x` [n, d] and the numbers `y` [n]; missing values are left to the estimators.
   * @throws DataError for infinite numbers, ShapeError for lengths that do not fit, and what the estimators throw
   */
  fit(x: MatrixLike, y: ArrayLike<number>, options: FitOptions = {}): AdaBoostRegressorModel {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress']);
    return runFits(this.#plan(x, y, options.sampleWeight), options);
  }

  /** The same by the estimators' own `fitAsync`. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, y: ArrayLike<number>, options: FitAsyncOptions = {}): Promise<AdaBoostRegressorModel> {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress', 'signal']);
    return runFitsAsync(this.#plan(x, y, options.sampleWeight), options);
  }

  toString(): string {
    const [base] = /^\w+/.exec(String(this.estimator)) ?? ['Estimator'];
    return describeEstimator(OWNER, { estimator: base, ...this.options });
  }

  *#plan(
    x: MatrixLike,
    y: ArrayLike<number>,
    sampleWeight: ArrayLike<number> | undefined,
  ): Fits<AdaBoostRegressorModel> {
    const matrix = toMatrix(OWNER, x, { allowMissing: true });
    yield;
    const targets = toTargets(OWNER, y, matrix.rows);
    const weights = normalized(
      checkSampleWeight(OWNER, sampleWeight, matrix.rows) ?? new Float64Array(matrix.rows).fill(1),
    );
    const { nEstimators, learningRate, loss, seed } = this.options;
    const random = randomFrom(seed);
    const models: RegressorModel[] = [];
    const [shares, errors] = [[] as number[], [] as number[]];
    let converged = false;
    for (let t = 0; t < nEstimators; t++) {
      yield;
      const places = drawByWeight(weights, random);
      yield;
      const drawn = rowsOf(someRows(matrix, places));
      const request = {
        estimator: seeded(this.estimator, random),
        x: drawn,
        y: takeAt(targets, places),
        sampleWeight: null,
      };
      yield;
      const model = yield* fitted<RegressorModel>(request);
      const predicted = yield* answerSteps(rowsOf(matrix), matrix.rows, (rows) => model.predict(rows));
      const losses = lossesOf(predicted, targets, weights, loss);
      let error = 0;
      for (let i = 0; i < losses.length; i++) error += weights[i]! * losses[i]!;
      converged = error <= 0 || (error >= 0.5 && models.length > 0);
      if (error >= 0.5 && models.length > 0) break;
      models.push(model);
      errors.push(error);
      // A first model that is as bad as that is kept alone, with no say in how much it counts.
      const alone = error <= 0 || error >= 0.5;
      const beta = error / (1 - error);
      shares.push(alone ? 1 : learningRate * log(1 / beta));
      const goOn = yield { step: t + 1, total: nEstimators, unit: 'estimator', metrics: { error } };
      if (goOn === false || alone) {
        converged = alone;
        break;
      }
      const logarithm = log(beta);
      for (let i = 0; i < losses.length; i++) weights[i]! *= exp(logarithm * (1 - losses[i]!) * learningRate);
      normalized(weights);
    }
    const found = { estimatorWeights: Float64Array.from(shares), estimatorErrors: Float64Array.from(errors) };
    return new FittedAdaBoostRegressor({ models, ...found, nFeaturesIn: matrix.columns, converged });
  }
}

/** As many rows as there are, each drawn with probability proportional to its weight. */
function drawByWeight(weights: Float64Array, random: Random): Int32Array {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    total += weights[i]!;
    sums[i] = total;
  }
  return Int32Array.from(weights, () => {
    const wanted = random.uniform() * total;
    // The first sum above it, by halving.
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

/** Errors of rows that weigh something, divided by the largest, as losses from 0 to 1. */
function lossesOf(
  predicted: Float64Array,
  y: Float64Array,
  weights: Float64Array,
  loss: AdaBoostRegressorSettings['loss'],
): Float64Array {
  let largest = 0;
  for (let i = 0; i < y.length; i++) if (weights[i]! > 0) largest = Math.max(largest, Math.abs(predicted[i]! - y[i]!));
  if (!Number.isFinite(largest)) throw new DataError(`${OWNER}: the errors of a model overflow; scale y first`);
  return Float64Array.from(y, (value, i) => {
    if (largest === 0 || weights[i] === 0) return 0;
    const error = Math.abs(predicted[i]! - value) / largest;
    if (loss === 'square') return error * error;
    return loss === 'exponential' ? 1 - exp(-error) : error;
  });
}
