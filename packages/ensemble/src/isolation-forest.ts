import {
  checkInteger,
  checkKnown,
  checkNumber,
  checkSeed,
  type FitAsyncOptions,
  type FitOptions,
  OptionError,
  type Random,
  randomFrom,
  readable,
  runSteps,
  runStepsAsync,
  type Seed,
  type Steps,
  show,
} from '@maru-ml/base';
import { type Estimator, type Matrix, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { addTrees, type TreeArrays, TreeBuilder } from './hist/trees.ts';
import {
  averagePath,
  FittedIsolationForest,
  type IsolationForestModel,
  scoreOfPath,
} from './isolation-forest-model.ts';
import { weightedQuantile } from './quantile.ts';
import { describeEstimator } from './text.ts';

export interface IsolationForestOptions {
  /** The number of trees; 100. */
  nEstimators?: number;
  /** How many rows a tree is grown from, or which share of them, below 1; 'auto', 256 or all if there are fewer. */
  maxSamples?: 'auto' | number;
  /** The share of rows that are outliers, up to 0.5; 'auto', those with a score below -0.5. */
  contamination?: 'auto' | number;
  /** What rows, columns and thresholds are drawn with; the next child of the default stream. */
  seed?: Seed;
}

/** The options with their defaults. */
export type IsolationForestSettings = Readonly<
  Required<Omit<IsolationForestOptions, 'seed'>> & { seed: Seed | undefined }
>;

const OWNER = 'IsolationForest';

/**
 * Finds outliers: rows that few random questions tell from all others. Each tree is grown from some rows that are drawn without replacement,
 * with columns and thresholds at random, until each row is alone or log₂ of their number of questions were asked. The score of a row is
 *
 *   -2^(-E[h] / c(m)),   c(m) = 2 (ln(m - 1) + γ) - 2 (m - 1) / m,
 *
 * where E[h] is the mean number of questions to its leaf (plus c of the rows that are left there), and c(m) what it is for a row among m: near -1 for
 * outliers, about -0.5 or above for others.
 *
 * Cost: O(trees · m log m), whatever the number of rows. Names are those of scikit-learn; there are no `maxFeatures`, `bootstrap` and `warmStart`.
 *
 * F. T. Liu, K. M. Ting and Z.-H. Zhou, "Isolation forest", ICDM (2008).
 */
export class IsolationForest implements Estimator {
  readonly options: IsolationForestSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: IsolationForestOptions = {}) {
    checkKnown(OWNER, options, ['nEstimators', 'maxSamples', 'contamination', 'seed']);
    const { nEstimators = 100, maxSamples = 'auto', contamination = 'auto', seed } = options;
    checkInteger(OWNER, 'nEstimators', nEstimators, { min: 1 });
    const good =
      typeof maxSamples === 'number' &&
      (Number.isInteger(maxSamples) ? maxSamples >= 1 : maxSamples > 0 && maxSamples < 1);
    if (maxSamples !== 'auto' && !good) {
      throw new OptionError(
        `${OWNER}: maxSamples must be 'auto', an integer ≥ 1 or a share above 0 and below 1, got ${show(maxSamples)}`,
      );
    }
    if (contamination !== 'auto') checkNumber(OWNER, 'contamination', contamination, { above: 0, max: 0.5 });
    if (seed !== undefined) checkSeed(OWNER, seed);
    this.options = Object.freeze({ nEstimators, maxSamples, contamination, seed });
    readable(this);
  }

  /**
   * Grows the trees from `x` [n, d].
   * @throws DataError for missing or infinite numbers, OptionError for more rows of a tree than there are
   */
  fit(x: MatrixLike, options: Pick<FitOptions, 'onProgress'> = {}): IsolationForestModel {
    checkKnown(OWNER, options, ['onProgress']);
    return runSteps(this.#steps(x), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(x: MatrixLike, options: Omit<FitAsyncOptions, 'sampleWeight'> = {}): Promise<IsolationForestModel> {
    checkKnown(OWNER, options, ['onProgress', 'signal']);
    return runStepsAsync(this.#steps(x), options);
  }

  toString(): string {
    return describeEstimator(OWNER, this.options);
  }

  *#steps(x: MatrixLike): Steps<IsolationForestModel> {
    const matrix = toMatrix(OWNER, x);
    const { nEstimators, contamination, seed } = this.options;
    const size = this.#sampleSize(matrix.rows);
    const random = randomFrom(seed);
    const builder = new TreeBuilder();
    let nIter = 0;
    while (nIter < nEstimators) {
      growIsolationTree(matrix, size, random.fork(), builder);
      nIter++;
      const goOn = yield { step: nIter, total: nEstimators, unit: 'tree', metrics: {} };
      if (goOn === false) break;
    }
    const trees = builder.arrays();
    const offset = contamination === 'auto' ? -0.5 : yield* quantileOfScores(trees, matrix, size, contamination);
    return new FittedIsolationForest({ trees, columns: matrix.columns, size, offset });
  }

  #sampleSize(rows: number): number {
    const { maxSamples } = this.options;
    if (maxSamples === 'auto') return Math.min(256, rows);
    if (maxSamples < 1) return Math.max(1, Math.floor(maxSamples * rows));
    if (maxSamples <= rows) return maxSamples;
    throw new OptionError(`${OWNER}: maxSamples is ${maxSamples}, but x has ${rows} rows`);
  }
}

