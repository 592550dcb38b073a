import { counted, readable } from '@maru-ml/base';
import { checkSaved, type IterativeModel, type MatrixLike, type Model, Table, toMatrix } from '@maru-ml/tensor';
import type { LoadOptions } from './kernel.ts';
import type { KernelMachine } from './kernel-machine.ts';
import { type SingleFit, savedSingle, saveSingle, singleMachine } from './single-machine.ts';
import { describeEnd } from './text.ts';

/** The region that `OneClassSVM` found. It is made by `fit` or `fromJSON` and does not change. */
export interface OneClassSVMModel extends FittedOneClassSVM {}

export class FittedOneClassSVM implements Model, IterativeModel {
  /** Places of the support vectors in the rows that it was fitted with [s]. */
  readonly support: Int32Array;
  /** The support vectors [s, d]; [0, n] for 'precomputed'. */
  readonly supportVectors: Table;
  /** The coefficients αᵢ [s]. */
  readonly dualCoef: Float64Array;
  /** -ρ. */
  readonly intercept: number;
  /** ρ: where `scoreSamples` parts usual rows from novel ones. */
  readonly offset: number;
  /** w [d] for the kernel 'linear', else undefined. */
  readonly coef: Float64Array | undefined;
  readonly nIter: number;
  /** Whether it came within `tol`. */
  readonly converged: boolean;
  readonly nFeaturesIn: number;
  readonly #fit: SingleFit;
  readonly #machine: KernelMachine;

  /** @internal */
  constructor(fit: SingleFit) {
    const { d, support, vectors, dualCoef, intercept, nIter, converged } = fit;
    this.support = support.slice();
    this.supportVectors = new Table(vectors.slice(), vectors.length / d, d);
    this.dualCoef = dualCoef.slice();
    this.intercept = intercept;
    this.offset = -intercept;
    this.nIter = nIter;
    this.converged = converged;
    this.nFeaturesIn = d;
    this.#fit = fit;
    this.#machine = singleMachine('OneClassSVM', fit);
    this.coef = this.#machine.weights?.slice();
    readable(this);
    Object.freeze(this);
  }

  /**
   * 1 for each row of `x` [m, d] that is usual, -1 for novelties.
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike): Int32Array {
    return Int32Array.from(this.decisionFunction(x), (value) => (value > 0 ? 1 : -1));
  }

  /** 1 if the row [d] is usual, else -1, without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    return this.#machine.answerOne(row)[0]! > 0 ? 1 : -1;
  }

  /** w·φ(x) - ρ of each row of `x` [m, d]: the lower, the more unusual. Errors as for `predict`. */
  decisionFunction(x: MatrixLike): Float64Array {
    return this.#machine.answer(toMatrix('OneClassSVM', x, { columns: this.nFeaturesIn }));
  }

  /** w·φ(x) of each row of `x` [m, d]. Errors as for `predict`. */
  scoreSamples(x: MatrixLike): Float64Array {
    return this.decisionFunction(x).map((value) => value + this.offset);
  }

  toJSON(): object {
    return { type: 'OneClassSVMModel', version: 1, ...saveSingle(this.#fit) };
  }

  toString(): string {
    return (
      `OneClassSVMModel: ${counted(this.nFeaturesIn, 'column')}, kernel '${this.#fit.kernel.name}', ` +
      `${counted(this.support.length, 'support vector')}, ${describeEnd(this)}`
    );
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const OneClassSVMModel = {
  /**
   * The model that `toJSON` wrote.
   * @param options.functions the user's kernel by name, if it was one
   * @throws DataError if it is none, OptionError if a kernel is missing
   */
  fromJSON(json: unknown, { functions = {} }: LoadOptions = {}): OneClassSVMModel {
    const owner = 'OneClassSVMModel.fromJSON';
    return new FittedOneClassSVM(savedSingle(owner, checkSaved('OneClassSVMModel', 1, json), functions));
  },
};
