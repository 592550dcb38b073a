import { readable, runSteps } from '@maru-ml/base';
import { log } from '@maru-ml/kernels/scalar';
import {
  asSaved,
  type ClassifierModel,
  checkSaved,
  type Label,
  type MatrixLike,
  type ScoreOptions,
  type SparseRows,
  Table,
} from '@maru-ml/tensor';
import { alphaOf } from './alpha.ts';
import { type CountReader, countMore } from './count-fit.ts';
import { checkNonNegative } from './counts.ts';
import { logLinear, transposed } from './log-linear.ts';
import { Posterior } from './posterior.ts';
import { logPriors } from './priors.ts';
import { describeCounts, loadCounts, type SavedCounts, saveCounts } from './saved-counts.ts';

/** What a fit knows, and goes on from. */
export interface MultinomialState<L extends Label = Label> extends SavedCounts<L> {}

/** Shares of the columns in each class. It is made by `fit`, `update` or `fromJSON` and does not change. */
export interface MultinomialNBModel<L extends Label = Label> extends FittedMultinomialNB<L> {}

export class FittedMultinomialNB<L extends Label = Label> implements ClassifierModel<L, MatrixLike | SparseRows> {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The (weighted) number of rows of each class [k]. */
  readonly classCount: Float64Array;
  /** The logarithms of the classes' shares [k]. */
  readonly classLogPrior: Float64Array;
  /** How often each column was counted in each class [k, d]. */
  readonly featureCount: Table;
  /** log θ [k, d]. */
  readonly featureLogProb: Table;
  readonly nFeaturesIn: number;

  readonly #state: MultinomialState<L>;
  readonly #posterior: Posterior<L, MatrixLike | SparseRows>;

  /** @internal */
  constructor(state: MultinomialState<L>) {
    const { classes, counts, alpha, priors } = state;
    const k = classes.length;
    const d = counts.featureCount.length / k;
    this.classes = classes;
    this.classCount = counts.classCount.slice();
    this.classLogPrior = logPriors('MultinomialNB', priors, counts.classCount);
    this.featureCount = new Table(counts.featureCount.slice(), k, d);
    this.nFeaturesIn = d;
    this.#state = state;
    this.featureLogProb = new Table(logShares(counts.featureCount, alphaOf('MultinomialNB', alpha, d), k), k, d);
    const weights = transposed(this.featureLogProb.data as Float64Array, k);
    const { binarize, check } = READER;
    const joint = logLinear('MultinomialNB', weights, this.classLogPrior, binarize, check);
    this.#posterior = new Posterior(
      'MultinomialNB',
      classes,
      d,
      joint,
      'has probability 0 in every class, or numbers so large that its scores overflow; use alpha > 0, and divide large numbers by a constant',
    );
    readable(this);
    Object.freeze(this);
  }

  /**
   * The most probable class of each row of `x` [m, d].
   * @throws ShapeError if x has other columns, DataError if it has numbers that cannot be counted, or a row that no class can have made
   */
  predict(x: MatrixLike | SparseRows): L[] {
    return this.#posterior.predict(x);
  }

  /** The most probable class of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): L {
    return this.#posterior.predictOne(row);
  }

  /** The probabilities of the classes [m, k]. Errors as for `predict`. */
  predictProba(x: MatrixLike | SparseRows): Table {
    return this.#posterior.proba(x);
  }

  /** Their logarithms [m, k]. Errors as for `predict`. */
  predictLogProba(x: MatrixLike | SparseRows): Table {
    return this.#posterior.logProba(x);
  }

  /** log p(c) + log p(x | c), but for what all classes of a row share [m, k]. Errors as for `predict`. */
  predictJointLogProba(x: MatrixLike | SparseRows): Table {
    return this.#posterior.jointLogProba(x);
  }

  /** The share of rows that are predicted right. Errors as for `predict`. */
  score(x: MatrixLike | SparseRows, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    return this.#posterior.score(x, y, options);
  }

  /** A model that has counted these rows too: the one that a fit to all rows gives. Errors as for `fit`. */
  update(x: MatrixLike | SparseRows, y: ArrayLike<L>, options: ScoreOptions = {}): MultinomialNBModel<L> {
    const { classes, counts } = this.#state;
    const more = runSteps(countMore(READER, x, y, options, classes, counts));
    return new FittedMultinomialNB({ ...this.#state, counts: more });
  }

  toJSON(): object {
    return { type: 'MultinomialNBModel', version: 1, ...saveCounts(this.#state) };
  }

  toString(): string {
    return `MultinomialNBModel: ${describeCounts(this.#state)}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const MultinomialNBModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): MultinomialNBModel {
    const owner = 'MultinomialNBModel.fromJSON';
    const fields = checkSaved('MultinomialNBModel', 1, json);
    return asSaved(owner, () => new FittedMultinomialNB(loadCounts(owner, fields)));
  },
};

/** Counts and weights, such as those of tf-idf. */
export const READER: CountReader = {
  owner: 'MultinomialNB',
  binarize: null,
  check: (x) => checkNonNegative('MultinomialNB', x),
};

/** log (N_cj + αⱼ) - log Σⱼ (N_cj + αⱼ) [k, d]. */
function logShares(counts: Float64Array, alpha: Float64Array, k: number): Float64Array {
  const d = alpha.length;
  const out = new Float64Array(k * d);
  for (let c = 0; c < k; c++) {
    let total = 0;
    for (let j = 0; j < d; j++) total += counts[c * d + j]! + alpha[j]!;
    // A class without any count says nothing about columns.
    for (let j = 0; j < d; j++) {
      out[c * d + j] = total === 0 ? Number.NEGATIVE_INFINITY : log(counts[c * d + j]! + alpha[j]!) - log(total);
    }
  }
  return out;
}
