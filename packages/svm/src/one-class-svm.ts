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
  withDefaults,
} from '@maru-ml/base';
import { type Estimator, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import {
  checkKernel,
  KERNEL_DEFAULTS,
  type KernelFunctions,
  type KernelOptions,
  type KernelSettings,
  kernelFor,
} from './kernel.ts';
import { solveRows } from './kernel-rows.ts';
import { FittedOneClassSVM, type OneClassSVMModel } from './one-class-svm-model.ts';
import { checkGram, copied, positivePlaces } from './rows.ts';
import { singleFit } from './single-machine.ts';
import { checkSolver, SOLVER_DEFAULTS, type SolverOptions } from './solver-options.ts';
import { describeEstimator } from './text.ts';

export interface OneClassSVMOptions extends KernelOptions, SolverOptions {
  /** ν: at most this share of the rows lies outside, and at least this share are support vectors, from (0, 1]; 0.5. */
  nu?: number;
}

/** The options with their defaults. */
export type OneClassSVMSettings = Readonly<KernelSettings & Required<SolverOptions> & { nu: number }>;

const OWNER = 'OneClassSVM';
const DEFAULTS: OneClassSVMSettings = /* @__PURE__ */ Object.assign({ nu: 0.5 }, KERNEL_DEFAULTS, SOLVER_DEFAULTS);

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
    checkKnown(OWNER, options, Object.keys(DEFAULTS));
    const settings = withDefaults(options, DEFAULTS);
    checkNumber(OWNER, 'nu', settings.nu, { above: 0, max: 1 });
    checkKernel(OWNER, settings, functions);
    checkSolver(OWNER, settings);
    this.options = Object.freeze(settings);
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
    let step = 0;
    const solution = yield* solveRows(
      kernel,
      data,
      d,
      rows,
      {
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
    return new FittedOneClassSVM(singleFit(kernel, data, d, rows, solution));
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
