import { counted, DataError, OptionError, readable, show } from '@maru-ml/base';
import { checkSaved, type Model } from '@maru-ml/tensor';
import type { LoadOptions } from '../pipeline/pipeline-model.ts';
import { type Params, showParams } from './parameters.ts';
import {
  type FitScores,
  fromPlain,
  fromPlainParams,
  type SearchState,
  toPlain,
  toPlainParams,
} from './search-state.ts';

/** What one score says of a candidate. */
export interface CandidateScore {
  /** The score on the test rows of each fold [folds], and their mean and standard deviation (over n). */
  readonly testScores: Float64Array;
  readonly meanTestScore: number;
  readonly stdTestScore: number;
  /** Its place by the mean: 1 for the best; equals share the best place that they take. */
  readonly rank: number;
  /** The same on the rows fitted with; only with `returnTrainScore`. */
  readonly trainScores: Float64Array | undefined;
  readonly meanTrainScore: number | undefined;
  readonly stdTrainScore: number | undefined;
}

/** One combination of parameters, with the figures of the score that the search goes by. */
export interface Candidate<P = Params> extends CandidateScore {
  readonly params: P;
  /** Each score by its name. */
  readonly scores: Readonly<Record<string, CandidateScore>>;
  /** Milliseconds that each fit took, and that scoring took [folds]. */
  readonly fitTime: Float64Array;
  readonly scoreTime: Float64Array;
  /** What went wrong in fits that were given the `errorScore`. */
  readonly errors: readonly string[];
}

/** What the result takes over from its best model. */
export type Delegated =
  | 'classes'
  | 'decisionFunctionShape'
  | 'predict'
  | 'predictOne'
  | 'predictProba'
  | 'predictLogProba'
  | 'decisionFunction'
  | 'transform'
  | 'transformOne'
  | 'inverseTransform'
  | 'score';

/** The result of a search: it also predicts as its best model does. */
export type SearchModel<P = Params, M = Model> = SearchResult<P, M> & Pick<M, Extract<keyof M, Delegated>>;

/** @internal */
export interface Searched {
  /** 'GridSearch' or 'RandomizedSearch'. */
  search: string;
  params: readonly Params[];
  /** The scores of each candidate and fold. */
  fits: readonly (readonly FitScores[])[];
  /** The names of the scores, and that which it goes by. */
  scoring: readonly string[];
  by: string;
  /** The place of the best, if it was chosen by a function. */
  bestIndex: number | undefined;
  bestModel: Model | undefined;
  refitTime: number | undefined;
  state: SearchState | undefined;
}

/** All candidates of a search with their scores, and the best of them, fitted to all rows. It does not change. */
export interface SearchResult<P = Params, M = Model> extends FittedSearch<P, M> {}

export class FittedSearch<P = Params, M = Model> implements Model {
  /** The candidates in the order in which they were tried. */
  readonly candidates: readonly Candidate<P>[];
  /** The names of the scores. */
  readonly scoring: readonly string[];
  /** The place of the best candidate, the first of equals. */
  readonly bestIndex: number;
  readonly bestParams: P;
  /** Its mean test score. */
  readonly bestScore: number;
  /** Milliseconds that fitting the best to all rows took; undefined without `refit`. */
  readonly refitTime: number | undefined;
  /** What is finished, as plain data for `resume`; undefined for a loaded result. */
  readonly state: SearchState | undefined;
  readonly #searched: Searched;

  /** @internal */
  constructor(searched: Searched) {
    this.#searched = searched;
    this.candidates = candidatesOf<P>(searched);
    this.scoring = Object.freeze([...searched.scoring]);
    const first = this.candidates.findIndex(({ rank }) => rank === 1);
    this.bestIndex = searched.bestIndex ?? first;
    const best = this.candidates[this.bestIndex]!;
    this.bestParams = best.params;
    this.bestScore = best.meanTestScore;
    this.refitTime = searched.refitTime;
    this.state = searched.state;
    delegate(this, searched.bestModel as Record<string, unknown> | undefined);
    readable(this);
    Object.freeze(this);
  }

