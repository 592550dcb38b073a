import {
  checkKnown,
  checkSampleWeight,
  type FitAsyncOptions,
  type FitOptions,
  OptionError,
  randomFrom,
  readable,
  runSteps,
  runStepsAsync,
  ShapeError,
  type Steps,
  sortSteps,
  sortStepsBy,
} from '@maru-ml/base';
import { type Matrix, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { binEdges } from './bin-edges.ts';
import {
  type BinsEncode,
  checkBinsOptions,
  type KBinsDiscretizerOptions,
  type KBinsDiscretizerSettings,
} from './bins-options.ts';
import { FittedKBinsDiscretizer, type KBinsDiscretizerModel } from './k-bins-model.ts';
import { count, printEstimator } from './print.ts';

const OWNER = 'KBinsDiscretizer';

/**
 * Puts the values of each column into bins: z = b where edge_b ≤ x < edge_{b+1}. What lies outside comes into the first or the
 * last bin.
 *
 * A linear model of bins fits steps. Bins are of equal width, hold equally many values, or lie around the centers that k-means
 * finds in the column, and their number sinks where quantiles coincide. A constant column is one bin. Options and results are those
 * of scikit-learn. O(d n log n); k-means O(n) an iteration.
 */
export class KBinsDiscretizer<const E extends BinsEncode = 'onehot'> {
  readonly options: KBinsDiscretizerSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: KBinsDiscretizerOptions<E> = {}) {
    this.options = checkBinsOptions(OWNER, options);
    readable(this);
  }

  /**
   * Finds the edges of the bins of each column of `x` [n, d]. Weights are for quantiles of the cumulative distribution and for k-means.
   * @throws DataError for missing or infinite numbers, ShapeError or OptionError where bins or weights do not suit x
   */
  fit(x: MatrixLike, options: FitOptions = {}): KBinsDiscretizerModel<E> {
    return runSteps(this.#steps(x, options, ['sampleWeight', 'onProgress']));
  }

  /** The same, with pauses between columns. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: FitAsyncOptions = {}): Promise<KBinsDiscretizerModel<E>> {
    return runStepsAsync(this.#steps(x, options, ['sampleWeight', 'onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    return printEstimator(OWNER, this.options);
  }

  *#steps(x: MatrixLike, options: FitOptions, known: string[]): Steps<KBinsDiscretizerModel<E>> {
    checkKnown(OWNER, options, known);
    const matrix = toMatrix(OWNER, x, { keepFloat32: true });
    const weights = checkSampleWeight(OWNER, options.sampleWeight, matrix.rows);
    if (weights !== null) checkWeighted(this.options);
    yield;
    const { nBins } = this.options;
    const d = matrix.columns;
    if (typeof nBins !== 'number' && nBins.length !== d) {
      throw new ShapeError(`${OWNER}: nBins has ${nBins.length} numbers, but x has ${count(d, 'column')}`);
    }
    const drawn = rowsToUse(matrix.rows, weights, this.options);
    const edges: Float64Array[] = [];
    const constants = new Float64Array(d);
    for (let j = 0; j < d; j++) {
      const { values, own } = yield* sortedValues(matrix, j, drawn, weights);
      const bins = typeof nBins === 'number' ? nBins : nBins[j]!;
      edges.push(yield* binEdges(OWNER, values, own, bins, this.options, j));
      constants[j] = values[0]!;
      yield;
    }
    return new FittedKBinsDiscretizer<E>(this.options.encode, edges, constants);
  }
}

/** Throws an `OptionError` where weights would change nothing, or could not be used. */
function checkWeighted({ strategy, quantileMethod }: KBinsDiscretizerSettings): void {
  if (strategy === 'uniform') {
    throw new OptionError(
      `${OWNER}: there is no option sampleWeight for strategy 'uniform', as weights do not change the range`,
    );
  }
  if (strategy === 'quantile' && quantileMethod === 'linear') {
    throw new OptionError(
      `${OWNER}: there is no option sampleWeight for quantileMethod 'linear'; use 'averagedInvertedCdf'`,
    );
  }
}

/** The rows that weigh something; of very many, a sample of them. */
function rowsToUse(n: number, weights: Float64Array | null, settings: KBinsDiscretizerSettings): Int32Array {
  let rows = new Int32Array(n).map((_, i) => i);
  if (weights !== null) rows = rows.filter((i) => weights[i]! > 0);
  const { subsample, seed } = settings;
  if (subsample === null || rows.length <= subsample) return rows;
  return randomFrom(seed)
    .choose(rows.length, subsample)
    .map((place) => rows[place]!);
}

/** The values of column j in ascending order, and the weights of the rows that they come from. */
function* sortedValues(
  { data, columns }: Matrix,
  j: number,
  rows: Int32Array,
  weights: Float64Array | null,
): Steps<{ values: Float64Array; own: Float64Array | null }> {
  const column = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) column[i] = data[rows[i]! * columns + j]! + 0;
  if (weights === null) return { values: yield* sortSteps(column), own: null };
  const order = yield* sortStepsBy(Int32Array.from(rows.keys()), (a, b) => column[a]! - column[b]!);
  const values = Float64Array.from(order, (place) => column[place]!);
  return { values, own: Float64Array.from(order, (place) => weights[rows[place]!]!) };
}
