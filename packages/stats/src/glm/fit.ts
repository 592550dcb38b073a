import { checkKnown, checkSampleWeight, DataError, OptionError, ShapeError, type Steps, show } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';
import type { Groups } from '../covariance.ts';
import { type Design, keptOf, rowsOfData } from '../design.ts';
import { type Basis, basisOf, coefficientsOf, identity, solveSymmetric, spread } from '../likelihood/basis.ts';
import { checkResponse, type Family } from './families.ts';
import { type IrlsFit, irls } from './irls.ts';
import type { Link } from './links.ts';

/** What belongs to the rows beside x and y, each [n]. */
export interface GLMRowOptions {
  /** How often each row counts; 1. */
  sampleWeight?: ArrayLike<number>;
  /** What divides the scale in each row, > 0: the number of observations that a mean is of; 1. */
  varWeights?: ArrayLike<number>;
  /** What is added to the linear predictor; 0. */
  offset?: ArrayLike<number>;
  /** The time or size that counts are of, > 0: its logarithm is added to the offset (link 'log'); 1. */
  exposure?: ArrayLike<number>;
  /** Binomial: of how many trials y counts the successes; 1. */
  trials?: ArrayLike<number>;
  /** The group of each row, for `covType: 'cluster'`; two lists for groups of two kinds. */
  groups?: Groups;
}

/** The rows of a fit, those of weight 0 left out. */
export interface GlmRows {
  readonly x: Float64Array;
  /** Means of the trials. */
  readonly y: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** Each [n]; null: all 1, or 0. */
  readonly freqWeights: Float64Array | null;
  readonly varWeights: Float64Array | null;
  readonly trials: Float64Array | null;
  readonly offset: Float64Array | null;
  readonly groups: Groups | undefined;
  readonly dropped: number;
}

/** What the fit is told beside the rows. */
export interface GlmSpec {
  readonly owner: string;
  readonly family: Family;
  readonly link: Link;
  readonly scale: number | 'x2' | 'dev';
  readonly maxIter: number;
  readonly tol: number;
  readonly tolCriterion: 'deviance' | 'params';
}

/** What a fit found out, from which all that is printed follows. It has no rows, so it can be saved. */
export interface GlmCore {
  readonly nobs: number;
  /** Σ of how often rows count. */
  readonly weightSum: number;
  readonly rank: number;
  readonly hasConstant: boolean;
  readonly params: Float64Array;
  /** (XᵀWX)⁺ [k, k]: the covariance of b is φ times it. */
  readonly normalizedCov: Float64Array;
  readonly scale: number;
  readonly deviance: number;
  readonly nullDeviance: number;
  readonly pearsonChi2: number;
  readonly llf: number;
  readonly llnull: number;
  readonly nIter: number;
  readonly converged: boolean;
  /** Whether the responses are met up to rounding, so that there is no scale. */
  readonly exact: boolean;
}

/** Reads what belongs to the rows. @throws OptionError, ShapeError, DataError that name it */
export function readRowOptions(
  owner: string,
  design: Design,
  family: Family,
  link: Link,
  options: GLMRowOptions,
): GlmRows {
  const n = rowsOfData(design);
  const binomial = family.title === 'Binomial';
  if (options.trials !== undefined && !binomial) {
    throw new OptionError(`${owner}: trials is for family 'binomial', but the family is ${family.title}`);
  }
  if (options.exposure !== undefined && link.title !== 'Log') {
    throw new OptionError(`${owner}: exposure is for link 'log', but the link is ${link.title}; use offset`);
  }
  const read = (name: string, values: ArrayLike<number> | undefined, positive: boolean) => {
    const checked = numbersOf(owner, name, values, n, positive);
    return checked === null ? null : keptOf(design, checked);
  };
  const freq = checkSampleWeight(owner, options.sampleWeight, n);
  const offset = read('offset', options.offset, false);
  const exposure = read('exposure', options.exposure, true);
  const all: GlmRows = {
    x: design.x,
    y: design.y,
    rows: design.rows,
    columns: design.columns,
    freqWeights: freq === null ? null : keptOf(design, freq),
    varWeights: read('varWeights', options.varWeights, true),
    trials: read('trials', options.trials, true),
    offset: sumOf(offset, exposure === null ? null : exposure.map(Math.log)),
    groups: keptGroups(design, options.groups),
    dropped: design.dropped,
  };
  const some = withoutZeros(owner, all);
  const { trials } = some;
  if (trials !== null) checkTrials(owner, some.y, trials);
  const rows = trials === null ? some : { ...some, y: some.y.map((value, i) => value / trials[i]!) };
  checkResponse(owner, family, rows.y);
  return rows;
}

