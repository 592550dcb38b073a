import {
  checkInteger,
  checkKnown,
  checkSeed,
  DataError,
  OptionError,
  type Random,
  randomFrom,
  runSteps,
  type Seed,
  ShapeError,
  show,
} from '@maru-ml/base';
import { type Label, type MatrixLike, toLabels, toMatrix, toTargets } from '@maru-ml/tensor';
import { findCategories, placesOf } from './categories.ts';
import { informationOfCategories, informationOfClasses, informationOfNumbers } from './information.ts';
import { isConstant } from './moments.ts';

export interface MutualInformationOptions {
  /** Whether the columns hold categories: all of them, or each [d]; false. */
  discreteFeatures?: boolean | readonly boolean[];
  /** How many neighbors distances reach to: more lower the variance and raise the bias; 3. */
  nNeighbors?: number;
  /** What the noise is drawn with that sets equal numbers apart: a number or a `Random`; the next child of the default stream. */
  seed?: Seed;
}

/**
 * The mutual information, in nats, of each column of `x` [n, d] and the classes of `y` [n]: 0 where they are independent, however they
 * depend on each other else. It is estimated from distances to neighbors (Ross), and between categories from counts. Numbers get a
 * noise of 1e-10 of their size, as in scikit-learn, so that equal ones are apart. [d], O(d n log n).
 *
 * B. C. Ross, "Mutual information between discrete and continuous data sets", PLoS ONE 9 (2014).
 *
 * @throws DataError for missing or infinite numbers, ShapeError for too few rows, OptionError for options that have no meaning
 *
 * @example
 * ```ts
 * import { mutualInfoClassif } from '@maru-ml/preprocessing';
 *
 * const x = Array.from({ length: 30 }, (_, i) => [i, (i * 7) % 30]);
 * const y = x.map(([i]) => (i! < 15 ? 'low' : 'high'));
 * const [order, shuffled] = mutualInfoClassif(x, y, { seed: 0 });
 * console.log(order! > 0.6, shuffled! < 0.1); // true true
 * ```
 */
export function mutualInfoClassif<L extends Label>(
  x: MatrixLike,
  y: ArrayLike<L>,
  options: MutualInformationOptions = {},
): Float64Array {
  const owner = 'mutualInfoClassif';
  const { columns, discrete, neighbors } = prepare(owner, x, options);
  const { codes, classes } = toLabels(owner, y, columns[0]!.length);
  return Float64Array.from(columns, (column, j) =>
    discrete[j]
      ? informationOfCategories(codesOf(column), codes)
      : informationOfClasses(column, codes, classes.length, neighbors),
  );
}

/**
 * The mutual information, in nats, of each column of `x` [n, d] and the numbers `y` [n], as `mutualInfoClassif`; for two columns of numbers
 * by the estimator of Kraskov. [d], about O(d n √n).
 *
 * A. Kraskov, H. Stögbauer and P. Grassberger, "Estimating mutual information", Physical Review E 69 (2004).
 *
 * @throws as `mutualInfoClassif`
 *
 * @example
 * ```ts
 * import { mutualInfoRegression } from '@maru-ml/preprocessing';
 *
 * const x = Array.from({ length: 50 }, (_, i) => [i / 25 - 1]);
 * // The correlation of a parabola is 0.
 * const [parabola] = mutualInfoRegression(x, x.map(([v]) => v! * v!), { seed: 0 });
 * console.log(parabola! > 1); // true
 * ```
 */
export function mutualInfoRegression(
  x: MatrixLike,
  y: ArrayLike<number>,
  options: MutualInformationOptions = {},
): Float64Array {
  const owner = 'mutualInfoRegression';
  const { columns, discrete, neighbors, random } = prepare(owner, x, options);
  const targets = scaled(owner, toTargets(owner, y, columns[0]!.length), random, -1);
  return Float64Array.from(columns, (column, j) => {
    if (!discrete[j]) return informationOfNumbers(column, targets, neighbors);
    const codes = codesOf(column);
    return informationOfClasses(targets, codes, Math.max(...codes) + 1, neighbors);
  });
}

interface Prepared {
  columns: Float64Array[];
  discrete: readonly boolean[];
  neighbors: number;
  random: Random;
}

/** The columns, those of numbers scaled and with noise. */
function prepare(owner: string, x: MatrixLike, options: MutualInformationOptions): Prepared {
  checkKnown(owner, options, ['discreteFeatures', 'nNeighbors', 'seed']);
  const { discreteFeatures = false, nNeighbors = 3, seed } = options;
  const { data, rows, columns: d } = toMatrix(owner, x);
  checkInteger(owner, 'nNeighbors', nNeighbors, { min: 1 });
  if (seed !== undefined) checkSeed(owner, seed);
  if (rows <= nNeighbors) {
    throw new ShapeError(`${owner}: x must have more rows than nNeighbors, got ${rows} and ${nNeighbors}`);
  }
  const discrete =
    typeof discreteFeatures === 'boolean' ? new Array<boolean>(d).fill(discreteFeatures) : discreteFeatures;
  if (!Array.isArray(discrete) || discrete.length !== d || discrete.some((flag) => typeof flag !== 'boolean')) {
    throw new OptionError(
      `${owner}: discreteFeatures must be a boolean or one for each of ${d} columns, got ${show(discreteFeatures)}`,
    );
  }
  const random = randomFrom(seed);
  const columns = Array.from({ length: d }, (_, j) => {
    const column = Float64Array.from({ length: rows }, (_, i) => data[i * d + j]!);
    return discrete[j] ? column : scaled(owner, column, random, j);
  });
  return { columns, discrete, neighbors: nNeighbors, random };
}

/** Values divided by their standard deviation, with a noise of 1e-10 of their size. */
function scaled(owner: string, values: Float64Array, random: Random, j: number): Float64Array {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value / n, 0);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / n, 0);
  const place = j === -1 ? 'y' : `column ${j}`;
  if (!Number.isFinite(variance)) {
    throw new DataError(`${owner}: the variance of ${place} overflows; divide it by a constant first`);
  }
  if (variance < 2 ** -970 && values.some((value) => value !== values[0])) {
    throw new DataError(`${owner}: the variance of ${place} vanishes; multiply it by a constant first`);
  }
  const scale = isConstant(variance, mean, n) ? 1 : Math.sqrt(variance);
  const size = Math.max(
    1,
    values.reduce((sum, value) => sum + Math.abs(value / scale) / n, 0),
  );
  return values.map((value) => value / scale + 1e-10 * size * random.normal());
}

function codesOf(column: Float64Array): Int32Array {
  return placesOf(runSteps(findCategories('number', column)), column);
}
