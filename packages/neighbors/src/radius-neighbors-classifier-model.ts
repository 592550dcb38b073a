import { checkKnown, checkSampleWeight, DataError, readable } from '@maru-ml/base';
import {
  accuracyOf,
  asSaved,
  bestClass,
  type ClassifierModel,
  checkSaved,
  codesOf,
  decodeArray,
  encodeArray,
  type Label,
  type MatrixLike,
  type ScoreOptions,
  savedLabels,
  savedString,
  Table,
  takeRow,
} from '@maru-ml/tensor';
import { toRowsSearched } from './door.ts';
import { Found } from './found.ts';
import type { RadiusNeighbors } from './nearest-neighbors-model.ts';
import { checkOutlier } from './neighbors-options.ts';
import { loadSearch, savedRadius, saveSearch } from './saved.ts';
import type { NeighborSearch } from './search.ts';
import { type NeighborWeights, vote } from './votes.ts';
import { type Range, rangeOf, rowsNear, rowsWithin } from './within.ts';

/** What a fit knows. */
export interface RadiusNeighborsClassifierState<L extends Label = Label> {
  readonly search: NeighborSearch;
  readonly classes: readonly L[];
  /** [n] */
  readonly codes: Int32Array;
  readonly settings: Readonly<{ radius: number; weights: NeighborWeights; outlierLabel: Label | null }>;
}

/** Rows with their classes, to be looked up. It is made by `fit` or `fromJSON` and does not change. */
export interface RadiusNeighborsClassifierModel<L extends Label = Label> extends FittedRadiusNeighborsClassifier<L> {}

export class FittedRadiusNeighborsClassifier<L extends Label = Label> implements ClassifierModel<L> {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The number of rows n. */
  readonly nSamplesFit: number;
  /** How neighbors are found. */
  readonly algorithm: 'brute' | 'kdTree' | 'ballTree';
  readonly nFeaturesIn: number;

  readonly #state: RadiusNeighborsClassifierState<L>;
  /** Where predictOne works, so that it need not allocate. */
  readonly #row: Float64Array;
  readonly #range: Range;
  readonly #found: Found;
  readonly #votes: Float64Array;
  /** What can be predicted: the classes, and the label of outliers if it is none of them. */
  readonly #labels: readonly (L | string | number | boolean)[];

