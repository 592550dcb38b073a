import { DataError, randomFrom, readable } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import { checkKFold, type KFoldOptions, type KFoldSettings } from './k-fold.ts';
import { classesOf, printOptions, rowsFor, type Split, type Splitter, splitByFold } from './split.ts';

/**
 * `KFold` that gives each fold the same share of every class, as nearly as whole rows allow. A class with fewer rows than there are
 * folds is missing in some. The folds are scikit-learn's. O(n k) for k folds.
 */
export class StratifiedKFold implements Splitter {
  readonly options: KFoldSettings;

  constructor(options: KFoldOptions = {}) {
    this.options = checkKFold('StratifiedKFold', options);
    readable(this);
  }

  /**
   * @param x the rows, or how many there are @param y the label of each [n]
   * @throws DataError if every class has fewer rows than there are folds
   */
  *split(x: unknown, y?: ArrayLike<Label> | null): Generator<Split> {
    const { nSplits, shuffle, seed } = this.options;
    const n = rowsFor('StratifiedKFold', x, nSplits);
    const { codes, k, counts } = classesOf('StratifiedKFold', y, n);
    const most = Math.max(...counts);
    if (nSplits > most) {
      throw new DataError(`StratifiedKFold: nSplits is ${nSplits}, but no class has more than ${most} of the rows`);
    }
    const random = shuffle ? randomFrom(seed) : null;
    const byAppearance = appearance(codes, k);
    const shares = shareOut(
      byAppearance.map((code) => counts[code]!),
      nSplits,
    );
    const foldOf = new Int32Array(n);
    for (const [place, code] of byAppearance.entries()) {
      const folds = new Int32Array(counts[code]!);
      for (let fold = 0, at = 0; fold < nSplits; fold++) {
        for (let left = shares[fold]![place]!; left > 0; left--) folds[at++] = fold;
      }
      random?.shuffle(folds);
      for (let i = 0, at = 0; i < n; i++) if (codes[i] === code) foldOf[i] = folds[at++]!;
    }
    for (let fold = 0; fold < nSplits; fold++) yield splitByFold(foldOf, fold);
  }

  toString(): string {
    return printOptions('StratifiedKFold', this.options);
  }
}

/** The classes in the order in which they come. */
function appearance(codes: Int32Array, k: number): number[] {
  const seen = new Set<number>();
  for (let i = 0; seen.size < k; i++) seen.add(codes[i]!);
  return [...seen];
}

/** How many rows of each class go to each fold: as if the rows, sorted by class, were dealt out one by one. */
function shareOut(counts: readonly number[], nSplits: number): Int32Array[] {
  const shares = Array.from({ length: nSplits }, () => new Int32Array(counts.length));
  let at = 0;
  for (const [c, count] of counts.entries()) {
    for (let i = 0; i < count; i++) shares[at++ % nSplits]![c]! += 1;
  }
  return shares;
}
