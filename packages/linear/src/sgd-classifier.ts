import {
  checkKnown,
  checkNumber,
  checkOneOf,
  type FitAsyncOptions,
  type FitOptions,
  readable,
  runSteps,
  runStepsAsync,
  streamFrom,
} from '@maru-ml/base';
import type { Classifier, Label, MatrixLike, SparseRows } from '@maru-ml/tensor';
import { type ClassWeight, checkClassWeight } from '@maru-ml/tensor';
import { fitSgdClassifier } from './sgd-classifier-fit.ts';
import { FittedSGDClassifier, type SGDClassifierModel } from './sgd-classifier-model.ts';
import { CLASS_LOSSES, type LossName } from './sgd-losses.ts';
import { checkSgd, type SgdCommon, type SgdOptions } from './sgd-options.ts';
import { describeEstimator } from './text.ts';

/**
 * The options of `SGDClassifier`. Defaults of the schedule: `learningRate` 'optimal', `eta0` 0, `powerT` .5.
 */
export interface SGDClassifierOptions extends SgdOptions {
  /**
   * 'hinge' is a linear support vector machine, 'logLoss' logistic regression; 'modifiedHuber' is smooth, tolerant of outliers
   * and has probabilities; 'squaredHinge', 'perceptron'; 'multiclassHinge' fits all classes together; the losses of
   * `SGDRegressor` on -1 and 1; 'hinge'.
   */
  loss?: LossName | 'multiclassHinge';
  /** The width ε of 'huber', 'epsilonInsensitive' and 'squaredEpsilonInsensitive'; .1. */
  epsilon?: number;
  /** Weights of the classes: 'balanced' is n / (k nₖ); or by label, 1 where it has none; null. */
  classWeight?: ClassWeight | null;
}

/** The options with their defaults. */
export type SGDClassifierSettings = SgdCommon &
  Readonly<{ loss: LossName | 'multiclassHinge'; epsilon: number; classWeight: ClassWeight | null }>;

/** Options of `fit` for labels. */
export interface SGDFitOptions<L extends Label> extends FitOptions {
  /** All classes, where the rows may not have one of each: for a first batch, of many that come by `update`; those of `y`. */
  classes?: ArrayLike<L>;
}

/**
 * Linear classification by stochastic gradient descent: w and b of
 *
 *   (1/n) Σᵢ sᵢ ℓ(xᵢ w + b, yᵢ) + α (½ (1 - ρ) ‖w‖² + ρ ‖w‖₁)
 *
 * take a step for each row in turn. For data too large for other methods, which may come in batches (`model.update`). Columns must be of like
 * size: scale them first. Three classes or more are told apart one against all others, but for 'multiclassHinge',
 * Σ_{c ≠ y} max(0, s_c - s_y + 1). O(n d) an epoch.
 *
 * Options are those of scikit-learn with names in camelCase; with `shuffle: false` the numbers are the same too. Sparse rows are treated
 * as dense ones are (scikit-learn takes smaller steps of the intercept there).
 *
 * L. Bottou, "Large-scale machine learning with stochastic gradient descent", COMPSTAT (2010).
 */
export class SGDClassifier implements Classifier<MatrixLike | SparseRows> {
  readonly options: SGDClassifierSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: SGDClassifierOptions = {}) {
    this.options = checkSGDClassifier(options);
    readable(this);
  }

  /**
   * Fits the scores to `x` [n, d], dense or sparse, and the labels `y` [n].
   * @throws DataError for missing, infinite or far too large numbers or a single class, ShapeError for lengths that do not fit
   */
  fit<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: SGDFitOptions<L> = {},
  ): SGDClassifierModel<L> {
    checkKnown('SGDClassifier', options, ['sampleWeight', 'classes', 'onProgress']);
    const random = streamFrom(this.options.seed).fork();
    const steps = fitSgdClassifier('SGDClassifier', this.options, x, y, options, random);
    return new FittedSGDClassifier('SGDClassifier', runSteps(steps, options.onProgress));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: SGDFitOptions<L> & FitAsyncOptions = {},
  ): Promise<SGDClassifierModel<L>> {
    checkKnown('SGDClassifier', options, ['sampleWeight', 'classes', 'onProgress', 'signal']);
    const random = streamFrom(this.options.seed).fork();
    const steps = fitSgdClassifier('SGDClassifier', this.options, x, y, options, random);
    return new FittedSGDClassifier('SGDClassifier', await runStepsAsync(steps, options));
  }

  toString(): string {
    return describeEstimator('SGDClassifier', this.options);
  }
}

export function checkSGDClassifier(options: SGDClassifierOptions): SGDClassifierSettings {
  const owner = 'SGDClassifier';
  const defaults = { penalty: 'l2', learningRate: 'optimal', eta0: 0, powerT: 0.5 } as const;
  const common = checkSgd(owner, options, ['loss', 'epsilon', 'classWeight'], defaults);
  const { loss = 'hinge', epsilon = 0.1, classWeight = null } = options;
  checkOneOf(owner, 'loss', loss, [...CLASS_LOSSES, 'multiclassHinge']);
  checkNumber(owner, 'epsilon', epsilon, { min: 0 });
  const weights = checkClassWeight(owner, classWeight);
  return Object.freeze({ loss, epsilon, classWeight: weights, ...common });
}
