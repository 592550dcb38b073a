import {
  checkKnown,
  counted,
  type FitAsyncOptions,
  type FitOptions,
  readable,
  runSteps,
  runStepsAsync,
  streamAt,
} from '@maru-ml/base';
import {
  type ClassifierModel,
  checkSaved,
  decodeArray,
  encodeArray,
  type IterativeModel,
  type Label,
  type MatrixLike,
  type ScoreOptions,
  type SparseRows,
  savedBoolean,
  savedCount,
  savedLabels,
  savedString,
  Table,
} from '@maru-ml/tensor';
import { ClassPredictor } from './class-predictor.ts';
import { checkSGDClassifier, type SGDClassifierSettings } from './sgd-classifier.ts';
import { type SgdClassifierFit, updateSgdClassifier } from './sgd-classifier-fit.ts';
import { savedOptions } from './sgd-options.ts';
import { answerOf, savedRandom, savedState, stateToJSON } from './sgd-state.ts';

/** The estimators whose model this is. */
export type SGDClassifierName = 'SGDClassifier' | 'Perceptron';

/**
 * The scores that `SGDClassifier` or `Perceptron` found. It is made by `fit`, `update` or `fromJSON` and does not change.
 */
export interface SGDClassifierModel<L extends Label = Label> extends FittedSGDClassifier<L> {}

