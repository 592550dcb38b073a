import { checkInteger, checkKnown, DataError, readable } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import { groupsOf, printOptions, rowsFor, rowsOf, type Split, type Splitter, splitByFold } from './split.ts';

export interface GroupKFoldOptions {
  /** The number of folds; 5. */
  nSplits?: number;
}

/**
 * Divides rows into k folds of nearly equal size such that all rows of a group (a patient, a document) are in one fold: the largest
 * group that is left goes to the smallest fold. O(n + g log g) for g groups.
 */
export class GroupKFold implements Splitter {
  readonly options: Readonly<Required<GroupKFoldOptions>>;

  constructor(options: GroupKFoldOptions = {}) {
    checkKnown('GroupKFold', options, ['nSplits']);
    const nSplits = checkInteger('GroupKFold', 'nSplits', options.nSplits ?? 5, { min: 2 });
    this.options = Object.freeze({ nSplits });
    readable(this);
  }

  /**
   * @param x the rows, or how many there are @param groups the group of each [n]
   * @throws DataError if there are fewer groups than folds
   */
  *split(x: unknown, _y?: ArrayLike<Label> | null, groups?: ArrayLike<Label> | null): Generator<Split> {
    const { nSplits } = this.options;
    const n = rowsFor('GroupKFold', x, nSplits);
    const { codes, k, counts } = groupsOf('GroupKFold', groups, n);
    if (nSplits > k) throw new DataError(`GroupKFold: nSplits is ${nSplits}, but the number of groups is ${k}`);
    // The largest first; of equal ones the last, as in scikit-learn.
    const order = Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || b - a);
    const sizes = new Float64Array(nSplits);
    const foldOfGroup = new Int32Array(k);
    for (const group of order) {
      const smallest = sizes.indexOf(Math.min(...sizes));
      foldOfGroup[group] = smallest;
      sizes[smallest]! += counts[group]!;
    }
    const foldOf = codes.map((group) => foldOfGroup[group]!);
    for (let fold = 0; fold < nSplits; fold++) yield splitByFold(foldOf, fold);
  }

  toString(): string {
    return printOptions('GroupKFold', this.options);
  }
}

/** Tests with each group once: as many splits as groups. */
export class LeaveOneGroupOut implements Splitter {
  readonly options: Readonly<Record<string, never>> = Object.freeze({});

  constructor(options: Record<string, never> = {}) {
    checkKnown('LeaveOneGroupOut', options, []);
    readable(this);
  }

  /** @param x the rows, or how many there are @param groups the group of each [n] @throws DataError for fewer than two groups */
  *split(x: unknown, _y?: ArrayLike<Label> | null, groups?: ArrayLike<Label> | null): Generator<Split> {
    const { codes, k } = groupsOf('LeaveOneGroupOut', groups, rowsOf('LeaveOneGroupOut', x));
    if (k < 2) throw new DataError('LeaveOneGroupOut: there must be at least two groups, got one');
    for (let group = 0; group < k; group++) yield splitByFold(codes, group);
  }

  toString(): string {
    return 'LeaveOneGroupOut';
  }
}
