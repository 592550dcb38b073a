import { checkBoolean, DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import { log } from '@maru-ml/kernels/scalar';
import { type EncodedLabels, type Label, toLabels } from '@maru-ml/tensor';
import { isList } from './alpha.ts';

/** Options about the classes' shares. */
export interface PriorOptions {
  /** Take the classes' shares from the rows; else each class is as likely; true. */
  fitPrior?: boolean;
  /** The shares of the classes [k] in ascending order of the labels, instead of those of the rows; null. */
  classPrior?: ArrayLike<number> | null;
}

export type PriorSettings = Readonly<{ fitPrior: boolean; classPrior: readonly number[] | null }>;

export function checkPriors(owner: string, options: PriorOptions): PriorSettings {
  const { fitPrior = true, classPrior = null } = options;
  checkBoolean(owner, 'fitPrior', fitPrior);
  return { fitPrior, classPrior: readPrior(owner, 'classPrior', classPrior) };
}

/** Shares: numbers ≥ 0 that add up to 1; null for none. */
export function readPrior(owner: string, name: string, prior: unknown): readonly number[] | null {
  if (prior === null) return null;
  const given = isList(prior) ? Array.from(prior) : [];
  const sum = given.reduce((total, share) => total + share, 0);
  if (given.length === 0 || given.some((share) => !(share >= 0)) || !(Math.abs(sum - 1) < 1e-8)) {
    throw new OptionError(`${owner}: ${name} must be numbers ≥ 0 that add up to 1, got ${show(prior)}`);
  }
  return Object.freeze(given);
}

/** log p(c) [k], from the (weighted) numbers of rows of the classes. A class without rows has -∞. */
export function logPriors(
  owner: string,
  { fitPrior, classPrior }: PriorSettings,
  classCount: Float64Array,
): Float64Array {
  const k = classCount.length;
  if (classPrior !== null) return checkPriorLength(owner, 'classPrior', classPrior, k).map(log);
  if (!fitPrior) return new Float64Array(k).fill(-log(k));
  let total = 0;
  for (const count of classCount) total += count;
  return classCount.map((count) => log(count) - log(total));
}

/** Throws a `ShapeError` unless there is a share for each of the classes. */
export function checkPriorLength(owner: string, name: string, prior: readonly number[], k: number): Float64Array {
  if (prior.length === k) return Float64Array.from(prior);
  throw new ShapeError(`${owner}: ${name} has ${prior.length} shares, but y has ${k} ${k === 1 ? 'class' : 'classes'}`);
}

/**
 * Numbers the labels of a first batch: among `classes`, if they are given, of which some may be missing in it.
 * @throws as `toLabels`, OptionError if the classes are no different labels, DataError for a label that is not among them
 */
export function labelsOfBatch<L extends Label>(
  owner: string,
  y: ArrayLike<L>,
  rows: number,
  classes: readonly L[] | undefined,
): EncodedLabels<L> {
  const found = toLabels(owner, y, rows);
  if (classes === undefined) return found;
  if (!Array.isArray(classes) || classes.length === 0) {
    throw new OptionError(`${owner}: classes must be an array of labels, got ${show(classes)}`);
  }
  const all = toLabels(owner, classes, classes.length).classes;
  if (all.length !== classes.length) throw new OptionError(`${owner}: classes must differ, got ${show(classes)}`);
  return { classes: all, codes: recoded(owner, found, all) };
}

/** The places of labels among classes that are known already. @throws DataError for a label that is not among them */
export function recoded<L extends Label>(
  owner: string,
  { classes, codes }: EncodedLabels<L>,
  known: readonly L[],
): Int32Array {
  const places = classes.map((label) => {
    const place = known.indexOf(label);
    if (place >= 0) return place;
    throw new DataError(
      `${owner}: y holds the label ${show(label)}, which is not among the classes ${show([...known])}; give all classes with the first batch`,
    );
  });
  return codes.map((code) => places[code]!);
}
