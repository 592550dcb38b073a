import {
  checkBoolean,
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  checkSeed,
  DataError,
  drawNormal,
  type FitAsyncOptions,
  type FitOptions,
  OptionError,
  permutation,
  type RandomStream,
  readable,
  runSteps,
  runStepsAsync,
  type Seed,
  ShapeError,
  type Steps,
  show,
  streamFrom,
} from '@maru-ml/base';
import { type Matrix, type MatrixLike, Table, type Transformer, toMatrix } from '@maru-ml/tensor';
import { FittedHebbianPCA, type HebbianPCAModel } from './hebbian-pca-model.ts';
import { checkDeviations, columnMeans, columnVariances } from './moments.ts';

export interface HebbianPCAOptions {
  /** The number of output neurons k; 1. */
  nComponents?: number;
  /** Sanger's rule, which finds the components themselves, or Oja's, which finds the space that they span; 'sanger'. */
  rule?: 'sanger' | 'oja';
  /** η₀ in units of the mean squared length of the centered rows; .1. */
  learningRate?: number;
  /** How it falls: η = η₀ / (1 + decay · epoch); .5. */
  decay?: number;
  /** The most epochs: passes over all rows; 200. */
  maxIter?: number;
  /** Stop when no weight changes by more than this in an epoch; 1e-4. */
  tol?: number;
  /** Whether the rows come in a new order in each epoch; true. */
  shuffle?: boolean;
  /** The first weights [k, d]; random ones: null. */
  init?: MatrixLike | null;
  /** What weights and orders are drawn with: a number or a `Random`; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type HebbianPCASettings = Readonly<
  Required<Omit<HebbianPCAOptions, 'init' | 'seed'>> & {
    init: readonly (readonly number[])[] | null;
    seed: Seed | undefined;
  }
>;

/**
 * The network of linear neurons y = W (x - m) that learns principal components one row at a time, by Hebb's rule with a term that
 * keeps the weights bounded:
 *
 *   Sanger:  ΔW = η (y xᵀ - LT[y yᵀ] W),    Oja:  ΔW = η (y xᵀ - y yᵀ W),
 *
 * where LT keeps the lower triangle with the diagonal: neuron j learns from what neurons before it leave of x. With one neuron both are
 * Oja's rule. Then w_j → e_j and Var(y_j) → λ_j (of Oja's with several neurons only the space that they span), and x̂ = m + Σ y_j w_j is the
 * best estimate of x from k numbers. The course notes that this library follows show such a network without a learning rule;
 * both rules are our addition. `PCA` is exact and faster: this is to see learning happen. O(n d k²) an epoch.
 *
 * E. Oja, "A simplified neuron model as a principal component analyzer", Journal of Mathematical Biology (1982).
 * T. Sanger, "Optimal unsupervised learning in a single-layer linear feedforward neural network", Neural Networks (1989).
 */
export class HebbianPCA implements Transformer {
  readonly options: HebbianPCASettings;

  /** @throws OptionError, ShapeError or DataError for options that have no meaning */
  constructor(options: HebbianPCAOptions = {}) {
    this.options = checkOptions(options);
    readable(this);
  }

