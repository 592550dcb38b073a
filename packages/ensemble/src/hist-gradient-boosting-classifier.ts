import {
  checkKnown,
  checkSampleWeight,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import {
  type Classifier,
  type ClassWeight,
  checkClassWeight,
  type Label,
  type MatrixLike,
  toLabels,
  toMatrix,
} from '@maru-ml/tensor';
import { timesClassWeight } from '@maru-ml/tree/grow';
import { boost } from './hist/fit.ts';
import { logLoss } from './hist/losses.ts';
import { checkOptions, type HistGradientBoostingOptions, type HistGradientBoostingSettings } from './hist/options.ts';
import {
  FittedHistGradientBoostingClassifier,
  type HistGradientBoostingClassifierModel,
} from './hist-gradient-boosting-classifier-model.ts';
import { describeEstimator } from './text.ts';

export interface HistGradientBoostingClassifierOptions extends HistGradientBoostingOptions {
  /** Weights of the classes: 'balanced' is n / (k nₖ); or by label, 1 where it has none; null. */
  classWeight?: ClassWeight | null;
}

/** The options with their defaults. */
export type HistGradientBoostingClassifierSettings = HistGradientBoostingSettings &
  Readonly<{ classWeight: ClassWeight | null }>;

const OWNER = 'HistGradientBoostingClassifier';

/**
 * Gradient boosting of trees on binned columns, for classes: the probability of class c is softmax(F(x))_c, for two classes that of the
 * second 1 / (1 + e^-F(x)), where F(x) = F₀ + η Σₜ fₜ(x) and each tree fₜ is a Newton step on
 *
 *   Σᵢ wᵢ (-log of the probability of row i's class) + ½ λ Σ (value of a leaf)².
 *
 * Three classes or more have a tree each in every round. How trees grow is told at `HistGradientBoostingRegressor`.
 *
 * Cost: O(n d) for each level of a tree. Options, bins and trees are those of scikit-learn; gains are always measured by the loss, and
 * there is no `warmStart`: models do not change, and a fit of more rounds with the same seed begins with the same trees.
 *
 * G. Ke, Q. Meng, T. Finley and others, "LightGBM: a highly efficient gradient boosting decision tree", NeurIPS (2017).
 * J. H. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29 (2001).
 */
export class HistGradientBoostingClassifier implements Classifier {
  readonly options: HistGradientBoostingClassifierSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: HistGradientBoostingClassifierOptions = {}) {
    const shared = checkOptions(OWNER, options, ['classWeight']);
    this.options = Object.freeze({ classWeight: checkClassWeight(OWNER, options.classWeight ?? null), ...shared });
    readable(this);
  }

  /**
   * Fits trees to `x` [n, d], where NaN is a missing value, and the labels `y` [n].
   * @throws DataError for infinite numbers or a single class, ShapeError for lengths that do not fit, OptionError for columns or
   *   classes that there are not
   */
  fit<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: FitOptions = {},
  ): HistGradientBoostingClassifierModel<L> {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress']);
    return runSteps(this.#steps(x, y, options.sampleWeight), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: FitAsyncOptions = {},
  ): Promise<HistGradientBoostingClassifierModel<L>> {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress', 'signal']);
    return runStepsAsync(this.#steps(x, y, options.sampleWeight), options);
  }

  toString(): string {
    return describeEstimator(OWNER, this.options);
  }

  *#steps<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    sampleWeight: ArrayLike<number> | undefined,
  ): Steps<HistGradientBoostingClassifierModel<L>> {
    const matrix = toMatrix(OWNER, x, { allowMissing: true, keepFloat32: true });
    yield;
    const { classes, targets, weights } = this.#targets(y, matrix.rows, sampleWeight);
    yield;
    const rows = { x: matrix, y: targets, weights };
    const fit = yield* boost(OWNER, this.options, logLoss(classes.length), rows, true);
    return new FittedHistGradientBoostingClassifier(classes, fit);
  }

  /** The classes, those of the rows, and the weights of the rows; apart from the steps, so that nothing else stays in memory. */
  #targets<L extends Label>(y: ArrayLike<L>, n: number, sampleWeight: ArrayLike<number> | undefined) {
    const { classes, codes } = toLabels(OWNER, y, n);
    const given = checkSampleWeight(OWNER, sampleWeight, n);
    if (classes.length < 2)
      throw new DataError(`${OWNER}: y must have at least two classes, got only ${show(classes[0])}`);
    const weights = timesClassWeight(OWNER, given, this.options.classWeight, classes, codes);
    if (weights?.every((weight) => weight === 0)) throw new DataError(`${OWNER}: classWeight leaves no row any weight`);
    return { classes, targets: classes.length <= 256 ? new Uint8Array(codes) : codes, weights };
  }
}
