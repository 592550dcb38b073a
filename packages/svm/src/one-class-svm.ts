import {
  checkKnown,
  checkNumber,
  checkSampleWeight,
  type FitAsyncOptions,
  type FitOptions,
  type Progress,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
} from '@maru-ml/base';
import { type Estimator, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import {
  checkKernel,
  KERNEL_OPTIONS,
  type KernelFunctions,
  type KernelOptions,
  type KernelSettings,
  kernelFor,
} from './kernel.ts';
import { kernelRows } from './kernel-rows.ts';
import { FittedOneClassSVM, type OneClassSVMModel } from './one-class-svm-model.ts';
import { checkGram, copied, positivePlaces, vectorsOf } from './rows.ts';
import { solve } from './smo.ts';
import { checkSolver, SOLVER_OPTIONS, type SolverOptions } from './solver-options.ts';
import { describeEstimator } from './text.ts';

export interface OneClassSVMOptions extends KernelOptions, SolverOptions {
  /** ν: at most this share of the rows lies outside, and at least this share are support vectors, from (0, 1]; 0.5. */
  nu?: number;
}

/** The options with their defaults. */
export type OneClassSVMSettings = Readonly<KernelSettings & Required<SolverOptions> & { nu: number }>;

const OWNER = 'OneClassSVM';

/**
 * One-class support vector machine: the region where rows are usual, for novelties and outliers. In the space of φ it parts the
 * rows from the origin by a hyperplane as far from it as can be, with a share ν of them left behind at most:
 *
 *   min ½ ‖w‖² - ρ ν Σ s + Σᵢ sᵢ max(0, ρ - w·φ(xᵢ)),   k(x, z) = φ(x)·φ(z),
 *
 * through its dual, ½ αᵀKα over Σ α = ν Σ s and 0 ≤ αᵢ ≤ sᵢ, by the method of `SVC`, with whose kernels. A row is usual where w·φ(x) > ρ.
 * Options, defaults and attributes are those of scikit-learn, but that `dualCoef` is [s] and `intercept` a number.
 * Cost: O(ν n² d) for the start, then that of `SVC`.
 *
 * B. Schölkopf, J. Platt, J. Shawe-Taylor, A. Smola and R. Williamson, "Estimating the support of a high-dimensional
 * distribution", Neural Computation 13 (2001).
 */
export class OneClassSVM implements Estimator {
  readonly options: OneClassSVMSettings;
  readonly #functions: KernelFunctions;

  /**
   * @param functions kernels of the user's, by the names that `kernel` may have
   * @throws OptionError for options that have no meaning
   */
  constructor(options: OneClassSVMOptions = {}, functions: KernelFunctions = {}) {
    checkKnown(OWNER, options, ['nu', ...KERNEL_OPTIONS, ...SOLVER_OPTIONS]);
    const { nu = 0.5 } = options;
    checkNumber(OWNER, 'nu', nu, { above: 0, max: 1 });
    this.options = Object.freeze({ nu, ...checkKernel(OWNER, options, functions), ...checkSolver(OWNER, options) });
    this.#functions = Object.freeze({ ...functions });
    readable(this);
  }

  /**
   * Finds the region of the rows of `x` [n, d], or [n, n] for 'precomputed'.
   * @throws DataError for missing, infinite or far too large numbers
   */
  fit(x: MatrixLike, options: FitOptions = {}): OneClassSVMModel {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress']);
    return runSteps(this.#steps(x, options.sampleWeight), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: FitAsyncOptions = {}): Promise<OneClassSVMModel> {
    checkKnown(OWNER, options, ['sampleWeight', 'onProgress', 'signal']);
    return runStepsAsync(this.#steps(x, options.sampleWeight), options);
  }

  toString(): string {
    return describeEstimator(OWNER, this.options);
  }

  *#steps(x: MatrixLike, sampleWeight: ArrayLike<number> | undefined): Steps<OneClassSVMModel> {
    const { data: given, rows: n, columns: d } = toMatrix(OWNER, x);
    const data = yield* copied(given);
    const weights = checkSampleWeight(OWNER, sampleWeight, n);
    if (this.options.kernel === 'precomputed') yield* checkGram(OWNER, data, n, d);
    const kernel = yield* kernelFor(OWNER, this.options, this.#functions, data, d);
    const rows = positivePlaces(weights, n);
    yield;
    const upper = Float64Array.from(rows, (i) => weights?.[i] ?? 1);
    const ofKernel = yield* kernelRows(OWNER, kernel, data, d, rows);
    let step = 0;
    try {
      const { beta, bias, nIter, converged } = yield* solve(
        {
          kernel: ofKernel,
          linear: new Float64Array(rows.length),
          lower: new Float64Array(rows.length),
          upper,
          epsilon: 0,
          start: firstOf(upper, this.options.nu),
        },
        {
          ...this.options,
          owner: OWNER,
          tell: (violation): Progress => ({ step: ++step, unit: 'iteration', metrics: { violation } }),
        },
      );
      const support = rows.filter((_, at) => beta[at] !== 0);
      const vectors = kernel.name === 'precomputed' ? new Float64Array(0) : vectorsOf(data, d, support);
      const dualCoef = beta.filter((b) => b !== 0);
      return new FittedOneClassSVM({ kernel, d, support, vectors, dualCoef, intercept: bias, nIter, converged });
    } finally {
      ofKernel.free();
    }
  }
}

/** Multipliers that add up to ν Σ s: the first rows have all that they may. */
function firstOf(upper: Float64Array, nu: number): Float64Array {
  let rest = nu * upper.reduce((sum, weight) => sum + weight, 0);
  return upper.map((most) => {
    const share = Math.min(most, rest);
    rest -= share;
    return share;
  });
}
