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
import { checkRadius, RADIUS_OPTIONS, type RadiusOptions, type RadiusSettings } from './neighbors-options.ts';
import {
  FittedRadiusNeighborsRegressor,
  type RadiusNeighborsRegressorModel,
} from './radius-neighbors-regressor-model.ts';
import { NeighborSearch } from './search.ts';
import { checkSums } from './votes.ts';

export interface RadiusNeighborsRegressorOptions extends RadiusOptions {}

/** The options with their defaults. */
export type RadiusNeighborsRegressorSettings = RadiusSettings;

/**
 * Regression by all rows within a radius: the mean of their numbers. A row without any has no answer. Options, defaults and numbers are those of
 * scikit-learn. Costs as `KNeighborsClassifier`.
 */
export class RadiusNeighborsRegressor implements Regressor {
  readonly options: RadiusNeighborsRegressorSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: RadiusNeighborsRegressorOptions = {}) {
    checkKnown(OWNER, options, [...RADIUS_OPTIONS]);
    this.options = Object.freeze(checkRadius(OWNER, options));
    readable(this);
  }

  /**
   * Keeps the rows of `x` [n, d] and the numbers `y` [n], and builds what finds the nearest of them.
   * @throws DataError if x holds missing or infinite numbers, ShapeError, OptionError
   */
  fit(x: MatrixLike, y: ArrayLike<number>, options: { onProgress?: OnProgress } = {}): RadiusNeighborsRegressorModel {
    return runSteps(this.#steps(x, y, options, ['onProgress']), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike,
    y: ArrayLike<number>,
    options: Pick<FitAsyncOptions, 'onProgress' | 'signal'> = {},
  ): Promise<RadiusNeighborsRegressorModel> {
    return runStepsAsync(this.#steps(x, y, options, ['onProgress', 'signal']), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `RadiusNeighborsRegressor { ${options.join(', ')} }`;
  }

  *#steps(
    x: MatrixLike,
    y: ArrayLike<number>,
    options: object,
    known: readonly string[],
  ): Steps<RadiusNeighborsRegressorModel> {
    checkKnown(OWNER, options, known);
    const rows = toRowsSearched(OWNER, x);
    yield;
    const targets = checkSums(OWNER, toTargets(OWNER, y, rows.n));
    yield;
    const search = yield* NeighborSearch.make(OWNER, copyOfRows(rows), this.options);
    return new FittedRadiusNeighborsRegressor({ search, targets, settings: this.options });
  }
}

const OWNER = 'RadiusNeighborsRegressor';
