import { checkInteger, checkOneOf, OptionError, type Steps } from '@maru-ml/base';
import { balls } from './ball-tree.ts';
import { bruteForce, put } from './brute.ts';
import { boxes } from './kd-tree.ts';
import { checkMetric, checkRank, type Measure, type MetricOptions, measureOf } from './metrics.ts';
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
    for (let at = 0; at < distances.length; at++) {
      distances[at] = this.#measure.distance(checkRank(this.owner, distances[at]!));
    }
    return { places, distances };
  }

  /** The same for one checked row, into `nearest`, whose ranks become distances; allocates nothing. */
  nearestOne(row: Float64Array, nearest: Nearest): void {
    nearest.clear();
    if (this.#tree === null) {
      const { data, n, d } = this.rows;
      for (let j = 0; j < n; j++) {
        const rank = this.#measure.rank(row, 0, data, j * d, d);
        if (rank <= nearest.worst) nearest.offer(rank, j);
      }
    } else this.#tree.nearest(row, 0, this.#measure, this.#bounds!, nearest);
    nearest.sort();
    for (let i = 0; i < nearest.size; i++) {
      nearest.ranks[i] = this.#measure.distance(checkRank(this.owner, nearest.ranks[i]!));
    }
  }

  /** All rows within a distance of each query, in the order of their places. */
  within(queries: Rows, radius: number): { places: Int32Array; distances: Float64Array; indptr: Int32Array } {
    const most = this.#measure.rankOf(radius);
    const indptr = new Int32Array(queries.n + 1);
    const places: number[] = [];
    const distances: number[] = [];
    for (let i = 0; i < queries.n; i++) {
      const found: [rank: number, place: number][] = [];
      const take = (rank: number, place: number) => {
        // The rank of the radius was rounded, so the distances decide.
        if (this.#measure.distance(rank) <= radius) found.push([rank, place]);
      };
      this.#eachWithin(queries, i, most * (1 + 2 ** -40), take);
      found.sort((a, b) => a[1] - b[1]);
      for (const [rank, place] of found) {
        places.push(place);
        distances.push(this.#measure.distance(rank));
      }
      indptr[i + 1] = places.length;
    }
    return { places: Int32Array.from(places), distances: Float64Array.from(distances), indptr };
  }

  #eachWithin(queries: Rows, i: number, most: number, take: (rank: number, place: number) => void): void {
    const { data, n, d } = this.rows;
    if (this.#tree !== null) {
      this.#tree.within(queries.data, i * d, most, this.#measure, this.#bounds!, take);
      return;
    }
    for (let j = 0; j < n; j++) {
      const rank = checkRank(this.owner, this.#measure.rank(queries.data, i * d, data, j * d, d));
      if (rank <= most) take(rank, j);
    }
  }
}

/** How many neighbors were asked for, at most as many as there are rows. @throws OptionError */
export function checkNeighbors(owner: string, nNeighbors: unknown, rows: number): number {
  const k = checkInteger(owner, 'nNeighbors', nNeighbors, { min: 1 });
  if (k <= rows) return k;
  throw new OptionError(
    `${owner}: nNeighbors is ${k}, but the model was fitted with ${rows} ${rows === 1 ? 'row' : 'rows'}`,
  );
}
