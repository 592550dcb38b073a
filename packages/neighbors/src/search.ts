import { checkInteger, checkOneOf, OptionError, type Steps } from '@maru-ml/base';
import { balls } from './ball-tree.ts';
import { bruteForce, offerAll, put } from './brute.ts';
import { Found } from './found.ts';
import { boxes } from './kd-tree.ts';
import { checkMetric, checkRanks, type Measure, type MetricOptions, measureOf } from './metrics.ts';
import { Nearest } from './nearest.ts';
import type { Rows } from './rows-searched.ts';
import { type Bounds, buildTree, type SearchTree } from './search-tree.ts';

/** Options about how neighbors are found. */
export interface SearchOptions extends MetricOptions {
  /** 'brute' compares with all rows, 'kdTree' and 'ballTree' with few; 'auto': 'kdTree' up to 15 columns, else 'brute'; 'auto'. */
  algorithm?: 'auto' | 'brute' | 'kdTree' | 'ballTree';
  /** Rows in a leaf of a tree, about; 30. */
  leafSize?: number;
}

export type SearchSettings = Readonly<Required<SearchOptions>>;

export const SEARCH_OPTIONS: readonly string[] = ['metric', 'p', 'algorithm', 'leafSize'];

export function checkSearch(owner: string, options: SearchOptions): SearchSettings {
  const { algorithm = 'auto', leafSize = 30 } = options;
  checkOneOf(owner, 'algorithm', algorithm, ['auto', 'brute', 'kdTree', 'ballTree']);
  checkInteger(owner, 'leafSize', leafSize, { min: 1 });
  const { metric, p } = checkMetric(owner, options);
  if (metric === 'cosine' && (algorithm === 'kdTree' || algorithm === 'ballTree')) {
    throw new OptionError(`${owner}: algorithm must be 'auto' or 'brute' for metric 'cosine', got '${algorithm}'`);
  }
  return { metric, p, algorithm, leafSize };
}

/** Fitted rows with what finds the nearest of them. */
export class NeighborSearch {
  readonly owner: string;
  readonly rows: Rows;
  readonly settings: SearchSettings;
  readonly algorithm: 'brute' | 'kdTree' | 'ballTree';
  readonly #measure: Measure;
  readonly #tree: SearchTree | null;
  readonly #bounds: Bounds | null;

  private constructor(
    owner: string,
    rows: Rows,
    settings: SearchSettings,
    algorithm: 'brute' | 'kdTree' | 'ballTree',
    tree: SearchTree | null,
  ) {
    this.owner = owner;
    this.rows = rows;
    this.settings = settings;
    this.algorithm = algorithm;
    this.#measure = measureOf(settings.metric, settings.p);
    this.#tree = tree;
    this.#bounds = tree === null ? null : (algorithm === 'kdTree' ? boxes : balls)(tree, this.#measure);
  }

  static *make(owner: string, rows: Rows, settings: SearchSettings): Steps<NeighborSearch> {
    const { algorithm, metric, leafSize } = settings;
    const few = rows.d <= 15 && metric !== 'cosine' && rows.n > leafSize;
    const chosen = algorithm === 'auto' ? (few ? 'kdTree' : 'brute') : algorithm;
    const tree = chosen === 'brute' ? null : yield* buildTree(rows, leafSize);
    return new NeighborSearch(owner, rows, settings, chosen, tree);
  }

  /** The k nearest rows of each query, nearest first, of equally near ones the first: their places and distances [m, k]. */
  nearest(queries: Rows, k: number): { places: Int32Array; distances: Float64Array } {
    const places = new Int32Array(queries.n * k);
    const distances = new Float64Array(queries.n * k);
    if (this.#tree === null) bruteForce(this.rows, queries, k, this.#measure, places, distances);
    else {
      const nearest = new Nearest(k);
      for (let i = 0; i < queries.n; i++) {
        nearest.clear();
        this.#tree.nearest(queries.data, i * queries.d, this.#measure, this.#bounds!, nearest);
        put(nearest, i, places, distances);
      }
    }
    checkRanks(this.owner, distances, distances.length);
    this.#measure.toDistances(distances, 0, distances.length);
    return { places, distances };
  }

  /** The same for one checked row, into `nearest`, whose ranks become distances; allocates nothing. */
  nearestOne(row: Float64Array, nearest: Nearest): void {
    nearest.clear();
    if (this.#tree === null) offerAll(this.rows, row, 0, this.#measure, nearest);
    else this.#tree.nearest(row, 0, this.#measure, this.#bounds!, nearest);
    nearest.sort();
    checkRanks(this.owner, nearest.ranks, nearest.size);
    this.#measure.toDistances(nearest.ranks, 0, nearest.size);
  }

  /** All rows within a distance of each query, in the order of their places. */
  within(queries: Rows, radius: number): { places: Int32Array; distances: Float64Array; indptr: Int32Array } {
    const range = this.range(radius);
    const found = new Found();
    const indptr = new Int32Array(queries.n + 1);
    const places: number[] = [];
    const distances: number[] = [];
    for (let i = 0; i < queries.n; i++) {
      this.#gather(queries.data, i * queries.d, range, found);
      for (let at = 0; at < found.size; at++) {
        places.push(found.places[at]!);
        distances.push(found.ranks[at]!);
      }
      indptr[i + 1] = places.length;
    }
    return { places: Int32Array.from(places), distances: Float64Array.from(distances), indptr };
  }

  /** The same for one checked row, into `found`, whose ranks become distances; allocates nothing once `found` has room. */
  withinOne(row: Float64Array, range: Range, found: Found): void {
    this.#gather(row, 0, range, found);
  }

  /** A distance as `withinOne` takes it. */
  range(radius: number): Range {
    const rank = Float64Array.of(radius);
    this.#measure.toRanks(rank, 0, 1);
    // The rank of the radius is rounded, so the distances decide.
    rank[0]! *= 1 + 2 ** -40;
    return { distance: Float64Array.of(radius), rank };
  }

  #gather(query: ArrayLike<number>, at: number, { distance, rank }: Range, found: Found): void {
    found.clear();
    if (this.#tree !== null) this.#tree.within(query, at, rank, this.#measure, this.#bounds!, found);
    else {
      const { data, n, d } = this.rows;
      for (let j = 0; j < n; j++) {
        this.#measure.rank(query, at, data, j * d, d, found.rank, 0);
        checkRanks(this.owner, found.rank, 1);
        if (found.rank[0]! <= rank[0]!) found.add(j);
      }
    }
    this.#measure.toDistances(found.ranks, 0, found.size);
    found.settle(distance);
  }
}

/** The largest distance of a search [1], and the largest rank that rows so near can have [1]. */
export interface Range {
  readonly distance: Float64Array;
  readonly rank: Float64Array;
}

/** How many neighbors were asked for, at most as many as there are rows. @throws OptionError */
export function checkNeighbors(owner: string, nNeighbors: unknown, rows: number): number {
  const k = checkInteger(owner, 'nNeighbors', nNeighbors, { min: 1 });
  if (k <= rows) return k;
  throw new OptionError(
    `${owner}: nNeighbors is ${k}, but the model was fitted with ${rows} ${rows === 1 ? 'row' : 'rows'}`,
  );
}
