import { checkKnown, checkSampleWeight, DataError, readable, runSteps } from '@maru-ml/base';
import { log } from '@maru-ml/kernels/scalar';
import {
  asSaved,
  type ClassifierModel,
  checkSaved,
  decodeArray,
  encodeArray,
  type Label,
  type MatrixLike,
  type ScoreOptions,
  savedBoolean,
  savedLabels,
  savedNumber,
  Table,
  toLabels,
  toMatrix,
} from '@maru-ml/tensor';
import { type CategoryCounts, checkCategories, countCategories } from './category-counts.ts';
import { Posterior } from './posterior.ts';
import { logPriors, type PriorSettings, readPrior, recoded } from './priors.ts';

/** What a fit knows, and goes on from. */
export interface CategoricalState<L extends Label = Label> {
  readonly classes: readonly L[];
  readonly counts: CategoryCounts;
  readonly alpha: number;
  readonly priors: PriorSettings;
}

/** Chances of the categories in each class. It is made by `fit`, `update` or `fromJSON` and does not change. */
export interface CategoricalNBModel<L extends Label = Label> extends FittedCategoricalNB<L> {}

export class FittedCategoricalNB<L extends Label = Label> implements ClassifierModel<L> {
  /** The labels [k] in ascending order. */
  readonly classes: readonly L[];
  /** The (weighted) number of rows of each class [k]. */
  readonly classCount: Float64Array;
  /** The logarithms of the classes' shares [k]. */
  readonly classLogPrior: Float64Array;
  /** The number of categories of each column [d]. */
  readonly nCategories: Int32Array;
  /** Of each column how often each category was counted in each class [k, T_j]. */
  readonly categoryCount: readonly Table[];
  /** Of each column log θ [k, T_j]. */
  readonly featureLogProb: readonly Table[];
  readonly nFeaturesIn: number;

  readonly #state: CategoricalState<L>;
  readonly #posterior: Posterior<L, MatrixLike>;

