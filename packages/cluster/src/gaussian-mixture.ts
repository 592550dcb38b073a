import {
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSeed,
  choose,
  type FitAsyncOptions,
  type FitOptions,
  OptionError,
  type RandomStream,
  readable,
  runSteps,
  runStepsAsync,
  type Seed,
  ShapeError,
  type Steps,
  show,
  streamFrom,
  withDefaults,
} from '@maru-ml/base';
import { expectShares, placeOf, toBlocks } from '@maru-ml/kernels/mixture';
import { plainCholesky } from '@maru-ml/linalg/dense';
import { type Clusterer, type Matrix, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { Blocks } from './blocks.ts';
import { checkExtent } from './extent.ts';
import { FittedGaussianMixture, type GaussianMixtureModel } from './gaussian-mixture-model.ts';
import { copiesOf, type Nearest, partition, spreadPlaces } from './kmeans-within.ts';
import {
  type CovarianceType,
  constantsOf,
  covarianceShape,
  isTriangle,
  type Mixture,
  rowsOfStep,
  sharesOf,
  whitenersOf,
} from './mixture.ts';
import { momentsOf } from './mixture-moments.ts';
import { blocksAtOnce } from './points.ts';
import { optionsText, warningsOf } from './text.ts';

/** Nested numbers. */
export type Nested = readonly (number | Nested)[];

export interface GaussianMixtureOptions {
  /** The number of components k; 1. */
  nComponents?: number;
  /** A covariance for each component, one for all, variances of columns, or one variance for each component; 'full'. */
  covarianceType?: CovarianceType;
  /** Stop when the mean log-likelihood rises by less than this; 1e-3. */
  tol?: number;
  /** What is added to variances, so that none vanishes; 1e-6. */
  regCovar?: number;
  /** The most iterations of a start; 100. */
  maxIter?: number;
  /** The number of starts, of which the best is kept; 1. */
  nInit?: number;
  /** Starts from clusters of k-means, from rows far apart, from any rows, or from random shares; 'kmeans'. */
  initParams?: 'kmeans' | 'k-means++' | 'randomFromData' | 'random';
  /** Weights to start with [k]; null: as `initParams` says. */
  weightsInit?: readonly number[] | null;
  /**
   * Means to start with [k, d]; null: as `initParams` says. k-means starts from them, so that the weights and covariances that
   * it gives belong to them (scikit-learn pairs them by chance).
   */
  meansInit?: readonly (readonly number[])[] | null;
  /** Inverse covariances to start with: [k, d, d], [d, d], [k, d] or [k] by `covarianceType`; null: as `initParams` says. */
  precisionsInit?: Nested | null;
  /** What starts are drawn with: a number or a `Random`; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type GaussianMixtureSettings = Readonly<
  Required<Omit<GaussianMixtureOptions, 'seed'>> & { seed: Seed | undefined }
>;

const NAME = 'GaussianMixture';

/**
 * A mixture of k Gaussians, p(x) = Σ_k w_k N(x | μ_k, Σ_k), which maximizes the log-likelihood Σᵢ ln p(xᵢ) by expectation and
 * maximization: step E finds the share r_ik of component k in row i, step M the weights, means and covariances of the rows
 * weighed by the shares. The likelihood never falls (but for what `regCovar` takes), and ends in a local maximum that depends
 * on the start. Options, start and numbers are those of scikit-learn. An iteration costs O(n k d²) for full and tied
 * covariances, O(n k d) for others.
 *
 * A. Dempster, N. Laird and D. Rubin, "Maximum likelihood from incomplete data via the EM algorithm", JRSS B (1977).
 * C. Bishop, "Pattern Recognition and Machine Learning", section 9.2 (2006).
 */
export class GaussianMixture implements Clusterer {
  readonly options: GaussianMixtureSettings;

  /** @throws OptionError or ShapeError for options that have no meaning */
  constructor(options: GaussianMixtureOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Finds the components of the rows of `x` [n, d].
   *
   * @throws DataError if x holds missing, infinite or far too large numbers, or a covariance becomes singular; ShapeError if
   * it has fewer than k rows or does not fit what is given to start with
   */
  fit(x: MatrixLike, options: Omit<FitOptions, 'sampleWeight'> = {}): GaussianMixtureModel {
    return runSteps(this.#steps(x, options, ['onProgress']), options.onProgress);
  }

  /** The labels of the rows [n] that `fit` finds: `fit(x, options).labels`. */
  fitPredict(x: MatrixLike, options: Omit<FitOptions, 'sampleWeight'> = {}): Int32Array {
    return this.fit(x, options).labels;
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: Omit<FitAsyncOptions, 'sampleWeight'> = {}): Promise<GaussianMixtureModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), options);
  }

  toString(): string {
    return optionsText(NAME, this.options);
  }

  *#steps(data: MatrixLike, options: FitOptions, known: string[]): Steps<GaussianMixtureModel> {
    checkKnown(NAME, options, known);
    const matrix = toMatrix(NAME, data) as Matrix<Float64Array>;
    const { nComponents: k } = this.options;
    const { rows: n, columns: d } = matrix;
    if (n < k) throw new ShapeError(`${NAME}: nComponents is ${k}, but the number of rows is ${n}`);
    checkExtent(NAME, matrix, n);
    const given = checkGiven(this.options, matrix);
    yield;
    const tables: Tables = { x: new Blocks(n, d), shares: new Blocks(n, k), logs: new Blocks(n, 1) };
    try {
      const most = blocksAtOnce(d);
      for (let from = 0; from < n; from += most) {
        const to = Math.min(from + most, n);
        toBlocks(matrix.data.subarray(from * d, to * d), d, tables.x.rows(from, to));
        yield;
      }
      return yield* bestOfStarts(matrix, tables, given, this.options);
    } finally {
      for (const table of Object.values(tables)) table.free();
    }
  }
}

