import {
  checkInteger,
  checkKnown,
  checkNumber,
  checkSampleWeight,
  checkSeed,
  type FitOptions,
  OptionError,
  type Seed,
  ShapeError,
  type Steps,
  show,
  streamFrom,
} from '@maru-ml/base';
import { type Matrix, type MatrixLike, Table, toMatrix } from '@maru-ml/tensor';
import { checkExtent } from './extent.ts';
import { FittedFuzzyClusters, type FuzzyModel } from './fuzzy-model.ts';
import { bestFuzzy } from './fuzzy-steps.ts';
import type { Membership } from './membership.ts';

/** What both kinds of fuzzy clustering are told. */
export interface FuzzyOptions {
  /** The number of clusters k; 8, or as many as `init` has centers. */
  nClusters?: number;
  /** Where the centers start: at rows far apart, at any rows, or at these centers [k, d]; 'k-means++'. */
  init?: 'k-means++' | 'random' | MatrixLike;
  /** The number of starts, of which the best is kept. Given centers start once; 1. */
  nInit?: number;
  /** The most iterations of a start; 300. */
  maxIter?: number;
  /** Stop when the squared shifts of the centers add up to at most this times the mean variance of the columns; 1e-8. */
  tol?: number;
  /** What the starts are drawn with: a number or a `Random`; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type FuzzySettings = Readonly<
  Required<Omit<FuzzyOptions, 'init' | 'seed'>> & {
    init: 'k-means++' | 'random' | readonly (readonly number[])[];
    seed: Seed | undefined;
  }
>;

export const FUZZY_OPTIONS: readonly string[] = ['nClusters', 'init', 'nInit', 'maxIter', 'tol', 'seed'];

/** @throws OptionError, ShapeError or DataError for options that have no meaning */
export function checkFuzzyOptions(owner: string, options: FuzzyOptions): FuzzySettings {
  const { init = 'k-means++', nInit = 1, maxIter = 300, tol = 1e-8, seed } = options;
  let start: FuzzySettings['init'];
  if (init === 'k-means++' || init === 'random') start = init;
  else if (typeof init !== 'object' || init === null) {
    throw new OptionError(`${owner}: init must be 'k-means++', 'random' or the centers [k, d], got ${show(init)}`);
  } else {
    const { data, rows, columns } = toMatrix(owner, init, { name: 'init' });
    start = Object.freeze(new Table(data, rows, columns).toArray().map((row) => Object.freeze(row)));
  }
  const nClusters = options.nClusters ?? (typeof start === 'string' ? 8 : start.length);
  checkInteger(owner, 'nClusters', nClusters, { min: 1 });
  if (typeof start !== 'string' && start.length !== nClusters) {
    throw new ShapeError(`${owner}: init has ${start.length} centers, but nClusters is ${nClusters}`);
  }
  checkInteger(owner, 'nInit', nInit, { min: 1 });
  checkInteger(owner, 'maxIter', maxIter, { min: 1 });
  checkNumber(owner, 'tol', tol, { min: 0 });
  if (seed !== undefined) checkSeed(owner, seed);
  return { nClusters, init: start, nInit, maxIter, tol, seed };
}

/** The fit of both kinds. */
export function* fuzzySteps(
  owner: string,
  x: MatrixLike,
  membership: Membership,
  settings: FuzzySettings,
  options: FitOptions,
  known: string[],
): Steps<FuzzyModel> {
  checkKnown(owner, options, known);
  const matrix = toMatrix(owner, x) as Matrix<Float64Array>;
  const { rows: n, columns } = matrix;
  const weights = checkSampleWeight(owner, options.sampleWeight, n);
  const { nClusters: k, init } = settings;
  if (typeof init !== 'string' && init[0]!.length !== columns) {
    throw new ShapeError(`${owner}: init is [${k}, ${init[0]!.length}], but x is [${n}, ${columns}]`);
  }
  if (n < k) throw new ShapeError(`${owner}: nClusters is ${k}, but the number of rows is ${n}`);
  const given = typeof init === 'string' ? init : Float64Array.from(init.flat());
  checkExtent(owner, matrix, n, typeof given === 'string' ? null : given);
  yield;
  const random = typeof given === 'string' ? streamFrom(settings.seed) : null;
  const run = yield* bestFuzzy(matrix, weights, { ...settings, membership, init: given }, random);
  return new FittedFuzzyClusters({ ...run, membership, columns, objectives: Float64Array.from(run.objectives) });
}