  /** The best candidate's model, fitted to all rows. @throws OptionError if the search was made with `refit: false` */
  get bestModel(): M {
    const { bestModel, search } = this.#searched;
    if (bestModel !== undefined) return bestModel as unknown as M;
    throw new OptionError(`${search}: there is no bestModel, as refit is false`);
  }

  /** The number of columns that the best model was fitted with. @throws as `bestModel` */
  get nFeaturesIn(): number {
    return (this.bestModel as unknown as Model).nFeaturesIn;
  }

  toJSON(): object {
    const { search, params, fits, scoring, by, bestModel, refitTime } = this.#searched;
    return {
      type: 'SearchResult',
      version: 1,
      search,
      scoring,
      by,
      bestIndex: this.bestIndex,
      candidates: params.map((point, c) => ({ params: toPlainParams(point), fits: fits[c]!.map(toPlain) })),
      ...(bestModel !== undefined && { bestModel: bestModel.toJSON(), refitTime }),
    };
  }

  /** The best candidates, a line for each: rank, mean and standard deviation of each score, parameters. */
  toString(): string {
    const { search, by } = this.#searched;
    const order = [...this.candidates].sort((a, b) => a.rank - b.rank);
    const [n, folds] = [order.length, order[0]!.testScores.length];
    const head = `${search} of ${counted(n, 'candidate')} on ${counted(folds, 'fold')}: best ${by} ${this.bestScore.toFixed(4)} with ${showParams(this.bestParams as Params)}`;
    const train = order[0]!.meanTrainScore !== undefined;
    const rows = order
      .slice(0, ROWS)
      .map(({ rank, scores, params, meanTrainScore }) => [
        String(rank),
        ...this.scoring.map((name) => spread(scores[name]!)),
        ...(train ? [meanTrainScore!.toFixed(4)] : []),
        showParams(params as Params),
      ]);
    const table = [['rank', ...this.scoring, ...(train ? ['train'] : []), 'parameters'], ...rows];
    const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
    const lines = table.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
    return [head, ...lines.map((line) => `  ${line}`), ...(n > ROWS ? [`  and ${n - ROWS} more`] : [])].join('\n');
  }
}

/** Loads results: beside the class, so that a bundle that only searches goes without. */
export const SearchResult: {
  /**
   * The result that `toJSON` wrote.
   *
   * @param options.classes the class of the best model by name, as for `PipelineModel.fromJSON`; not needed without a model
   * @throws DataError if it is no saved result, OptionError if the class is missing
   */
  fromJSON<P = Params, M = Model>(json: unknown, options?: LoadOptions): SearchModel<P, M>;
  fromJSON(json: unknown, options?: LoadOptions): SearchModel<Params, Model>;
} = {
  fromJSON<P, M>(json: unknown, options?: LoadOptions): SearchModel<P, M> {
    const owner = 'SearchResult.fromJSON';
    const fields = checkSaved('SearchResult', 1, json);
    const { search, scoring, by, candidates, bestIndex, bestModel, refitTime } = fields;
    const good =
      typeof search === 'string' &&
      Array.isArray(scoring) &&
      scoring.includes(by) &&
      Array.isArray(candidates) &&
      candidates.length > 0 &&
      candidates.every((candidate) => {
        const { params, fits } = Object(candidate) as { params?: unknown; fits?: unknown };
        return typeof params === 'object' && params !== null && Array.isArray(fits) && fits.length > 0;
      }) &&
      Number.isInteger(bestIndex) &&
      candidates[bestIndex as number] !== undefined;
    if (!good) throw new DataError(`${owner}: the scores of the candidates are missing or damaged`);
    const list = candidates as { params: Params; fits: unknown[] }[];
    return new FittedSearch<P, M>({
      search: search as string,
      params: list.map(({ params }) => fromPlainParams(params)),
      fits: list.map(({ fits }) => fits.map((fit) => fromPlain(owner, fit, scoring as string[]))),
      scoring: scoring as string[],
      by: by as string,
      bestIndex: bestIndex as number,
      bestModel: bestModel === undefined ? undefined : loadModel(owner, bestModel, options),
      refitTime: typeof refitTime === 'number' ? refitTime : undefined,
      state: undefined,
    }) as unknown as SearchModel<P, M>;
  },
};

