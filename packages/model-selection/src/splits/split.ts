import { checkNumber, counted, DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import { type Label, toLabels } from '@maru-ml/tensor';
import { countRows } from '../rows.ts';

/** Places of rows to fit with and of others to test with. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** A way to divide rows into those to fit with and those to test with, several times over. */
export interface Splitter {
  /** All options with their defaults. */
  readonly options: object;
  /**
   * @param x the rows, or how many there are
   * @param y the label of each row [n], where the split keeps their shares
   * @param groups the group of each row [n], where rows of a group stay together
   */
  split(x: unknown, y?: ArrayLike<Label> | null, groups?: ArrayLike<Label> | null): Iterable<Split>;
  toString(): string;
}

/** Rows numbered by label: those of row i are `codes[i]`, of k kinds. */
export interface Kinds {
  readonly codes: Int32Array;
  readonly k: number;
  /** How many rows are of each kind [k]. */
  readonly counts: Int32Array;
}

/** The labels of the rows, numbered in ascending order. @throws OptionError where there are none */
export function classesOf(owner: string, y: ArrayLike<Label> | null | undefined, rows: number): Kinds {
  if (y === null || y === undefined) {
    throw new OptionError(`${owner}: y is needed, as the split keeps the shares of its labels; call split(x, y)`);
  }
  const { classes, codes } = toLabels(owner, y, rows);
  return { codes, k: classes.length, counts: countsOf(codes, classes.length) };
}

/** The groups of the rows, numbered in ascending order. @throws OptionError where there are none */
export function groupsOf(owner: string, groups: ArrayLike<Label> | null | undefined, rows: number): Kinds {
  if (groups === null || groups === undefined) {
    throw new OptionError(`${owner}: groups are needed, as rows of a group stay together; call split(x, y, groups)`);
  }
  if (typeof groups !== 'object' || typeof groups.length !== 'number') {
    throw new OptionError(`${owner}: groups must be an array of labels, got ${show(groups)}`);
  }
  if (groups.length !== rows) {
    throw new ShapeError(`${owner}: groups has length ${groups.length}, but x has ${counted(rows, 'row')}`);
  }
  for (let i = 0; i < rows; i++) {
    const group: unknown = groups[i];
    const good = typeof group === 'string' || typeof group === 'boolean' || Number.isSafeInteger(group);
    if (good && typeof group === typeof groups[0]) continue;
    throw new DataError(
      `${owner}: groups must hold strings, integers or booleans of one type, but groups[0] is ${show(groups[0])} and groups[${i}] is ${show(group)}`,
    );
  }
  const { classes, codes } = toLabels(owner, groups, rows);
  return { codes, k: classes.length, counts: countsOf(codes, classes.length) };
}

/** The number of rows, which may itself be given. */
export function rowsOf(owner: string, x: unknown): number {
  if (typeof x !== 'number') return countRows(owner, x);
  if (Number.isSafeInteger(x) && x >= 1) return x;
  throw new OptionError(`${owner}: the number of rows must be an integer ≥ 1, got ${show(x)}`);
}

/** The same, at least so many as folds. */
export function rowsFor(owner: string, x: unknown, nSplits: number): number {
  const n = rowsOf(owner, x);
  if (nSplits <= n) return n;
  throw new DataError(`${owner}: nSplits is ${nSplits}, but x has only ${counted(n, 'row')}`);
}

/** The rows of a fold as the test part and all others, in their order, as the train part. */
export function splitByFold(foldOf: Int32Array, fold: number): Split {
  let count = 0;
  for (let i = 0; i < foldOf.length; i++) if (foldOf[i] === fold) count++;
  const test = new Int32Array(count);
  const train = new Int32Array(foldOf.length - count);
  for (let i = 0, a = 0, b = 0; i < foldOf.length; i++) {
    if (foldOf[i] === fold) test[a++] = i;
    else train[b++] = i;
  }
  return { train, test };
}

/** Sizes of parts: a number of rows, or a share of them. */
export interface SizeOptions {
  /** Rows to test with: a share from 0 to 1, or an integer; what `trainSize` leaves. */
  testSize?: number;
  /** Rows to fit with: a share from 0 to 1, or an integer; what `testSize` leaves. */
  trainSize?: number;
}

/** The checked sizes; undefined where they are not given. */
export function checkSizes(owner: string, { testSize, trainSize }: SizeOptions): SizeOptions {
  for (const [name, size] of Object.entries({ testSize, trainSize })) {
    if (size === undefined || (Number.isInteger(size) && size >= 1)) continue;
    if (!(checkNumber(owner, name, size) > 0 && size < 1)) {
      throw new OptionError(`${owner}: ${name} must be a share between 0 and 1 or an integer ≥ 1, got ${show(size)}`);
    }
  }
  if (isShare(testSize) && isShare(trainSize) && testSize! + trainSize! > 1) {
    throw new OptionError(
      `${owner}: testSize and trainSize must add up to at most 1, got ${testSize} and ${trainSize}`,
    );
  }
  return { ...(testSize !== undefined && { testSize }), ...(trainSize !== undefined && { trainSize }) };
}

/**
 * How many of n rows make each part: a share of test rows is rounded up, of train rows down, as in scikit-learn.
 * @param usual the share to test with where neither size is given
 * @throws DataError where a part would be empty or both together need more rows than there are
 */
export function partSizes(
  owner: string,
  { testSize, trainSize }: SizeOptions,
  n: number,
  usual: number,
): { train: number; test: number } {
  const asked = testSize ?? (trainSize === undefined ? usual : undefined);
  let test = asked === undefined ? undefined : isShare(asked) ? Math.ceil(asked * n) : asked;
  let train = trainSize === undefined ? undefined : isShare(trainSize) ? Math.floor(trainSize * n) : trainSize;
  train ??= n - test!;
  test ??= n - train;
  if (train < 1 || test < 1 || train + test > n) {
    throw new DataError(
      `${owner}: of ${counted(n, 'row')}, ${train} to fit with and ${test} to test with cannot be taken; each part needs one`,
    );
  }
  return { train, test };
}

/** The class with its options, for `toString`. */
export function printOptions(name: string, options: object): string {
  const shown = Object.entries(options).map(([key, value]) => `${key}: ${show(value)}`);
  return shown.length === 0 ? name : `${name} { ${shown.join(', ')} }`;
}

function isShare(size: number | undefined): boolean {
  return size !== undefined && size < 1;
}

function countsOf(codes: Int32Array, k: number): Int32Array {
  const counts = new Int32Array(k);
  for (let i = 0; i < codes.length; i++) counts[codes[i]!]! += 1;
  return counts;
}
