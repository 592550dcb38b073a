import {
  checkKnown,
  checkSampleWeight,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  type Fits,
  readable,
  runFits,
  runFitsAsync,
  type Steps,
} from '@maru-ml/base';
import {
  answerSteps,
  type Matrix,
  type MatrixLike,
  type Regressor,
  type RegressorModel,
  rSquaredOf,
  toMatrix,
  toTargets,
} from '@maru-ml/tensor';
import { type BaggingRegressorModel, FittedBaggingRegressor } from './bagging-regressor-model.ts';
import { type Bag, type BaggingOptions, type BaggingSettings, checkBagging, fitBag } from './members/bagging.ts';
import { checkEstimator, rowsOf, someColumns, someRows } from './members/members.ts';
import { describeEstimator } from './text.ts';

const OWNER = 'BaggingRegressor';

/**
 * Bagging: fits a regressor many times, each time to rows (and columns, if wanted) that are drawn anew, and takes the mean of their predictions. It
 * steadies estimators that change much with their rows, such as deep trees. An estimator that takes a seed and was given none has a seed of its own in each model.
 *
 * Names and options are those of scikit-learn, but that shares are numbers below 1 (`maxSamples: 1` is one row), and that the estimator must be given.
 *
 * L. Breiman, "Bagging predictors", Machine Learning 24 (1996).
 * T. K. Ho, "The random subspace method for constructing decision forests", IEEE TPAMI 20 (1998).
 */
export class BaggingRegressor implements Regressor {
  readonly estimator: Regressor;
  readonly options: BaggingSettings;

  /**
   * @param estimator what is fitted to each draw
   * @throws OptionError for options that have no meaning
   */
  constructor(estimator: Regressor, options: BaggingOptions = {}) {
    this.estimator = checkEstimator(OWNER, 'estimator', estimator);
    this.options = checkBagging(OWNER, options);
    readable(this);
  }

  /**
   * Fits the models from `x` [n, d] and the numbers `y` [n]; missing values are left to the estimators.
   * @throws DataError for infinite numbers, ShapeError for lengths that do not fit, and what the estimators throw
   */
  fit(x: MatrixLike, y: ArrayLike<number>, options: FitOptions = {}): BaggingRegressorModel {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress']);
    return runFits(this.#plan(x, y, options.sampleWeight), options);
  }

  /** The same by the estimators' own `fitAsync`. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, y: ArrayLike<number>, options: FitAsyncOptions = {}): Promise<BaggingRegressorModel> {
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
  ): Fits<BaggingRegressorModel> {
    const matrix = toMatrix(OWNER, x, { allowMissing: true });
    const targets = toTargets(OWNER, y, matrix.rows);
    const weights = checkSampleWeight(OWNER, sampleWeight, matrix.rows);
    const bag = yield* fitBag<RegressorModel>(OWNER, this.options, this.estimator, matrix, targets, weights);
    const { models, columns } = bag;
    const fit = { models, columns, nFeaturesIn: matrix.columns, wanted: this.options.nEstimators };
    const oobScore = this.options.oobScore ? yield* oobOf(bag, matrix, targets) : null;
    return new FittedBaggingRegressor({ ...fit, oobScore });
  }
}

/** R² of the rows by the models that were not fitted with them. @throws DataError if there is no such row */
function* oobOf({ models, columns, left }: Bag<RegressorModel>, matrix: Matrix, y: Float64Array): Steps<number> {
  const sums = new Float64Array(matrix.rows);
  const counts = new Int32Array(matrix.rows);
  for (const [m, model] of models.entries()) {
    const places = Int32Array.from(y.keys()).filter((i) => left[m]![i] === 1);
    if (places.length === 0) continue;
    const seen = rowsOf(someRows(someColumns(matrix, columns[m]!), places));
    const predicted = yield* answerSteps(seen, places.length, (rows: typeof seen) => model.predict(rows));
    for (const [at, i] of places.entries()) {
      sums[i]! += predicted[at]!;
      counts[i]! += 1;
    }
  }
  const answered = Int32Array.from(y.keys()).filter((i) => counts[i]! > 0);
  if (answered.length === 0) throw new DataError(`${OWNER}: oobScore has no row to score; take more models`);
  const means = Float64Array.from(answered, (i) => sums[i]! / counts[i]!);
  return rSquaredOf(
    means,
    Float64Array.from(answered, (i) => y[i]!),
    null,
  );
}
