import { checkKnown, type FitAsyncOptions, readable, runSteps, runStepsAsync, streamFrom } from '@maru-ml/base';
import type { Classifier, Label, MatrixLike, SparseRows } from '@maru-ml/tensor';
import { type ClassWeight, checkClassWeight } from '@maru-ml/tensor';
import {
  checkSGDClassifier,
  type SGDClassifierOptions,
  type SGDClassifierSettings,
  type SGDFitOptions,
} from './sgd-classifier.ts';
import { fitSgdClassifier } from './sgd-classifier-fit.ts';
import { FittedSGDClassifier, type SGDClassifierModel } from './sgd-classifier-model.ts';
import { checkSgd, type SgdOptions } from './sgd-options.ts';
import { describeEstimator } from './text.ts';

/** The options of `Perceptron`. Defaults that differ from others: `penalty` null, `eta0` 1. */
export interface PerceptronOptions extends Omit<SgdOptions, 'learningRate' | 'powerT' | 'average'> {
  /** Weights of the classes: 'balanced' is n / (k nₖ); or by label, 1 where it has none; null. */
  classWeight?: ClassWeight | null;
}

/** The options with their defaults. */
export type PerceptronSettings = Omit<
  SGDClassifierSettings,
  'loss' | 'epsilon' | 'learningRate' | 'powerT' | 'average'
>;

/**
 * The perceptron: for each row in turn that is on the wrong side, w += η₀ s y x and b += η₀ s y, with y = ±1. On separable classes it
 * ends with a line between them. It is `SGDClassifier` with the loss 'perceptron', max(0, -y (x w + b)), a constant η₀ and no penalty
 * by default. O(n d) an epoch.
 *
 * F. Rosenblatt, "The perceptron: a probabilistic model for information storage and organization in the brain",
 * Psychological Review 65 (1958).
 */
export class Perceptron implements Classifier<MatrixLike | SparseRows> {
  readonly options: PerceptronSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: PerceptronOptions = {}) {
    this.options = checkPerceptron(options);
    readable(this);
  }

  /**
   * Fits the line to `x` [n, d], dense or sparse, and the labels `y` [n].
   * @throws DataError for missing, infinite or far too large numbers or a single class, ShapeError for lengths that do not fit
   */
  fit<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: SGDFitOptions<L> = {},
  ): SGDClassifierModel<L> {
    checkKnown('Perceptron', options, ['sampleWeight', 'classes', 'onProgress']);
    const random = streamFrom(this.options.seed).fork();
    const steps = fitSgdClassifier('Perceptron', asClassifier(this.options), x, y, options, random);
    return new FittedSGDClassifier('Perceptron', runSteps(steps, options.onProgress));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: SGDFitOptions<L> & FitAsyncOptions = {},
  ): Promise<SGDClassifierModel<L>> {
    checkKnown('Perceptron', options, ['sampleWeight', 'classes', 'onProgress', 'signal']);
    const random = streamFrom(this.options.seed).fork();
    const steps = fitSgdClassifier('Perceptron', asClassifier(this.options), x, y, options, random);
    return new FittedSGDClassifier('Perceptron', await runStepsAsync(steps, options));
  }

  toString(): string {
    return describeEstimator('Perceptron', this.options);
  }
}

function checkPerceptron(options: PerceptronOptions): PerceptronSettings {
  const owner = 'Perceptron';
  const fixed = ['learningRate', 'powerT', 'average'];
  const defaults = { penalty: null, learningRate: 'constant', eta0: 1, powerT: 0.5 } as const;
  const {
    learningRate: _,
    powerT: __,
    average: ___,
    ...common
  } = checkSgd(owner, options, ['classWeight'], defaults, fixed);
  return Object.freeze({ classWeight: checkClassWeight(owner, options.classWeight ?? null), ...common });
}

function asClassifier(options: PerceptronSettings): SGDClassifierSettings {
  return checkSGDClassifier({ ...options, loss: 'perceptron', learningRate: 'constant' } as SGDClassifierOptions);
}
