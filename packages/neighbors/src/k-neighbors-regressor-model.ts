import { checkKnown, checkSampleWeight, readable } from '@maru-ml/base';
import {
  checkSaved,
  decodeArray,
  encodeArray,
  type MatrixLike,
  type RegressorModel,
  rSquaredOf,
  type ScoreOptions,
  savedCount,
  savedString,
  Table,
  takeRow,
  toTargets,
} from '@maru-ml/tensor';
import { toRowsSearched } from './door.ts';
import { nearestOfRow, nearestRows } from './k-nearest.ts';
import { Nearest } from './nearest.ts';
import type { Neighbors } from './nearest-neighbors-model.ts';
import { loadSearch, saveSearch } from './saved.ts';
import { checkNeighbors, type NeighborSearch } from './search.ts';
import { average, type NeighborWeights } from './votes.ts';

/** What a fit knows. */
export interface KNeighborsRegressorState {
  readonly search: NeighborSearch;
  /** [n] */
  readonly targets: Float64Array;
  readonly settings: Readonly<{ nNeighbors: number; weights: NeighborWeights }>;
}

/** Rows with their numbers, to be looked up. It is made by `fit` or `fromJSON` and does not change. */
export interface KNeighborsRegressorModel extends FittedKNeighborsRegressor {}

export class FittedKNeighborsRegressor implements RegressorModel {
  /** The number of rows n. */
  readonly nSamplesFit: number;
  /** How neighbors are found. */
  readonly algorithm: 'brute' | 'kdTree' | 'ballTree';
  readonly nFeaturesIn: number;

  readonly #state: KNeighborsRegressorState;
  /** Where predictOne works, so that it need not allocate. */
  readonly #row: Float64Array;
  readonly #nearest: Nearest;

  /** @internal */
  constructor(state: KNeighborsRegressorState) {
    const { rows, algorithm } = state.search;
    this.nSamplesFit = rows.n;
    this.algorithm = algorithm;
    this.nFeaturesIn = rows.d;
    this.#state = state;
    this.#row = new Float64Array(rows.d);
    this.#nearest = new Nearest(state.settings.nNeighbors);
    readable(this);
    Object.freeze(this);
  }

  /**
   * The nearest rows of each row of `x` [m, d], nearest first, of equally near ones the first.
   *
   * @param nNeighbors how many k; as the model was made with
   * @returns their places and distances [m, k]
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers, OptionError
   */
  kneighbors(x: MatrixLike, nNeighbors: number = this.#state.settings.nNeighbors): Neighbors {
    const { search } = this.#state;
    const k = checkNeighbors(OWNER, nNeighbors, search.rows.n);
    const queries = toRowsSearched(OWNER, x, search.rows.d);
    const { places, distances } = nearestRows(search, queries, k);
    return { indices: places, distances: new Table(distances, queries.n, k) };
  }

  /** The number for each row of `x` [m, d]. Errors as for `kneighbors`. */
  predict(x: MatrixLike): Float64Array {
    const { targets, settings } = this.#state;
    const { indices, distances } = this.kneighbors(x);
    const [m, near] = distances.shape;
    const far = distances.data as Float64Array;
    return Float64Array.from({ length: m }, (_, i) =>
      average(indices, far, i * near, (i + 1) * near, targets, settings.weights),
    );
  }

  /** The number for one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    takeRow(OWNER, row, this.#row);
    const { search, targets, settings } = this.#state;
    nearestOfRow(search, this.#row, this.#nearest);
    const { places, ranks, size } = this.#nearest;
    return average(places, ranks, 0, size, targets, settings.weights);
  }

  /** R² of the rows. Errors as for `predict`. */
  score(x: MatrixLike, y: ArrayLike<number>, options: ScoreOptions = {}): number {
    checkKnown(OWNER, options, ['sampleWeight']);
    const predicted = this.predict(x);
    const targets = toTargets(OWNER, y, predicted.length);
    return rSquaredOf(predicted, targets, checkSampleWeight(OWNER, options.sampleWeight, predicted.length));
  }

  toJSON(): object {
    const { search, targets, settings } = this.#state;
    return {
      ...{ type: 'KNeighborsRegressorModel', version: 1, nNeighbors: settings.nNeighbors, weights: settings.weights },
      ...saveSearch(search),
      targets: encodeArray(targets),
    };
  }

  toString(): string {
    const { settings } = this.#state;
    return `KNeighborsRegressorModel: ${settings.nNeighbors} nearest of ${this.nSamplesFit} rows in ${this.nFeaturesIn} columns, by ${this.algorithm}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const KNeighborsRegressorModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): KNeighborsRegressorModel {
    const owner = 'KNeighborsRegressorModel.fromJSON';
    const fields = checkSaved('KNeighborsRegressorModel', 1, json);
    const search = loadSearch(owner, OWNER, fields);
    const { n } = search.rows;
    const targets = decodeArray(owner, 'targets', fields.targets, { dtype: 'float64', shape: [n], finite: true });
    const settings = {
      nNeighbors: savedCount(owner, fields, 'nNeighbors', { min: 1, max: n }),
      weights: savedString<NeighborWeights>(owner, fields, 'weights', ['uniform', 'distance']),
    };
    return new FittedKNeighborsRegressor({ search, targets, settings });
  },
};

const OWNER = 'KNeighborsRegressor';