/** What the kernels work on. */
interface Tables {
  /** The rows [n, d], the shares of the components in each [n, k], and ln p(x) [n]. */
  x: Blocks;
  shares: Blocks;
  logs: Blocks;
}

/** What is given to start with. */
type Given = Partial<Pick<Mixture, 'weights' | 'means' | 'whiteners'>>;

interface Run {
  mixture: Mixture;
  lowerBounds: number[];
  converged: boolean;
  stopped: boolean;
}

function* bestOfStarts(
  matrix: Matrix<Float64Array>,
  tables: Tables,
  given: Given,
  settings: GaussianMixtureSettings,
): Steps<GaussianMixtureModel> {
  // Starts that leave nothing to chance are all alike, and need no shares.
  const isFixed = given.means !== undefined && given.weights !== undefined && given.whiteners !== undefined;
  const starts = isFixed ? 1 : settings.nInit;
  const random = streamFrom(settings.seed);
  const counter = { step: 0, total: starts * settings.maxIter };
  let best: Run | null = null;
  for (let start = 1; start <= starts; start++) {
    if (!isFixed) yield* firstShares(matrix, tables, given.means, settings, random.fork());
    const run = yield* maximize(tables, given, settings, start, counter);
    if (best === null || run.lowerBounds.at(-1)! > best.lowerBounds.at(-1)!) best = run;
    if (run.stopped) break;
  }
  const { mixture, lowerBounds, converged } = best!;
  const labels = new Int32Array(matrix.rows);
  yield* expect(mixture, tables, labels);
  return new FittedGaussianMixture({
    mixture,
    labels,
    lowerBounds: Float64Array.from(lowerBounds),
    converged,
    columns: matrix.columns,
    warnings: warningsOf(labels, mixture.k, 'components'),
  });
}

/** Fills in the shares that a start begins with. */
function* firstShares(
  matrix: Matrix<Float64Array>,
  tables: Tables,
  means: Float64Array | undefined,
  { initParams, nComponents: k }: GaussianMixtureSettings,
  random: RandomStream,
): Steps<void> {
  const { n } = tables.x;
  if (initParams === 'random') {
    const shares = tables.shares.rows();
    for (let i = 0; i < n; i++) {
      const drawn = Array.from({ length: k }, () => random.uniform());
      const sum = drawn.reduce((total, value) => total + value, 0);
      for (let c = 0; c < k; c++) shares[placeOf(i, c, k)] = drawn[c]! / sum;
    }
    return;
  }
  const nearest = nearestCenters(tables);
  if (initParams === 'kmeans') {
    const centers = means?.slice() ?? copiesOf(matrix, yield* spreadPlaces(matrix, k, random.fork(), nearest));
    const { labels } = yield* partition(matrix, centers, nearest);
    takeOver(labels, tables.shares.rows().fill(0), k);
    return;
  }
  // Each chosen row alone makes its component.
  const rows = initParams === 'k-means++' ? yield* spreadPlaces(matrix, k, random, nearest) : choose(random, n, k);
  const shares = tables.shares.rows().fill(0);
  for (const [c, row] of rows.entries()) shares[placeOf(row, c, k)] = 1;
}

