import {
  type Bounds,
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSeed,
  OptionError,
  type Seed,
  show,
  withDefaults,
} from '@maru-ml/base';

/** The options that `HistGradientBoostingClassifier` and `HistGradientBoostingRegressor` share. */
export interface HistGradientBoostingOptions {
  /** What each tree's predictions are multiplied with; 0.1. */
  learningRate?: number;
  /** The most rounds, each of one tree (one for each class of three or more); 100. */
  maxIter?: number;
  /** The most leaves of a tree; 31. null: as many as `minSamplesLeaf` and `maxDepth` allow. */
  maxLeafNodes?: number | null;
  /** The most questions from the root to a leaf; null, no limit. */
  maxDepth?: number | null;
  /** The least rows of a leaf; 20. */
  minSamplesLeaf?: number;
  /** λ, which is added to Σ hessian of a leaf and so keeps its value small; 0. */
  l2Regularization?: number;
  /** The most bins of a column, from 2 to 255; missing values have a bin more; 255. */
  maxBins?: number;
  /** The columns that hold categories, as integers without order; null, none. */
  categoricalFeatures?: readonly number[] | null;
  /** For each column [d] whether predictions may only rise with it (1), only fall (-1), or both (0); null, all 0. */
  monotonicCst?: readonly number[] | null;
  /**
   * Which columns may be asked about on one way from the root to a leaf: lists of columns that may come together (those in no list are a list
   * more), 'pairwise' for any two, 'noInteractions' for one alone, so that predictions are sums of functions of one column; null, all.
   */
  interactionCst?: 'pairwise' | 'noInteractions' | readonly (readonly number[])[] | null;
  /** The share of the columns, above 0, that each node draws and asks about; 1, all. */
  maxFeatures?: number;
  /** Whether to stop when the loss no longer falls; 'auto', if there are more than 10,000 rows. */
  earlyStopping?: 'auto' | boolean;
  /** The share of rows on which that is measured, which are not fitted; 0.1. null: on the rows that are fitted. */
  validationFraction?: number | null;
  /** How many rounds in a row must not gain; 10. */
  nIterNoChange?: number;
  /** What is a gain; 1e-7. */
  tol?: number;
  /** What rows are held out and columns drawn with, and rows to find bins if there are more than 200,000; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type HistGradientBoostingSettings = Readonly<
  Required<Omit<HistGradientBoostingOptions, 'seed'>> & { seed: Seed | undefined }
>;

const DEFAULTS: HistGradientBoostingSettings = {
  learningRate: 0.1,
  maxIter: 100,
  maxLeafNodes: 31,
  maxDepth: null,
  minSamplesLeaf: 20,
  l2Regularization: 0,
  maxBins: 255,
  categoricalFeatures: null,
  monotonicCst: null,
  interactionCst: null,
  maxFeatures: 1,
  earlyStopping: 'auto',
  validationFraction: 0.1,
  nIterNoChange: 10,
  tol: 1e-7,
  seed: undefined,
};

/** Checks them. @throws OptionError */
export function checkOptions(
  owner: string,
  options: HistGradientBoostingOptions,
  more: readonly string[],
): HistGradientBoostingSettings {
  checkKnown(owner, options, [...Object.keys(DEFAULTS), ...more]);
  const own = withDefaults(options, DEFAULTS);
  const integer = (name: keyof typeof own, bounds: Bounds) => checkInteger(owner, name, own[name], bounds);
  const number = (name: keyof typeof own, bounds: Bounds) => checkNumber(owner, name, own[name], bounds);
  number('learningRate', { above: 0 });
  integer('maxIter', { min: 1 });
  if (own.maxLeafNodes !== null) integer('maxLeafNodes', { min: 2 });
  if (own.maxDepth !== null) integer('maxDepth', { min: 1 });
  integer('minSamplesLeaf', { min: 1 });
  number('l2Regularization', { min: 0 });
  integer('maxBins', { min: 2, max: 255 });
  const isColumn = (value: unknown, name: string) => checkInteger(owner, name, value, { min: 0 });
  const isConstraint = (value: unknown, name: string) => checkOneOf(owner, name, value as number, [-1, 0, 1]);
  const categoricalFeatures = checkList(
    owner,
    'categoricalFeatures',
    'an array of columns',
    own.categoricalFeatures,
    isColumn,
  );
  const monotonicCst = checkList(owner, 'monotonicCst', 'an array of constraints', own.monotonicCst, isConstraint);
  let { interactionCst } = own;
  if (interactionCst !== 'pairwise' && interactionCst !== 'noInteractions') {
    const isGroup = (list: unknown, name: string) =>
      checkList(owner, name, 'an array of columns', list ?? undefined, isColumn)!;
    const what = "'pairwise', 'noInteractions' or lists of columns";
    interactionCst = checkList(owner, 'interactionCst', what, interactionCst, isGroup);
  }
  number('maxFeatures', { above: 0, max: 1 });
  checkOneOf(owner, 'earlyStopping', own.earlyStopping, ['auto', true, false] as string[]);
  if (own.validationFraction !== null) number('validationFraction', { above: 0, below: 1 });
  integer('nIterNoChange', { min: 1 });
  number('tol', { min: 0 });
  if (own.seed !== undefined) checkSeed(owner, own.seed);
  return Object.freeze({ ...own, categoricalFeatures, monotonicCst, interactionCst });
}

/** A copy of a list whose members are as they should be; null if there is none. */
function checkList<T>(
  owner: string,
  name: string,
  what: string,
  list: unknown,
  check: (value: unknown, name: string) => T,
): readonly T[] | null {
  if (list === null) return null;
  if (!Array.isArray(list)) throw new OptionError(`${owner}: ${name} must be ${what}, got ${show(list)}`);
  return Object.freeze(list.map((value, i) => check(value, `${name}[${i}]`)));
}

/** Which columns are categorical [d], and the constraints of all [d]. @throws OptionError for columns that there are not */
export function checkColumns(
  owner: string,
  { categoricalFeatures, monotonicCst, interactionCst }: HistGradientBoostingSettings,
  d: number,
): { categorical: Uint8Array; constraints: Int8Array } {
  const categorical = new Uint8Array(d);
  for (const j of categoricalFeatures ?? []) {
    if (j >= d) throw new OptionError(`${owner}: categoricalFeatures has column ${j}, but x has ${d} columns`);
    categorical[j] = 1;
  }
  if (Array.isArray(interactionCst)) {
    const absent = interactionCst.flat().find((j) => j >= d);
    if (absent !== undefined) {
      throw new OptionError(`${owner}: interactionCst has column ${absent}, but x has ${d} columns`);
    }
  }
  if (monotonicCst !== null && monotonicCst.length !== d) {
    throw new OptionError(`${owner}: monotonicCst has ${monotonicCst.length} constraints, but x has ${d} columns`);
  }
  const constraints = Int8Array.from(monotonicCst ?? new Int8Array(d));
  const both = constraints.findIndex((constraint, j) => constraint !== 0 && categorical[j] === 1);
  if (both >= 0) throw new OptionError(`${owner}: column ${both} is categorical, so it can have no constraint`);
  return { categorical, constraints };
}
