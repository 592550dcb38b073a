import { checkInteger, checkOneOf, counted, OptionError, type Steps } from '@maru-ml/base';
import { balls } from './ball-tree.ts';
import { boxes } from './kd-tree.ts';
import { checkMetric, type Measure, type MetricOptions, measureOf } from './metrics.ts';
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

/** Fitted rows with what finds the nearest of them: `k-nearest.ts` and `within.ts` search here, each only in the bundles that use it. */
export class NeighborSearch {
  readonly owner: string;
  readonly rows: Rows;
  readonly settings: SearchSettings;
  readonly algorithm: 'brute' | 'kdTree' | 'ballTree';
  readonly measure: Measure;
  readonly tree: SearchTree | null;
  /** Those of the tree's nodes, if there is a tree. */
  readonly bounds: Bounds | null;

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
    this.measure = measureOf(settings.metric, settings.p);
    this.tree = tree;
    this.bounds = tree && (algorithm === 'kdTree' ? boxes : balls)(tree, this.measure);
  }

  static *make(owner: string, rows: Rows, settings: SearchSettings): Steps<NeighborSearch> {
    const { algorithm, metric, leafSize } = settings;
    const few = rows.d <= 15 && metric !== 'cosine' && rows.n > leafSize;
    const chosen = algorithm === 'auto' ? (few ? 'kdTree' : 'brute') : algorithm;
    const tree = chosen === 'brute' ? null : yield* buildTree(rows, leafSize);
    return new NeighborSearch(owner, rows, settings, chosen, tree);
  }
}

/** How many neighbors were asked for, at most as many as there are rows. @throws OptionError */
export function checkNeighbors(owner: string, nNeighbors: unknown, rows: number): number {
  const k = checkInteger(owner, 'nNeighbors', nNeighbors, { min: 1 });
  if (k <= rows) return k;
  throw new OptionError(`${owner}: nNeighbors is ${k}, but the model was fitted with ${counted(rows, 'row')}`);
}