  /** @internal */
  constructor(state: RadiusNeighborsClassifierState<L>) {
    const { rows, algorithm } = state.search;
    this.classes = state.classes;
    this.nSamplesFit = rows.n;
    this.algorithm = algorithm;
    this.nFeaturesIn = rows.d;
    this.#state = state;
    this.#row = new Float64Array(rows.d);
    this.#range = rangeOf(state.search.measure, state.settings.radius);
    this.#found = new Found();
    this.#votes = new Float64Array(state.classes.length);
    const { outlierLabel } = state.settings;
    this.#labels =
      outlierLabel === null || state.classes.includes(outlierLabel as L)
        ? state.classes
        : [...state.classes, outlierLabel];
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

  /** The class of each row of `x` [m, d]. Errors as for `radiusNeighbors`, and DataError for a row without neighbors. */
  predict(x: MatrixLike): L[] {
    return Array.from(this.#codes(x), (code) => this.#labels[code] as L);
  }

  /** The class of one row [d], without allocating once as many neighbors were found before. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): L {
    takeRow(OWNER, row, this.#row);
    const { search, codes, settings } = this.#state;
    rowsNear(search, this.#row, 0, this.#range, this.#found);
    this.#votes.fill(0);
    const { places, ranks, size } = this.#found;
    vote(places, ranks, 0, size, codes, settings.weights, this.#votes, 0);
    return this.#labels[this.#codeOf(this.#votes, 0, 'the row')] as L;
  }

  /**
   * The shares of the votes of each class [m, k]. Errors as for `predict`; an outlier is of the class that `outlierLabel` names, and has 0
   * everywhere if that is none.
   */
  predictProba(x: MatrixLike): Table {
    const votes = this.#allVotes(x);
    const k = this.classes.length;
    for (let at = 0; at < votes.length; at += k) {
      let total = 0;
      for (let c = 0; c < k; c++) total += votes[at + c]!;
      const code = this.#codeOf(votes, at, at / k);
      if (total > 0) for (let c = 0; c < k; c++) votes[at + c]! /= total;
      else if (code < k) votes[at + code] = 1;
    }
    // Of float32 if the rows are.
    const isFloat32 = this.#state.search.rows.data instanceof Float32Array;
    return new Table(isFloat32 ? Float32Array.from(votes) : votes, votes.length / k, k);
  }

  /** The share of rows that are predicted right. Errors as for `predict`. */
  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    checkKnown(OWNER, options, ['sampleWeight']);
    const predicted = this.#codes(x);
    const codes = codesOf(OWNER, y, predicted.length, this.#labels as readonly L[]);
    const weights = checkSampleWeight(OWNER, options.sampleWeight, predicted.length);
    return accuracyOf(predicted, codes, weights);
  }

  toJSON(): object {
    const { search, classes, codes, settings } = this.#state;
    return {
      ...{
        type: 'RadiusNeighborsClassifierModel',
        version: 1,
        radius: settings.radius,
        weights: settings.weights,
        outlierLabel: settings.outlierLabel,
      },
      ...saveSearch(search),
      classes,
      codes: encodeArray(codes),
    };
  }

  toString(): string {
    const { settings } = this.#state;
    return `RadiusNeighborsClassifierModel: rows within ${settings.radius} of ${this.nSamplesFit} rows in ${this.nFeaturesIn} columns, classes ${this.classes.join(', ')}, by ${this.algorithm}`;
  }

  #codes(x: MatrixLike): Int32Array {
    const votes = this.#allVotes(x);
    const k = this.classes.length;
    return Int32Array.from({ length: votes.length / k }, (_, i) => this.#codeOf(votes, i * k, i));
  }

  /** The place among the labels of the class that has most of the votes from place `at` on, or of the outliers' label if none has any. */
  #codeOf(votes: Float64Array, at: number, row: number | 'the row'): number {
    const best = bestClass(votes, at, this.classes.length);
    if (votes[at + best]! > 0) return best;
    const { radius, outlierLabel } = this.#state.settings;
    if (outlierLabel !== null) return this.#labels.indexOf(outlierLabel);
    const place = row === 'the row' ? row : `x[${row}]`;
    throw new DataError(`${OWNER}: ${place} has no neighbors within ${radius}; enlarge radius, or set outlierLabel`);
  }

  /** The votes of the neighbors of each row [m, k]. */
  #allVotes(x: MatrixLike): Float64Array {
    const { codes, settings } = this.#state;
    const k = this.classes.length;
    const { indices, distances, indptr } = this.radiusNeighbors(x);
    const m = indptr.length - 1;
    const votes = new Float64Array(m * k);
    for (let i = 0; i < m; i++) {
      vote(indices, distances, indptr[i]!, indptr[i + 1]!, codes, settings.weights, votes, i * k);
    }
    return votes;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const RadiusNeighborsClassifierModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): RadiusNeighborsClassifierModel {
    const owner = 'RadiusNeighborsClassifierModel.fromJSON';
    const fields = checkSaved('RadiusNeighborsClassifierModel', 1, json);
    const search = loadSearch(owner, OWNER, fields);
    const { n } = search.rows;
    const classes = savedLabels(owner, fields, 'classes');
    const codes = decodeArray(owner, 'codes', fields.codes, { dtype: 'int32', shape: [n] });
    if (codes.some((code) => code < 0 || code >= classes.length)) {
      throw new DataError(`${owner}: codes must be from 0 to ${classes.length - 1}`);
    }
    const settings = {
      radius: savedRadius(owner, fields),
      weights: savedString<NeighborWeights>(owner, fields, 'weights', ['uniform', 'distance']),
      outlierLabel: asSaved(owner, () => checkOutlier(owner, fields.outlierLabel)),
    };
    return new FittedRadiusNeighborsClassifier({ search, classes, codes, settings });
  },
};

const OWNER = 'RadiusNeighborsClassifier';
