import { counted, readable } from '@maru-ml/base';
import {
  bestClass,
  type ClassifierModel,
  checkSaved,
  decodeArray,
  encodeArray,
  type IterativeModel,
  type Label,
  type MatrixLike,
  type ScoreOptions,
  type SparseRows,
  savedBoolean,
  savedCount,
  savedLabels,
  savedString,
  Table,
} from '@maru-ml/tensor';
import { ClassPredictor } from './class-predictor.ts';

/** What a fit found out. */
export interface LogisticFit<L extends Label> {
  classes: readonly L[];
  /** [1 or k, d] and [1 or k]. */
  coef: Float64Array;
  intercept: Float64Array;
  nIter: number;
  converged: boolean;
  /** What there is to know about how it ended; empty if all is well. */
  warning: string;
}

/** The probabilities that `LogisticRegression` found. It is made by `fit` or `fromJSON` and does not change. */
export interface LogisticRegressionModel<L extends Label = Label> extends FittedLogisticRegression<L> {}

export class FittedLogisticRegression<L extends Label = Label>
  implements ClassifierModel<L, MatrixLike | SparseRows>, IterativeModel
{
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The coefficients w: [k, d], or [1, d] for two classes. */
  readonly coef: Table;
  /** b: [k], or [1] for two classes; 0 without `fitIntercept`. */
  readonly intercept: Float64Array;
  readonly nIter: number;
  /** Whether the gradient came within `tol`. */
  readonly converged: boolean;
  /** Why the coefficients are not to be relied on; empty if they are. */
  readonly warning: string;
  readonly nFeaturesIn: number;
  readonly #predictor: ClassPredictor<L>;

  /** @internal */
  constructor({ classes, coef, intercept, nIter, converged, warning }: LogisticFit<L>) {
    const d = coef.length / intercept.length;
    this.classes = classes;
    this.coef = new Table(coef.slice(), intercept.length, d);
    this.intercept = intercept.slice();
    this.nIter = nIter;
    this.converged = converged;
    this.warning = warning;
    this.nFeaturesIn = d;
    this.#predictor = new ClassPredictor('LogisticRegression', classes, coef, intercept);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The most probable label of each row of `x` [m, d], dense or sparse.
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  predict(x: MatrixLike | SparseRows): L[] {
    return this.#predictor.predict(x);
  }

  /** The most probable label of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): L {
    return this.#predictor.predictOne(row);
  }

  /** The probabilities of the classes [m, k], of float32 if x is: the softmax of the scores. Errors as for `predict`. */
  predictProba(x: MatrixLike | SparseRows): Table {
    return this.#probabilities(x, (z, logSum) => Math.exp(z - logSum));
  }

  /** The logarithms of the probabilities [m, k], exact for small ones too. Errors as for `predict`. */
  predictLogProba(x: MatrixLike | SparseRows): Table {
    return this.#probabilities(x, (z, logSum) => z - logSum);
  }

  /** The scores x w + b: [m, k], or [m] for two classes, then the logarithm of the odds of the second. Errors as for `predict`. */
  decisionFunction(x: MatrixLike | SparseRows): Table | Float64Array {
    return this.#predictor.decisionFunction(x);
  }

  /** The share of rows of `x` [m, d] whose label `y` [m] is predicted. */
  score(x: MatrixLike | SparseRows, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    return this.#predictor.score(x, y, options);
  }

  toJSON(): object {
    const { coef, intercept } = this.#predictor;
    const { classes, nIter, converged, warning, nFeaturesIn } = this;
    return {
      type: 'LogisticRegressionModel',
      version: 1,
      classes,
      coef: encodeArray(coef, [intercept.length, nFeaturesIn]),
      intercept: encodeArray(intercept),
      nIter,
      converged,
      warning,
    };
  }

  toString(): string {
    const end = `${this.converged ? 'converged' : 'not converged'} after ${counted(this.nIter, 'iteration')}`;
    const warning = this.warning === '' ? '' : `; ${this.warning}`;
    return `LogisticRegressionModel: ${this.classes.length} classes, ${counted(this.nFeaturesIn, 'column')}, ${end}${warning}`;
  }

  #probabilities(x: MatrixLike | SparseRows, of: (z: number, logSum: number) => number): Table {
    const { data, shape } = this.#predictor.scores(x);
    const n = shape[0];
    const k = this.classes.length;
    const out = data instanceof Float32Array ? new Float32Array(n * k) : new Float64Array(n * k);
    for (let i = 0; i < n; i++) {
      if (k === 2) {
        const z = data[i]!;
        // The score of the first class is 0; the logarithm of the sum loses nothing of the smaller term.
        const logSum = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
        out[2 * i] = of(0, logSum);
        out[2 * i + 1] = of(z, logSum);
        continue;
      }
      const most = data[i * k + bestClass(data, i * k, k)]!;
      let sum = 0;
      for (let c = 0; c < k; c++) sum += Math.exp(data[i * k + c]! - most);
      for (let c = 0; c < k; c++) out[i * k + c] = of(data[i * k + c]! - most, Math.log(sum));
    }
    return new Table(out, n, k);
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const LogisticRegressionModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON<L extends Label = Label>(json: unknown): LogisticRegressionModel<L> {
    const owner = 'LogisticRegressionModel.fromJSON';
    const fields = checkSaved('LogisticRegressionModel', 1, json);
    const classes = savedLabels(owner, fields, 'classes', 2) as readonly L[];
    const scores = classes.length === 2 ? 1 : classes.length;
    return new FittedLogisticRegression({
      classes,
      coef: decodeArray(owner, 'coef', fields.coef, { dtype: 'float64', shape: [scores, -1], finite: true }),
      intercept: decodeArray(owner, 'intercept', fields.intercept, { dtype: 'float64', shape: [scores], finite: true }),
      nIter: savedCount(owner, fields, 'nIter'),
      converged: savedBoolean(owner, fields, 'converged'),
      warning: savedString(owner, fields, 'warning'),
    });
  },
};
