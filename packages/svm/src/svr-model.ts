import { checkKnown, checkSampleWeight, counted, readable } from '@maru-ml/base';
import {
  checkSaved,
  type IterativeModel,
  type MatrixLike,
  type RegressorModel,
  rSquaredOf,
  type ScoreOptions,
  Table,
  toMatrix,
  toTargets,
} from '@maru-ml/tensor';
import type { LoadOptions } from './kernel.ts';
import type { KernelMachine } from './kernel-machine.ts';
import { type SingleFit, savedSingle, saveSingle, singleMachine } from './single-machine.ts';
import { describeEnd } from './text.ts';

/** The function that `SVR` found. It is made by `fit` or `fromJSON` and does not change. */
export interface SVRModel extends FittedSVR {}

export class FittedSVR implements RegressorModel, IterativeModel {
  /** Places of the support vectors in the rows that it was fitted with [s]. */
  readonly support: Int32Array;
  /** The support vectors [s, d]; [0, n] for 'precomputed'. */
  readonly supportVectors: Table;
  /** The coefficients βᵢ [s]. */
  readonly dualCoef: Float64Array;
  /** b. */
  readonly intercept: number;
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
    this.nIter = nIter;
    this.converged = converged;
    this.nFeaturesIn = d;
    this.#fit = fit;
    this.#machine = singleMachine('SVR', fit);
    this.coef = this.#machine.weights?.slice();
    readable(this);
    Object.freeze(this);
  }

  /**
   * w·φ(x) + b of each row of `x` [m, d].
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike): Float64Array {
    return this.#machine.answer(toMatrix('SVR', x, { columns: this.nFeaturesIn }));
  }

  /** The prediction for one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    return this.#machine.answerOne(row)[0]!;
  }

  /** R² of the rows of `x` [m, d] and the numbers `y` [m]. */
  score(x: MatrixLike, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    checkKnown('SVR', options, ['sampleWeight']);
    const predicted = this.predict(x);
    const weights = checkSampleWeight('SVR', options.sampleWeight, predicted.length);
    return rSquaredOf(predicted, toTargets('SVR', y, predicted.length), weights);
  }

  toJSON(): object {
    return { type: 'SVRModel', version: 1, ...saveSingle(this.#fit) };
  }

  toString(): string {
    return (
      `SVRModel: ${counted(this.nFeaturesIn, 'column')}, kernel '${this.#fit.kernel.name}', ` +
      `${counted(this.support.length, 'support vector')}, ${describeEnd(this)}`
    );
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const SVRModel = {
  /**
   * The model that `toJSON` wrote.
   * @param options.functions the user's kernel by name, if it was one
   * @throws DataError if it is none, OptionError if a kernel is missing
   */
  fromJSON(json: unknown, { functions = {} }: LoadOptions = {}): SVRModel {
    return new FittedSVR(savedSingle('SVRModel.fromJSON', checkSaved('SVRModel', 1, json), functions));
  },
};
