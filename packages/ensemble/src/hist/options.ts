import {
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSeed,
  OptionError,
  type Seed,
  show,
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

const KNOWN = [
  'learningRate',
  'maxIter',
  'maxLeafNodes',
  'maxDepth',
  'minSamplesLeaf',
  'l2Regularization',
  'maxBins',
  'categoricalFeatures',
  'monotonicCst',
  'interactionCst',
  'maxFeatures',
  'earlyStopping',
  'validationFraction',
  'nIterNoChange',
  'tol',
  'seed',
];

/** Checks them. @throws OptionError */
export function checkOptions(
  owner: string,
  options: HistGradientBoostingOptions,
  more: readonly string[],
): HistGradientBoostingSettings {
  checkKnown(owner, options, [...KNOWN, ...more]);
  const { learningRate = 0.1, maxIter = 100, maxLeafNodes = 31, maxDepth = null, minSamplesLeaf = 20 } = options;
  const { l2Regularization = 0, maxBins = 255, categoricalFeatures = null, monotonicCst = null } = options;
  const { interactionCst = null, maxFeatures = 1 } = options;
  const { earlyStopping = 'auto', validationFraction = 0.1, nIterNoChange = 10, tol = 1e-7, seed } = options;
  checkNumber(owner, 'learningRate', learningRate, { above: 0 });
  checkInteger(owner, 'maxIter', maxIter, { min: 1 });
  if (maxLeafNodes !== null) checkInteger(owner, 'maxLeafNodes', maxLeafNodes, { min: 2 });
  if (maxDepth !== null) checkInteger(owner, 'maxDepth', maxDepth, { min: 1 });
  checkInteger(owner, 'minSamplesLeaf', minSamplesLeaf, { min: 1 });
  checkNumber(owner, 'l2Regularization', l2Regularization, { min: 0 });
  checkInteger(owner, 'maxBins', maxBins, { min: 2, max: 255 });
  const categorical = checkList(owner, 'categoricalFeatures', 'columns', categoricalFeatures, (value, name) =>
    checkInteger(owner, name, value, { min: 0 }),
  );
  const monotonic = checkList(owner, 'monotonicCst', 'constraints', monotonicCst, (value, name) =>
    checkOneOf(owner, name, value, [-1, 0, 1]),
  );
  const interaction = checkInteraction(owner, interactionCst);
  checkNumber(owner, 'maxFeatures', maxFeatures, { above: 0, max: 1 });
  if (earlyStopping !== 'auto' && typeof earlyStopping !== 'boolean') {
    throw new OptionError(`${owner}: earlyStopping must be 'auto', true or false, got ${show(earlyStopping)}`);
  }
  if (validationFraction !== null) checkNumber(owner, 'validationFraction', validationFraction, { above: 0, below: 1 });
  checkInteger(owner, 'nIterNoChange', nIterNoChange, { min: 1 });
  checkNumber(owner, 'tol', tol, { min: 0 });
  if (seed !== undefined) checkSeed(owner, seed);
  const trees = { learningRate, maxIter, maxLeafNodes, maxDepth, minSamplesLeaf, l2Regularization, maxBins };
  const constraints = { categoricalFeatures: categorical, monotonicCst: monotonic, interactionCst: interaction };
  return Object.freeze({
    ...trees,
    ...constraints,
    maxFeatures,
    earlyStopping,
    validationFraction,
    nIterNoChange,
    tol,
    seed,
  });
}

function checkList(
  owner: string,
  name: string,
  what: string,
  list: unknown,
  check: (value: unknown, name: string) => number,
): readonly number[] | null {
  if (list === null) return null;
  if (!Array.isArray(list)) throw new OptionError(`${owner}: ${name} must be an array of ${what}, got ${show(list)}`);
  return Object.freeze(list.map((value, i) => check(value, `${name}[${i}]`)));
}

function checkInteraction(
  owner: string,
  given: HistGradientBoostingOptions['interactionCst'],
): HistGradientBoostingSettings['interactionCst'] {
  if (given === null || given === undefined || given === 'pairwise' || given === 'noInteractions') return given ?? null;
  if (!Array.isArray(given)) {
    throw new OptionError(
      `${owner}: interactionCst must be 'pairwise', 'noInteractions' or lists of columns, got ${show(given)}`,
    );
  }
  const isColumn = (value: unknown, name: string) => checkInteger(owner, name, value, { min: 0 });
  return Object.freeze(
    given.map((list: unknown, i) => checkList(owner, `interactionCst[${i}]`, 'columns', list ?? undefined, isColumn)!),
  );
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
