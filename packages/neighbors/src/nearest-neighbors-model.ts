import { checkInteger, checkKnown, checkNumber, checkOneOf, counted, OptionError, readable } from '@maru-ml/base';
import { checkSaved, type MatrixLike, type SparseRows, savedCount, Table } from '@maru-ml/tensor';
import { toRowsSearched } from './door.ts';
import { nearestRows } from './k-nearest.ts';
import { loadSearch, savedRadius, saveSearch } from './saved.ts';
import { checkNeighbors, type NeighborSearch } from './search.ts';
import { rowsWithin } from './within.ts';

/** The nearest rows of each query. */
export interface Neighbors {
  /** Their places [m · k], those of a query one after the other. */
  readonly indices: Int32Array;
  /** How far away they are [m, k], ascending. */
  readonly distances: Table;
}

/** The rows within a radius of each query. */
export interface RadiusNeighbors {
  /** Their places, those of query i at `indptr[i]` to `indptr[i + 1]`, ascending. */
  readonly indices: Int32Array;
  readonly distances: Float64Array;
  /** [m + 1] */
  readonly indptr: Int32Array;
}

/** What the elements of a graph are: 1 for each neighbor, or its distance. */
export type GraphMode = 'connectivity' | 'distance';

/** Rows to be looked up. It is made by `fit` or `fromJSON` and does not change. */
export interface NearestNeighborsModel extends FittedNearestNeighbors {}

export class FittedNearestNeighbors {
  /** The number of rows n. */
  readonly nSamplesFit: number;
  /** How neighbors are found. */
  readonly algorithm: 'brute' | 'kdTree' | 'ballTree';
  readonly nFeaturesIn: number;
  readonly #search: NeighborSearch;
  readonly #nNeighbors: number;
  readonly #radius: number;

  /** @internal */
  constructor(search: NeighborSearch, nNeighbors: number, radius: number) {
    this.nSamplesFit = search.rows.n;
    this.algorithm = search.algorithm;
    this.nFeaturesIn = search.rows.d;
    this.#search = search;
    this.#nNeighbors = nNeighbors;
    this.#radius = radius;
    readable(this);
    Object.freeze(this);
  }

