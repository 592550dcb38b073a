import { DataError, OptionError, readable, runSteps, show } from '@maru-ml/base';
import { log } from '@maru-ml/kernels/scalar';
import {
  asSaved,
  type ClassifierModel,
  checkSaved,
  type Label,
  type MatrixLike,
  type ScoreOptions,
  type SparseRows,
  savedNumber,
  Table,
} from '@maru-ml/tensor';
import { alphaOf } from './alpha.ts';
import { type CountReader, countMore } from './count-fit.ts';
import { placeOf } from './counts.ts';
import { logLinear, transposed } from './log-linear.ts';
import { Posterior } from './posterior.ts';
import { logPriors } from './priors.ts';
import { describeCounts, loadCounts, type SavedCounts, saveCounts } from './saved-counts.ts';

/** What a fit knows, and goes on from. */
export interface BernoulliState<L extends Label = Label> extends SavedCounts<L> {
  readonly binarize: number | null;
}

/** Chances of the columns in each class. It is made by `fit`, `update` or `fromJSON` and does not change. */
export interface BernoulliNBModel<L extends Label = Label> extends FittedBernoulliNB<L> {}

export class FittedBernoulliNB<L extends Label = Label> implements ClassifierModel<L, MatrixLike | SparseRows> {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The (weighted) number of rows of each class [k]. */
  readonly classCount: Float64Array;
  /** The logarithms of the classes' shares [k]. */
  readonly classLogPrior: Float64Array;
  /** In how many rows of each class each column was there [k, d]. */
  readonly featureCount: Table;
  /** log θ [k, d]. */
  readonly featureLogProb: Table;
  readonly nFeaturesIn: number;

  readonly #state: BernoulliState<L>;
  readonly #posterior: Posterior<L, MatrixLike | SparseRows>;

  /** @internal */
  constructor(state: BernoulliState<L>) {
    const { classes, counts, alpha, priors } = state;
    const k = classes.length;
    const d = counts.featureCount.length / k;
    this.classes = classes;
    this.classCount = counts.classCount.slice();
    this.classLogPrior = logPriors('BernoulliNB', priors, counts.classCount);
    this.featureCount = new Table(counts.featureCount.slice(), k, d);
    this.nFeaturesIn = d;
    this.#state = state;
    const { there, missing } = logChances(counts, alphaOf('BernoulliNB', alpha, d), k);
    this.featureLogProb = new Table(there, k, d);
    // All columns missing, and for each that is there the difference.
    const bias = this.classLogPrior.slice();
    for (let at = 0; at < k * d; at++) bias[Math.floor(at / d)]! += missing[at]!;
    const weights = transposed(
      there.map((chance, at) => chance - missing[at]!),
      k,
    );
    const { binarize, check } = readerOf(state);
    const joint = logLinear('BernoulliNB', weights, bias, binarize, check);
    this.#posterior = new Posterior(
      'BernoulliNB',
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
  update(x: MatrixLike | SparseRows, y: ArrayLike<L>, options: ScoreOptions = {}): BernoulliNBModel<L> {
    const { classes, counts } = this.#state;
    const more = runSteps(countMore(readerOf(this.#state), x, y, options, classes, counts));
    return new FittedBernoulliNB({ ...this.#state, counts: more });
  }

  toJSON(): object {
    return { type: 'BernoulliNBModel', version: 1, ...saveCounts(this.#state), binarize: this.#state.binarize };
  }

  toString(): string {
    return `BernoulliNBModel: ${describeCounts(this.#state)}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const BernoulliNBModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): BernoulliNBModel {
    const owner = 'BernoulliNBModel.fromJSON';
    const fields = checkSaved('BernoulliNBModel', 1, json);
    const binarize = fields.binarize === null ? null : savedNumber(owner, fields, 'binarize');
    return asSaved(owner, () => new FittedBernoulliNB({ ...loadCounts(owner, fields), binarize }));
  },
};

/** A number counts as 1 where it is above `binarize`, else as 0. */
export function readerOf({ binarize }: { binarize: number | null }): CountReader {
  return {
    owner: 'BernoulliNB',
    binarize,
    check: (x) => {
      if ('indptr' in x && binarize !== null && binarize < 0) {
        throw new OptionError(
          `BernoulliNB: binarize must be ≥ 0 for sparse rows, whose zeros are not held, got ${binarize}`,
        );
      }
      if (binarize !== null) return;
      for (let at = 0; at < x.data.length; at++) {
        if (x.data[at] === 0 || x.data[at] === 1) continue;
        throw new DataError(
          `BernoulliNB: ${placeOf(x, at)} must be 0 or 1, got ${show(x.data[at])}; set binarize to the number above which a column is there`,
        );
      }
    },
  };
}

/** log θ and log (1 - θ) [k, d], each from its own counts. */
function logChances(
  { classCount, featureCount }: BernoulliState['counts'],
  alpha: Float64Array,
  k: number,
): { there: Float64Array; missing: Float64Array } {
  const d = alpha.length;
  const there = new Float64Array(k * d);
  const missing = new Float64Array(k * d);
  for (let at = 0; at < k * d; at++) {
    const [c, j] = [Math.floor(at / d), at % d];
    // Without smoothing a chance of 0 or 1 is taken for one next to it, so that the scores stay numbers.
    const smoothing = Math.max(alpha[j]!, SMALLEST_ALPHA);
    const total = log(classCount[c]! + 2 * smoothing);
    there[at] = log(featureCount[at]! + smoothing) - total;
    missing[at] = log(Math.max(classCount[c]! - featureCount[at]!, 0) + smoothing) - total;
  }
  return { there, missing };
}

/** What scikit-learn, too, takes for an α of 0 unless told otherwise. */
const SMALLEST_ALPHA = 1e-10;
