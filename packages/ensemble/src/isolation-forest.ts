import {
  checkBoolean,
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
import { amountOf, checkAmount } from './amount.ts';
import { addChildren, addTrees, type Tree, treeOf } from './hist/trees.ts';
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
  /** How many columns a tree sees, or which share of them, below 1; null, all. */
  maxFeatures?: number | null;
  /** Whether the rows of a tree are drawn with replacement, of which it sees each once; false. */
  bootstrap?: boolean;
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
 * Finds outliers: rows that few random questions tell from all others. Each tree is grown from some rows and columns that are drawn for
 * it, with questions at random, until each row is alone or log₂ of their number of questions were asked. The score of a row is
 *
 *   -2^(-E[h] / c(m)),   c(m) = 2 (ln(m - 1) + γ) - 2 (m - 1) / m,
 *
 * where E[h] is the mean number of questions to its leaf (plus c of the rows that are left there), and c(m) what it is for a row among m: near -1 for
 * outliers, about -0.5 or above for others.
 *
 * Cost: O(trees · m log m), whatever the number of rows. Options are those of scikit-learn, but that shares are numbers below 1 (`maxFeatures: 1` is one
 * column, and null, all, is its 1.0), and that there is no `warmStart`.
 *
 * F. T. Liu, K. M. Ting and Z.-H. Zhou, "Isolation forest", ICDM (2008).
 */
export class IsolationForest implements Estimator {
  readonly options: IsolationForestSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: IsolationForestOptions = {}) {
    checkKnown(OWNER, options, ['nEstimators', 'maxSamples', 'maxFeatures', 'bootstrap', 'contamination', 'seed']);
    const { nEstimators = 100, maxSamples = 'auto', maxFeatures = null, bootstrap = false } = options;
    const { contamination = 'auto', seed } = options;
    checkInteger(OWNER, 'nEstimators', nEstimators, { min: 1 });
    const good =
      typeof maxSamples === 'number' &&
      (Number.isInteger(maxSamples) ? maxSamples >= 1 : maxSamples > 0 && maxSamples < 1);
    if (maxSamples !== 'auto' && !good) {
      throw new OptionError(
        `${OWNER}: maxSamples must be 'auto', an integer ≥ 1 or a share above 0 and below 1, got ${show(maxSamples)}`,
      );
    }
    checkAmount(OWNER, 'maxFeatures', maxFeatures);
    checkBoolean(OWNER, 'bootstrap', bootstrap);
    if (contamination !== 'auto') checkNumber(OWNER, 'contamination', contamination, { above: 0, max: 0.5 });
    if (seed !== undefined) checkSeed(OWNER, seed);
    this.options = Object.freeze({ nEstimators, maxSamples, maxFeatures, bootstrap, contamination, seed });
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
    const { nEstimators, maxSamples, maxFeatures, bootstrap, contamination, seed } = this.options;
    const { rows: n, columns: d } = matrix;
    const size = maxSamples === 'auto' ? Math.min(256, n) : amountOf(OWNER, 'maxSamples', maxSamples, n, 'rows');
    const width = amountOf(OWNER, 'maxFeatures', maxFeatures, d, 'columns');
    const random = randomFrom(seed);
    // The least whole number that is at least log₂ of the size.
    const limit = Math.max(1, 32 - Math.clz32(size - 1));
    const trees: Tree[] = [];
    while (trees.length < nEstimators) {
      const own = random.fork();
      const rows = bootstrap ? drawAgain(n, size, own) : own.choose(n, size);
      const columns = width < d ? own.choose(d, width) : Int32Array.from({ length: d }, (_, j) => j);
      trees.push(growIsolationTree(matrix, rows, columns, limit, own));
      const goOn = yield { step: trees.length, total: nEstimators, unit: 'tree', metrics: {} };
      if (goOn === false) break;
    }
    const offset = contamination === 'auto' ? -0.5 : yield* quantileOfScores(trees, matrix, size, contamination);
    return new FittedIsolationForest({ trees, columns: d, size, offset });
  }
}

/** The different rows among those that are drawn with replacement: to a tree of scikit-learn, too, a row that is drawn twice is one. */
function drawAgain(n: number, size: number, random: Random): Int32Array {
  return Int32Array.from(new Set(Array.from({ length: size }, () => random.integer(n))));
}

/** Splits rows at random until each is alone or the limit is reached; leaves hold the length of the way to them. */
function growIsolationTree(
  { data, columns: d }: Matrix,
  rows: Int32Array,
  columns: Int32Array,
  limit: number,
  random: Random,
): Tree {
  const tree = [-1, 0, 0, 0];
  const open = [{ place: 0, start: 0, stop: rows.length, depth: 0 }];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { place, start, stop, depth } = node;
    const question =
      depth < limit && stop - start > 1
        ? drawQuestion(data, d, rows.subarray(start, stop), columns.slice(), random)
        : null;
    if (question === null) {
      tree[place + 1] = depth + averagePath(stop - start);
      continue;
    }
    const { column, threshold } = question;
    const left = addChildren(tree, place, column, threshold, 0);
    let middle = start;
    for (let i = start; i < stop; i++) {
      const row = rows[i]!;
      if (data[row * d + column]! > threshold) continue;
      rows[i] = rows[middle]!;
      rows[middle++] = row;
    }
    open.push({ place: left + 4, start: middle, stop, depth: depth + 1 });
    open.push({ place: left, start, stop: middle, depth: depth + 1 });
  }
  return treeOf(tree);
}

/** A column in which the rows differ and a threshold that parts them; null if they are all equal. Moves the columns. */
function drawQuestion(
  data: ArrayLike<number>,
  d: number,
  rows: Int32Array,
  columns: Int32Array,
  random: Random,
): { column: number; threshold: number } | null {
  for (let left = columns.length; left > 0; left--) {
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
function* quantileOfScores(trees: readonly Tree[], matrix: Matrix, size: number, share: number): Steps<number> {
  const paths = new Float64Array(matrix.rows);
  for (let t = 0; t < trees.length; t++) {
    addTrees(trees, [], matrix, paths, t, t + 1);
    yield;
  }
  return weightedQuantile(
    paths.map((path) => scoreOfPath(path / trees.length, size)),
    null,
    share,
  );
}
