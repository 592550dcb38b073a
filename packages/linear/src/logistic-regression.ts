import {
  checkBoolean,
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  type FitAsyncOptions,
  type FitOptions,
  OptionError,
  readable,
  runSteps,
  runStepsAsync,
  show,
} from '@maru-ml/base';
import type { Classifier, Label, MatrixLike, SparseRows } from '@maru-ml/tensor';
import { type ClassWeight, checkClassWeight } from '@maru-ml/tensor';
import { fitLogistic } from './logistic-fit.ts';
import { FittedLogisticRegression, type LogisticRegressionModel } from './logistic-model.ts';
import { describeEstimator } from './text.ts';

export interface LogisticRegressionOptions {
  /** 'l2' keeps coefficients small, 'l1' few, 'elasticnet' both; null does neither; 'l2', or what `l1Ratio` says. */
  penalty?: 'l2' | 'l1' | 'elasticnet' | null;
  /** How little the penalty weighs, > 0; 1. */
  C?: number;
  /** The share ρ of the 'l1' penalty in 'elasticnet', which 0 makes 'l2' and 1 'l1'; that of `penalty`. */
  l1Ratio?: number;
  /** Stop when no element of the gradient of the mean loss, by the coefficients of standardized columns, is larger; 1e-8. */
  tol?: number;
  /** The most iterations; 1000. */
  maxIter?: number;
  /** Whether there is an intercept b, which is not penalized; true. */
  fitIntercept?: boolean;
  /** Weights of the classes: 'balanced' is n / (k nₖ); or by label, 1 where it has none; null. */
  classWeight?: ClassWeight | null;
  /** 'newton-cholesky' or 'lbfgs' for smooth penalties, 'coordinate' for all; 'auto' chooses by size. */
  solver?: 'auto' | 'lbfgs' | 'newton-cholesky' | 'coordinate';
}

/** The options with their defaults. */
export type LogisticRegressionSettings = Readonly<
  Required<Omit<LogisticRegressionOptions, 'classWeight'>> & { classWeight: ClassWeight | null }
>;

/**
 * Logistic regression: the probability of class c is softmax(x w + b)_c, for two classes that of the second 1 / (1 + e^-(x w + b)).
 * w and b minimize
 *
 *   C Σᵢ sᵢ ℓᵢ + ½ (1 - ρ) ‖w‖² + ρ ‖w‖₁,   ℓᵢ = -log of the probability of row i's class,
 *
 * where s are the weights of rows times those of their classes, and ρ is 0 for 'l2' and 1 for 'l1'. Three classes or more are fitted
 * together (multinomial). Smooth penalties go through Newton's method with Cholesky factors (some ten iterations of
 * O(n d²)) or L-BFGS (many of O(n d)); 'l1' and 'elasticnet' through proximal Newton steps by coordinate descent with an active
 * set. Columns are standardized on the way, without a copy, which changes the steps but not the minimum; float32 rows are read
 * as they are.
 *
 * Options are those of scikit-learn, but that all solvers are run to a gradient of 1e-8 (`tol` is 1e-4 there, `maxIter` 100), and
 * that 'auto' is the default solver in place of 'lbfgs'. 'newton-cg', 'sag', 'saga' and 'liblinear' are not here: they lead to the same
 * minimum (but for the intercept, which 'liblinear' penalizes), and errors say what to take. There is no `interceptScaling` (the intercept is never penalized).
 *
 * J. Nocedal and S. Wright, "Numerical Optimization", 2nd ed. (2006), chapters 3 and 7.
 * G.-X. Yuan, C.-H. Ho and C.-J. Lin, "An improved GLMNET for L1-regularized logistic regression", JMLR 13 (2012).
 */
