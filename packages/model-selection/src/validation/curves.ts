import {
  checkBoolean,
  checkKnown,
  checkSeed,
  type Fits,
  OptionError,
  randomFrom,
  readable,
  runFitsAsync,
  type Seed,
  show,
} from '@maru-ml/base';
import { type Model, Table } from '@maru-ml/tensor';
import type { Fitted, Step, StepInput } from '../pipeline/types.ts';
import type { Split } from '../splits/split.ts';
import {
  type AnyEstimator,
  type Data,
  fitted,
  goesOn,
  part,
  plain,
  type RunAsyncOptions,
  type TargetsOf,
} from './fits.ts';
import { type FoldOptions, foldsFor } from './folds.ts';
import { scoreSteps } from './score-steps.ts';
import { type Scorer, type ScorerTable, type ScoringName, scorersFor, tableFor } from './scorers.ts';

interface CurveOptions<M> extends FoldOptions, RunAsyncOptions {
  /** What models are judged by: the name of a score or a function; the model's own `score`. */
  scoring?: ScoringName | Scorer<M>;
}

export interface LearningCurveOptions<M = Model> extends CurveOptions<M> {
  /** How many of the training rows to fit with: shares up to 1, or integers; [.1, .325, .55, .775, 1]. */
  trainSizes?: readonly number[];
  /** Shuffle the training rows before the first of them are taken; false. */
  shuffle?: boolean;
  /** What they are shuffled with; only with `shuffle`; the next child of the default stream. */
  seed?: Seed;
}

export type ValidationCurveOptions<M = Model> = CurveOptions<M>;

/**
 * T, or anything as long as TypeScript has not looked into the function that makes the estimator E: so the function's parameter
 * may take its type from the values that come after it.
 */
type OnceKnown<E, T> = Step extends E ? unknown : T;

/** Scores of models of growing training parts, or of changing options. */
export class ScoreCurve<V> {
  /** The sizes of the training parts, or the values that the estimators were made with [p]. */
  readonly values: readonly V[];
  /** The scores on the rows fitted with [p, folds]. */
  readonly trainScores: Table;
  /** The scores on the test rows [p, folds]. */
  readonly testScores: Table;

  /** @internal */
  constructor(values: readonly V[], trainScores: Table, testScores: Table) {
    this.values = Object.freeze([...values]);
    this.trainScores = trainScores;
    this.testScores = testScores;
    readable(this);
    Object.freeze(this);
  }

  toJSON(): object {
    return { values: this.values, trainScores: this.trainScores.toArray(), testScores: this.testScores.toArray() };
  }

  /** The mean scores over the folds, a line for each value. */
  toString(): string {
    const [train, test] = [means(this.trainScores), means(this.testScores)];
    const names = this.values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)));
    const width = Math.max(5, ...names.map((name) => name.length));
    const lines = names.map((name, i) => `${name.padStart(width)}  ${cell(train[i]!)}  ${cell(test[i]!)}`);
    return [`${'value'.padStart(width)}  ${'train'.padStart(8)}  ${'test'.padStart(8)}`, ...lines].join('\n');
  }
}

/**
 * Scores models that were fitted with more and more of the training rows. If the scores on both parts are low and close, the model is too
 * simple (bias); if they are far apart and closing, more rows help (variance).
 *
 * @param x the rows [n, d] @param y what to predict [n]
 * @returns `values` are numbers of rows
 * @throws OptionError for sizes that are not there, and as `crossValidate`
 */
export async function learningCurve<E extends Step>(
  estimator: E,
  x: StepInput<E>,
  y: TargetsOf<E>,
  options: LearningCurveOptions<Fitted<E>> = {},
): Promise<ScoreCurve<number>> {
  const owner = 'learningCurve';
  checkKnown(owner, options, [...KNOWN, 'trainSizes', 'shuffle', 'seed']);
  const { trainSizes = [0.1, 0.325, 0.55, 0.775, 1], shuffle = false, seed } = options;
  checkBoolean(owner, 'shuffle', shuffle);
  if (seed !== undefined) checkSeed(owner, seed);
  if (seed !== undefined && !shuffle) throw new OptionError(`${owner}: a seed does nothing without shuffle: true`);
  const table = await tableFor(options.scoring);
  return runFitsAsync(learn(), options);

  function* learn(): Fits<ScoreCurve<number>> {
    const found = yield* foldsFor(owner, plain(estimator), x, y, options);
    const random = shuffle ? randomFrom(seed) : null;
    const splits = found.splits.map(({ train, test }) => ({ train: random?.shuffle(train.slice()) ?? train, test }));
    const sizes = sizesOf(owner, trainSizes, splits[0]!.train.length);
    const fits = (split: Split) =>
      sizes.map((size) => ({ estimator: plain(estimator), train: split.train.slice(0, size) }));
    return yield* scoreCurve(owner, found.data, splits, sizes, fits, options.scoring, table);
  }
}

