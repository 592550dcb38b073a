import { OptionError, readable } from '@maru-ml/base';
import {
  checkOut,
  checkSaved,
  decodeArray,
  encodeArray,
  type MatrixLike,
  savedBoolean,
  savedCount,
  type Table,
  type TransformerModel,
  takeRow,
  toMatrix,
} from '@maru-ml/tensor';
import { type LoadOptions, loadInner } from './composite.ts';
import { inputNames } from './names.ts';
import { count } from './print.ts';
import { type Selection, savedSupport, selectColumns, selectionOf, spreadColumns } from './selection.ts';

const OWNER = 'RFE';

/** A fitted model that tells how much each column counts, by one of these. */
export interface RankedModel {
  /** Coefficients of the columns [d], or of each class [k, d]. */
  readonly coef?: ArrayLike<number> | { readonly data: ArrayLike<number>; readonly shape: readonly number[] } | null;
  readonly featureImportances?: ArrayLike<number> | null;
}

/** What a model predicts. */
export type PredictionsOf<M> = M extends { predict(x: never): infer R } ? R : never;

/** The columns that `RFE` keeps. It is made by `fit` or `fromJSON` and does not change. */
export interface RFEModel<M extends RankedModel = RankedModel> extends FittedRFE<M> {}

export class FittedRFE<M extends RankedModel = RankedModel> implements TransformerModel {
  /** The model of the columns kept. */
  readonly estimator: M;
  /** 1 for the columns kept, 2 for those dropped last, and so on [d]. */
  readonly ranking: Int32Array;
  /** Whether each column is kept [d]. */
  readonly support: readonly boolean[];
  /** Rounds of dropping. */
  readonly nIter: number;
  /** Whether as few columns are left as were wanted. */
  readonly converged: boolean;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #selection: Selection;
  readonly #row: Float64Array;

  /** @internal */
  constructor(estimator: M, ranking: Int32Array, support: readonly boolean[], nIter: number, converged: boolean) {
    this.estimator = estimator;
    this.ranking = ranking;
    this.support = Object.freeze([...support]);
    this.nIter = nIter;
    this.converged = converged;
    this.#selection = selectionOf(support);
    this.#row = new Float64Array(support.length);
    this.nFeaturesIn = support.length;
    this.nFeaturesOut = this.#selection.kept.length;
    readable(this);
    Object.freeze(this);
  }

  /** The columns kept of the rows of `x` [m, d]. @throws ShapeError for other columns, DataError for missing or infinite numbers */
  transform(x: MatrixLike): Table {
    const matrix = toMatrix(OWNER, x, { keepFloat32: true, columns: this.nFeaturesIn });
    return selectColumns(matrix, this.#selection) as Table;
  }

  /** The columns kept of one row [d], into `out` [nFeaturesOut], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow(OWNER, row, this.#row);
    checkOut(OWNER, out, this.nFeaturesOut);
    const { kept } = this.#selection;
    for (let k = 0; k < kept.length; k++) out[k] = this.#row[kept[k]!]!;
    return out;
  }

  /** The way back for `x` [m, nFeaturesOut]: columns that were left out are zeros. Errors as for `transform`. */
  inverseTransform(x: MatrixLike): Table {
    return spreadColumns(OWNER, toMatrixLike(x), this.#selection) as Table;
  }

  /** What the model of the columns kept predicts for the rows of `x` [m, d]. */
  predict(x: MatrixLike): PredictionsOf<M> {
    const { predict } = this.estimator as { predict?: (x: MatrixLike) => PredictionsOf<M> };
    if (typeof predict !== 'function') throw new OptionError(`${OWNER}: the estimator's model does not predict`);
    return predict.call(this.estimator, this.transform(x));
  }

  /** The names of the columns kept, of those given [d] or of x0, x1 and so on. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    return inputNames(OWNER, names, this.nFeaturesIn).filter((_, j) => this.support[j]);
  }

  toJSON(): object {
    return {
      type: 'RFEModel',
      version: 1,
      estimator: (this.estimator as { toJSON?: () => object }).toJSON?.() ?? this.estimator,
      ranking: encodeArray(this.ranking),
      support: this.support,
      nIter: this.nIter,
      converged: this.converged,
    };
  }

  toString(): string {
    return `RFEModel: ${this.nFeaturesOut} of ${count(this.nFeaturesIn, 'column')} after ${count(this.nIter, 'round')}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const RFEModel = {
  /**
   * The model that `toJSON` wrote.
   * @param options.classes the class of the estimator's models, such as `{ RidgeModel }`
   * @throws DataError if it is none, OptionError if that class is missing
   */
  fromJSON<M extends RankedModel = RankedModel>(json: unknown, options: LoadOptions = {}): RFEModel<M> {
    const owner = 'RFEModel.fromJSON';
    const fields = checkSaved('RFEModel', 1, json);
    const ranking = decodeArray(owner, 'ranking', fields.ranking, { dtype: 'int32', shape: [-1] });
    const support = savedSupport(owner, fields, ranking.length);
    const nIter = savedCount(owner, fields, 'nIter');
    const converged = savedBoolean(owner, fields, 'converged');
    return new FittedRFE(
      loadInner<M>(owner, 'estimator', fields.estimator, options),
      ranking,
      support,
      nIter,
      converged,
    );
  },
};

/** Dense rows; sparse ones are refused. */
function toMatrixLike(x: MatrixLike): MatrixLike {
  const { data, rows, columns } = toMatrix(OWNER, x, { keepFloat32: true });
  return { data, shape: [rows, columns] };
}
