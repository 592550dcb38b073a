import {
  checkKnown,
  checkSampleWeight,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  type Fits,
  OptionError,
  readable,
  runFits,
  runFitsAsync,
  show,
} from '@maru-ml/base';
import {
  type Classifier,
  type ClassifierModel,
  type Label,
  type MatrixLike,
  toLabels,
  toMatrix,
} from '@maru-ml/tensor';
import { checkEstimator, checkEstimators, type Named, rowsOf } from './members/members.ts';
import { fitted } from './members/plan.ts';
import {
  beside,
  type Columns,
  checkStacking,
  classColumns,
  fitFolds,
  foldsOf,
  type StackingOptions,
  type StackMethod,
} from './members/stacking.ts';
import { FittedStackingClassifier, type StackingClassifierModel } from './stacking-classifier-model.ts';
import { describeEstimator } from './text.ts';

export interface StackingClassifierOptions extends StackingOptions {
  /** What of each classifier the final one sees; 'auto', the first that it has of 'predictProba', 'decisionFunction' and 'predict'. */
  stackMethod?: StackMethod;
}

/** The options with their defaults. */
export type StackingClassifierSettings = Readonly<Required<StackingClassifierOptions>>;

const OWNER = 'StackingClassifier';

/**
 * Stacking: a final classifier learns from what others say of each row. What it learns from is said by models that were fitted without the row, in `cv` folds; then all
 * are fitted once more to all rows. Of classifiers it sees probabilities, or scores, or places of labels, whichever there is first (`stackMethod`).
 *
 * Names, options and folds are those of scikit-learn, but that the final estimator must be given, estimators come as an object, and folds are not shuffled, so there is no seed.
 *
 * D. H. Wolpert, "Stacked generalization", Neural Networks 5 (1992).
 */
export class StackingClassifier implements Classifier {
  readonly estimators: Named<Classifier>;
  readonly finalEstimator: Classifier;
  readonly options: StackingClassifierSettings;

  /**
   * @param estimators classifiers by names of your choice; @param finalEstimator what learns from what they say
   * @throws OptionError for options that have no meaning
   */
  constructor(estimators: Named<Classifier>, finalEstimator: Classifier, options: StackingClassifierOptions = {}) {
    this.estimators = checkEstimators(OWNER, estimators);
    this.finalEstimator = checkEstimator(OWNER, 'finalEstimator', finalEstimator);
    const { cv, passthrough, stackMethod } = checkStacking(OWNER, options, ['stackMethod']);
    this.options = Object.freeze({ cv, passthrough, stackMethod });
    readable(this);
  }

  /**
   * Fits all estimators and the final one from `x` [n, d] and the labels `y` [n]; missing values are left to the estimators.
   * @throws DataError for infinite numbers, ShapeError for lengths that do not fit, and what the estimators throw
   */
  fit<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: Omit<FitOptions, 'onProgress'> = {},
  ): StackingClassifierModel<L> {
    checkKnown(OWNER, options, ['sampleWeight']);
    return runFits(this.#plan(x, y, options.sampleWeight));
  }

  /** The same by the estimators' own `fitAsync`. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: Omit<FitAsyncOptions, 'onProgress'> = {},
  ): Promise<StackingClassifierModel<L>> {
    checkKnown(OWNER, options, ['sampleWeight', 'signal']);
    return runFitsAsync(this.#plan(x, y, options.sampleWeight), options);
  }

  toString(): string {
    const [final] = /^\w+/.exec(String(this.finalEstimator)) ?? ['Estimator'];
    const shown = { estimators: Object.keys(this.estimators), finalEstimator: final };
    return describeEstimator(OWNER, { ...shown, ...this.options });
  }

  *#plan<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    sampleWeight: ArrayLike<number> | undefined,
  ): Fits<StackingClassifierModel<L>> {
    const matrix = toMatrix(OWNER, x, { allowMissing: true });
    yield;
    const { classes, codes } = toLabels(OWNER, y, matrix.rows);
    const weights = checkSampleWeight(OWNER, sampleWeight, matrix.rows);
    const { cv, passthrough, stackMethod } = this.options;
    const k = classes.length;
    if (k < 2) throw new DataError(`${OWNER}: y must have at least two classes, got only ${show(classes[0])}`);
    yield;
    const folds = foldsOf(OWNER, matrix.rows, cv, codes, k);
    yield;
    const methods: Exclude<StackMethod, 'auto'>[] = [];
    const columnsOf: Columns = (model, rows) =>
      classColumns(k, methodOf(model as ClassifierModel<number>, stackMethod))(model, rows);
    const { models, parts } = yield* fitFolds<ClassifierModel<number>>(
      this.estimators,
      matrix,
      codes,
      weights,
      folds,
      columnsOf,
    );
    for (const model of models) methods.push(methodOf(model, stackMethod));
    const stacked = rowsOf(beside(parts, matrix, passthrough));
    const request = { estimator: this.finalEstimator, x: stacked, y: codes, sampleWeight: weights };
    const finalModel = yield* fitted<ClassifierModel<number>>(request);
    const names = Object.keys(this.estimators);
    return new FittedStackingClassifier({ classes, models, names, methods, finalModel, passthrough });
  }
}

/** What the final estimator sees of a model. @throws OptionError if it does not have what is wanted */
function methodOf(model: ClassifierModel<number>, wanted: StackMethod): Exclude<StackMethod, 'auto'> {
  if (wanted === 'auto') {
    if (model.predictProba !== undefined) return 'predictProba';
    return model.decisionFunction !== undefined ? 'decisionFunction' : 'predict';
  }
  if (model[wanted] !== undefined) return wanted;
  const [name] = /^\w+/.exec(String(model)) ?? ['a model'];
  throw new OptionError(`${OWNER}: stackMethod is '${wanted}', which ${name} does not have`);
}