/**
 * Scores estimators that a function makes of each value of a parameter: to see where a model starts to fit noise.
 *
 * @param make makes the estimator of a value: `(alpha) => new Ridge({ alpha })`
 * @param values the values to try @param x the rows [n, d] @param y what to predict [n]
 * @throws OptionError for no values, and as `crossValidate`
 */
export async function validationCurve<V, E extends Step>(
  make: (value: V) => E,
  values: readonly V[],
  x: OnceKnown<E, StepInput<E>>,
  y: OnceKnown<E, TargetsOf<E>>,
  options: ValidationCurveOptions<Fitted<E>> = {},
): Promise<ScoreCurve<V>> {
  const owner = 'validationCurve';
  checkKnown(owner, options, KNOWN);
  if (typeof make !== 'function') throw new OptionError(`${owner}: make must be a function, got ${show(make)}`);
  if (!Array.isArray(values) || values.length === 0) {
    throw new OptionError(`${owner}: values must be an array of at least one value, got ${show(values)}`);
  }
  const estimators = values.map((value: V) => plain(make(value)));
  const table = await tableFor(options.scoring);
  return runFitsAsync(validate(), options);

  function* validate(): Fits<ScoreCurve<V>> {
    const { data, splits } = yield* foldsFor(owner, estimators[0]!, x, y, options);
    const fits = ({ train }: Split) => estimators.map((estimator) => ({ estimator, train }));
    return yield* scoreCurve(owner, data, splits, values, fits, options.scoring, table);
  }
}

const KNOWN = ['cv', 'groups', 'sampleWeight', 'scoring', 'onProgress', 'signal'];

/** Fits and scores a model for each value and split. */
function* scoreCurve<V>(
  owner: string,
  data: Data,
  splits: readonly Split[],
  values: readonly V[],
  fitsFor: (split: Split) => readonly { estimator: AnyEstimator; train: Int32Array }[],
  scoring: unknown,
  byName: ScorerTable,
): Fits<ScoreCurve<V>> {
  const scorers = scorersFor(owner, scoring, byName).slice(0, 1);
  const scores: { train: number[]; test: number[] }[] = [];
  const total = splits.length * values.length;
  for (const split of splits) {
    const test = yield* part(data, split.test);
    const fold: { train: number[]; test: number[] } = { train: [], test: [] };
    for (const { estimator, train } of fitsFor(split)) {
      const rows = yield* part(data, train);
      const model = yield* fitted(estimator, rows);
      fold.train.push((yield* scoreSteps(owner, scorers, model, rows.x, rows.y))[0]!);
      fold.test.push((yield* scoreSteps(owner, scorers, model, test.x, test.y))[0]!);
      const step = scores.length * values.length + fold.test.length;
      const metrics = { train: fold.train.at(-1)!, test: fold.test.at(-1)! };
      if (!(yield* goesOn({ step, total, unit: 'fit', metrics })) && step < total) {
        throw new OptionError(
          `${owner}: onProgress ended it after ${step} of ${total} fits; a curve needs all of them`,
        );
      }
    }
    scores.push(fold);
  }
  const table = (name: 'train' | 'test') => {
    const flat = values.flatMap((_, v) => scores.map((fold) => fold[name][v]!));
    return new Table(Float64Array.from(flat), values.length, splits.length);
  };
  return new ScoreCurve(values, table('train'), table('test'));
}

/** The different numbers of rows, ascending. */
function sizesOf(owner: string, sizes: readonly number[], rows: number): number[] {
  const numbers = Array.isArray(sizes) && sizes.length > 0 && sizes.every((size) => size > 0);
  const shares = numbers && sizes.every((size) => size <= 1);
  const whole = numbers && sizes.every((size) => Number.isInteger(size) && size <= rows);
  if (!shares && !whole) {
    throw new OptionError(
      `${owner}: trainSizes must be shares up to 1 or integers from 1 to ${rows}, the rows of the first training part, got ${show(sizes)}`,
    );
  }
  const counts = sizes.map((size) => (shares ? Math.max(1, Math.floor(size * rows)) : size));
  return [...new Set(counts)].sort((a, b) => a - b);
}

function means({ data, shape: [rows, columns] }: Table): number[] {
  return Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += data[i * columns + j]!;
    return sum / columns;
  });
}

function cell(value: number): string {
  return value.toFixed(4).padStart(8);
}
