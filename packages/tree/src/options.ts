import {
  checkInteger,
  checkNumber,
  checkOneOf,
  checkSeed,
  counted,
  DataError,
  refused,
  type Seed,
  ShapeError,
  withDefaults,
} from '@maru-ml/base';
import type { GrowOptions } from './grower.ts';

/** The options that all trees share, those of gradient boosting too. */
export interface SharedTreeOptions {
  /** The most questions on a way to a leaf, or null for as many as it takes; null. */
  maxDepth?: number | null;
  /** The fewest rows of a node that is split, or their share of all rows, below 1; 2. */
  minSamplesSplit?: number;
  /** The fewest rows of a leaf, or their share of all rows, below 1; 1. */
  minSamplesLeaf?: number;
  /** The least share of all weight that a leaf has; 0. */
  minWeightFractionLeaf?: number;
  /** How many columns are drawn for a node: a number, a share below 1, 'sqrt' or 'log2' of all, or null for all; null. */
  maxFeatures?: number | 'sqrt' | 'log2' | null;
  /** The most leaves, for which the nodes that gain most are split first; null grows depth first without such a limit; null. */
  maxLeafNodes?: number | null;
  /** What a split must gain: the fall of the impurity, times the share of all weight that the node has; 0. */
  minImpurityDecrease?: number;
  /** What a leaf must gain for pruning to leave it: the α of cost-complexity pruning; 0. */
  ccpAlpha?: number;
  /**
   * What columns and thresholds are drawn with: a number or a `Random`; the next child of the default stream, if any are drawn.
   */
  seed?: Seed;
}

/** The options with their defaults. */
export type SharedTreeSettings = Readonly<Required<Omit<SharedTreeOptions, 'seed'>> & { seed: Seed | undefined }>;

const DEFAULTS: SharedTreeSettings = {
  maxDepth: null,
  minSamplesSplit: 2,
  minSamplesLeaf: 1,
  minWeightFractionLeaf: 0,
  maxFeatures: null,
  maxLeafNodes: null,
  minImpurityDecrease: 0,
  ccpAlpha: 0,
  seed: undefined,
};

/** Their names. */
export const SHARED_TREE_OPTIONS = /* @__PURE__ */ Object.keys(DEFAULTS) as readonly (keyof SharedTreeOptions)[];

/**
 * Checks the options that trees share and fills in their defaults.
 * @throws OptionError for options that have no meaning
 */
export function checkSharedOptions(owner: string, options: SharedTreeOptions): SharedTreeSettings {
  const settings = withDefaults(options, DEFAULTS);
  const { maxDepth, minWeightFractionLeaf, maxFeatures, maxLeafNodes, seed } = settings;
  if (maxDepth !== null) checkInteger(owner, 'maxDepth', maxDepth, { min: 1 });
  checkCountOrShare(owner, 'minSamplesSplit', settings.minSamplesSplit, 2);
  checkCountOrShare(owner, 'minSamplesLeaf', settings.minSamplesLeaf, 1);
  checkNumber(owner, 'minWeightFractionLeaf', minWeightFractionLeaf, { min: 0, max: 0.5 });
  if (typeof maxFeatures === 'string') checkOneOf(owner, 'maxFeatures', maxFeatures, ['sqrt', 'log2']);
  else if (maxFeatures !== null) checkCountOrShare(owner, 'maxFeatures', maxFeatures, 1);
  if (maxLeafNodes !== null) checkInteger(owner, 'maxLeafNodes', maxLeafNodes, { min: 2 });
  checkNumber(owner, 'minImpurityDecrease', settings.minImpurityDecrease, { min: 0 });
  checkNumber(owner, 'ccpAlpha', settings.ccpAlpha, { min: 0 });
  if (seed !== undefined) checkSeed(owner, seed);
  return settings;
}

/**
 * The options in counts and weights, for `growTree`.
 *
 * @param weight the weight of all rows
 * @throws ShapeError if more columns are to be drawn than there are
 */
export function growOptionsOf(
  owner: string,
  settings: Omit<SharedTreeSettings, 'ccpAlpha' | 'seed'>,
  rows: number,
  columns: number,
  weight: number,
): GrowOptions {
  const { maxFeatures, minSamplesSplit, minSamplesLeaf } = settings;
  if (typeof maxFeatures === 'number' && maxFeatures > columns) {
    throw new ShapeError(`${owner}: maxFeatures is ${maxFeatures}, but x has ${counted(columns, 'column')}`);
  }
  const leaf = minSamplesLeaf < 1 ? Math.ceil(minSamplesLeaf * rows) : minSamplesLeaf;
  const split = minSamplesSplit < 1 ? Math.max(2, Math.ceil(minSamplesSplit * rows)) : minSamplesSplit;
  return {
    maxDepth: settings.maxDepth ?? Number.POSITIVE_INFINITY,
    minSamplesSplit: Math.max(split, 2 * leaf),
    minSamplesLeaf: leaf,
    minWeightLeaf: settings.minWeightFractionLeaf * weight,
    maxFeatures: featureCount(maxFeatures, columns),
    maxLeafNodes: settings.maxLeafNodes ?? Number.POSITIVE_INFINITY,
    minImpurityDecrease: settings.minImpurityDecrease,
  };
}

function featureCount(maxFeatures: SharedTreeSettings['maxFeatures'], columns: number): number {
  if (maxFeatures === null) return columns;
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(columns)));
  // The whole part of log₂ d.
  if (maxFeatures === 'log2') return Math.max(1, 31 - Math.clz32(columns));
  return maxFeatures < 1 ? Math.max(1, Math.floor(maxFeatures * columns)) : maxFeatures;
}

/**
 * Checks that sums and squares of weights neither overflow nor vanish, and returns the sum.
 * @throws DataError for weights that are far too large or too small
 */
export function totalWeight(owner: string, weights: Float64Array | null, rows: number): number {
  if (weights === null) return rows;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights[i]!;
    total += weight;
    if (weight !== 0 && !(weight >= SMALLEST && weight <= 1 / SMALLEST)) {
      throw new DataError(
        `${owner}: the weight of row ${i} must be 0 or from ${SMALLEST} to ${1 / SMALLEST}, got ${weight}`,
      );
    }
  }
  if (total === 0) throw new DataError(`${owner}: weights of rows and classes leave no row that weighs something`);
  return total;
}

const SMALLEST = 1e-100;

/** Checks a count of at least `min` or a share. @throws OptionError */
export function checkCountOrShare(owner: string, name: string, value: unknown, min: number): void {
  if (typeof value === 'number' && ((value > 0 && value < 1) || (Number.isInteger(value) && value >= min))) return;
  throw refused(owner, name, `an integer ≥ ${min} or a share above 0 and below 1`, value);
}
