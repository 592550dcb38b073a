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
  accuracyOf,
  answerSteps,
  bestClass,
  type Classifier,
  type ClassifierModel,
  type Label,
  type Matrix,
  type MatrixLike,
  Table,
  toLabels,
  toMatrix,
} from '@maru-ml/tensor';
import { type BaggingClassifierModel, FittedBaggingClassifier } from './bagging-classifier-model.ts';
import { type Bag, type BaggingOptions, type BaggingSettings, checkBagging, fitBag } from './members/bagging.ts';
import { addProbabilities, checkEstimator, rowsOf, someColumns, someRows } from './members/members.ts';
import { describeEstimator } from './text.ts';

const OWNER = 'BaggingClassifier';

/**
 * Bagging: fits a classifier many times, each time to rows (and columns, if wanted) that are drawn anew, and takes the mean of their probabilities, or votes where there are none. It
 * steadies estimators that change much with their rows, such as deep trees. An estimator that takes a seed and was given none has a seed of its own in each model.
 *
 * Names and options are those of scikit-learn, but that shares are numbers below 1 (`maxSamples: 1` is one row), and that the estimator must be given.
 *
 * L. Breiman, "Bagging predictors", Machine Learning 24 (1996).
 * T. K. Ho, "The random subspace method for constructing decision forests", IEEE TPAMI 20 (1998).
 */
export class BaggingClassifier implements Classifier {
  readonly estimator: Classifier;
  readonly options: BaggingSettings;

  /**
   * @param estimator what is fitted to each draw
   * @throws OptionError for options that have no meaning
   */
  constructor(estimator: Classifier, options: BaggingOptions = {}) {
    this.estimator = checkEstimator(OWNER, 'estimator', estimator);
    this.options = checkBagging(OWNER, options);
    readable(this);
  }

  /**
   * Fits the models from `x` [n, d] and the labels `y` [n]; missing values are left to the estimators.
   * @throws DataError for infinite numbers, ShapeError for lengths that do not fit, and what the estimators throw
   */
  fit<L extends Label>(x: MatrixLike, y: ArrayLike<L>, options: FitOptions = {}): BaggingClassifierModel<L> {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress']);
    return runFits(this.#plan(x, y, options.sampleWeight), options);
  }

  /** The same by the estimators' own `fitAsync`. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: FitAsyncOptions = {},
  ): Promise<BaggingClassifierModel<L>> {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress', 'signal']);
    return runFitsAsync(this.#plan(x, y, options.sampleWeight), options);
  }

  toString(): string {
    const [base] = /^\w+/.exec(String(this.estimator)) ?? ['Estimator'];
    return describeEstimator(OWNER, { estimator: base, ...this.options });
  }

  *#plan<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    sampleWeight: ArrayLike<number> | undefined,
  ): Fits<BaggingClassifierModel<L>> {
    const matrix = toMatrix(OWNER, x, { allowMissing: true });
    const { classes, codes } = toLabels(OWNER, y, matrix.rows);
    const weights = checkSampleWeight(OWNER, sampleWeight, matrix.rows);
    const bag = yield* fitBag<ClassifierModel<number>>(OWNER, this.options, this.estimator, matrix, codes, weights);
    const { models, columns } = bag;
    const fit = { classes, models, columns, nFeaturesIn: matrix.columns, wanted: this.options.nEstimators };
    const oobScore = this.options.oobScore ? yield* oobOf(bag, matrix, codes, classes.length) : null;
    return new FittedBaggingClassifier({ ...fit, oobScore });
  }
}

/** The share of rows that the models get right that were not fitted with them. @throws DataError if there is no such row */
function* oobOf(
  { models, columns, left }: Bag<ClassifierModel<number>>,
  matrix: Matrix,
  codes: Int32Array,
  k: number,
): Steps<number> {
  const scores = new Float64Array(matrix.rows * k);
  for (const [m, model] of models.entries()) {
    const places = Int32Array.from(codes.keys()).filter((i) => left[m]![i] === 1);
    if (places.length === 0) continue;
    const seen = rowsOf(someRows(someColumns(matrix, columns[m]!), places));
    const own = yield* answerSteps(seen, places.length, ({ data, shape }: typeof seen) => {
      const [rows, columns] = shape;
      const out = new Float64Array(rows * k);
      addProbabilities(model, { data: data as Float64Array, rows, columns }, k, 1, false, out);
      return new Table(out, rows, k);
    });
    for (const [at, i] of places.entries()) for (let c = 0; c < k; c++) scores[i * k + c]! += own.data[at * k + c]!;
  }
  const answered = Int32Array.from(codes.keys()).filter((i) => left.some((out) => out[i] === 1));
  if (answered.length === 0) throw new DataError(`${OWNER}: oobScore has no row to score; take more models`);
  return accuracyOf(
    answered.map((i) => bestClass(scores, i * k, k)),
    answered.map((i) => codes[i]!),
    null,
  );
}
