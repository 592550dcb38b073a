import { checkInteger, checkKnown, checkSeed, randomFrom, readable, type Seed } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import { KFold } from './k-fold.ts';
import { printOptions, type Split, type Splitter } from './split.ts';
import { StratifiedKFold } from './stratified-k-fold.ts';

export interface RepeatedKFoldOptions {
  /** The number of folds; 5. */
  nSplits?: number;
  /** How often the rows are shuffled and divided anew; 10. */
  nRepeats?: number;
  /** What they are shuffled with; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export interface RepeatedKFoldSettings {
  readonly nSplits: number;
  readonly nRepeats: number;
  readonly seed: Seed | undefined;
}

/** `KFold` with shuffled rows, several times: `nRepeats` · `nSplits` splits. */
export class RepeatedKFold implements Splitter {
  readonly options: RepeatedKFoldSettings;

  constructor(options: RepeatedKFoldOptions = {}) {
    this.options = check('RepeatedKFold', options);
    readable(this);
  }

  /** @param x the rows, or how many there are @throws DataError if there are fewer than folds */
  *split(x: unknown): Generator<Split> {
    const { nSplits, nRepeats, seed } = this.options;
    const random = randomFrom(seed);
    for (let i = 0; i < nRepeats; i++) yield* new KFold({ nSplits, shuffle: true, seed: random.fork() }).split(x);
  }

  toString(): string {
    return printOptions('RepeatedKFold', this.options);
  }
}

/** `StratifiedKFold` with shuffled rows, several times: `nRepeats` · `nSplits` splits. */
export class RepeatedStratifiedKFold implements Splitter {
  readonly options: RepeatedKFoldSettings;

  constructor(options: RepeatedKFoldOptions = {}) {
    this.options = check('RepeatedStratifiedKFold', options);
    readable(this);
  }

  /** @param x the rows, or how many there are @param y the label of each [n] @throws DataError as `StratifiedKFold` */
  *split(x: unknown, y?: ArrayLike<Label> | null): Generator<Split> {
    const { nSplits, nRepeats, seed } = this.options;
    const random = randomFrom(seed);
    for (let i = 0; i < nRepeats; i++) {
      yield* new StratifiedKFold({ nSplits, shuffle: true, seed: random.fork() }).split(x, y);
    }
  }

  toString(): string {
    return printOptions('RepeatedStratifiedKFold', this.options);
  }
}

function check(owner: string, options: RepeatedKFoldOptions): RepeatedKFoldSettings {
  checkKnown(owner, options, ['nSplits', 'nRepeats', 'seed']);
  const { nSplits = 5, nRepeats = 10, seed } = options;
  checkInteger(owner, 'nSplits', nSplits, { min: 2 });
  checkInteger(owner, 'nRepeats', nRepeats, { min: 1 });
  if (seed !== undefined) checkSeed(owner, seed);
  return Object.freeze({ nSplits, nRepeats, seed });
}