/** Candidates that are printed. */
const ROWS = 20;

/** Means, deviations and ranks of raw scores. */
function candidatesOf<P>({ params, fits, scoring, by }: Searched): readonly Candidate<P>[] {
  const byName = Object.fromEntries(scoring.map((name) => [name, scoresOf(fits, name)]));
  return Object.freeze(
    params.map((point, c) => {
      const scores = Object.freeze(Object.fromEntries(scoring.map((name) => [name, byName[name]![c]!])));
      return Object.freeze({
        params: point as P,
        ...scores[by]!,
        scores,
        fitTime: Float64Array.from(fits[c]!, ({ fitTime }) => fitTime),
        scoreTime: Float64Array.from(fits[c]!, ({ scoreTime }) => scoreTime),
        errors: Object.freeze(fits[c]!.flatMap(({ error }) => error ?? [])),
      });
    }),
  );
}

function scoresOf(fits: readonly (readonly FitScores[])[], name: string): CandidateScore[] {
  const found = fits.map((folds) => {
    const testScores = Float64Array.from(folds, ({ test }) => test[name]!);
    const hasTrain = folds.every(({ train }) => train !== undefined);
    const trainScores = hasTrain ? Float64Array.from(folds, ({ train }) => train![name]!) : undefined;
    return { testScores, trainScores, ...momentsOf(testScores) };
  });
  return found.map(({ testScores, trainScores, mean, std }) => {
    const train = trainScores && momentsOf(trainScores);
    return Object.freeze({
      testScores,
      meanTestScore: mean,
      stdTestScore: std,
      rank: 1 + found.filter((other) => isBetter(other.mean, mean)).length,
      trainScores,
      meanTrainScore: train?.mean,
      stdTrainScore: train?.std,
    });
  });
}

/** NaN, which an `errorScore` may be, is worse than all numbers. */
function isBetter(a: number, b: number): boolean {
  return a > b || (Number.isNaN(b) && !Number.isNaN(a));
}

function momentsOf(values: Float64Array): { mean: number; std: number } {
  const n = values.length;
  let mean = 0;
  for (const value of values) mean += value;
  mean /= n;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, std: Math.sqrt(squares / n) };
}

const DELEGATED: readonly Delegated[] = [
  'classes',
  'decisionFunctionShape',
  'predict',
  'predictOne',
  'predictProba',
  'predictLogProba',
  'decisionFunction',
  'transform',
  'transformOne',
  'inverseTransform',
  'score',
];

function delegate(result: object, model: Record<string, unknown> | undefined): void {
  if (model === undefined) return;
  for (const name of DELEGATED) {
    const given = model[name];
    if (given === undefined) continue;
    const value = typeof given === 'function' ? given.bind(model) : given;
    Object.defineProperty(result, name, { value, enumerable: false });
  }
}

function loadModel(owner: string, saved: unknown, options: LoadOptions | undefined): Model {
  const { type } = Object(saved) as { type?: unknown };
  if (typeof type !== 'string') throw new DataError(`${owner}: bestModel is no saved model, got ${show(saved)}`);
  const classes = options?.classes ?? {};
  if (!Object.hasOwn(classes, type)) {
    throw new OptionError(
      `${owner}: the class of the best model, ${type}, is missing; give it as { classes: { ${type} } }`,
    );
  }
  return classes[type]!.fromJSON(saved, options);
}

function spread({ meanTestScore, stdTestScore }: CandidateScore): string {
  return `${meanTestScore.toFixed(4)} ± ${stdTestScore.toFixed(4)}`;
}
