import {
  checkInteger,
  checkKnown,
  checkNumber,
  type FitAsyncOptions,
  type OnProgress,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import type { MatrixLike } from '@maru-ml/tensor';
import { copyOfRows, toRowsSearched } from './door.ts';
import { FittedNearestNeighbors, type NearestNeighborsModel } from './nearest-neighbors-model.ts';
import { checkRadius } from './neighbors-options.ts';
import { NeighborSearch, SEARCH_OPTIONS, type SearchOptions, type SearchSettings } from './search.ts';

export interface NearestNeighborsOptions extends SearchOptions {
  /** How many neighbors `kneighbors` gives; 5. */
  nNeighbors?: number;
  /** How far those of `radiusNeighbors` are away at most; 1. */
  radius?: number;
}

/** The options with their defaults. */
export type NearestNeighborsSettings = SearchSettings & Readonly<{ nNeighbors: number; radius: number }>;

/**
 * Finds the nearest rows, and makes graphs of them, for others to work with. Options, defaults and numbers are those of scikit-learn. Costs as
 * `KNeighborsClassifier`.
 *
 * @example
 * ```ts
 * import { NearestNeighbors } from '@maru-ml/neighbors';
 *
 * const model = new NearestNeighbors({ nNeighbors: 2 }).fit([[0], [1], [5], [6]]);
 * console.log(model.kneighbors([[0.9]]).indices); // Int32Array(2) [ 1, 0 ]
 * console.log(model.radiusNeighbors([[5.5]]).indices); // Int32Array(2) [ 2, 3 ]
 * ```
 */
export class NearestNeighbors {
  readonly options: NearestNeighborsSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: NearestNeighborsOptions = {}) {
    checkKnown(OWNER, options, ['nNeighbors', 'radius', ...SEARCH_OPTIONS]);
    const { nNeighbors = 5, radius = 1 } = options;
    checkInteger(OWNER, 'nNeighbors', nNeighbors, { min: 1 });
    checkNumber(OWNER, 'radius', radius, { min: 0 });
    const { weights: _, ...search } = checkRadius(OWNER, options);
    this.options = Object.freeze({ nNeighbors, ...search });
    readable(this);
  }

  /**
   * Keeps the rows of `x` [n, d] and builds what finds the nearest of them.
   * @throws DataError if x holds missing or infinite numbers, ShapeError, OptionError
   */
  fit(x: MatrixLike, options: { onProgress?: OnProgress } = {}): NearestNeighborsModel {
    return runSteps(this.#steps(x, options, ['onProgress']), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync(
    x: MatrixLike,
    options: Pick<FitAsyncOptions, 'onProgress' | 'signal'> = {},
  ): Promise<NearestNeighborsModel> {
    return runStepsAsync(this.#steps(x, options, ['onProgress', 'signal']), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `NearestNeighbors { ${options.join(', ')} }`;
  }

  *#steps(x: MatrixLike, options: object, known: readonly string[]): Steps<NearestNeighborsModel> {
    checkKnown(OWNER, options, known);
    const rows = toRowsSearched(OWNER, x);
    yield;
    const search = yield* NeighborSearch.make(OWNER, copyOfRows(rows), this.options);
    return new FittedNearestNeighbors(search, this.options.nNeighbors, this.options.radius);
  }
}

const OWNER = 'NearestNeighbors';