/** Fits the rows. @throws as `irls` */
export function* fitGlm(
  spec: GlmSpec,
  rows: GlmRows,
  names: readonly string[],
  hasConstant: boolean,
): Steps<{ core: GlmCore; fit: IrlsFit; basis: Basis }> {
  const { x, y, rows: n, columns: k } = rows;
  const basis = yield* basisOf(spec.owner, x, n, k);
  const weights = weightsOf(rows);
  const weightSum = rows.freqWeights?.reduce((sum, value) => sum + value, 0) ?? n;
  const dfResid = weightSum - basis.rank;
  const problem = { ...spec, basis, hasConstant, x, names, y, weights, offset: rows.offset, dfResid };
  const fit = yield* irls(problem);
  yield;
  const params = coefficientsOf(basis, fit.gamma);
  const inverse = solveSymmetric(fit.squares, basis.rank, identity(basis.rank), basis.rank);
  const known = dfResid > 0 || spec.family.fixedScale || typeof spec.scale === 'number';
  const scale = known ? fit.scale : Number.NaN;
  const nullMeans = yield* meansOfNull(spec, rows, weights);
  yield;
  const llf = likelihoodOf(spec, rows, fit, scale, weights, weightSum);
  yield;
  const core: GlmCore = {
    nobs: n,
    weightSum,
    rank: basis.rank,
    hasConstant,
    params,
    normalizedCov: spread(basis, inverse),
    scale,
    deviance: fit.deviance,
    nullDeviance: devianceOf(spec.family, y, nullMeans.mu, nullMeans.q, weights),
    pearsonChi2: pearsonOf(spec.family, y, fit, weights),
    llf,
    llnull: logLikelihoods(spec.family, rows, nullMeans, scale),
    nIter: fit.nIter,
    converged: fit.converged,
    exact: !spec.family.fixedScale && isExact(y, fit.mu, weights),
  };
  return { core, fit, basis };
}

/** Whether Σ w (y - μ)² is no more than rounding. */
function isExact(y: Float64Array, mu: Float64Array, weights: Float64Array): boolean {
  let [rest, all] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    rest += weights[i]! * (y[i]! - mu[i]!) ** 2;
    all += weights[i]! * y[i]! ** 2;
  }
  return rest <= 1e-28 * all;
}

/** What divides the scale, times how often a row counts, times its trials [n]. */
export function weightsOf({ rows, freqWeights, varWeights, trials }: GlmRows): Float64Array {
  const weights = new Float64Array(rows).fill(1);
  for (const factors of [freqWeights, varWeights, trials]) {
    if (factors !== null) for (let i = 0; i < rows; i++) weights[i]! *= factors[i]!;
  }
  return weights;
}

interface Means {
  readonly mu: Float64Array;
  readonly q: Float64Array;
}

/** The means of a model with a constant alone: the weighted mean, or a fit where there is an offset. */
function* meansOfNull(spec: GlmSpec, rows: GlmRows, weights: Float64Array): Steps<Means> {
  const { y, rows: n, offset } = rows;
  if (offset?.some((value) => value !== offset[0])) {
    const ones = new Float64Array(n).fill(1);
    const basis = yield* basisOf(spec.owner, ones, n, 1);
    const common = { basis, hasConstant: true, x: ones, names: ['const'], y, weights, offset };
    const steps = irls({ ...spec, ...common, tol: 1e-10, tolCriterion: 'deviance', maxIter: 100, dfResid: n - 1 });
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      yield;
    }
  }
  let [sum, total] = [0, 0];
  for (let i = 0; i < n; i++) {
    sum += weights[i]! * y[i]!;
    total += weights[i]!;
  }
  const mean = y.every((value) => value === y[0]) ? y[0]! : sum / total;
  return { mu: new Float64Array(n).fill(mean), q: new Float64Array(n).fill(1 - mean) };
}

function devianceOf(family: Family, y: Float64Array, mu: Float64Array, q: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += weights[i]! * family.deviance(y[i]!, mu[i]!, q[i]!);
  return sum;
}

function pearsonOf(family: Family, y: Float64Array, { mu, q }: Means, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += (weights[i]! * (y[i]! - mu[i]!) ** 2) / family.variance(mu[i]!, q[i]!);
  return sum;
}

/** Of the Gaussian family with the link 'identity' that at the scale which makes it largest, as for least squares. */
function likelihoodOf(
  { family, link }: GlmSpec,
  rows: GlmRows,
  means: Means,
  scale: number,
  weights: Float64Array,
  weightSum: number,
): number {
  const concentrated = family.title === 'Gaussian' && link.title === 'identity';
  const own = concentrated ? devianceOf(family, rows.y, means.mu, means.q, weights) / weightSum : scale;
  return logLikelihoods(family, rows, means, own);
}