/** Each row belongs to its component alone. */
function takeOver(labels: Int32Array, shares: Float64Array, k: number): void {
  for (let i = 0; i < labels.length; i++) shares[placeOf(i, labels[i]!, k)] = 1;
}

/** The nearest centers, which are the most probable components where all have the variance 1. */
function nearestCenters({ x, shares, logs }: Tables): Nearest {
  const { d } = x;
  const ones = new Float64Array(d).fill(1);
  return (centers, from, to) => {
    const [n, k] = [to - from, centers.length / d];
    const distances = logs.rows(from, to);
    const places = shares.rows(from, to).subarray(0, distances.length);
    expectShares(x.rows(from, to), centers, ones, new Float64Array(k), n, d, k, 0, false, places, distances, true);
    return { places: places.subarray(0, n), distances: distances.subarray(0, n) };
  };
}

/** Expectation and maximization from the shares, or from what is given. */
function* maximize(
  tables: Tables,
  given: Given,
  { nComponents: k, covarianceType: type, regCovar, tol, maxIter }: GaussianMixtureSettings,
  start: number,
  counter: { step: number; total: number },
): Steps<Run> {
  const { n, d } = tables.x;
  const mixtureOf = function* (fixed: Given): Steps<Mixture> {
    const moments = yield* momentsOf(tables.x, tables.shares, type, regCovar);
    // Whiteners that are given spare covariances that may be singular, such as of one row.
    const whiteners = fixed.whiteners ?? whitenersOf(NAME, type, moments.covariances, k, d);
    return { type, k, d, whiteners, ...moments, ...fixed };
  };
  let mixture = yield* mixtureOf(given);
  const lowerBounds: number[] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (let nIter = 1; ; nIter++) {
    const lowerBound = (yield* expect(mixture, tables)) / n;
    mixture = yield* mixtureOf({});
    lowerBounds.push(lowerBound);
    const change = lowerBound - before;
    before = lowerBound;
    const converged = Math.abs(change) < tol;
    const metrics = { start, lowerBound, change };
    const stopped = (yield { step: ++counter.step, total: counter.total, unit: 'iteration', metrics }) === false;
    if (converged || stopped || nIter === maxIter) return { mixture, lowerBounds, converged, stopped };
  }
}

/** The step E: fills in the shares of the components in the rows, or labels these; returns the log-likelihood. */
function* expect(mixture: Mixture, { x, shares, logs }: Tables, labels: Int32Array | null = null): Steps<number> {
  const constants = constantsOf(mixture);
  const most = rowsOfStep(mixture);
  let total = 0;
  for (let from = 0; from < x.n; from += most) {
    const to = Math.min(from + most, x.n);
    const ends = logs.rows(from, to);
    const part = shares.rows(from, to).subarray(0, labels === null ? undefined : ends.length);
    sharesOf(mixture, constants, x.rows(from, to), to - from, part, ends, labels !== null);
    labels?.set(part.subarray(0, to - from), from);
    for (let i = 0; i < to - from; i++) total += ends[i]!;
    yield;
  }
  if (Number.isFinite(total)) return total;
  throw new OptionError(`${NAME}: rows are too far from the means to start with: their densities vanish`);
}

const DEFAULTS: GaussianMixtureSettings = {
  nComponents: 1,
  covarianceType: 'full',
  tol: 1e-3,
  regCovar: 1e-6,
  maxIter: 100,
  nInit: 1,
  initParams: 'kmeans',
  weightsInit: null,
  meansInit: null,
  precisionsInit: null,
  seed: undefined,
};