export class FittedSGDClassifier<L extends Label = Label>
  implements ClassifierModel<L, MatrixLike | SparseRows>, IterativeModel
{
  /** Which estimator made it. */
  readonly estimator: SGDClassifierName;
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The coefficients w: [k, d], or [1, d] for two classes. */
  readonly coef: Table;
  /** b: [k], or [1] for two classes; 0 without `fitIntercept`. */
  readonly intercept: Float64Array;
  /** Epochs; of classes one against all others, those of the longest. */
  readonly nIter: number;
  /** Whether it stopped because nothing was gained any more. */
  readonly converged: boolean;
  /** Rows seen, and 1: η goes on from here in `update`. */
  readonly t: number;
  readonly nFeaturesIn: number;
  /**
   * The probabilities of the classes [m, k] for the losses 'logLoss' (the logistic function of the scores) and 'modifiedHuber', scaled so that
   * they add up to 1; undefined for others. Errors as for `predict`.
   */
  readonly predictProba?: (x: MatrixLike | SparseRows) => Table;
  /** Their logarithms [m, k], where there are probabilities. */
  readonly predictLogProba?: (x: MatrixLike | SparseRows) => Table;
  readonly #predictor: ClassPredictor<L>;
  readonly #fit: SgdClassifierFit<L>;

  /** @internal */
  constructor(estimator: SGDClassifierName, fit: SgdClassifierFit<L>) {
    const { classes, settings, state, nIter, converged } = fit;
    const { coef, intercept } = answerOf(state, Number(settings.average));
    this.estimator = estimator;
    this.classes = classes;
    this.coef = new Table(coef.slice(), intercept.length, coef.length / intercept.length);
    this.intercept = intercept.slice();
    this.nIter = nIter;
    this.converged = converged;
    this.t = state.t;
    this.nFeaturesIn = coef.length / intercept.length;
    this.#predictor = new ClassPredictor(estimator, classes, coef, intercept);
    this.#fit = fit;
    if (settings.loss === 'logLoss' || settings.loss === 'modifiedHuber') {
      const logarithm = settings.loss === 'logLoss' ? logLogistic : logClipped;
      this.predictProba = (x) => probabilities(this.#predictor.scores(x), classes.length, logarithm, Math.exp);
      this.predictLogProba = (x) => probabilities(this.#predictor.scores(x), classes.length, logarithm, (p) => p);
    }
    readable(this);
    Object.freeze(this);
  }

  /**
   * The model after one epoch more, over other rows: what scikit-learn calls `partial_fit`. This one does not change.
   * @throws DataError for labels that are not among `classes`, and as `fit`
   */
  update(x: MatrixLike | SparseRows, y: ArrayLike<L>, options: FitOptions = {}): SGDClassifierModel<L> {
    checkKnown(this.estimator, options, ['sampleWeight', 'onProgress']);
    const random = streamAt(this.#fit.random);
    const steps = updateSgdClassifier(this.estimator, this.#fit, x, y, options.sampleWeight, random);
    return new FittedSGDClassifier(this.estimator, runSteps(steps, options.onProgress));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async updateAsync(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: FitAsyncOptions = {},
  ): Promise<SGDClassifierModel<L>> {
    checkKnown(this.estimator, options, ['sampleWeight', 'onProgress', 'signal']);
    const random = streamAt(this.#fit.random);
    const steps = updateSgdClassifier(this.estimator, this.#fit, x, y, options.sampleWeight, random);
    return new FittedSGDClassifier(this.estimator, await runStepsAsync(steps, options));
  }

  /**
   * The label of the largest score of each row of `x` [m, d], dense or sparse.
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike | SparseRows): L[] {
    return this.#predictor.predict(x);
  }

  /** The label of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): L {
    return this.#predictor.predictOne(row);
  }

  /** The scores x w + b: [m, k], or [m] for two classes, positive for the second. Errors as for `predict`. */
  decisionFunction(x: MatrixLike | SparseRows): Table | Float64Array {
    return this.#predictor.decisionFunction(x);
  }

  /** The share of rows of `x` [m, d] whose label `y` [m] is predicted. */
  score(x: MatrixLike | SparseRows, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    return this.#predictor.score(x, y, options);
  }

  toJSON(): object {
    const { settings, classWeights, state, random } = this.#fit;
    const { seed: _, ...options } = settings;
    return {
      type: 'SGDClassifierModel',
      version: 1,
      estimator: this.estimator,
      classes: this.classes,
      options,
      classWeights: encodeArray(classWeights),
      state: stateToJSON(state),
      nIter: this.nIter,
      converged: this.converged,
      random,
    };
  }

  toString(): string {
    const end = `${this.converged ? 'converged' : 'not converged'} after ${counted(this.nIter, 'epoch')}`;
    return `${this.estimator}Model: ${this.classes.length} classes, ${counted(this.nFeaturesIn, 'column')}, ${end}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const SGDClassifierModel = {
  /** The model that `toJSON` wrote. @throws DataError or OptionError if it is none */
  fromJSON<L extends Label = Label>(json: unknown): SGDClassifierModel<L> {
    const owner = 'SGDClassifierModel.fromJSON';
    const fields = checkSaved('SGDClassifierModel', 1, json);
    const estimator = savedString(owner, fields, 'estimator', ['SGDClassifier', 'Perceptron']);
    const classes = savedLabels(owner, fields, 'classes', 2) as readonly L[];
    const settings = savedOptions<SGDClassifierSettings>(owner, fields, (saved) => checkSGDClassifier(saved));
    return new FittedSGDClassifier(estimator, {
      classes,
      settings,
      classWeights: decodeArray(owner, 'classWeights', fields.classWeights, {
        dtype: 'float64',
        shape: [classes.length],
      }),
      state: savedState(owner, fields.state, classes.length === 2 ? 1 : classes.length),
      nIter: savedCount(owner, fields, 'nIter'),
      converged: savedBoolean(owner, fields, 'converged'),
      random: savedRandom(owner, fields.random),
    });
  },
};

/** The logarithm of 1 / (1 + e⁻ˢ). */
function logLogistic(score: number): number {
  return -(Math.max(-score, 0) + Math.log1p(Math.exp(-Math.abs(score))));
}

/**
 * The logarithm of the share of rows of a class for which the modified Huber loss is least at the score.
 * T. Zhang, "Statistical behavior and consistency of classification methods based on convex risk minimization" (2004).
 */
function logClipped(score: number): number {
  return Math.log((Math.max(-1, Math.min(1, score)) + 1) / 2);
}

/** `of` the logarithms of probabilities [n, k], which are scaled so that they add up to 1; equal ones where all are 0. */
function probabilities(
  { data, shape }: Table,
  k: number,
  logarithm: (score: number) => number,
  of: (logProbability: number) => number,
): Table {
  const n = shape[0];
  const out = data instanceof Float32Array ? new Float32Array(n * k) : new Float64Array(n * k);
  const row = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    if (k === 2) row.set([logarithm(-data[i]!), logarithm(data[i]!)]);
    else {
      let sum = 0;
      for (let c = 0; c < k; c++) {
        row[c] = logarithm(data[i * k + c]!);
        sum += Math.exp(row[c]!);
      }
      for (let c = 0; c < k; c++) row[c] = sum === 0 ? -Math.log(k) : row[c]! - Math.log(sum);
    }
    for (let c = 0; c < k; c++) out[i * k + c] = of(row[c]!);
  }
  return new Table(out, n, k);
}
