import {
  checkKnown,
  checkOneOf,
  checkSampleWeight,
  type FitAsyncOptions,
  type FitOptions,
  type Fits,
  readable,
  runFits,
  runFitsAsync,
} from '@maru-ml/base';
import {
  type Classifier,
  type ClassifierModel,
  type Label,
  type MatrixLike,
  toLabels,
  toMatrix,
} from '@maru-ml/tensor';
import { checkEstimators, type Named } from './members/members.ts';
import { checkWeights, fitAll } from './members/voting.ts';
import { describeEstimator } from './text.ts';
import { FittedVotingClassifier, type VotingClassifierModel } from './voting-classifier-model.ts';

export interface VotingClassifierOptions {
  /** Whether labels ('hard') or probabilities ('soft') count; 'hard'. */
  voting?: 'hard' | 'soft';
  /** How much each estimator counts, in their order; null, alike. */
  weights?: readonly number[] | null;
}

/** The options with their defaults. */
export type VotingClassifierSettings = Readonly<Required<VotingClassifierOptions>>;

const OWNER = 'VotingClassifier';

/**
 * Puts different classifiers to the vote. 'hard': the label with most votes, of equals the first; 'soft': the label with the largest mean probability, which
 * is better where the probabilities are good. Votes and probabilities may be weighted. For models that err in different ways.
 *
 * Names and options are those of scikit-learn; estimators come as an object.
 *
 * L. I. Kuncheva, "Combining Pattern Classifiers", Wiley (2004).
 */
export class VotingClassifier implements Classifier {
  readonly estimators: Named<Classifier>;
  readonly options: VotingClassifierSettings;

  /**
   * @param estimators classifiers by names of your choice
   * @throws OptionError for options that have no meaning
   */
  constructor(estimators: Named<Classifier>, options: VotingClassifierOptions = {}) {
    checkKnown(OWNER, options, ['voting', 'weights']);
    const { voting = 'hard', weights = null } = options;
    checkOneOf(OWNER, 'voting', voting, ['hard', 'soft']);
    this.estimators = checkEstimators(OWNER, estimators);
    this.options = Object.freeze({ voting, weights: checkWeights(OWNER, weights, Object.keys(estimators).length) });
    readable(this);
  }

  /**
   * Fits all estimators from `x` [n, d] and the labels `y` [n]; missing values are left to the estimators.
   * @throws DataError for infinite numbers, ShapeError for lengths that do not fit, and what the estimators throw
   */
  fit<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: Omit<FitOptions, 'onProgress'> = {},
  ): VotingClassifierModel<L> {
    checkKnown(OWNER, options, ['sampleWeight']);
    return runFits(this.#plan(x, y, options.sampleWeight));
  }

  /** The same by the estimators' own `fitAsync`. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: Omit<FitAsyncOptions, 'onProgress'> = {},
  ): Promise<VotingClassifierModel<L>> {
    checkKnown(OWNER, options, ['sampleWeight', 'signal']);
    return runFitsAsync(this.#plan(x, y, options.sampleWeight), options);
  }

  toString(): string {
    return describeEstimator(OWNER, { estimators: Object.keys(this.estimators), ...this.options });
  }

  *#plan<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    sampleWeight: ArrayLike<number> | undefined,
  ): Fits<VotingClassifierModel<L>> {
    const matrix = toMatrix(OWNER, x, { allowMissing: true });
    yield;
    const { classes, codes } = toLabels(OWNER, y, matrix.rows);
    const weights = checkSampleWeight(OWNER, sampleWeight, matrix.rows);
    yield;
    const models = yield* fitAll<ClassifierModel<number>>(this.estimators, matrix, codes, weights);
    const { voting, weights: shares } = this.options;
    return new FittedVotingClassifier({
      classes,
      models,
      names: Object.keys(this.estimators),
      voting,
      weights: shares,
    });
  }
}