/** Splits rows at random until each is alone or the limit is reached; leaves hold the length of the way to them. */
function growIsolationTree(
  { data, rows: n, columns: d }: Matrix,
  size: number,
  random: Random,
  builder: TreeBuilder,
): void {
  // The least whole number that is at least log₂ of the size.
  const limit = Math.max(1, 32 - Math.clz32(size - 1));
  const rows = random.choose(n, size);
  const open = [{ place: builder.root(), start: 0, stop: size, depth: 0 }];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { place, start, stop, depth } = node;
    const question =
      depth < limit && stop - start > 1 ? drawQuestion(data, d, rows.subarray(start, stop), random) : null;
    if (question === null) {
      builder.predicts(place, depth + averagePath(stop - start));
      continue;
    }
    const { column, threshold } = question;
    const left = builder.split(place, { column, threshold, missingLeft: false, categories: null });
    let middle = start;
    for (let i = start; i < stop; i++) {
      const row = rows[i]!;
      if (data[row * d + column]! > threshold) continue;
      rows[i] = rows[middle]!;
      rows[middle++] = row;
    }
    open.push({ place: left + 1, start: middle, stop, depth: depth + 1 });
    open.push({ place: left, start, stop: middle, depth: depth + 1 });
  }
}

/** A column in which the rows differ and a threshold that parts them; null if they are all equal. */
function drawQuestion(
  data: ArrayLike<number>,
  d: number,
  rows: Int32Array,
  random: Random,
): { column: number; threshold: number } | null {
  const columns = Int32Array.from({ length: d }, (_, j) => j);
  for (let left = d; left > 0; left--) {
    const at = random.integer(left);
    const column = columns[at]!;
    columns[at] = columns[left - 1]!;
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const row of rows) {
      const value = data[row * d + column]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low === high) continue;
    // In halves, so that their difference does not overflow. At the largest all rows would go left.
    const share = random.uniform();
    const threshold = low * (1 - share) + high * share;
    return { column, threshold: threshold < high && threshold >= low ? threshold : low };
  }
  return null;
}

/** The score below which the share of outliers lies among the rows of the fit. */
function* quantileOfScores(trees: TreeArrays, matrix: Matrix, size: number, share: number): Steps<number> {
  const paths = new Float64Array(matrix.rows);
  for (let t = 0; t < trees.roots.length; t++) {
    addTrees(trees, matrix, paths, 1, t, t + 1);
    yield;
  }
  return weightedQuantile(
    paths.map((path) => scoreOfPath(path / trees.roots.length, size)),
    null,
    share,
  );
}
