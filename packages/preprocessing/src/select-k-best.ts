import {
  checkInteger,
  checkKnown,
  checkOneOf,
  DataError,
  type FitAsyncOptions,
  type OnProgress,
  readable,
  runSteps,
  runStepsAsync,
  type Steps,
  show,
} from '@maru-ml/base';
import {
  checkOut,
  checkSaved,
  encodeArray,
  isSparse,
  type Label,
  type Matrix,
  type MatrixLike,
  type SparseRows,
  type Table,
  type TransformerModel,
  takeRow,
  toMatrix,
  toRows,
} from '@maru-ml/tensor';
import { inputNames } from './names.ts';
import { count, printEstimator } from './print.ts';
import { savedFloats, savedFloatsOrNull } from './saved.ts';
import { chi2, type FeatureScores, fClassifSteps, fRegressionSteps } from './scores.ts';
import { type Selection, savedSupport, selectColumns, selectionOf, spreadColumns } from './selection.ts';

export interface SelectKBestOptions {
  /** How columns are scored: 'fClassif', 'fRegression', 'chi2', or the name of one of the `functions` that are handed over; 'fClassif'. */
  scoreFunc?: string;
  /** How many columns to keep; more than there are keep all; 10. */
  k?: number | 'all';
}

/** Scores the columns of x [n, d] against y [n], with p-values or without. */
export type ScoreFunction = (x: MatrixLike, y: never) => FeatureScores | Float64Array;

const OWNER = 'SelectKBest';

/**
 * Keeps the k columns that score highest, each judged by itself: see `fClassif`, `fRegression` and `chi2`. Of equal scores the later
 * columns are kept, as in scikit-learn. It takes sparse rows where `scoreFunc` is 'chi2'. Other functions are handed over by name, as in
 * `new SelectKBest({ scoreFunc: 'information', k: 5 }, { information: mutualInfoClassif })`; its models do not need them. O(n d).
 */
export class SelectKBest {
  readonly options: Readonly<Required<SelectKBestOptions>>;
  /** `fit` takes y. */
  readonly supervised = true;
  readonly #functions: Readonly<Record<string, ScoreFunction>>;

  /** @throws OptionError for options that have no meaning and names of no function */
  constructor(options: SelectKBestOptions = {}, functions: Readonly<Record<string, ScoreFunction>> = {}) {
    checkKnown(OWNER, options, ['scoreFunc', 'k']);
    const { scoreFunc = 'fClassif', k = 10 } = options;
    this.#functions = Object.freeze({ ...functions });
    const own = Object.hasOwn(functions, scoreFunc) && typeof functions[scoreFunc] === 'function';
    if (!own) checkOneOf(OWNER, 'scoreFunc', scoreFunc, ['fClassif', 'fRegression', 'chi2', ...Object.keys(functions)]);
    if (k !== 'all') checkInteger(OWNER, 'k', k, { min: 1 });
    this.options = Object.freeze({ scoreFunc, k });
    readable(this);
  }

