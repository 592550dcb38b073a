import {
  checkKnown,
  checkSampleWeight,
  type FitAsyncOptions,
  type FitOptions,
  type Fits,
  readable,
  runFits,
  runFitsAsync,
} from '@maru-ml/base';
import { type MatrixLike, type Regressor, type RegressorModel, toMatrix, toTargets } from '@maru-ml/tensor';
import { checkEstimator, checkEstimators, type Named, rowsOf } from './members/members.ts';
import { fitted } from './members/plan.ts';
import { beside, checkStacking, fitFolds, foldsOf, predictionsOf, type StackingOptions } from './members/stacking.ts';
import { FittedStackingRegressor, type StackingRegressorModel } from './stacking-regressor-model.ts';
import { describeEstimator } from './text.ts';

export type StackingRegressorOptions = StackingOptions;

/** The options with their defaults. */
export type StackingRegressorSettings = Readonly<Required<StackingRegressorOptions>>;

const OWNER = 'StackingRegressor';

/**
 * Stacking: a final regressor learns from what others say of each row. What it learns from is said by models that were fitted without the row, in `cv` folds; then all
 * are fitted once more to all rows.
 *
 * Names, options and folds are those of scikit-learn, but that the final estimator must be given, estimators come as an object, and folds are not shuffled, so there is no seed.
 *
 * D. H. Wolpert, "Stacked generalization", Neural Networks 5 (1992).
 */
export class StackingRegressor implements Regressor {
  readonly estimators: Named<Regressor>;
  readonly finalEstimator: Regressor;
  readonly options: StackingRegressorSettings;

  /**
   * @param estimators regressors by names of your choice; @param finalEstimator what learns from what they say
   * @throws OptionError for options that have no meaning
   */
  constructor(estimators: Named<Regressor>, finalEstimator: Regressor, options: StackingRegressorOptions = {}) {
    this.estimators = checkEstimators(OWNER, estimators);
    this.finalEstimator = checkEstimator(OWNER, 'finalEstimator', finalEstimator);
    const { cv, passthrough } = checkStacking(OWNER, options, []);
    this.options = Object.freeze({ cv, passthrough });
    readable(this);
  }

  /**
   * Fits all estimators and the final one from `x` [n, d] and the numbers `y` [n]; missing values are left to the estimators.
   * @throws DataError for infinite numbers, ShapeError for lengths that do not fit, and what the estimators throw
   */
  fit(x: MatrixLike, y: ArrayLike<number>, options: Omit<FitOptions, 'onProgress'> = {}): StackingRegressorModel {
    checkKnown(OWNER, options, ['sampleWeight']);
    return runFits(this.#plan(x, y, options.sampleWeight));
  }

  /** The same by the estimators' own `fitAsync`. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike,
    y: ArrayLike<number>,
    options: Omit<FitAsyncOptions, 'onProgress'> = {},
  ): Promise<StackingRegressorModel> {
    checkKnown(OWNER, options, ['sampleWeight', 'signal']);
    return runFitsAsync(this.#plan(x, y, options.sampleWeight), options);
  }

  toString(): string {
    const [final] = /^\w+/.exec(String(this.finalEstimator)) ?? ['Estimator'];
    const shown = { estimators: Object.keys(this.estimators), finalEstimator: final };
    return describeEstimator(OWNER, { ...shown, ...this.options });
  }

  *#plan(
    x: MatrixLike,
    y: ArrayLike<number>,
    sampleWeight: ArrayLike<number> | undefined,
  ): Fits<StackingRegressorModel> {
    const matrix = toMatrix(OWNER, x, { allowMissing: true });
    yield;
    const targets = toTargets(OWNER, y, matrix.rows);
    const weights = checkSampleWeight(OWNER, sampleWeight, matrix.rows);
    const { cv, passthrough } = this.options;
    yield;
    const folds = foldsOf(OWNER, matrix.rows, cv, null, 0);
    yield;
    const { models, parts } = yield* fitFolds<RegressorModel>(
      this.estimators,
      matrix,
      targets,
      weights,
      folds,
      predictionsOf,
    );
    const stacked = rowsOf(beside(parts, matrix, passthrough));
    const request = { estimator: this.finalEstimator, x: stacked, y: targets, sampleWeight: weights };
    const finalModel = yield* fitted<RegressorModel>(request);
    return new FittedStackingRegressor({ models, names: Object.keys(this.estimators), finalModel, passthrough });
  }
}
