import { checkBoolean, checkInteger, checkKnown, type FitAsyncOptions, OptionError } from '@maru-ml/base';
import {
  checkCategoricalFeatures,
  checkSharedOptions,
  SHARED_TREE_OPTIONS,
  type SplitterClass,
  type TreeOptions,
  type TreeSettings,
} from '@maru-ml/tree/grow';
import { checkAmount } from '../amount.ts';

/** The options that forests share. */
export interface ForestOptions extends Omit<TreeOptions, 'splitter'> {
  /** The number of trees; 100. */
  nEstimators?: number;
  /** Whether each tree is grown from rows that are drawn with replacement; true for random forests, false for extra-trees. */
  bootstrap?: boolean;
  /** How many rows are drawn for a tree, or which share of all rows, below 1; null, as many as there are. */
  maxSamples?: number | null;
  /** Whether to answer for each row by the trees for which it was not drawn, and to score that; false. */
  oobScore?: boolean;
}

/** The options with their defaults. */
export type ForestSettings = Readonly<
  Omit<TreeSettings, 'splitter'> & {
    nEstimators: number;
    bootstrap: boolean;
    maxSamples: number | null;
    oobScore: boolean;
  }
>;

/** Options of `fitAsync` of a forest. */
export interface ForestFitAsyncOptions extends FitAsyncOptions {
  /** How many worker threads grow trees; 1, none but the calling one. The model does not depend on it. */
  workers?: number;
  /** Where the file behind `@maru-ml/ensemble/worker` lies, if a bundler has moved it; beside this module. */
  workerUrl?: string | URL;
}

/** Which rows and thresholds a kind of forest draws. */
export interface ForestKind<Owner extends string = string> {
  readonly owner: Owner;
  readonly splitter: 'best' | 'random';
  /** What that name stands for: a bundle holds only the one that it uses. */
  readonly Splitter: SplitterClass;
  readonly bootstrap: boolean;
  readonly maxFeatures: 'sqrt' | null;
}

/** Checks them. @throws OptionError */
export function checkForestOptions(
  { owner, bootstrap: usual, maxFeatures: usualFeatures }: ForestKind,
  options: ForestOptions,
  more: readonly string[],
): ForestSettings {
  const trees = [...SHARED_TREE_OPTIONS, 'categoricalFeatures'];
  checkKnown(owner, options, ['nEstimators', 'bootstrap', 'maxSamples', 'oobScore', ...trees, ...more]);
  const { nEstimators = 100, bootstrap = usual, maxSamples = null, oobScore = false } = options;
  checkInteger(owner, 'nEstimators', nEstimators, { min: 1 });
  checkBoolean(owner, 'bootstrap', bootstrap);
  checkBoolean(owner, 'oobScore', oobScore);
  checkAmount(owner, 'maxSamples', maxSamples);
  if (!bootstrap && maxSamples !== null) throw new OptionError(`${owner}: maxSamples needs bootstrap: true`);
  if (!bootstrap && oobScore) throw new OptionError(`${owner}: oobScore needs bootstrap: true`);
  const shared = checkSharedOptions(owner, { maxFeatures: usualFeatures, ...options });
  const categoricalFeatures = checkCategoricalFeatures(owner, options.categoricalFeatures);
  return Object.freeze({ nEstimators, bootstrap, maxSamples, oobScore, ...shared, categoricalFeatures });
}

/** Checks the options of `fitAsync`, and returns how many workers there are to be. @throws OptionError */
export function checkWorkers(owner: string, options: ForestFitAsyncOptions): number {
  checkKnown(owner, options, ['sampleWeight', 'onProgress', 'signal', 'workers', 'workerUrl']);
  return checkInteger(owner, 'workers', options.workers ?? 1, { min: 1 });
}