function checkOptions(options: GaussianMixtureOptions): GaussianMixtureSettings {
  checkKnown(NAME, options, Object.keys(DEFAULTS));
  const settings = withDefaults(options, DEFAULTS);
  const { nComponents: k, weightsInit, meansInit, precisionsInit, seed } = settings;
  checkInteger(NAME, 'nComponents', k, { min: 1 });
  checkOneOf(NAME, 'covarianceType', settings.covarianceType, ['full', 'tied', 'diag', 'spherical']);
  checkNumber(NAME, 'tol', settings.tol, { min: 0 });
  checkNumber(NAME, 'regCovar', settings.regCovar, { min: 0 });
  checkInteger(NAME, 'maxIter', settings.maxIter, { min: 1 });
  checkInteger(NAME, 'nInit', settings.nInit, { min: 1 });
  checkOneOf(NAME, 'initParams', settings.initParams, ['kmeans', 'k-means++', 'randomFromData', 'random']);
  if (seed !== undefined) checkSeed(NAME, seed);
  const given = {
    weightsInit: frozen('weightsInit', weightsInit) as readonly number[] | null,
    meansInit: frozen('meansInit', meansInit) as readonly (readonly number[])[] | null,
    precisionsInit: frozen('precisionsInit', precisionsInit),
  };
  if (given.weightsInit !== null) {
    const sum = given.weightsInit.reduce((total, weight) => total + weight, 0);
    if (given.weightsInit.length !== k) {
      throw new ShapeError(`${NAME}: weightsInit has ${given.weightsInit.length} weights, but nComponents is ${k}`);
    }
    if (given.weightsInit.some((weight) => !(weight >= 0)) || Math.abs(sum - 1) > 1e-6) {
      throw new OptionError(`${NAME}: weightsInit must be numbers ≥ 0 whose sum is 1, got a sum of ${sum}`);
    }
  }
  if (given.meansInit !== null && given.meansInit.length !== k) {
    throw new ShapeError(`${NAME}: meansInit has ${given.meansInit.length} means, but nComponents is ${k}`);
  }
  return Object.freeze({ ...settings, ...given });
}

/** A frozen copy of nested finite numbers. */
function frozen(name: string, value: unknown): Nested | null {
  if (value === null) return null;
  const copy = (item: unknown): number | Nested => {
    if (Array.isArray(item) || ArrayBuffer.isView(item)) return Object.freeze(Array.from(item as number[], copy));
    if (item !== value && typeof item === 'number' && Number.isFinite(item)) return item;
    throw new OptionError(`${NAME}: ${name} must be nested arrays of finite numbers or null, got ${show(item)}`);
  };
  return copy(value) as Nested;
}

/** What is given to start with, as flat numbers of the right shape. */
function checkGiven(settings: GaussianMixtureSettings, { columns: d }: Matrix): Given {
  const { nComponents: k, covarianceType: type, weightsInit, meansInit, precisionsInit } = settings;
  const given: Given = {};
  if (weightsInit !== null) given.weights = Float64Array.from(weightsInit);
  if (meansInit !== null) given.means = flat('meansInit', meansInit, [k, d]);
  if (precisionsInit === null) return given;
  const precisions = flat('precisionsInit', precisionsInit, covarianceShape(type, k, d));
  // Each of a diagonal stands alone. An upper triangle whitens: backwards, rows and columns alike, it is a lower one.
  const size = isTriangle(type) ? d : 1;
  for (let at = 0; at < precisions.length; at += size * size) {
    const part = precisions.subarray(at, at + size * size);
    const l = isSymmetric(part.reverse(), size) ? plainCholesky(part, size) : null;
    if (l === null) {
      throw new OptionError(`${NAME}: precisionsInit must be symmetric and positive definite, for each component`);
    }
    part.set(l.reverse());
  }
  given.whiteners = precisions;
  return given;
}

/** Whether a matrix [n, n] is the same both ways but for rounding. */
function isSymmetric(a: Float64Array, n: number): boolean {
  return a.every((value, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return Math.abs(value - a[j * n + i]!) <= 1e-6 * Math.abs(a[i * n + i]! + a[j * n + j]!);
  });
}

function flat(name: string, nested: Nested, shape: readonly number[]): Float64Array {
  const misfit = () => new ShapeError(`${NAME}: ${name} must have the shape [${shape.join(', ')}]`);
  let parts: readonly (number | Nested)[] = [nested];
  for (const length of shape) {
    parts = parts.flatMap((part) => {
      if (typeof part === 'number' || part.length !== length) throw misfit();
      return part;
    });
  }
  if (parts.every((part) => typeof part === 'number')) return Float64Array.from(parts as number[]);
  throw misfit();
}
