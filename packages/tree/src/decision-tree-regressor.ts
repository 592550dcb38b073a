import {
  checkKnown,
  checkOneOf,
  checkSampleWeight,
  type FitAsyncOptions,
  type FitOptions,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
} from '@maru-ml/base';
import { type MatrixLike, type Regressor, type ScoreOptions, toMatrix, toTargets } from '@maru-ml/tensor';
import { NUMBER_CRITERIA, type NumberCriterion } from './criteria.ts';
import { type DecisionTreeRegressorModel, FittedDecisionTreeRegressor } from './decision-tree-regressor-model.ts';
import { fitTree } from './fit.ts';
import { numberCriterion } from './number-criterion.ts';
import { type PruningPath, prune, pruningPath } from './pruning.ts';
import { checkNumbers } from './targets.ts';
import { describeEstimator } from './text.ts';
import { checkTreeOptions, TREE_OPTIONS, type TreeOptions, type TreeSettings } from './tree-options.ts';

export interface DecisionTreeRegressorOptions extends TreeOptions {
  /**
   * How impure a node is: the mean squared error of its mean, by another name 'friedmanMse'; the mean absolute error of its
   * median; or half the mean Poisson deviance of its mean, for counts and rates ≥ 0; 'squaredError'.
   */
  criterion?: NumberCriterion;
}

/** The options with their defaults. */
export type DecisionTreeRegressorSettings = TreeSettings & Readonly<{ criterion: NumberCriterion }>;

/**
 * A tree of questions to one column each, whose leaves hold a number (CART): the mean of their rows, or for 'absoluteError'
 * their median. A node of weight W and impurity I is split by the question that lowers
 *
 *   W I - Wₗ Iₗ - Wᵣ Iᵣ
 *
 * most, and so on until its rows have one target, or until a limit holds; `ccpAlpha` then prunes. Costs, ties between
 * questions, missing numbers and categories are as in `DecisionTreeClassifier`; categories are parted in the order of their
 * mean targets, which leads to the best of all pairs of sets for squared errors and Poisson deviances, and to a good one for
 * absolute errors. A column costs O(n log n) instead of O(n) for each level of the tree for 'absoluteError', whose medians are
 * kept in a Fenwick tree.
 *
 * Options, defaults and numbers are those of scikit-learn, but that shares are numbers below 1 (`maxFeatures: 1` is one
 * column), that `categoricalFeatures` is not there, and that a node counts as pure at 2⁻⁵² of the root's impurity
 * (scikit-learn: at 2⁻⁵², whatever the unit of y).
 *
 * L. Breiman, J. Friedman, R. Olshen and C. Stone, "Classification and Regression Trees", Wadsworth (1984).
 */
export class DecisionTreeRegressor implements Regressor {
  readonly options: DecisionTreeRegressorSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: DecisionTreeRegressorOptions = {}) {
    const owner = 'DecisionTreeRegressor';
    checkKnown(owner, options, ['criterion', ...TREE_OPTIONS]);
    const { criterion = 'squaredError' } = options;
    checkOneOf(owner, 'criterion', criterion, NUMBER_CRITERIA);
    this.options = Object.freeze({ criterion, ...checkTreeOptions(owner, options) });
    readable(this);
  }

  /**
   * Grows the tree.
   *
   * @param x [n, d], NaN where a number is missing; @param y a number for each row [n]
   * @throws DataError for infinite numbers, targets or weights that are far too large or small, ShapeError for lengths and
   * columns that do not fit
   */
  fit(x: MatrixLike, y: ArrayLike<number>, options: FitOptions = {}): DecisionTreeRegressorModel {
    checkKnown('DecisionTreeRegressor', options, ['sampleWeight', 'onProgress']);
    return runSteps(this.#steps(x, y, options), options.onProgress);
  }

  /**
   * The same without holding the thread for more than 50 ms, or for as long as a column of a node takes: with more than some
   * 500,000 rows longer. Aborting rejects with the signal's reason.
   */
  async fitAsync(
    x: MatrixLike,
    y: ArrayLike<number>,
    options: FitAsyncOptions = {},
  ): Promise<DecisionTreeRegressorModel> {
    checkKnown('DecisionTreeRegressor', options, ['sampleWeight', 'onProgress', 'signal']);
    return runStepsAsync(this.#steps(x, y, options), options);
  }

  /** The trees that pruning leads to, by the `ccpAlpha` at which each begins. Arguments and errors are those of `fit`. */
  costComplexityPruningPath(x: MatrixLike, y: ArrayLike<number>, options: ScoreOptions = {}): PruningPath {
    checkKnown('DecisionTreeRegressor', options, ['sampleWeight']);
    return pruningPath(runSteps(this.#grow(x, y, options)).tree);
  }

  toString(): string {
    return describeEstimator('DecisionTreeRegressor', this.options);
  }

  *#steps(x: MatrixLike, y: ArrayLike<number>, options: FitOptions): Steps<DecisionTreeRegressorModel> {
    const { tree, columns } = yield* this.#grow(x, y, options);
    const { criterion, ccpAlpha } = this.options;
    return new FittedDecisionTreeRegressor(columns, criterion, prune(tree, ccpAlpha));
  }

  *#grow(x: MatrixLike, y: ArrayLike<number>, { sampleWeight }: FitOptions) {
    const owner = 'DecisionTreeRegressor';
    const { criterion } = this.options;
    const matrix = toMatrix(owner, x, { allowMissing: true });
    const targets = toTargets(owner, y, matrix.rows);
    const weights = checkSampleWeight(owner, sampleWeight, matrix.rows);
    checkNumbers(owner, criterion, targets, weights);
    const criterionOf = () => numberCriterion(criterion, targets, weights);
    const tree = yield* fitTree(owner, this.options, matrix, weights, criterionOf);
    return { tree, columns: matrix.columns };
  }
}
