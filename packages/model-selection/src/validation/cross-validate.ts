import { checkBoolean, checkKnown, type Fits, readable, runFits, runFitsAsync } from '@maru-ml/base';
import type { Model } from '@maru-ml/tensor';
import type { Fitted, Step, StepInput } from '../pipeline/types.ts';
import type { Split } from '../splits/split.ts';
import {
  type AnyEstimator,
  fitted,
  goesOn,
  part,
  plain,
  type RunAsyncOptions,
  type RunOptions,
  type TargetsOf,
} from './fits.ts';
import { type FoldOptions, foldsFor } from './folds.ts';
import { scoreSteps } from './score-steps.ts';
import { scorerByName } from './scorer-table.ts';
import { type ScorerTable, type Scoring, scorersFor, tableFor } from './scorers.ts';

interface ScoreFoldOptions<M> extends FoldOptions {
  /** What models are judged by: the name of a score, a function, or several by name; the model's own `score`. */
  scoring?: Scoring<M>;
  /** Score the rows that models were fitted with, too; false. */
  returnTrainScore?: boolean;
  /** Keep the models of the folds; false. */
  returnModels?: boolean;
}

export interface CrossValidateSyncOptions<M = Model> extends ScoreFoldOptions<M>, RunOptions {}
export interface CrossValidateOptions<M = Model> extends ScoreFoldOptions<M>, RunAsyncOptions {}

/** The scores of each fold, by the name of the score. */
export type FoldScores = Readonly<Record<string, Float64Array>>;

interface Found {
  testScores: FoldScores;
  trainScores: FoldScores | undefined;
  fitTime: Float64Array;
  scoreTime: Float64Array;
  models: readonly Model[] | undefined;
  splits: readonly Split[];
}

/** What models scored on rows that they had not seen. */
export class CrossValidation<M = Model> {
  /** The scores on the test rows of each fold [folds], by the name of the score. */
  readonly testScores: FoldScores;
  /** The first of them. */
  readonly testScore: Float64Array;
  /** The scores on the rows fitted with; only with `returnTrainScore`. */
  readonly trainScores: FoldScores | undefined;
  readonly trainScore: Float64Array | undefined;
  /** Milliseconds that each fit took, and that scoring took [folds]. */
  readonly fitTime: Float64Array;
  readonly scoreTime: Float64Array;
  /** The model of each fold; only with `returnModels`. */
  readonly models: readonly M[] | undefined;
  /** The rows of each fold. */
  readonly splits: readonly Split[];

  /** @internal */
  constructor({ testScores, trainScores, fitTime, scoreTime, models, splits }: Found) {
    this.testScores = testScores;
    this.testScore = Object.values(testScores)[0]!;
    this.trainScores = trainScores;
    this.trainScore = trainScores === undefined ? undefined : Object.values(trainScores)[0]!;
    this.fitTime = fitTime;
    this.scoreTime = scoreTime;
    this.models = models as readonly M[] | undefined;
    this.splits = splits;
    readable(this);
    Object.freeze(this);
  }

  toJSON(): object {
    const lists = (scores: FoldScores | undefined) =>
      scores && Object.fromEntries(Object.entries(scores).map(([name, values]) => [name, [...values]]));
    return {
      testScores: lists(this.testScores),
      trainScores: lists(this.trainScores),
      fitTime: [...this.fitTime],
      scoreTime: [...this.scoreTime],
    };
  }

  /** The mean and the standard deviation of each score over the folds. */
  toString(): string {
    const folds = this.splits.length;
    const lines = Object.entries(this.testScores).map(([name, values]) => {
      const train = this.trainScores?.[name];
      return `  ${name}: ${spread(values)}${train === undefined ? '' : `, on the rows fitted with ${spread(train)}`}`;
    });
    return [`CrossValidation of ${folds} ${folds === 1 ? 'fold' : 'folds'}`, ...lines].join('\n');
  }
}

/**
 * Fits an estimator to the training rows of each split and scores it on the test rows. It does not hold the thread: models are
 * fitted by `fitAsync`. Results are those of `crossValidateSync`. The estimator itself is not changed.
 *
 * @param estimator an estimator or pipeline
 * @param x the rows [n, d] @param y what to predict [n]; null for estimators that need nothing
 * @throws OptionError, ShapeError, DataError for what does not fit together, and what fitting and scoring throw
 */