  /**
   * Scores the columns of `x` [n, d] against `y` [n].
   * @throws DataError, ShapeError or OptionError as the function that scores
   */
  fit<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: { onProgress?: OnProgress } = {},
  ): SelectKBestModel {
    return runSteps(this.#steps(x, y, options, ['onProgress']));
  }

  /** The same. Aborting rejects with the signal's reason. */
  async fitAsync<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: Omit<FitAsyncOptions, 'sampleWeight'> = {},
  ): Promise<SelectKBestModel> {
    return runStepsAsync(this.#steps(x, y, options, ['onProgress', 'signal']), { signal: options.signal });
  }

  toString(): string {
    return printEstimator(OWNER, this.options);
  }

  *#steps<L extends Label>(
    x: MatrixLike | SparseRows,
    y: ArrayLike<L>,
    options: object,
    known: string[],
  ): Steps<SelectKBestModel> {
    checkKnown(OWNER, options, known);
    const { scoreFunc, k } = this.options;
    // chi2 alone can do with sparse rows; toMatrix refuses them for the others.
    const rows =
      scoreFunc === 'chi2' && !Object.hasOwn(this.#functions, 'chi2')
        ? toRows(OWNER, x)
        : toMatrix(OWNER, x as MatrixLike);
    yield;
    const own = Object.hasOwn(this.#functions, scoreFunc) ? this.#functions[scoreFunc] : undefined;
    const found = own === undefined ? yield* score(rows, y, scoreFunc) : ownScores(own, rows as Matrix, y);
    return new FittedSelectKBest(found, best(found.scores, k));
  }
}

/** The columns that `SelectKBest` keeps. It is made by `fit` or `fromJSON` and does not change. */
export interface SelectKBestModel extends FittedSelectKBest {}

export class FittedSelectKBest implements TransformerModel {
  /** The score of each column [d]. */
  readonly scores: Float64Array;
  /** The p-value of each column [d]; null if the function gives none. */
  readonly pvalues: Float64Array | null;
  /** Whether each column is kept [d]. */
  readonly support: readonly boolean[];
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #selection: Selection;
  readonly #row: Float64Array;

  /** @internal */
  constructor({ scores, pvalues }: Scores, support: readonly boolean[]) {
    this.scores = scores;
    this.pvalues = pvalues;
    this.support = Object.freeze([...support]);
    this.#selection = selectionOf(support);
    this.#row = new Float64Array(support.length);
    this.nFeaturesIn = support.length;
    this.nFeaturesOut = this.#selection.kept.length;
    readable(this);
    Object.freeze(this);
  }

  /** The columns kept of the rows of `x` [m, d], sparse if they are. @throws ShapeError for other columns, DataError for missing or infinite numbers */
  transform(x: SparseRows): SparseRows;
  transform(x: MatrixLike): Table;
  transform(x: MatrixLike | SparseRows): Table | SparseRows;
  transform(x: MatrixLike | SparseRows): Table | SparseRows {
    return selectColumns(toRows(OWNER, x, { keepFloat32: true, columns: this.nFeaturesIn }), this.#selection);
  }

  /** The columns kept of one row [d], into `out` [nFeaturesOut], without allocating. Errors as for `transform`. */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number>, out: O): O {
    takeRow(OWNER, row, this.#row);
    checkOut(OWNER, out, this.nFeaturesOut);
    const { kept } = this.#selection;
    for (let k = 0; k < kept.length; k++) out[k] = this.#row[kept[k]!]!;
    return out;
  }

  /** The way back for `x` [m, nFeaturesOut]: columns that were left out are zeros. Errors as for `transform`. */
  inverseTransform(x: SparseRows): SparseRows;
  inverseTransform(x: MatrixLike): Table;
  inverseTransform(x: MatrixLike | SparseRows): Table | SparseRows {
    return spreadColumns(OWNER, x, this.#selection);
  }

  /** The names of the columns kept, of those given [d] or of x0, x1 and so on. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    return inputNames(OWNER, names, this.nFeaturesIn).filter((_, j) => this.support[j]);
  }

  toJSON(): object {
    return {
      type: 'SelectKBestModel',
      version: 1,
      scores: encodeArray(this.scores),
      pvalues: this.pvalues === null ? null : encodeArray(this.pvalues),
      support: this.support,
    };
  }

  toString(): string {
    return `SelectKBestModel: ${this.nFeaturesOut} of ${count(this.nFeaturesIn, 'column')}`;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const SelectKBestModel = {
  /** The model that `toJSON` wrote. @throws DataError if it is none */
  fromJSON(json: unknown): SelectKBestModel {
    const owner = 'SelectKBestModel.fromJSON';
    const fields = checkSaved('SelectKBestModel', 1, json);
    const scores = savedFloats(owner, fields, 'scores');
    const pvalues = savedFloatsOrNull(owner, fields, 'pvalues', scores.length);
    return new FittedSelectKBest({ scores, pvalues }, savedSupport(owner, fields, scores.length));
  },
};

/** Scores with p-values or without. */
interface Scores {
  readonly scores: Float64Array;
  readonly pvalues: Float64Array | null;
}

/** What a function that was handed over makes of the columns. @throws DataError if that is not a number for each */
function ownScores<L extends Label>(func: ScoreFunction, rows: Matrix, y: ArrayLike<L>): Scores {
  const found = func(withShape(rows), y as never);
  const { scores, pvalues } = found instanceof Float64Array ? { scores: found, pvalues: null } : found;
  if (scores?.length !== rows.columns || scores.some(Number.isNaN)) {
    throw new DataError(
      `${OWNER}: scoreFunc must give a number for each of ${rows.columns} columns, got ${show(scores)}`,
    );
  }
  return { scores, pvalues };
}

function* score<L extends Label>(rows: Matrix | SparseRows, y: ArrayLike<L>, scoreFunc: string): Steps<Scores> {
  if (scoreFunc === 'chi2') return chi2(isSparse(rows) ? rows : withShape(rows), y);
  const matrix = withShape(rows as Matrix);
  return yield* scoreFunc === 'fClassif'
    ? fClassifSteps(matrix, y)
    : fRegressionSteps(matrix, y as unknown as ArrayLike<number>);
}

function withShape({ data, rows, columns }: Matrix): MatrixLike {
  return { data, shape: [rows, columns] };
}

/** Whether each column is among the k best; of equal ones the later. */
function best(scores: Float64Array, k: number | 'all'): boolean[] {
  const order = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]! || a - b);
  const kept = new Set(order.slice(k === 'all' ? 0 : Math.max(0, order.length - k)));
  return [...scores.keys()].map((j) => kept.has(j));
}