  /**
   * The nearest rows of each row of `x` [m, d], nearest first, of equally near ones the first. Without x those of each fitted row, which is not
   * among its own.
   *
   * @param nNeighbors how many k; as the model was made with
   * @returns their places and distances [m, k]
   * @throws ShapeError if x has other columns, DataError if it has missing, infinite or far too large numbers, OptionError
   */
  kneighbors(x: MatrixLike | null = null, nNeighbors: number = this.#nNeighbors): Neighbors {
    const { rows } = this.#search;
    if (x !== null) {
      const k = checkNeighbors(OWNER, nNeighbors, rows.n);
      const queries = toRowsSearched(OWNER, x, rows.d);
      const { places, distances } = nearestRows(this.#search, queries, k);
      return { indices: places, distances: new Table(distances, queries.n, k) };
    }
    const k = checkInteger(OWNER, 'nNeighbors', nNeighbors, { min: 1 });
    if (k >= rows.n) {
      const others = rows.n === 1 ? 'no other' : `only ${counted(rows.n - 1, 'other')}`;
      throw new OptionError(`${OWNER}: nNeighbors is ${k}, but a row among ${rows.n} has ${others}`);
    }
    const found = nearestRows(this.#search, rows, k + 1);
    const [indices, distances] = [new Int32Array(rows.n * k), new Float64Array(rows.n * k)];
    for (let i = 0; i < rows.n; i++) {
      let to = i * k;
      // Among many equal rows a row may not be among its own nearest; then the farthest found is left out.
      for (let at = i * (k + 1); at < (i + 1) * (k + 1) && to < (i + 1) * k; at++) {
        if (found.places[at] === i) continue;
        indices[to] = found.places[at]!;
        distances[to++] = found.distances[at]!;
      }
    }
    return { indices, distances: new Table(distances, rows.n, k) };
  }

  /**
   * All rows within a radius of each row of `x` [m, d]; without x of each fitted row, which is not among its own. Errors as for `kneighbors`.
   * @param radius as the model was made with
   */
  radiusNeighbors(x: MatrixLike | null = null, radius: number = this.#radius): RadiusNeighbors {
    checkNumber(OWNER, 'radius', radius, { min: 0 });
    const { rows } = this.#search;
    const queries = x === null ? rows : toRowsSearched(OWNER, x, rows.d);
    const { places, distances, indptr } = rowsWithin(this.#search, queries, radius);
    if (x !== null) return { indices: places, distances, indptr };
    const others = Array.from(places.keys());
    const owner = new Int32Array(places.length);
    for (let i = 0; i < rows.n; i++) owner.fill(i, indptr[i]!, indptr[i + 1]!);
    const kept = others.filter((at) => places[at] !== owner[at]);
    const starts = new Int32Array(rows.n + 1);
    for (const at of kept) starts[owner[at]! + 1]!++;
    for (let i = 0; i < rows.n; i++) starts[i + 1]! += starts[i]!;
    return {
      indices: Int32Array.from(kept, (at) => places[at]!),
      distances: Float64Array.from(kept, (at) => distances[at]!),
      indptr: starts,
    };
  }

  /**
   * The graph of nearest neighbors [m, n] as sparse rows: 1 or the distance for each. Without x it is that of the fitted rows, without loops.
   * Arguments and errors as for `kneighbors`.
   */
  kneighborsGraph(x: MatrixLike | null = null, options: { nNeighbors?: number; mode?: GraphMode } = {}): SparseRows {
    checkKnown(OWNER, options, ['nNeighbors', 'mode']);
    const { nNeighbors = this.#nNeighbors, mode = 'connectivity' } = options;
    const { indices, distances } = this.kneighbors(x, nNeighbors);
    const [m, k] = distances.shape;
    const indptr = Int32Array.from({ length: m + 1 }, (_, i) => i * k);
    return this.#graph(indices, distances.data as Float64Array, indptr, mode);
  }

  /** The graph of neighbors within a radius [m, n]. Arguments and errors as for `radiusNeighbors`. */
  radiusNeighborsGraph(x: MatrixLike | null = null, options: { radius?: number; mode?: GraphMode } = {}): SparseRows {
    checkKnown(OWNER, options, ['radius', 'mode']);
    const { radius = this.#radius, mode = 'connectivity' } = options;
    const { indices, distances, indptr } = this.radiusNeighbors(x, radius);
    return this.#graph(indices, distances, indptr, mode);
  }

  toJSON(): object {
    return {
      ...{ type: 'NearestNeighborsModel', version: 1, nNeighbors: this.#nNeighbors, radius: this.#radius },
      ...saveSearch(this.#search),
    };
  }

  toString(): string {
    return `NearestNeighborsModel: ${this.nSamplesFit} rows in ${this.nFeaturesIn} columns, by ${this.algorithm}`;
  }

  /** Sparse rows with ascending columns. */
  #graph(indices: Int32Array, distances: Float64Array, indptr: Int32Array, mode: GraphMode): SparseRows {
    checkOneOf(OWNER, 'mode', mode, ['connectivity', 'distance']);
    const columns = new Int32Array(indices.length);
    const data = new Float64Array(indices.length);
    for (let i = 0; i + 1 < indptr.length; i++) {
      const places = Array.from({ length: indptr[i + 1]! - indptr[i]! }, (_, at) => indptr[i]! + at);
      places.sort((a, b) => indices[a]! - indices[b]!);
      for (const [at, place] of places.entries()) {
        columns[indptr[i]! + at] = indices[place]!;
        data[indptr[i]! + at] = mode === 'distance' ? distances[place]! : 1;
      }
    }
    return { data, indices: columns, indptr, shape: [indptr.length - 1, this.nSamplesFit] };
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const NearestNeighborsModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): NearestNeighborsModel {
    const owner = 'NearestNeighborsModel.fromJSON';
    const fields = checkSaved('NearestNeighborsModel', 1, json);
    const search = loadSearch(owner, OWNER, fields);
    return new FittedNearestNeighbors(
      search,
      savedCount(owner, fields, 'nNeighbors', { min: 1 }),
      savedRadius(owner, fields),
    );
  },
};

const OWNER = 'NearestNeighbors';
