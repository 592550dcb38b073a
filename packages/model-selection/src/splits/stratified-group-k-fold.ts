import { DataError, randomFrom, readable } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import { checkKFold, type KFoldOptions, type KFoldSettings } from './k-fold.ts';
import { classesOf, groupsOf, printOptions, rowsFor, type Split, type Splitter, splitByFold } from './split.ts';

/**
 * Folds in which all rows of a group stay together and the shares of the classes are as equal as that allows. Greedy: the groups with the
 * most unequal classes come first, each goes to the fold with which the shares of the classes in the folds spread least, of equal ones
 * to the smallest. O(n + g k² c) for g groups, k folds and c classes. Without `shuffle` the folds are scikit-learn's.
 */
export class StratifiedGroupKFold implements Splitter {
  readonly options: KFoldSettings;

  constructor(options: KFoldOptions = {}) {
    this.options = checkKFold('StratifiedGroupKFold', options);
    readable(this);
  }

  /**
   * @param x the rows, or how many there are @param y the label of each [n] @param groups the group of each [n]
   * @throws DataError if there are fewer groups than folds, or every class has fewer rows
   */
  *split(x: unknown, y?: ArrayLike<Label> | null, groups?: ArrayLike<Label> | null): Generator<Split> {
    const owner = 'StratifiedGroupKFold';
    const { nSplits, shuffle, seed } = this.options;
    const n = rowsFor(owner, x, nSplits);
    const classes = classesOf(owner, y, n);
    const { codes: groupOf, k: g } = groupsOf(owner, groups, n);
    const most = Math.max(...classes.counts);
    if (nSplits > most)
      throw new DataError(`${owner}: nSplits is ${nSplits}, but no class has more than ${most} of the rows`);
    if (nSplits > g) throw new DataError(`${owner}: nSplits is ${nSplits}, but the number of groups is ${g}`);

    const c = classes.k;
    const counts = new Float64Array(g * c);
    for (let i = 0; i < n; i++) counts[groupOf[i]! * c + classes.codes[i]!]! += 1;
    const ofGroup = (group: number) => counts.subarray(group * c, (group + 1) * c);
    const order = shuffle ? [...randomFrom(seed).permutation(g)] : Array.from({ length: g }, (_, group) => group);
    const spreads = order.map((group) => ({ group, spread: deviation(ofGroup(group)) }));
    spreads.sort((a, b) => b.spread - a.spread);

    const inFolds = new Float64Array(nSplits * c);
    const foldOfGroup = new Int32Array(g);
    for (const { group } of spreads) {
      const fold = bestFold(inFolds, ofGroup(group), classes.counts, nSplits);
      foldOfGroup[group] = fold;
      add(inFolds, fold, ofGroup(group), 1);
    }
    const foldOf = groupOf.map((group) => foldOfGroup[group]!);
    for (let fold = 0; fold < nSplits; fold++) yield splitByFold(foldOf, fold);
  }

  toString(): string {
    return printOptions('StratifiedGroupKFold', this.options);
  }
}

/** The fold with which the shares of the classes spread least over the folds; of equal ones that with the fewest rows. */
function bestFold(inFolds: Float64Array, group: Float64Array, total: Int32Array, nSplits: number): number {
  const c = group.length;
  const shares = new Float64Array(nSplits);
  let [best, least, smallest] = [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let fold = 0; fold < nSplits; fold++) {
    add(inFolds, fold, group, 1);
    let spread = 0;
    for (let code = 0; code < c; code++) {
      for (let f = 0; f < nSplits; f++) shares[f] = inFolds[f * c + code]! / total[code]!;
      spread += deviation(shares) / c;
    }
    add(inFolds, fold, group, -1);
    let size = 0;
    for (let code = 0; code < c; code++) size += inFolds[fold * c + code]!;
    // What differs by less counts as equal, as in scikit-learn.
    const equal = Math.abs(spread - least) <= 1e-8 + 1e-5 * Math.abs(least);
    if (spread < least || (equal && size < smallest)) {
      [best, least, smallest] = [fold, spread, size];
    }
  }
  return best;
}

function add(inFolds: Float64Array, fold: number, group: Float64Array, sign: number): void {
  for (let code = 0; code < group.length; code++) inFolds[fold * group.length + code]! += sign * group[code]!;
}

function deviation(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let square = 0;
  for (const value of values) square += (value - mean) ** 2;
  return Math.sqrt(square / values.length);
}
