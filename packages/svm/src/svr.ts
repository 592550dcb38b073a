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
import { type MatrixLike, type Regressor, toMatrix, toTargets } from '@maru-ml/tensor';
import {
  checkKernel,
  KERNEL_DEFAULTS,
  type KernelFunctions,
  type KernelOptions,
  type KernelSettings,
  kernelFor,
} from './kernel.ts';
import { solveRows } from './kernel-rows.ts';
import { checkGram, copied, positivePlaces } from './rows.ts';
import { singleFit } from './single-machine.ts';
import { checkSolver, SOLVER_DEFAULTS, type SolverOptions } from './solver-options.ts';
import { FittedSVR, type SVRModel } from './svr-model.ts';
import { describeEstimator } from './text.ts';

export interface SVROptions extends KernelOptions, SolverOptions {
  /** How much errors weigh, > 0; 1. */
  C?: number;
  /** ε: errors up to it cost nothing, ≥ 0; 0.1. */
  epsilon?: number;
}

/** The options with their defaults. */
export type SVRSettings = Readonly<KernelSettings & Required<SolverOptions> & { C: number; epsilon: number }>;

const DEFAULTS: SVRSettings = /* @__PURE__ */ Object.assign({ C: 1, epsilon: 0.1 }, KERNEL_DEFAULTS, SOLVER_DEFAULTS);

/**
 * Support vector regression: a flat function with most rows within ε of it,
 *
 *   min ½ ‖w‖² + C Σᵢ sᵢ max(0, |yᵢ - w·φ(xᵢ) - b| - ε),   k(x, z) = φ(x)·φ(z),
 *
 * through its dual, ½ βᵀKβ - yᵀβ + ε Σ |βᵢ| over Σ β = 0 and |βᵢ| ≤ C sᵢ, by the method of `SVC`, with whose kernels. Rows with βᵢ ≠ 0
 * are the support vectors: those on the edge of the tube or outside.
 *
 * Options, defaults and attributes are those of scikit-learn, but that `dualCoef` is [s] and `intercept` a number. Its solver (LIBSVM)
 * has two multipliers for each row, of which one is always 0; here they are one, so that vectors are half as long.
 * Cost: O(n d) for each kernel row that is needed first, O(n) an iteration, of which there are some n to n².
 *
 * H. Drucker, C. Burges, L. Kaufman, A. Smola and V. Vapnik, "Support vector regression machines", NIPS 9 (1997).
 * A. Smola and B. Schölkopf, "A tutorial on support vector regression", Statistics and Computing 14 (2004).
 */
export class SVR implements Regressor {
  readonly options: SVRSettings;
  readonly #functions: KernelFunctions;

  /**
   * @param functions kernels of the user's, by the names that `kernel` may have
   * @throws OptionError for options that have no meaning
   */
  constructor(options: SVROptions = {}, functions: KernelFunctions = {}) {
    checkKnown('SVR', options, Object.keys(DEFAULTS));
    const settings = withDefaults(options, DEFAULTS);
    checkNumber('SVR', 'C', settings.C, { above: 0 });
    checkNumber('SVR', 'epsilon', settings.epsilon, { min: 0 });
    checkKernel('SVR', settings, functions);
    checkSolver('SVR', settings);
    this.options = Object.freeze(settings);
    this.#functions = Object.freeze({ ...functions });
    readable(this);
  }

  /**
   * Fits the function to `x` [n, d], or [n, n] for 'precomputed', and the numbers `y` [n].
   * @throws DataError for missing, infinite or far too large numbers, ShapeError for lengths that do not fit
   */
  fit(x: MatrixLike, y: ArrayLike<number>, options: FitOptions = {}): SVRModel {
    checkKnown('SVR', options, ['sampleWeight', 'onProgress']);
    return runSteps(this.#steps(x, y, options.sampleWeight), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, y: ArrayLike<number>, options: FitAsyncOptions = {}): Promise<SVRModel> {
    checkKnown('SVR', options, ['sampleWeight', 'onProgress', 'signal']);
    return runStepsAsync(this.#steps(x, y, options.sampleWeight), options);
  }

  toString(): string {
    return describeEstimator('SVR', this.options);
  }

  *#steps(x: MatrixLike, y: ArrayLike<number>, sampleWeight: ArrayLike<number> | undefined): Steps<SVRModel> {
    const { C, epsilon } = this.options;
    const { data: given, rows: n, columns: d } = toMatrix('SVR', x);
    const data = yield* copied(given);
    const targets = toTargets('SVR', y, n);
    const weights = checkSampleWeight('SVR', sampleWeight, n);
    if (this.options.kernel === 'precomputed') yield* checkGram('SVR', data, n, d);
    const kernel = yield* kernelFor('SVR', this.options, this.#functions, data, d);
    const rows = positivePlaces(weights, n);
    yield;
    const bounds = Float64Array.from(rows, (i) => C * (weights?.[i] ?? 1));
    let step = 0;
    const solution = yield* solveRows(
      kernel,
      data,
      d,
      rows,
      {
        linear: Float64Array.from(rows, (i) => -targets[i]!),
        lower: bounds.map((bound) => -bound),
        upper: bounds,
        epsilon,
        start: new Float64Array(rows.length),
      },
      {
        ...this.options,
        owner: 'SVR',
        tell: (violation): Progress => ({ step: ++step, unit: 'iteration', metrics: { violation } }),
      },
    );
    return new FittedSVR(singleFit(kernel, data, d, rows, solution));
  }
}