  /**
   * Learns from the rows of `x` [n, d].
   *
   * @throws DataError if x holds missing, infinite, far too large or far too small numbers, all rows are equal, or the weights grow
   * without bounds; ShapeError for more neurons than columns or first weights of another shape
   */
  fit(x: MatrixLike, options: FitOptions = {}): HebbianPCAModel {
    return runSteps(this.#steps(x, options, ['onProgress']), options.onProgress);
  }

  /** The same with pauses for others. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: FitAsyncOptions = {}): Promise<HebbianPCAModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `HebbianPCA { ${options.join(', ')} }`;
  }

  *#steps(x: MatrixLike, options: FitOptions, known: string[]): Steps<HebbianPCAModel> {
    checkKnown('HebbianPCA', options, known);
    const matrix = toMatrix('HebbianPCA', x) as Matrix<Float64Array>;
    const { nComponents: k, rule, learningRate, decay, maxIter, tol, shuffle, seed } = this.options;
    checkFit(this.options, matrix);
    const { rows: n, columns: d } = matrix;
    yield;
    const mean = yield* columnMeans(matrix);
    const squares = (yield* columnVariances(matrix, mean)).reduce((sum, value) => sum + value, 0);
    checkDeviations('HebbianPCA', squares * n, matrix.data, d);
    if (squares === 0) throw new DataError('HebbianPCA: all rows of x are equal, so no component varies');

    const random = streamFrom(seed);
    const weights = firstWeights(this.options, d, random);
    const network = { k, rule, weights, mean, y: new Float64Array(k), rest: new Float64Array(d) };
    let converged = false;
    let nIter = 0;
    while (nIter < maxIter && !converged) {
      const before = weights.slice();
      const order = shuffle ? permutation(random, n) : Int32Array.from({ length: n }, (_, i) => i);
      const rate = learningRate / (1 + decay * nIter) / squares;
      for (let at = 0; at < n; at++) {
        learn(network, matrix.data, order[at]! * d, rate);
        if (at % 1024 === 1023) yield;
      }
      const change = largestChange(weights, before);
      converged = change <= tol;
      nIter++;
      const goOn = yield { step: nIter, total: maxIter, unit: 'epoch', metrics: { change } };
      if (goOn === false) break;
    }
    return new FittedHebbianPCA({ components: new Table(weights, k, d), mean, nIter, converged });
  }
}

interface Network {
  k: number;
  rule: 'sanger' | 'oja';
  /** W [k, d]. */
  weights: Float64Array;
  mean: Float64Array;
  /** What the neurons say [k]. */
  y: Float64Array;
  /** What of the row is not yet explained [d]. */
  rest: Float64Array;
}

/** One row changes the weights: Δw_j = η y_j (x - Σ y_c w_c), with c up to j by Sanger's rule, and all by Oja's. */
function learn({ k, rule, weights, mean, y, rest }: Network, data: Float64Array, row: number, rate: number): void {
  const d = mean.length;
  for (let j = 0; j < d; j++) rest[j] = data[row + j]! - mean[j]!;
  for (let c = 0; c < k; c++) {
    y[c] = 0;
    for (let j = 0; j < d; j++) y[c]! += weights[c * d + j]! * rest[j]!;
  }
  if (rule === 'oja') for (let c = 0; c < k; c++) explain(rest, weights, c * d, y[c]!);
  for (let c = 0; c < k; c++) {
    // The old weights explain, then they change.
    if (rule === 'sanger') explain(rest, weights, c * d, y[c]!);
    const step = rate * y[c]!;
    for (let j = 0; j < d; j++) weights[c * d + j]! += step * rest[j]!;
  }
}

function explain(rest: Float64Array, weights: Float64Array, at: number, y: number): void {
  for (let j = 0; j < rest.length; j++) rest[j]! -= y * weights[at + j]!;
}

/** Rows of random directions of length 1, or the given ones. */
function firstWeights({ init, nComponents: k }: HebbianPCASettings, d: number, random: RandomStream): Float64Array {
  if (init !== null) return Float64Array.from(init.flat());
  const weights = Float64Array.from({ length: k * d }, () => drawNormal(random));
  for (let c = 0; c < k; c++) {
    let squares = 0;
    for (let j = 0; j < d; j++) squares += weights[c * d + j]! * weights[c * d + j]!;
    for (let j = 0; j < d; j++) weights[c * d + j]! /= Math.sqrt(squares);
  }
  return weights;
}

/** @throws DataError if weights are no numbers any more */
function largestChange(weights: Float64Array, before: Float64Array): number {
  let largest = 0;
  for (let at = 0; at < weights.length; at++) {
    const change = Math.abs(weights[at]! - before[at]!);
    if (!(change < LOST))
      throw new DataError('HebbianPCA: the weights grow without bounds; choose a smaller learningRate');
    largest = Math.max(largest, change);
  }
  return largest;
}

/** Weights have a length of about 1; so far away nothing brings them back. */
const LOST = 1e6;

function checkFit({ nComponents, init }: HebbianPCASettings, { columns }: Matrix): void {
  const has = `x has ${columns} ${columns === 1 ? 'column' : 'columns'}`;
  if (nComponents > columns) throw new ShapeError(`HebbianPCA: nComponents is ${nComponents}, but ${has}`);
  if (init !== null && init[0]!.length !== columns) {
    throw new ShapeError(`HebbianPCA: init is [${init.length}, ${init[0]!.length}], but ${has}`);
  }
}

const KNOWN = ['nComponents', 'rule', 'learningRate', 'decay', 'maxIter', 'tol', 'shuffle', 'init', 'seed'];

function checkOptions(options: HebbianPCAOptions): HebbianPCASettings {
  checkKnown('HebbianPCA', options, KNOWN);
  const { nComponents = 1, rule = 'sanger', learningRate = 0.1, decay = 0.5, maxIter = 200, tol = 1e-4 } = options;
  const { shuffle = true, seed } = options;
  checkInteger('HebbianPCA', 'nComponents', nComponents, { min: 1 });
  checkOneOf('HebbianPCA', 'rule', rule, ['sanger', 'oja']);
  checkNumber('HebbianPCA', 'learningRate', learningRate, { above: 0 });
  checkNumber('HebbianPCA', 'decay', decay, { min: 0 });
  checkInteger('HebbianPCA', 'maxIter', maxIter, { min: 1 });
  checkNumber('HebbianPCA', 'tol', tol, { min: 0 });
  checkBoolean('HebbianPCA', 'shuffle', shuffle);
  if (seed !== undefined) checkSeed('HebbianPCA', seed);
  const init = checkInit(options.init ?? null, nComponents);
  return Object.freeze({ nComponents, rule, learningRate, decay, maxIter, tol, shuffle, init, seed });
}

function checkInit(init: unknown, k: number): HebbianPCASettings['init'] {
  if (init === null) return null;
  if (typeof init !== 'object') {
    throw new OptionError(`HebbianPCA: init must be weights [k, d] or null, got ${show(init)}`);
  }
  const { data, rows, columns } = toMatrix('HebbianPCA', init as MatrixLike, { name: 'init' });
  if (rows !== k) throw new ShapeError(`HebbianPCA: init has ${rows} rows, but nComponents is ${k}`);
  return Object.freeze(new Table(data, rows, columns).toArray().map((row) => Object.freeze(row)));
}
