import {
  checkBoolean,
  checkInteger,
  checkKnown,
  checkSeed,
  OptionError,
  randomFrom,
  readable,
  type Seed,
} from '@maru-ml/base';
import { printOptions, rowsFor, type Split, type Splitter, splitByFold } from './split.ts';

export interface KFoldOptions {
  /** The number of folds; 5. */
  nSplits?: number;
  /** Shuffle the rows before they are divided; false. */
  shuffle?: boolean;
  /** What they are shuffled with; only with `shuffle`; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export interface KFoldSettings {
  readonly nSplits: number;
  readonly shuffle: boolean;
  readonly seed: Seed | undefined;
}

/**
 * Divides n rows into k folds of equal size (the first n mod k have one more) and tests with each of them once. Without `shuffle` the
 * folds are stretches of rows: shuffle rows that are in some order. O(n) a split.
 */
export class KFold implements Splitter {
  readonly options: KFoldSettings;

  constructor(options: KFoldOptions = {}) {
    this.options = checkKFold('KFold', options);
    readable(this);
  }

  /** @param x the rows, or how many there are @throws DataError if there are fewer than folds */
  *split(x: unknown): Generator<Split> {
    const { nSplits, shuffle, seed } = this.options;
    const n = rowsFor('KFold', x, nSplits);
    const order = shuffle ? randomFrom(seed).permutation(n) : Int32Array.from({ length: n }, (_, i) => i);
    const foldOf = new Int32Array(n);
    const size = Math.floor(n / nSplits);
    for (let fold = 0, from = 0; fold < nSplits; fold++) {
      const to = from + size + (fold < n % nSplits ? 1 : 0);
      for (; from < to; from++) foldOf[order[from]!] = fold;
    }
    for (let fold = 0; fold < nSplits; fold++) yield splitByFold(foldOf, fold);
  }

  toString(): string {
    return printOptions('KFold', this.options);
  }
}

/** Checks the options of folds. */
export function checkKFold(owner: string, options: KFoldOptions): KFoldSettings {
  checkKnown(owner, options, ['nSplits', 'shuffle', 'seed']);
  const { nSplits = 5, shuffle = false, seed } = options;
  checkInteger(owner, 'nSplits', nSplits, { min: 2 });
  checkBoolean(owner, 'shuffle', shuffle);
  if (seed !== undefined) checkSeed(owner, seed);
  if (seed !== undefined && !shuffle) throw new OptionError(`${owner}: a seed does nothing without shuffle: true`);
  return Object.freeze({ nSplits, shuffle, seed });
}
