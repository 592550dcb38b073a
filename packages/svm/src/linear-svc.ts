import {
  checkKnown,
  checkOneOf,
  checkSampleWeight,
  DataError,
  type FitAsyncOptions,
  type FitOptions,
  type Progress,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
  streamFrom,
} from '@maru-ml/base';
import {
  type Classifier,
  type ClassWeight,
  checkClassWeight,
  classWeights,
  isSparse,
  type Label,
  type MatrixLike,
  type SparseRows,
  toLabels,
  toRows,
} from '@maru-ml/tensor';
import { descend, type LinearSolution } from './dual-descent.ts';
import { checkLinear, LINEAR_OPTIONS, type LinearOptions, type LinearSettings } from './linear-options.ts';
import { FittedLinearSVC, type LinearSVCModel } from './linear-svc-model.ts';
import { describeEstimator } from './text.ts';

export interface LinearSVCOptions extends LinearOptions {
  /** The loss ℓ of a row: 'hinge' or 'squaredHinge'; 'squaredHinge'. */
  loss?: 'hinge' | 'squaredHinge';
  /** Weights of the classes, which multiply C: 'balanced' is n / (k nₖ); or by label, 1 where it has none; null. */
  classWeight?: ClassWeight | null;
}

/** The options with their defaults. */
export type LinearSVCSettings = Readonly<
  LinearSettings & { loss: 'hinge' | 'squaredHinge'; classWeight: ClassWeight | null }
>;

const OWNER = 'LinearSVC';

/**
 * Linear support vector classification for many rows or columns, dense or sparse. For two classes y = ±1 it minimizes
 *
 *   ½ (‖w‖² + (b / τ)²) + C Σᵢ sᵢ ℓ(yᵢ (w·xᵢ + b)),   ℓ(z) = max(0, 1 - z) or max(0, 1 - z)²,
 *
 * where s are the weights of rows times those of their classes and τ is `interceptScaling`, by dual coordinate descent (see the
 * references). Of k classes each has a machine of its own against the rest, and the largest score wins; the weight of a class then counts
 * in its own machine alone, as in LIBLINEAR. A pass costs O(numbers in x).
 *
 * Options, defaults and attributes are those of scikit-learn's (LIBLINEAR's) dual solver with penalty 'l2', which penalizes the intercept
 * in the same way; `SVC` with kernel 'linear' does not. Many passes are needed where C or the numbers in x are large: scale columns first.
 *
 * C.-J. Hsieh, K.-W. Chang, C.-J. Lin, S. Keerthi and S. Sundararajan, "A dual coordinate descent method for large-scale linear
 * SVM", ICML (2008).
 */
export class LinearSVC implements Classifier<MatrixLike | SparseRows> {
  readonly options: LinearSVCSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: LinearSVCOptions = {}) {
    checkKnown(OWNER, options, ['loss', 'classWeight', ...LINEAR_OPTIONS]);
    const { loss = 'squaredHinge', classWeight = null } = options;
    checkOneOf(OWNER, 'loss', loss, ['hinge', 'squaredHinge']);
    const weights = checkClassWeight(OWNER, classWeight);
    this.options = Object.freeze({ loss, classWeight: weights, ...checkLinear(OWNER, options) });
    readable(this);
  }

  /**
   * Fits the scores to `x` [n, d], dense or sparse, and the labels `y` [n].
   * @throws DataError for missing, infinite or far too large numbers or a single class, ShapeError for lengths that do not fit
   */
  fit<L extends Label>(x: MatrixLike | SparseRows, y: ArrayLike<L>, options: FitOptions = {}): LinearSVCModel<L> {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress']);
    return runSteps(this.#steps(x, y, options.sampleWeight), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: FitAsyncOptions = {},
  ): Promise<LinearSVCModel<L>> {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress', 'signal']);
    return runStepsAsync(this.#steps(x, y, options.sampleWeight), options);
  }

  toString(): string {
    return describeEstimator(OWNER, this.options);
  }

  *#steps<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    sampleWeight: ArrayLike<number> | undefined,
  ): Steps<LinearSVCModel<L>> {
    const { C, loss, fitIntercept, interceptScaling, maxIter } = this.options;
    const rows = toRows(OWNER, x);
    const n = isSparse(rows) ? rows.shape[0] : rows.rows;
    const { classes, codes } = toLabels(OWNER, y, n);
    const weights = checkSampleWeight(OWNER, sampleWeight, n);
    const ofClass = classWeights(OWNER, this.options.classWeight, classes, codes);
    const costOf = (code: number, i: number) => C * ofClass[code]! * (weights?.[i] ?? 1);
    checkClasses(classes, codes, costOf);
    yield;

    const isHinge = loss === 'hinge';
    const scores = classes.length === 2 ? 1 : classes.length;
    const random = streamFrom(this.options.seed);
    let step = 0;
    const tell = (violation: number): Progress => {
      return { step: ++step, total: scores * maxIter, unit: 'iteration', metrics: { violation } };
    };
    const found: LinearSolution[] = [];
    for (let c = 0; c < scores && !found.at(-1)?.stopped; c++) {
      const isPositive = (i: number) => codes[i] === (scores === 1 ? 1 : c);
      // Of more than two machines each weighs its own class alone, and the rest by 1.
      const cost = Float64Array.from(codes, (code, i) => {
        return scores === 1 || isPositive(i) ? costOf(code, i) : C * (weights?.[i] ?? 1);
      });
      const bound = cost.map((most) => (isHinge || most === 0 ? most : Number.POSITIVE_INFINITY));
      const problem = {
        rows,
        constant: fitIntercept ? interceptScaling : 0,
        linear: Float64Array.from(codes, (_, i) => (isPositive(i) ? -1 : 1)),
        lower: bound.map((most, i) => (isPositive(i) ? 0 : -most)),
        upper: bound.map((most, i) => (isPositive(i) ? most : 0)),
        ridge: cost.map((most) => (isHinge || most === 0 ? 0 : 1 / (2 * most))),
        epsilon: 0,
      };
      found.push(yield* descend(problem, { ...this.options, owner: OWNER, random: random.fork(), tell }));
    }
    return new FittedLinearSVC(layOut(classes, scores, found));
  }
}

/** @throws DataError unless there are two classes or more, each with a row that weighs something */
function checkClasses<L extends Label>(
  classes: readonly L[],
  codes: Int32Array,
  costOf: (code: number, i: number) => number,
): void {
  if (classes.length < 2)
    throw new DataError(`${OWNER}: y must have at least two classes, got only ${show(classes[0])}`);
  for (const [code, label] of classes.entries()) {
    if (codes.some((other, i) => other === code && costOf(code, i) > 0)) continue;
    throw new DataError(`${OWNER}: all rows of class ${show(label)} weigh 0; leave them out`);
  }
}

/** All machines in one; those that were not come to have no coefficients. */
function layOut<L extends Label>(classes: readonly L[], scores: number, found: readonly LinearSolution[]) {
  const d = found[0]!.coef.length;
  const coef = new Float64Array(scores * d);
  for (const [c, solution] of found.entries()) coef.set(solution.coef, c * d);
  return {
    classes,
    coef,
    intercept: Float64Array.from({ length: scores }, (_, c) => found[c]?.intercept ?? 0),
    nIter: Math.max(...found.map(({ nIter }) => nIter)),
    converged: found.length === scores && found.every(({ converged }) => converged),
  };
}
