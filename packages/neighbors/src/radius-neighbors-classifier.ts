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
import { type Classifier, type Label, type MatrixLike, toLabels } from '@maru-ml/tensor';
import { copyOfRows, toRowsSearched } from './door.ts';
import {
  checkOutlier,
  checkRadius,
  RADIUS_OPTIONS,
  type RadiusOptions,
  type RadiusSettings,
} from './neighbors-options.ts';
import {
  FittedRadiusNeighborsClassifier,
  type RadiusNeighborsClassifierModel,
} from './radius-neighbors-classifier-model.ts';
import { NeighborSearch } from './search.ts';

export interface RadiusNeighborsClassifierOptions extends RadiusOptions {
  /** What rows without neighbors are labeled with; null: they are an error; null. */
  outlierLabel?: string | number | boolean | null;
}

/** The options with their defaults. */
export type RadiusNeighborsClassifierSettings = RadiusSettings &
  Readonly<{ outlierLabel: string | number | boolean | null }>;

/**
 * Classification by all rows within a radius: the class that most of them have. A row without any is an outlier. Options, defaults and numbers are those
 * of scikit-learn. Costs as `KNeighborsClassifier`.
 */
export class RadiusNeighborsClassifier implements Classifier {
  readonly options: RadiusNeighborsClassifierSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: RadiusNeighborsClassifierOptions = {}) {
    checkKnown(OWNER, options, [...RADIUS_OPTIONS, 'outlierLabel']);
    this.options = Object.freeze({
      ...checkRadius(OWNER, options),
      outlierLabel: checkOutlier(OWNER, options.outlierLabel ?? null),
    });
    readable(this);
  }

  /**
   * Keeps the rows of `x` [n, d] and their labels `y` [n], and builds what finds the nearest of them.
   * @throws DataError if x holds missing or infinite numbers, ShapeError, OptionError
   */
  fit<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: { onProgress?: OnProgress } = {},
  ): RadiusNeighborsClassifierModel<L> {
    return runSteps(this.#steps(x, y, options, ['onProgress']), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: Pick<FitAsyncOptions, 'onProgress' | 'signal'> = {},
  ): Promise<RadiusNeighborsClassifierModel<L>> {
    return runStepsAsync(this.#steps(x, y, options, ['onProgress', 'signal']), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `RadiusNeighborsClassifier { ${options.join(', ')} }`;
  }

  *#steps<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: object,
    known: readonly string[],
  ): Steps<RadiusNeighborsClassifierModel<L>> {
    checkKnown(OWNER, options, known);
    const rows = toRowsSearched(OWNER, x);
    const { classes, codes } = toLabels(OWNER, y, rows.n);
    const search = yield* NeighborSearch.make(OWNER, copyOfRows(rows), this.options);
    return new FittedRadiusNeighborsClassifier({ search, classes, codes, settings: this.options });
  }
}

const OWNER = 'RadiusNeighborsClassifier';
