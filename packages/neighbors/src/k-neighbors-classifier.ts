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
import { FittedKNeighborsClassifier, type KNeighborsClassifierModel } from './k-neighbors-classifier-model.ts';
import { checkKNeighbors, K_OPTIONS, type KNeighborsOptions, type KNeighborsSettings } from './neighbors-options.ts';
import { checkNeighbors, NeighborSearch } from './search.ts';

export interface KNeighborsClassifierOptions extends KNeighborsOptions {}

/** The options with their defaults. */
export type KNeighborsClassifierSettings = KNeighborsSettings;

/**
 * Classification by the k nearest rows: the class that most of them have, weighed by the inverse of their distances if asked. Nothing is learned but
 * where the rows are. Options, defaults and numbers are those of scikit-learn; of equally near rows the first count. Rows are told apart by brute force
 * (products of matrices in float32, with what they leave open done exactly) or by a search tree. Fitting costs O(n log n · d) with a tree, predicting
 * one row O(n d), or with a tree in few columns O(log n).
 *
 * E. Fix and J. Hodges, "Discriminatory analysis", USAF School of Aviation Medicine (1951). T. Cover and P. Hart, "Nearest neighbor pattern
 * classification", IEEE Transactions on Information Theory (1967).
 */
export class KNeighborsClassifier implements Classifier {
  readonly options: KNeighborsClassifierSettings;

  /** @throws OptionError for options that have no meaning */
  constructor(options: KNeighborsClassifierOptions = {}) {
    checkKnown(OWNER, options, [...K_OPTIONS]);
    this.options = checkKNeighbors(OWNER, options);
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
  ): KNeighborsClassifierModel<L> {
    return runSteps(this.#steps(x, y, options, ['onProgress']), options.onProgress);
  }

  /** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: Pick<FitAsyncOptions, 'onProgress' | 'signal'> = {},
  ): Promise<KNeighborsClassifierModel<L>> {
    return runStepsAsync(this.#steps(x, y, options, ['onProgress', 'signal']), options);
  }

  toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: ${show(value)}`);
    return `KNeighborsClassifier { ${options.join(', ')} }`;
  }

  *#steps<L extends Label>(
    x: MatrixLike,
    y: ArrayLike<L>,
    options: object,
    known: readonly string[],
  ): Steps<KNeighborsClassifierModel<L>> {
    checkKnown(OWNER, options, known);
    const rows = toRowsSearched(OWNER, x);
    yield;
    const { classes, codes } = toLabels(OWNER, y, rows.n);
    checkNeighbors(OWNER, this.options.nNeighbors, rows.n);
    yield;
    const search = yield* NeighborSearch.make(OWNER, copyOfRows(rows), this.options);
    return new FittedKNeighborsClassifier({ search, classes, codes, settings: this.options });
  }
}

const OWNER = 'KNeighborsClassifier';