export class LogisticRegression implements Classifier<MatrixLike | SparseRows> {
  readonly options: LogisticRegressionSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: LogisticRegressionOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Fits the probabilities to `x` [n, d], dense or sparse, and the labels `y` [n].
   * @throws DataError for missing, infinite or far too large numbers or a single class, ShapeError for lengths that do not fit
   */
  fit<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: FitOptions = {},
  ): LogisticRegressionModel<L> {
    checkKnown('LogisticRegression', options, ['sampleWeight', 'onProgress']);
    const steps = fitLogistic(this.options, x, y, options.sampleWeight);
    return new FittedLogisticRegression(runSteps(steps, options.onProgress));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: FitAsyncOptions = {},
  ): Promise<LogisticRegressionModel<L>> {
    checkKnown('LogisticRegression', options, ['sampleWeight', 'onProgress', 'signal']);
    const steps = fitLogistic(this.options, x, y, options.sampleWeight);
    return new FittedLogisticRegression(await runStepsAsync(steps, options));
  }

  toString(): string {
    return describeEstimator('LogisticRegression', this.options);
  }
}

const KNOWN = ['penalty', 'C', 'l1Ratio', 'tol', 'maxIter', 'fitIntercept', 'classWeight', 'solver'];
const SOLVERS = ['auto', 'lbfgs', 'newton-cholesky', 'coordinate'] as const;

/** Solvers of scikit-learn, and what does their work here. */
const OTHER_SOLVERS: Readonly<Record<string, string>> = {
  'newton-cg': 'newton-cholesky',
  sag: 'lbfgs',
  saga: 'coordinate',
  liblinear: 'coordinate',
};

function checkOptions(options: LogisticRegressionOptions): LogisticRegressionSettings {
  const owner = 'LogisticRegression';
  checkKnown(owner, options, KNOWN);
  const { C = 1, tol = 1e-8, maxIter = 1000, fitIntercept = true, classWeight = null, solver = 'auto' } = options;
  const { penalty, l1Ratio } = checkPenalty(owner, options);
  checkNumber(owner, 'C', C, { above: 0 });
  checkNumber(owner, 'tol', tol, { min: 0 });
  checkInteger(owner, 'maxIter', maxIter, { min: 1 });
  checkBoolean(owner, 'fitIntercept', fitIntercept);
  if (Object.hasOwn(OTHER_SOLVERS, solver)) {
    throw new OptionError(
      `${owner}: there is no solver ${show(solver)}; take ${show(OTHER_SOLVERS[solver])}, which leads to the same minimum`,
    );
  }
  checkOneOf(owner, 'solver', solver, SOLVERS);
  if (l1Ratio > 0 && penalty !== null && solver !== 'auto' && solver !== 'coordinate') {
    throw new OptionError(
      `${owner}: solver ${show(solver)} needs a smooth penalty; take 'coordinate' for ${show(penalty)}`,
    );
  }
  const weights = checkClassWeight(owner, classWeight);
  return Object.freeze({ penalty, C, l1Ratio, tol, maxIter, fitIntercept, classWeight: weights, solver });
}

/** The penalty and its share of absolute values, of which one may follow from the other. */
function checkPenalty(
  owner: string,
  { penalty, l1Ratio }: LogisticRegressionOptions,
): { penalty: 'l2' | 'l1' | 'elasticnet' | null; l1Ratio: number } {
  if (l1Ratio !== undefined) checkNumber(owner, 'l1Ratio', l1Ratio, { min: 0, max: 1 });
  const given = l1Ratio ?? 0;
  if (penalty === undefined) {
    return { penalty: given === 0 ? 'l2' : given === 1 ? 'l1' : 'elasticnet', l1Ratio: given };
  }
  if (penalty === null) return { penalty, l1Ratio: given };
  checkOneOf(owner, 'penalty', penalty, ['l2', 'l1', 'elasticnet']);
  const share = { l2: 0, l1: 1, elasticnet: l1Ratio ?? 0.5 }[penalty];
  if ((l1Ratio ?? share) !== share) {
    throw new OptionError(`${owner}: l1Ratio is ${l1Ratio}, but the penalty is ${show(penalty)}; take 'elasticnet'`);
  }
  return { penalty, l1Ratio: share };
}