function logLikelihoods(family: Family, rows: GlmRows, { mu, q }: Means, scale: number): number {
  const { y, freqWeights, varWeights, trials } = rows;
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const value = family.logLikelihood(y[i]!, mu[i]!, q[i]!, varWeights?.[i] ?? 1, scale, trials?.[i] ?? 1);
    sum += (freqWeights?.[i] ?? 1) * value;
  }
  return sum;
}

function numbersOf(
  owner: string,
  name: string,
  values: ArrayLike<number> | undefined,
  n: number,
  positive: boolean,
): Float64Array | null {
  if (values === undefined) return null;
  if (typeof values !== 'object' || typeof values?.length !== 'number') {
    throw new OptionError(`${owner}: ${name} must be an array of numbers, got ${show(values)}`);
  }
  if (values.length !== n) throw new ShapeError(`${owner}: ${name} has ${values.length} numbers, but x has ${n} rows`);
  return Float64Array.from(values, (value, i) => {
    if (typeof value === 'number' && Number.isFinite(value) && (!positive || value > 0)) return value;
    throw new DataError(`${owner}: ${name}[${i}] must be a finite number${positive ? ' > 0' : ''}, got ${show(value)}`);
  });
}

/** The offset of the rows of a design [n]; null: 0. @throws OptionError, ShapeError, DataError */
export function offsetOf(owner: string, design: Design, offset: ArrayLike<number> | undefined): Float64Array | null {
  const checked = numbersOf(owner, 'offset', offset, rowsOfData(design), false);
  return checked === null ? null : keptOf(design, checked);
}

function sumOf(a: Float64Array | null, b: Float64Array | null): Float64Array | null {
  return a === null ? b : b === null ? a : a.map((value, i) => value + b[i]!);
}

function checkTrials(owner: string, y: Float64Array, trials: Float64Array): void {
  for (const [i, value] of y.entries()) {
    if (value >= 0 && value <= trials[i]!) continue;
    throw new DataError(`${owner}: y[${i}] must be from 0 to trials[${i}], which is ${trials[i]}, got ${value}`);
  }
}

/** A row of weight 0 tells nothing: it is left out and not counted. */
function withoutZeros(owner: string, rows: GlmRows): GlmRows {
  const { freqWeights, columns: k } = rows;
  if (freqWeights === null || freqWeights.every((weight) => weight > 0)) return rows;
  const places = Array.from(freqWeights.keys()).filter((i) => freqWeights[i]! > 0);
  if (places.length === 0) throw new DataError(`${owner}: all rows that have no missing value have the weight 0`);
  const take = (values: Float64Array | null) => (values === null ? null : Float64Array.from(places, (i) => values[i]!));
  const x = new Float64Array(places.length * k);
  for (const [to, from] of places.entries()) x.set(rows.x.subarray(from * k, (from + 1) * k), to * k);
  return {
    x,
    y: take(rows.y)!,
    rows: places.length,
    columns: k,
    freqWeights: take(freqWeights),
    varWeights: take(rows.varWeights),
    trials: take(rows.trials),
    offset: take(rows.offset),
    groups: takeGroups(rows.groups, places),
    dropped: rows.dropped + rows.rows - places.length,
  };
}

/** Those of the groups that belong to the rows of the design. */
export function keptGroups({ kept }: Design, groups: Groups | undefined): Groups | undefined {
  return kept === null ? groups : takeGroups(groups, kept);
}

function takeGroups(groups: Groups | undefined, places: ArrayLike<number>): Groups | undefined {
  if (typeof groups !== 'object' || groups === null) return groups;
  const take = <T>(list: ArrayLike<T>): T[] => Array.from(places, (row) => list[row]!);
  return typeof groups[0] === 'object'
    ? ((groups as readonly [ArrayLike<Label>, ArrayLike<Label>]).map(take) as unknown as Groups)
    : take(groups as ArrayLike<Label>);
}

/** Names of the options of rows, for `checkKnown`. */
export const ROW_OPTIONS: readonly string[] = ['sampleWeight', 'varWeights', 'offset', 'exposure', 'trials', 'groups'];

/** Checks the options of new rows. */
export function checkNewRows(owner: string, options: object): void {
  checkKnown(owner, options, ['offset', 'exposure']);
}

/** The offset of new rows [n]; null: 0. @throws as `readRowOptions` */
export function newOffset(
  owner: string,
  link: Link,
  { offset, exposure }: Pick<GLMRowOptions, 'offset' | 'exposure'>,
  n: number,
): Float64Array | null {
  if (exposure !== undefined && link.title !== 'Log') {
    throw new OptionError(`${owner}: exposure is for link 'log', but the link is ${link.title}; use offset`);
  }
  const logs = numbersOf(owner, 'exposure', exposure, n, true)?.map(Math.log) ?? null;
  return sumOf(numbersOf(owner, 'offset', offset, n, false), logs);
}
