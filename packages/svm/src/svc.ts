import {
  checkBoolean,
  checkKnown,
  checkNumber,
  checkOneOf,
  type FitAsyncOptions,
  type FitOptions,
  readable,
  runSteps,
  runStepsAsync,
  withDefaults,
} from '@maru-ml/base';
import type { Classifier, Label, MatrixLike } from '@maru-ml/tensor';
import { type ClassWeight, checkClassWeight } from '@maru-ml/tensor';
import {
  checkKernel,
  KERNEL_DEFAULTS,
  type KernelFunctions,
  type KernelOptions,
  type KernelSettings,
} from './kernel.ts';
import { checkSolver, SOLVER_DEFAULTS, type SolverOptions } from './solver-options.ts';
import { fitSvc } from './svc-fit.ts';
import { FittedSVC, type SVCModel } from './svc-model.ts';
import { describeEstimator } from './text.ts';

export interface SVCOptions extends KernelOptions, SolverOptions {
  /** How much errors weigh, > 0; 1. */
  C?: number;
  /** Whether there are probabilities, for five more fits of each pair of classes; false. */
  probability?: boolean;
  /** Weights of the classes, which multiply C: 'balanced' is n / (k nₖ); or by label, 1 where it has none; null. */
  classWeight?: ClassWeight | null;
  /** What `decisionFunction` gives for three classes or more: a score a class, or one a pair of classes; 'ovr'. */
  decisionFunctionShape?: 'ovr' | 'ovo';
  /** Whether classes with as many votes are told apart by their scores (with 'ovr'); else the first wins; false. */
  breakTies?: boolean;
}

/** The options with their defaults. */
export type SVCSettings = Readonly<
  KernelSettings &
    Required<SolverOptions> &
    Required<Omit<SVCOptions, keyof KernelOptions | keyof SolverOptions | 'classWeight'>> & {
      classWeight: ClassWeight | null;
    }
>;

/**
 * Support vector classification. For two classes y = ±1 the widest margin that rows may violate at a price:
 *
 *   min ½ ‖w‖² + C Σᵢ sᵢ max(0, 1 - yᵢ (w·φ(xᵢ) + b)),   k(x, z) = φ(x)·φ(z),
 *
 * where s are the weights of rows times those of their classes, through its dual, ½ βᵀKβ - yᵀβ over Σ β = 0 and
 * 0 ≤ yᵢ βᵢ ≤ C sᵢ, by sequential minimal optimization with second-order working sets, shrinking and a cache of kernel rows (see
 * the references). Rows with βᵢ ≠ 0 are the support vectors. Of k classes each pair has a machine of its own, and each machine a vote. Kernels:
 *
 *   'linear' x·z,   'poly' (γ x·z + c)^p,   'rbf' exp(-γ ‖x - z‖²),   'sigmoid' tanh(γ x·z + c),   'precomputed'
 *
 * or a function of the user's, by name: `new SVC({ kernel: 'mine' }, { mine: (a, b) => ... })`; a saved model gets it again from
 * `fromJSON(json, { functions })`. Probabilities are Platt's sigmoids of the answers to each fifth row from the others, coupled for more classes;
 * they need not agree with `predict`. 'scale' takes the variance over all rows, whatever they weigh.
 *
 * Options, defaults and attributes are those of scikit-learn, whose solver (LIBSVM) takes the same steps; kernel rows are float64 here.
 * Cost: O(n d) for each kernel row that is needed first, O(n) an iteration, of which there are some n to n²: for n up to some 10⁵.
 *
 * B. Boser, I. Guyon and V. Vapnik, "A training algorithm for optimal margin classifiers", COLT (1992).
 * C. Cortes and V. Vapnik, "Support-vector networks", Machine Learning 20 (1995).
 * R.-E. Fan, P.-H. Chen and C.-J. Lin, "Working set selection using second order information for training support vector
 * machines", JMLR 6 (2005).
 */
export class SVC implements Classifier {
  readonly options: SVCSettings;
  readonly #functions: KernelFunctions;

  /**
   * @param functions kernels of the user's, by the names that `kernel` may have
   * @throws OptionError for options that have no meaning
   */
  constructor(options: SVCOptions = {}, functions: KernelFunctions = {}) {
    this.options = checkOptions(options, functions);
    this.#functions = Object.freeze({ ...functions });
    readable(this);
  }

  /**
   * Fits the machines to `x` [n, d], or [n, n] for 'precomputed', and the labels `y` [n].
   * @throws DataError for missing, infinite or far too large numbers or a single class, ShapeError for lengths that do not fit
   */
  fit<L extends Label>(x: MatrixLike, y: ArrayLike<L>, options: FitOptions = {}): SVCModel<L> {
    checkKnown('SVC', options, ['sampleWeight', 'onProgress']);
    const steps = fitSvc(this.options, this.#functions, x, y, options.sampleWeight);
    return new FittedSVC(runSteps(steps, options.onProgress));
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(x: MatrixLike, y: ArrayLike<L>, options: FitAsyncOptions = {}): Promise<SVCModel<L>> {
    checkKnown('SVC', options, ['sampleWeight', 'onProgress', 'signal']);
    const steps = fitSvc(this.options, this.#functions, x, y, options.sampleWeight);
    return new FittedSVC(await runStepsAsync(steps, options));
  }

  toString(): string {
    return describeEstimator('SVC', this.options);
  }
}

const DEFAULTS: SVCSettings = {
  C: 1,
  ...KERNEL_DEFAULTS,
  ...SOLVER_DEFAULTS,
  probability: false,
  classWeight: null,
  decisionFunctionShape: 'ovr',
  breakTies: false,
};

function checkOptions(options: SVCOptions, functions: KernelFunctions): SVCSettings {
  checkKnown('SVC', options, Object.keys(DEFAULTS));
  const settings = withDefaults(options, DEFAULTS);
  const { probability, breakTies, decisionFunctionShape } = settings;
  checkNumber('SVC', 'C', settings.C, { above: 0 });
  checkKernel('SVC', settings, functions);
  checkSolver('SVC', settings);
  checkBoolean('SVC', 'probability', probability);
  const classWeight = checkClassWeight('SVC', settings.classWeight);
  checkOneOf('SVC', 'decisionFunctionShape', decisionFunctionShape, ['ovr', 'ovo']);
  checkBoolean('SVC', 'breakTies', breakTies);
  return Object.freeze({ ...settings, classWeight });
}
