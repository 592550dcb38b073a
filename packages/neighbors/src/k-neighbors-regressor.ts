import {
  checkKnown,
  type FitAsyncOptions,
  type OnProgress,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import { type MatrixLike, type Regressor, toTargets } from '@maru-ml/tensor';
import { copyOfRows, toRowsSearched } from './door.ts';
import { FittedKNeighborsRegressor, type KNeighborsRegressorModel } from './k-neighbors-regressor-model.ts';
import { checkKNeighbors, K_OPTIONS, type KNeighborsOptions, type KNeighborsSettings } from './neighbors-options.ts';
import { checkNeighbors, NeighborSearch } from './search.ts';
import { checkSums } from './votes.ts';

export interface KNeighborsRegressorOptions extends KNeighborsOptions {}

/** The options with their defaults. */
export type KNeighborsRegressorSettings = KNeighborsSettings;

/**
 * Regression by the k nearest rows: the mean of their numbers, weighed by the inverse of their distances if asked. Options, defaults and numbers are
 * those of scikit-learn; of equally near rows the first count. Costs as `KNeighborsClassifier`.
 *
 * N. Altman, "An introduction to kernel and nearest-neighbor nonparametric regression", The American Statistician (1992).
 */
export class KNeighborsRegressor implements Regressor {
  readonly options: KNeighborsRegressorSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: KNeighborsRegressorOptions = {}) {
    checkKnown(OWNER, options, [...K_OPTIONS]);
    this.options = checkKNeighbors(OWNER, options);
    readable(this);
  }

  /**
   * Keeps the rows of `x` [n, d] and the numbers `y` [n], and builds what finds the nearest of them.
   * @throws DataError if x holds missing or infinite numbers, ShapeError, OptionError
   */
  fit(x: MatrixLike, y: ArrayLike<number>, options: { onProgress?: OnProgress } = {}): KNeighborsRegressorModel {
    return runSteps(this.#steps(x, y, options, ['onProgress']), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike,
    y: ArrayLike<number>,
    options: Pick<FitAsyncOptions, 'onProgress' | 'signal'> = {},
  ): Promise<KNeighborsRegressorModel> {
    return runStepsAsync(this.#steps(x, y, options, ['onProgress', 'signal']), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `KNeighborsRegressor { ${options.join(', ')} }`;
  }

  *#steps(
    x: MatrixLike,
    y: ArrayLike<number>,
    options: object,
    known: readonly string[],
  ): Steps<KNeighborsRegressorModel> {
    checkKnown(OWNER, options, known);
    const rows = toRowsSearched(OWNER, x);
    yield;
    const targets = checkSums(OWNER, toTargets(OWNER, y, rows.n));
    checkNeighbors(OWNER, this.options.nNeighbors, rows.n);
    yield;
    const search = yield* NeighborSearch.make(OWNER, copyOfRows(rows), this.options);
    return new FittedKNeighborsRegressor({ search, targets, settings: this.options });
  }
}

const OWNER = 'KNeighborsRegressor';
