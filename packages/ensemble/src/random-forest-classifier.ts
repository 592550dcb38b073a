import { checkKnown, checkOneOf, type FitOptions, readable } from '@maru-ml/base';
import type { Classifier, Label, MatrixLike } from '@maru-ml/tensor';
import { type ClassWeight, checkClassWeight } from '@maru-ml/tensor';
import { BestSplitter, type ClassCriterion } from '@maru-ml/tree/grow';
import { type ForestClassifierSettings, rowsOfClasses } from './forest/classes.ts';
import { fitForest, fitForestAsync } from './forest/fit.ts';
import {
  checkForestOptions,
  type ForestFitAsyncOptions,
  type ForestKind,
  type ForestOptions,
} from './forest/options.ts';
import type { ForestClassifierModel } from './forest-classifier-model.ts';
import { describeEstimator } from './text.ts';

/** The options of `ForestOptions`, of which `maxFeatures` is 'sqrt' and `bootstrap` true if it is not given. */
export interface RandomForestClassifierOptions extends ForestOptions {
  /** How impure a node is: 'gini', 'entropy', or 'logLoss', which is the entropy too; 'gini'. */
  criterion?: ClassCriterion;
  /** Weights of the classes: 'balanced' is n / (k nₖ); or by label, 1 where it has none; null. */
  classWeight?: ClassWeight | null;
}

/** The options with their defaults. */
export type RandomForestClassifierSettings = ForestClassifierSettings;

const KIND: ForestKind<'RandomForestClassifier'> = {
  owner: 'RandomForestClassifier',
  splitter: 'best',
  Splitter: BestSplitter,
  bootstrap: true,
  maxFeatures: 'sqrt',
};

/**
 * A random forest of classes: many trees, each grown without limits from rows that are drawn with replacement, with a few columns drawn for each
 * node; the probability of a class is the mean of its shares in the leaves that a row comes to. Each tree fits too well, but they err in
 * different ways, which the mean evens out. A tree has its own generator, forked from the seed in order, so that the forest is the same for any
 * number of workers.
 *
 * Cost: O(trees · d' n log n) for d' columns in each node. Options are those of scikit-learn, but that shares are numbers below 1 (`maxFeatures: 1` is one
 * column), `workers` belongs to `fitAsync`, and there is no `warmStart` and no 'balanced_subsample'.
 *
 * L. Breiman, "Random forests", Machine Learning 45 (2001).
 */
export class RandomForestClassifier implements Classifier {
  readonly options: RandomForestClassifierSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: RandomForestClassifierOptions = {}) {
    const shared = checkForestOptions(KIND, options, ['criterion', 'classWeight']);
    const { criterion = 'gini', classWeight = null } = options;
    checkOneOf(KIND.owner, 'criterion', criterion, ['gini', 'entropy', 'logLoss']);
    this.options = Object.freeze({ criterion, ...shared, classWeight: checkClassWeight(KIND.owner, classWeight) });
    readable(this);
  }

  /**
   * Grows the trees from `x` [n, d], where NaN is a missing value, and the labels `y` [n].
   * @throws DataError for infinite numbers, ShapeError for lengths and columns that do not fit, OptionError for classes that there are not
   */
  fit<L extends Label>(x: MatrixLike, y: ArrayLike<L>, options: FitOptions = {}): ForestClassifierModel<L> {
    checkKnown(KIND.owner, options, ['sampleWeight', 'onProgress']);
    return fitForest(KIND, this.options, rowsOfClasses(KIND, this.options, x, y, options), options);
  }

  /**
   * The same without holding the thread for more than 50 ms, or by `workers` threads. Aborting rejects with the signal's reason, and a
   * worker that dies with a `TaskError`.
   */
  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: ForestFitAsyncOptions = {},
  ): Promise<ForestClassifierModel<L>> {
    return fitForestAsync(KIND, this.options, () => rowsOfClasses(KIND, this.options, x, y, options), options);
  }

  toString(): string {
    return describeEstimator('RandomForestClassifier', this.options);
  }
}
