import { checkInteger, checkKnown, checkSeed, DataError, randomFrom, readable, type Seed } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import {
  checkSizes,
  groupsOf,
  partSizes,
  printOptions,
  rowsOf,
  type SizeOptions,
  type Split,
  type Splitter,
} from './split.ts';

export interface ShuffleSplitOptions extends SizeOptions {
  /** The number of splits; 10 (5 by groups). */
  nSplits?: number;
  /** What the rows are drawn with; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults; sizes that are left open are not there. */
export interface ShuffleSplitSettings extends Readonly<SizeOptions> {
  readonly nSplits: number;
  readonly seed: Seed | undefined;
}

/** Draws rows to test with and others to fit with, anew for each split; one tenth to test with by default. O(n) a split. */
export class ShuffleSplit implements Splitter {
  readonly options: ShuffleSplitSettings;

  constructor(options: ShuffleSplitOptions = {}) {
    this.options = checkShuffleSplit('ShuffleSplit', options, 10);
    readable(this);
  }

  /** @param x the rows, or how many there are @throws DataError where there are too few rows for the sizes */
  *split(x: unknown): Generator<Split> {
    const { nSplits, seed } = this.options;
    const n = rowsOf('ShuffleSplit', x);
    const { train, test } = partSizes('ShuffleSplit', this.options, n, 0.1);
    const random = randomFrom(seed);
    for (let i = 0; i < nSplits; i++) {
      const order = random.permutation(n);
      yield { train: order.slice(test, test + train), test: order.slice(0, test) };
    }
  }

  toString(): string {
    return printOptions('ShuffleSplit', this.options);
  }
}

/** Draws whole groups to test with and others to fit with, anew for each split; sizes are of groups, one fifth to test with by default. */
export class GroupShuffleSplit implements Splitter {
  readonly options: ShuffleSplitSettings;

  constructor(options: ShuffleSplitOptions = {}) {
    this.options = checkShuffleSplit('GroupShuffleSplit', options, 5);
    readable(this);
  }

  /** @param x the rows, or how many there are @param groups the group of each [n] @throws DataError for too few groups */
  *split(x: unknown, _y?: ArrayLike<Label> | null, groups?: ArrayLike<Label> | null): Generator<Split> {
    const owner = 'GroupShuffleSplit';
    const { nSplits, seed } = this.options;
    const { codes, k } = groupsOf(owner, groups, rowsOf(owner, x));
    if (k < 2) throw new DataError(`${owner}: there must be at least two groups, got one`);
    const { train, test } = partSizes(owner, this.options, k, 0.2);
    const random = randomFrom(seed);
    for (let i = 0; i < nSplits; i++) {
      const order = random.permutation(k);
      const part = new Int8Array(k);
      for (let at = 0; at < test + train; at++) part[order[at]!] = at < test ? 1 : 2;
      const rows = Int32Array.from(codes.keys());
      yield {
        train: random.shuffle(rows.filter((row) => part[codes[row]!] === 2)),
        test: random.shuffle(rows.filter((row) => part[codes[row]!] === 1)),
      };
    }
  }

  toString(): string {
    return printOptions('GroupShuffleSplit', this.options);
  }
}

/** Checks the options of splits that are drawn. */
export function checkShuffleSplit(owner: string, options: ShuffleSplitOptions, usual: number): ShuffleSplitSettings {
  checkKnown(owner, options, ['nSplits', 'testSize', 'trainSize', 'seed']);
  const { nSplits = usual, seed, ...sizes } = options;
  checkInteger(owner, 'nSplits', nSplits, { min: 1 });
  if (seed !== undefined) checkSeed(owner, seed);
  return Object.freeze({ nSplits, ...checkSizes(owner, sizes), seed });
}