  /** @internal */
  constructor(state: CategoricalState<L>) {
    const { classes, counts, alpha, priors } = state;
    const k = classes.length;
    const d = counts.nCategories.length;
    this.classes = classes;
    this.classCount = counts.classCount.slice();
    this.classLogPrior = logPriors('CategoricalNB', priors, counts.classCount);
    this.nCategories = counts.nCategories.slice();
    this.categoryCount = counts.categoryCount.map((table, j) => new Table(table.slice(), k, counts.nCategories[j]!));
    this.featureLogProb = counts.categoryCount.map((table, j) => {
      return new Table(logChances(table, k, alpha), k, counts.nCategories[j]!);
    });
    this.nFeaturesIn = d;
    this.#state = state;

    const chances = this.featureLogProb.map(({ data }) => (data as Float64Array).slice());
    const prior = this.classLogPrior.slice();
    const { nCategories } = counts;
    const score = (x: Float64Array, at: number, place: string, out: Float64Array, to: number) => {
      out.set(prior, to);
      for (let j = 0; j < d; j++) {
        const category = x[at + j]!;
        const t = nCategories[j]!;
        if (!(category >= 0 && category < t && Number.isInteger(category))) throw unseen(place, j, category, t);
        for (let c = 0; c < k; c++) out[to + c]! += chances[j]![c * t + category]!;
      }
    };
    this.#posterior = new Posterior(
      'CategoricalNB',
      classes,
      d,
      {
        all(x) {
          const matrix = toMatrix('CategoricalNB', x, { columns: d });
          checkCategories(matrix);
          const out = new Float64Array(matrix.rows * k);
          for (let i = 0; i < matrix.rows; i++) score(matrix.data as Float64Array, i * d, `x[${i}`, out, i * k);
          return out;
        },
        one: (row, out) => score(row, 0, 'the row[', out, 0),
      },
      'has probability 0 in every class; use alpha > 0',
    );
    readable(this);
    Object.freeze(this);
  }

  /**
   * The most probable class of each row of `x` [m, d].
   * @throws ShapeError if x has other columns, DataError if it has what is no category or one that the model does not know
   */
  predict(x: MatrixLike): L[] {
    return this.#posterior.predict(x);
  }

  /** The most probable class of one row [d], without allocating. Errors as for `predict`. */
  predictOne(row: ArrayLike<number>): L {
    return this.#posterior.predictOne(row);
  }

  /** The probabilities of the classes [m, k]. Errors as for `predict`. */
  predictProba(x: MatrixLike): Table {
    return this.#posterior.proba(x);
  }

  /** Their logarithms [m, k]. Errors as for `predict`. */
  predictLogProba(x: MatrixLike): Table {
    return this.#posterior.logProba(x);
  }

  /** log p(c) + log p(x | c) [m, k]. Errors as for `predict`. */
  predictJointLogProba(x: MatrixLike): Table {
    return this.#posterior.jointLogProba(x);
  }

  /** The share of rows that are predicted right. Errors as for `predict`. */
  score(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): number {
    return this.#posterior.score(x, y, options);
  }

  /** A model that has counted these rows too: the one that a fit to all rows gives. Errors as for `fit`. */
  update(x: MatrixLike, y: ArrayLike<L>, options: ScoreOptions = {}): CategoricalNBModel<L> {
    checkKnown('CategoricalNB', options, ['sampleWeight']);
    const matrix = toMatrix('CategoricalNB', x, { columns: this.nFeaturesIn });
    const codes = recoded('CategoricalNB', toLabels('CategoricalNB', y, matrix.rows), this.classes);
    const weights = checkSampleWeight('CategoricalNB', options.sampleWeight, matrix.rows);
    const counts = runSteps(countCategories(this.#state.counts, matrix, codes, weights));
    return new FittedCategoricalNB({ ...this.#state, counts });
  }

  toJSON(): object {
    const { classes, counts, alpha, priors } = this.#state;
    return {
      ...{ type: 'CategoricalNBModel', version: 1, classes, alpha },
      ...{ fitPrior: priors.fitPrior, classPrior: priors.classPrior },
      classCount: encodeArray(counts.classCount),
      nCategories: encodeArray(counts.nCategories),
      // One after the other: columns differ in their number of categories.
      categoryCount: encodeArray(Float64Array.from(counts.categoryCount.flatMap((table) => Array.from(table)))),
    };
  }

  toString(): string {
    const sizes = Array.from(this.classCount, (count, c) => `${this.classes[c]} ${Number(count.toPrecision(6))}`);
    return `CategoricalNBModel: ${this.nFeaturesIn} columns, rows of classes ${sizes.join(', ')}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const CategoricalNBModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): CategoricalNBModel {
    const owner = 'CategoricalNBModel.fromJSON';
    const fields = checkSaved('CategoricalNBModel', 1, json);
    const classes = savedLabels(owner, fields, 'classes');
    const k = classes.length;
    const classCount = decodeArray(owner, 'classCount', fields.classCount, {
      dtype: 'float64',
      shape: [k],
      finite: true,
    });
    const nCategories = decodeArray(owner, 'nCategories', fields.nCategories, { dtype: 'int32', shape: [-1] });
    const all = decodeArray(owner, 'categoryCount', fields.categoryCount, {
      dtype: 'float64',
      shape: [-1],
      finite: true,
    });
    const total = nCategories.reduce((sum, count) => sum + count, 0);
    if (nCategories.length === 0 || nCategories.some((count) => count < 1) || all.length !== k * total) {
      throw new DataError(`${owner}: categoryCount must have ${k} counts for each category, got ${all.length}`);
    }
    if (fields.classPrior === undefined)
      throw new DataError(`${owner}: classPrior must be numbers or null, got undefined`);
    let at = 0;
    const categoryCount = Array.from(nCategories, (count) => {
      at += k * count;
      return all.slice(at - k * count, at);
    });
    if ([classCount, all].some((counts) => counts.some((count) => count < 0))) {
      throw new DataError(`${owner}: classCount and categoryCount must be ≥ 0`);
    }
    const alpha = savedNumber(owner, fields, 'alpha');
    if (alpha < 0) throw new DataError(`${owner}: alpha must be ≥ 0, got ${alpha}`);
    const fitPrior = savedBoolean(owner, fields, 'fitPrior');
    return asSaved(owner, () => {
      const priors = { fitPrior, classPrior: readPrior(owner, 'classPrior', fields.classPrior) };
      return new FittedCategoricalNB({ classes, counts: { classCount, nCategories, categoryCount }, alpha, priors });
    });
  },
};

/** log (N_c(t) + α) - log Σ_t (N_c(t) + α) [k, T]. */
function logChances(counts: Float64Array, k: number, alpha: number): Float64Array {
  const t = counts.length / k;
  const out = new Float64Array(counts.length);
  for (let c = 0; c < k; c++) {
    let total = 0;
    for (let at = c * t; at < (c + 1) * t; at++) total += counts[at]! + alpha;
    for (let at = c * t; at < (c + 1) * t; at++) {
      out[at] = total === 0 ? Number.NEGATIVE_INFINITY : log(counts[at]! + alpha) - log(total);
    }
  }
  return out;
}

function unseen(place: string, j: number, category: number, known: number): DataError {
  const at = place.endsWith('[') ? `${place}${j}]` : `${place}, ${j}]`;
  return new DataError(
    `CategoricalNB: ${at} is category ${category}, but the model knows categories 0 to ${known - 1} of that column; make room with minCategories`,
  );
}
