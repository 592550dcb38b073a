import { DataError, readable, runSteps } from '@maru-ml/base';
import { log } from '@maru-ml/kernels/scalar';
import {
  asSaved,
  type ClassifierModel,
  checkSaved,
  type Label,
  type MatrixLike,
  type ScoreOptions,
  type SparseRows,
  savedBoolean,
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
export interface ComplementState<L extends Label = Label> extends SavedCounts<L> {
  readonly norm: boolean;
}

/** Weights of the columns by what other classes hold. It is made by `fit`, `update` or `fromJSON` and does not change. */
export interface ComplementNBModel<L extends Label = Label> extends FittedComplementNB<L> {}

export class FittedComplementNB<L extends Label = Label> implements ClassifierModel<L, MatrixLike | SparseRows> {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The (weighted) number of rows of each class [k]. */
  readonly classCount: Float64Array;
  /** The logarithms of the classes' shares [k]. */
  readonly classLogPrior: Float64Array;
  /** How often each column was counted in each class [k, d]. */
  readonly featureCount: Table;
  /** The weights w [k, d]. */
  readonly featureLogProb: Table;
  readonly nFeaturesIn: number;

  readonly #state: ComplementState<L>;
  readonly #posterior: Posterior<L, MatrixLike | SparseRows>;

  /** @internal */
  constructor(state: ComplementState<L>) {
    const { classes, counts, alpha, priors } = state;
    const k = classes.length;
    const d = counts.featureCount.length / k;
    this.classes = classes;
    this.classCount = counts.classCount.slice();
    this.classLogPrior = logPriors('ComplementNB', priors, counts.classCount);
    this.featureCount = new Table(counts.featureCount.slice(), k, d);
    this.nFeaturesIn = d;
    this.#state = state;
    const logProb = complementWeights(counts.featureCount, alphaOf('ComplementNB', alpha, d), k, state.norm);
    this.featureLogProb = new Table(logProb, k, d);
    const bias = k === 1 ? this.classLogPrior : new Float64Array(k);
    const { binarize, check } = READER;
    const joint = logLinear('ComplementNB', transposed(logProb, k), bias, binarize, check);
    this.#posterior = new Posterior(
      'ComplementNB',
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
  update(x: MatrixLike | SparseRows, y: ArrayLike<L>, options: ScoreOptions = {}): ComplementNBModel<L> {
    const { classes, counts } = this.#state;
    const more = runSteps(countMore(READER, x, y, options, classes, counts));
    return new FittedComplementNB({ ...this.#state, counts: more });
  }

  toJSON(): object {
    return { type: 'ComplementNBModel', version: 1, ...saveCounts(this.#state), norm: this.#state.norm };
  }

  toString(): string {
    return `ComplementNBModel: ${describeCounts(this.#state)}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const ComplementNBModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): ComplementNBModel {
    const owner = 'ComplementNBModel.fromJSON';
    const fields = checkSaved('ComplementNBModel', 1, json);
    return asSaved(owner, () => {
      return new FittedComplementNB({ ...loadCounts(owner, fields), norm: savedBoolean(owner, fields, 'norm') });
    });
  },
};

/** Counts and weights, such as those of tf-idf. */
export const READER: CountReader = {
  owner: 'ComplementNB',
  binarize: null,
  check: (x) => checkNonNegative('ComplementNB', x),
};

/** -log θ̃, or with `norm` log θ̃ divided by the sum of its row [k, d]. */
function complementWeights(counts: Float64Array, alpha: Float64Array, k: number, norm: boolean): Float64Array {
  const d = alpha.length;
  const out = new Float64Array(k * d);
  const all = new Float64Array(d);
  for (let at = 0; at < k * d; at++) all[at % d]! += counts[at]!;
  for (let c = 0; c < k; c++) {
    let total = 0;
    for (let j = 0; j < d; j++) total += all[j]! + alpha[j]! - counts[c * d + j]!;
    let sum = 0;
    for (let j = 0; j < d; j++) {
      const share = log((all[j]! + alpha[j]! - counts[c * d + j]!) / total);
      out[c * d + j] = share;
      sum += share;
    }
    if (norm && sum === 0) {
      throw new DataError(
        'ComplementNB: norm divides weights by their sum, which is 0 where one column holds all; use norm: false',
      );
    }
    for (let j = 0; j < d; j++) out[c * d + j] = norm ? out[c * d + j]! / sum : -out[c * d + j]!;
  }
  return out;
}
