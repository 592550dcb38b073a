import { checkKnown, checkSampleWeight, DataError, readable } from '@maru-ml/base';
import {
  accuracyOf,
  bestClass,
  type ClassifierModel,
  checkSaved,
  codesOf,
  decodeArray,
  encodeArray,
  type Label,
  type MatrixLike,
  type ScoreOptions,
  savedCount,
  savedLabels,
  savedString,
  Table,
  takeRow,
} from '@maru-ml/tensor';
import { toRowsSearched } from './door.ts';
import { nearestOfRow, nearestRows } from './k-nearest.ts';
import { Nearest } from './nearest.ts';
import type { Neighbors } from './nearest-neighbors-model.ts';
import { loadSearch, saveSearch } from './saved.ts';
import { checkNeighbors, type NeighborSearch } from './search.ts';
import { type NeighborWeights, vote } from './votes.ts';

/** What a fit knows. */
export interface KNeighborsClassifierState<L extends Label = Label> {
  readonly search: NeighborSearch;
  readonly classes: readonly L[];
  /** [n] */
  readonly codes: Int32Array;
  readonly settings: Readonly<{ nNeighbors: number; weights: NeighborWeights }>;
}

/** Rows with their classes, to be looked up. It is made by `fit` or `fromJSON` and does not change. */
export interface KNeighborsClassifierModel<L extends Label = Label> extends FittedKNeighborsClassifier<L> {}

export class FittedKNeighborsClassifier<L extends Label = Label> implements ClassifierModel<L> {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The number of rows n. */
  readonly nSamplesFit: number;
  /** How neighbors are found. */
  readonly algorithm: 'brute' | 'kdTree' | 'ballTree';
  readonly nFeaturesIn: number;

  readonly #state: KNeighborsClassifierState<L>;
  /** Where predictOne works, so that it need not allocate. */
  readonly #row: Float64Array;
  readonly #nearest: Nearest;
  readonly #votes: Float64Array;

  /** @internal */
  constructor(state: KNeighborsClassifierState<L>) {
    const { rows, algorithm } = state.search;
    this.classes = state.classes;
    this.nSamplesFit = rows.n;
    this.algorithm = algorithm;
    this.nFeaturesIn = rows.d;
    this.#state = state;
    this.#row = new Float64Array(rows.d);
    this.#nearest = new Nearest(state.settings.nNeighbors);
    this.#votes = new Float64Array(state.classes.length);
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

  /** The class of each row of `x` [m, d]. Errors as for `kneighbors`. */
  predict(x: MatrixLike): L[] {
    return Array.from(this.#codes(x), (code) => this.classes[code]!);
  }

  /** The class of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): L {
    takeRow(OWNER, row, this.#row);
    const { search, codes, settings } = this.#state;
    nearestOfRow(search, this.#row, this.#nearest);
    this.#votes.fill(0);
    const { places, ranks, size } = this.#nearest;
    vote(places, ranks, 0, size, codes, settings.weights, this.#votes, 0);
    return this.classes[bestClass(this.#votes, 0, this.classes.length)]!;
  }

  /** The shares of the votes of each class [m, k]. Errors as for `kneighbors`. */
  predictProba(x: MatrixLike): Table {
    const votes = this.#allVotes(x);
    const k = this.classes.length;
    for (let at = 0; at < votes.length; at += k) {
      let total = 0;
      for (let c = 0; c < k; c++) total += votes[at + c]!;
      if (total > 0) for (let c = 0; c < k; c++) votes[at + c]! /= total;
    }
    // Of float32 if the rows are.
    const isFloat32 = this.#state.search.rows.data instanceof Float32Array;
    return new Table(isFloat32 ? Float32Array.from(votes) : votes, votes.length / k, k);
  }

  /** The share of rows that are predicted right. Errors as for `predict`. */
  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    checkKnown(OWNER, options, ['sampleWeight']);
    const predicted = this.#codes(x);
    const codes = codesOf(OWNER, y, predicted.length, this.classes);
    const weights = checkSampleWeight(OWNER, options.sampleWeight, predicted.length);
    return accuracyOf(predicted, codes, weights);
  }

  toJSON(): object {
    const { search, classes, codes, settings } = this.#state;
    return {
      ...{ type: 'KNeighborsClassifierModel', version: 1, nNeighbors: settings.nNeighbors, weights: settings.weights },
      ...saveSearch(search),
      classes,
      codes: encodeArray(codes),
    };
  }

  toString(): string {
    const { settings } = this.#state;
    return `KNeighborsClassifierModel: ${settings.nNeighbors} nearest of ${this.nSamplesFit} rows in ${this.nFeaturesIn} columns, classes ${this.classes.join(', ')}, by ${this.algorithm}`;
  }

  #codes(x: MatrixLike): Int32Array {
    const votes = this.#allVotes(x);
    const k = this.classes.length;
    return Int32Array.from({ length: votes.length / k }, (_, i) => bestClass(votes, i * k, k));
  }

  /** The votes of the neighbors of each row [m, k]. */
  #allVotes(x: MatrixLike): Float64Array {
    const { codes, settings } = this.#state;
    const k = this.classes.length;
    const { indices, distances } = this.kneighbors(x);
    const [m, near] = distances.shape;
    const votes = new Float64Array(m * k);
    const far = distances.data as Float64Array;
    for (let i = 0; i < m; i++) vote(indices, far, i * near, (i + 1) * near, codes, settings.weights, votes, i * k);
    return votes;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const KNeighborsClassifierModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): KNeighborsClassifierModel {
    const owner = 'KNeighborsClassifierModel.fromJSON';
    const fields = checkSaved('KNeighborsClassifierModel', 1, json);
    const search = loadSearch(owner, OWNER, fields);
    const { n } = search.rows;
    const classes = savedLabels(owner, fields, 'classes');
    const codes = decodeArray(owner, 'codes', fields.codes, { dtype: 'int32', shape: [n] });
    if (codes.some((code) => code < 0 || code >= classes.length)) {
      throw new DataError(`${owner}: codes must be from 0 to ${classes.length - 1}`);
    }
    const settings = {
      nNeighbors: savedCount(owner, fields, 'nNeighbors', { min: 1, max: n }),
      weights: savedString<NeighborWeights>(owner, fields, 'weights', ['uniform', 'distance']),
    };
    return new FittedKNeighborsClassifier({ search, classes, codes, settings });
  },
};

const OWNER = 'KNeighborsClassifier';
