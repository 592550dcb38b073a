import { counted, DataError, type Fits, OptionError, ShapeError, show } from '@maru-ml/base';
import type { Label, Model } from '@maru-ml/tensor';
import { countRows } from '../rows.ts';
import { KFold } from '../splits/k-fold.ts';
import type { Split, Splitter } from '../splits/split.ts';
import { StratifiedKFold } from '../splits/stratified-k-fold.ts';
import { type AnyEstimator, type Data, fitted, part } from './fits.ts';

/** How rows are divided, and what else a validation needs to know of them. */
export interface FoldOptions {
  /**
   * The number of folds, a splitter, or the splits themselves. A number gives `StratifiedKFold` for classifiers and `KFold` for all else,
   * neither shuffled; 5.
   */
  cv?: number | Splitter | Iterable<Split>;
  /** The group of each row [n], for splitters that keep groups together; none. */
  groups?: ArrayLike<Label>;
  /** Weights of the rows [n] in fitting; scores count rows alike; 1 each. */
  sampleWeight?: ArrayLike<number>;
}

/** Checked rows, and how they are divided. */
export interface Folds {
  readonly data: Data;
  readonly rows: number;
  readonly splits: readonly Split[];
  /** A model that had to be fitted to find out what the estimator is, and that is the one of the first split. */
  readonly firstModel: Model | null;
}

/** Checks rows, targets and weights against each other. */
export function checkData(owner: string, x: unknown, y: unknown, sampleWeight: unknown): { data: Data; rows: number } {
  const rows = countRows(owner, x);
  if (rows === 0) throw new DataError(`${owner}: x must have at least one row`);
  const lists = { y: y ?? null, sampleWeight };
  for (const [name, values] of Object.entries(lists)) {
    if (values === null || values === undefined) continue;
    const length = (values as ArrayLike<unknown>).length;
    if (typeof values !== 'object' || typeof length !== 'number') {
      throw new OptionError(`${owner}: ${name} must be an array, got ${show(values)}`);
    }
    if (length !== rows) {
      throw new ShapeError(`${owner}: ${name} has length ${length}, but x has ${counted(rows, 'row')}`);
    }
  }
  const weights = sampleWeight as ArrayLike<number> | undefined;
  return { data: { x, y: (y ?? null) as ArrayLike<Label> | null, weights }, rows };
}

/** Divides the rows. A number of folds needs to know whether the estimator is a classifier, for which it may have to be fitted. */
export function* foldsFor(
  owner: string,
  estimator: AnyEstimator,
  x: unknown,
  y: unknown,
  { cv = 5, groups, sampleWeight }: FoldOptions,
): Fits<Folds> {
  if (typeof estimator?.fit !== 'function') {
    throw new OptionError(
      `${owner}: the first argument must be an estimator, got ${show(estimator)}; models are fitted anew for each fold`,
    );
  }
  const { data, rows } = checkData(owner, x, y, sampleWeight);
  if (typeof cv !== 'number') {
    return { data, rows, splits: yield* splitsOf(owner, cv, data, groups, rows), firstModel: null };
  }
  if (groups !== undefined) {
    throw new OptionError(`${owner}: groups need a splitter that keeps them together, such as cv: new GroupKFold()`);
  }
  const even = yield* inTurns(new KFold({ nSplits: checkFolds(owner, cv) }).split(rows));
  const kind = kindOf(data.y, cv);
  if (kind === 'numbers') return { data, rows, splits: even, firstModel: null };
  yield;
  const stratified = yield* inTurns(new StratifiedKFold({ nSplits: cv }).split(rows, data.y));
  if (kind === 'labels') return { data, rows, splits: stratified, firstModel: null };
  // Integers may be labels or numbers: the model tells.
  const model = yield* fitted(estimator, yield* part(data, stratified[0]!.train));
  if ('classes' in model) return { data, rows, splits: stratified, firstModel: model };
  return { data, rows, splits: even, firstModel: null };
}

/** Labels are strings or booleans, or integers of which some come often enough to be in every fold. */
function kindOf(y: ArrayLike<Label> | null, nSplits: number): 'labels' | 'numbers' | 'either' {
  if (y === null) return 'numbers';
  if (typeof y[0] !== 'number') return 'labels';
  const counts = new Map<Label, number>();
  for (let i = 0; i < y.length; i++) {
    const value = y[i]!;
    if (!Number.isSafeInteger(value)) return 'numbers';
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  for (const count of counts.values()) if (count >= nSplits) return 'either';
  return 'numbers';
}

/** The splits that a splitter makes, or that are given. @throws OptionError for none, or places that are no rows */
export function* splitsOf(
  owner: string,
  cv: Splitter | Iterable<Split>,
  { x, y }: Data,
  groups: ArrayLike<Label> | undefined,
  rows: number,
): Generator<undefined, Split[], unknown> {
  const isSplitter = typeof cv === 'object' && typeof (cv as Splitter | null)?.split === 'function';
  const given = isSplitter ? (cv as Splitter).split(x, y, groups) : (cv as Iterable<Split>);
  if (typeof given !== 'object' || typeof given?.[Symbol.iterator] !== 'function') {
    throw new OptionError(`${owner}: cv must be a number of folds, a splitter or splits, got ${show(cv)}`);
  }
  const splits = yield* inTurns(given);
  if (splits.length === 0) throw new OptionError(`${owner}: cv must give at least one split`);
  // Our own splitters give rows that are there.
  for (const [i, split] of splits.entries()) {
    for (const name of ['train', 'test'] as const) checkPlaces(owner, `${name} of split ${i}`, split?.[name], rows);
    yield;
  }
  return splits.map(({ train, test }) => ({ train: Int32Array.from(train), test: Int32Array.from(test) }));
}

/** The splits, with a pause after each. */
function* inTurns(splits: Iterable<Split>): Generator<undefined, Split[], unknown> {
  const all: Split[] = [];
  for (const split of splits) {
    all.push(split);
    yield;
  }
  return all;
}

function checkPlaces(owner: string, name: string, places: unknown, rows: number): void {
  const list = places as ArrayLike<number> | undefined;
  if (typeof list?.length !== 'number' || list.length === 0) {
    throw new OptionError(`${owner}: ${name} must be places of rows, got ${show(places)}`);
  }
  for (let i = 0; i < list.length; i++) {
    const place = list[i]!;
    if (Number.isInteger(place) && place >= 0 && place < rows) continue;
    throw new OptionError(`${owner}: ${name} must hold integers from 0 to ${rows - 1}, got ${show(place)}`);
  }
}

function checkFolds(owner: string, cv: number): number {
  if (Number.isInteger(cv) && cv >= 2) return cv;
  throw new OptionError(`${owner}: cv must be an integer ≥ 2, a splitter or splits, got ${cv}`);
}
