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
import {
  type Classifier,
  type ClassWeight,
  checkClassWeight,
  type Label,
  type MatrixLike,
  type ScoreOptions,
  toLabels,
  toMatrix,
} from '@maru-ml/tensor';
import { classCriterion } from './class-criterion.ts';
import { timesClassWeight } from './class-weight.ts';
import { CLASS_CRITERIA, type ClassCriterion } from './criteria.ts';
import { type DecisionTreeClassifierModel, FittedDecisionTreeClassifier } from './decision-tree-classifier-model.ts';
import { fitTree } from './fit.ts';
import { type PruningPath, prune, pruningPath } from './pruning.ts';
import { describeEstimator } from './text.ts';
import { checkTreeOptions, TREE_OPTIONS, type TreeOptions, type TreeSettings } from './tree-options.ts';

export interface DecisionTreeClassifierOptions extends TreeOptions {
  /**
   * How impure a node is: Gini's 1 - Σ pₖ², or the entropy -Σ pₖ log₂ pₖ of its classes, which is also called 'logLoss';
   * 'gini'.
   */
  criterion?: ClassCriterion;
  /** Weights of the classes: 'balanced' is n / (k nₖ); or by label, 1 where it has none; null. */
  classWeight?: ClassWeight | null;
}

/** The options with their defaults. */
export type DecisionTreeClassifierSettings = TreeSettings &
  Readonly<{ criterion: ClassCriterion; classWeight: ClassWeight | null }>;

/**
 * A tree of questions to one column each, whose leaves hold shares of classes (CART). A node of weight W and impurity I is
 * split by the question that lowers
 *
 *   W I - Wₗ Iₗ - Wᵣ Iᵣ
 *
 * most, and so on until its rows are of one class, or until a limit holds. `ccpAlpha` then prunes: of the trees that are left,
 * the one with the least R(T) + α |T|. Columns are sorted once, and their orders are parted along with the rows: O(d n log n)
 * for sorting, and O(d n) for each level of the tree.
 *
 * - Thresholds lie in the middle between two numbers. Of questions that are equally good, but for rounding, the one about the
 *   first column and the lowest threshold is taken (scikit-learn draws among columns); all numbers that differ are told apart
 *   (scikit-learn: those that differ by 10⁻⁷).
 * - Missing numbers (NaN) go to the side where they lower the impurity most, and a split may part only them from all others. A
 *   node that has seen none sends them where most of its rows went.
 * - A column in `categoricalFeatures` is split into two sets of categories: the best of all such pairs for two classes; for
 *   more, the best of those that part the order of the categories by the share of some class. A category that a node has not
 *   seen goes where missing ones go.
 *
 * Options, defaults and numbers are those of scikit-learn, but that shares are numbers below 1 (`maxFeatures: 1` is one
 * column), and that scikit-learn has no `categoricalFeatures`.
 *
 * L. Breiman, J. Friedman, R. Olshen and C. Stone, "Classification and Regression Trees", Wadsworth (1984).
 */
export class DecisionTreeClassifier implements Classifier {
  readonly options: DecisionTreeClassifierSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: DecisionTreeClassifierOptions = {}) {
    const owner = 'DecisionTreeClassifier';
    checkKnown(owner, options, ['criterion', ...TREE_OPTIONS, 'classWeight']);
    const { criterion = 'gini', classWeight = null } = options;
    checkOneOf(owner, 'criterion', criterion, CLASS_CRITERIA);
    const shared = checkTreeOptions(owner, options);
    this.options = Object.freeze({ criterion, ...shared, classWeight: checkClassWeight(owner, classWeight) });
    readable(this);
  }

  /**
   * Grows the tree.
   *
   * @param x [n, d], NaN where a number is missing; @param y a label for each row [n]
   * @throws DataError for infinite numbers or weights that are far too large or small, ShapeError for lengths and columns that
   * do not fit
   */
  fit<L extends Label>(x: MatrixLike, y: ArrayLike<L>, options: FitOptions = {}): DecisionTreeClassifierModel<L> {
    checkKnown('DecisionTreeClassifier', options, ['sampleWeight', 'onProgress']);
    return runSteps(this.#steps(x, y, options), options.onProgress);
  }

  /**
   * The same without holding the thread for more than 50 ms, or for as long as a column of a node takes: with more than some
   * 500,000 rows longer. Aborting rejects with the signal's reason.
   */
  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: FitAsyncOptions = {},
  ): Promise<DecisionTreeClassifierModel<L>> {
    checkKnown('DecisionTreeClassifier', options, ['sampleWeight', 'onProgress', 'signal']);
    return runStepsAsync(this.#steps(x, y, options), options);
  }

  /** The trees that pruning leads to, by the `ccpAlpha` at which each begins. Arguments and errors are those of `fit`. */
  costComplexityPruningPath<L extends Label>(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): PruningPath {
    checkKnown('DecisionTreeClassifier', options, ['sampleWeight']);
    return pruningPath(runSteps(this.#grow(x, y, options)).tree);
  }

  toString(): string {
    return describeEstimator('DecisionTreeClassifier', this.options);
  }

  *#steps<L extends Label>(x: MatrixLike, y: ArrayLike<L>, options: FitOptions): Steps<DecisionTreeClassifierModel<L>> {
    const { tree, columns, classes } = yield* this.#grow(x, y, options);
    const { criterion, ccpAlpha } = this.options;
    return new FittedDecisionTreeClassifier(classes, columns, criterion, prune(tree, ccpAlpha));
  }

  *#grow<L extends Label>(x: MatrixLike, y: ArrayLike<L>, { sampleWeight }: FitOptions) {
    const owner = 'DecisionTreeClassifier';
    const { criterion, classWeight } = this.options;
    const matrix = toMatrix(owner, x, { allowMissing: true });
    const { classes, codes } = toLabels(owner, y, matrix.rows);
    const given = checkSampleWeight(owner, sampleWeight, matrix.rows);
    const weights = timesClassWeight(owner, given, classWeight, classes, codes);
    const criterionOf = () => classCriterion(criterion, codes, classes.length, weights);
    const tree = yield* fitTree(owner, this.options, matrix, weights, criterionOf);
    return { tree, columns: matrix.columns, classes };
  }
}