export async function crossValidate<E extends Step>(
  estimator: E,
  x: StepInput<E>,
  y: TargetsOf<E>,
  options: CrossValidateOptions<Fitted<E>> = {},
): Promise<CrossValidation<Fitted<E>>> {
  checkKnown('crossValidate', options, [...KNOWN, 'signal']);
  const table = await tableFor(options.scoring);
  return runFitsAsync(validate<Fitted<E>>('crossValidate', plain(estimator), x, y, options, table), options);
}

/** The same on the calling thread. */
export function crossValidateSync<E extends Step>(
  estimator: E,
  x: StepInput<E>,
  y: TargetsOf<E>,
  options: CrossValidateSyncOptions<Fitted<E>> = {},
): CrossValidation<Fitted<E>> {
  checkKnown('crossValidateSync', options, KNOWN);
  return runFits(validate<Fitted<E>>('crossValidateSync', plain(estimator), x, y, options, scorerByName), options);
}

export interface CrossValScoreOptions<M = Model> extends FoldOptions, RunAsyncOptions {
  /** What models are judged by: the name of a score or a function; the model's own `score`. */
  scoring?: Scoring<M>;
}

/** The score of each fold [folds]: `testScore` of `crossValidate`. */
export async function crossValScore<E extends Step>(
  estimator: E,
  x: StepInput<E>,
  y: TargetsOf<E>,
  options: CrossValScoreOptions<Fitted<E>> = {},
): Promise<Float64Array> {
  checkKnown('crossValScore', options, ['cv', 'groups', 'sampleWeight', 'scoring', 'onProgress', 'signal']);
  const table = await tableFor(options.scoring);
  const found = validate('crossValScore', plain(estimator), x, y, options as object, table);
  return (await runFitsAsync(found, options)).testScore;
}

const KNOWN = ['cv', 'groups', 'sampleWeight', 'scoring', 'returnTrainScore', 'returnModels', 'onProgress'];

function* validate<M>(
  owner: string,
  estimator: AnyEstimator,
  x: unknown,
  y: unknown,
  options: ScoreFoldOptions<M>,
  table: ScorerTable,
): Fits<CrossValidation<M>> {
  const { scoring, returnTrainScore = false, returnModels = false } = options;
  checkBoolean(owner, 'returnTrainScore', returnTrainScore);
  checkBoolean(owner, 'returnModels', returnModels);
  const scorers = scorersFor(owner, scoring, table);
  const { data, splits, firstModel } = yield* foldsFor(owner, estimator, x, y, options);
  const found: { test: number[]; train: number[]; model: Model; fitTime: number; scoreTime: number }[] = [];
  for (const [fold, split] of splits.entries()) {
    const train = yield* part(data, split.train);
    const start = performance.now();
    const model = (fold === 0 && firstModel) || (yield* fitted(estimator, train));
    const between = performance.now();
    const test = yield* part(data, split.test);
    const scores = {
      test: yield* scoreSteps(owner, scorers, model, test.x, test.y),
      train: returnTrainScore ? yield* scoreSteps(owner, scorers, model, train.x, train.y) : [],
    };
    found.push({ ...scores, model, fitTime: between - start, scoreTime: performance.now() - between });
    const metrics = Object.fromEntries(scorers.map(([name], s) => [name, scores.test[s]!]));
    if (!(yield* goesOn({ step: fold + 1, total: splits.length, unit: 'fold', metrics }))) break;
  }
  const byName = (part: 'test' | 'train') =>
    Object.freeze(
      Object.fromEntries(scorers.map(([name], s) => [name, Float64Array.from(found, (fold) => fold[part][s]!)])),
    );
  return new CrossValidation<M>({
    testScores: byName('test'),
    trainScores: returnTrainScore ? byName('train') : undefined,
    fitTime: Float64Array.from(found, ({ fitTime }) => fitTime),
    scoreTime: Float64Array.from(found, ({ scoreTime }) => scoreTime),
    models: returnModels ? Object.freeze(found.map(({ model }) => model)) : undefined,
    splits: Object.freeze(splits.slice(0, found.length)),
  });
}

function spread(values: Float64Array): string {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
  return `${mean.toFixed(4)} ± ${deviation.toFixed(4)}`;
}
