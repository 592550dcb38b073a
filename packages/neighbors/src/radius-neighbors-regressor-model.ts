import { checkKnown, checkSampleWeight, DataError, readable } from '@maru-ml/base';
import {
  checkSaved,
  decodeArray,
  encodeArray,
  type MatrixLike,
  type RegressorModel,
  rSquaredOf,
  type ScoreOptions,
  savedString,
  takeRow,
  toTargets,
} from '@maru-ml/tensor';
import { toRowsSearched } from './door.ts';
import { Found } from './found.ts';
import type { RadiusNeighbors } from './nearest-neighbors-model.ts';
import { loadSearch, savedRadius, saveSearch } from './saved.ts';
import type { NeighborSearch } from './search.ts';
import { average, type NeighborWeights } from './votes.ts';
import { type Range, rangeOf, rowsNear, rowsWithin } from './within.ts';

/** What a fit knows. */
export interface RadiusNeighborsRegressorState {
  readonly search: NeighborSearch;
  /** [n] */
  readonly targets: Float64Array;
  readonly settings: Readonly<{ radius: number; weights: NeighborWeights }>;
}

/** Rows with their numbers, to be looked up. It is made by `fit` or `fromJSON` and does not change. */
export interface RadiusNeighborsRegressorModel extends FittedRadiusNeighborsRegressor {}

export class FittedRadiusNeighborsRegressor implements RegressorModel {
  /** The number of rows n. */
  readonly nSamplesFit: number;
  /** How neighbors are found. */
  readonly algorithm: 'brute' | 'kdTree' | 'ballTree';
  readonly nFeaturesIn: number;

  readonly #state: RadiusNeighborsRegressorState;
  /** Where predictOne works, so that it need not allocate. */
  readonly #row: Float64Array;
  readonly #range: Range;
  readonly #found: Found;

  /** @internal */
  constructor(state: RadiusNeighborsRegressorState) {
    const { rows, algorithm } = state.search;
    this.nSamplesFit = rows.n;
    this.algorithm = algorithm;
    this.nFeaturesIn = rows.d;
    this.#state = state;
    this.#row = new Float64Array(rows.d);
    this.#range = rangeOf(state.search.measure, state.settings.radius);
    this.#found = new Found();
    readable(this);
    Object.freeze(this);
  }

  /**
   * All rows within the radius of each row of `x` [m, d]: those of row i lie at `indptr[i]` to `indptr[i + 1]`.
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers
   */
  radiusNeighbors(x: MatrixLike): RadiusNeighbors {
    const { search, settings } = this.#state;
    const queries = toRowsSearched(OWNER, x, search.rows.d);
    const { places, distances, indptr } = rowsWithin(search, queries, settings.radius);
    return { indices: places, distances, indptr };
  }

  /** The number for each row of `x` [m, d]. Errors as for `radiusNeighbors`, and DataError for a row without neighbors. */
  predict(x: MatrixLike): Float64Array {
    const { targets, settings } = this.#state;
    const { indices, distances, indptr } = this.radiusNeighbors(x);
    return Float64Array.from({ length: indptr.length - 1 }, (_, i) => {
      if (indptr[i] === indptr[i + 1]) {
        throw alone(`x[${i}]`, settings.radius);
      }
      return average(indices, distances, indptr[i]!, indptr[i + 1]!, targets, settings.weights);
    });
  }

  /** The number for one row [d], without allocating once as many neighbors were found before. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): number {
    takeRow(OWNER, row, this.#row);
    const { search, targets, settings } = this.#state;
    rowsNear(search, this.#row, 0, this.#range, this.#found);
    const { places, ranks, size } = this.#found;
    if (size === 0) throw alone('the row', settings.radius);
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
      ...{ type: 'RadiusNeighborsRegressorModel', version: 1, radius: settings.radius, weights: settings.weights },
      ...saveSearch(search),
      targets: encodeArray(targets),
    };
  }

  toString(): string {
    const { settings } = this.#state;
    return `RadiusNeighborsRegressorModel: rows within ${settings.radius} of ${this.nSamplesFit} rows in ${this.nFeaturesIn} columns, by ${this.algorithm}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const RadiusNeighborsRegressorModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): RadiusNeighborsRegressorModel {
    const owner = 'RadiusNeighborsRegressorModel.fromJSON';
    const fields = checkSaved('RadiusNeighborsRegressorModel', 1, json);
    const search = loadSearch(owner, OWNER, fields);
    const { n } = search.rows;
    const targets = decodeArray(owner, 'targets', fields.targets, { dtype: 'float64', shape: [n], finite: true });
    const settings = {
      radius: savedRadius(owner, fields),
      weights: savedString<NeighborWeights>(owner, fields, 'weights', ['uniform', 'distance']),
    };
    return new FittedRadiusNeighborsRegressor({ search, targets, settings });
  },
};

const OWNER = 'RadiusNeighborsRegressor';

function alone(place: string, radius: number): DataError {
  return new DataError(`${OWNER}: ${place} has no neighbors within ${radius}; enlarge radius`);
}
