import { checkKnown, checkOneOf, DataError, type Fits, OptionError, runFitsAsync, show } from '@maru-ml/base';
import { answerSteps, type Label, type Model, Table } from '@maru-ml/tensor';
import type { Fitted, Step, StepInput } from '../pipeline/types.ts';
import { takeRowsSteps } from '../rows.ts';
import { scoresPairs } from '../scores-pairs.ts';
import type { Split } from '../splits/split.ts';
import { type AnyEstimator, fitted, goesOn, part, plain, type RunAsyncOptions, type TargetsOf } from './fits.ts';
import { type FoldOptions, foldsFor } from './folds.ts';

export interface CrossValPredictOptions extends FoldOptions, RunAsyncOptions {
  /** What each row is given by the model that did not see it; 'predict'. */
  method?: 'predict' | 'predictProba' | 'predictLogProba' | 'decisionFunction' | 'transform';
}

/** What predicting gives: labels of the caller's own type, or numbers. */
export type Predicted<E, Y> =
  Fitted<E> extends { readonly classes: readonly unknown[] }
    ? Y extends ArrayLike<infer L>
      ? L[]
      : never
    : Fitted<E> extends { predict(x: never): infer P }
      ? P
      : never;

/**
 * Predicts each row by the model that was fitted without it: the splits must test every row once. The predictions are for looking
 * at (a confusion matrix, a plot); a score of them all is not the mean of the folds' scores.
 *
 * @param x the rows [n, d] @param y what to predict [n]
 * @returns labels or numbers [n]; a table [n, k] for the other methods, with a column for each label of y, in which a class that
 * a training part lacks has the probability 0; a list [n] for the decision function of two classes
 * @throws OptionError if the splits do not test every row once or the model lacks the method, and as `crossValidate`
 */
export async function crossValPredict<E extends Step>(
  estimator: E,
  x: StepInput<E>,
  y: TargetsOf<E>,
  options: CrossValPredictOptions & { method: 'predictProba' | 'predictLogProba' | 'transform' },
): Promise<Table>;
export async function crossValPredict<E extends Step>(
  estimator: E,
  x: StepInput<E>,
  y: TargetsOf<E>,
  options: CrossValPredictOptions & { method: 'decisionFunction' },
): Promise<Table | Float64Array>;
export async function crossValPredict<E extends Step, Y extends TargetsOf<E>>(
  estimator: E,
  x: StepInput<E>,
  y: Y,
  options?: CrossValPredictOptions,
): Promise<Predicted<E, Y>>;
export async function crossValPredict(
  estimator: Step,
  x: unknown,
  y: unknown,
  options: CrossValPredictOptions = {},
): Promise<unknown> {
  checkKnown('crossValPredict', options, ['cv', 'groups', 'sampleWeight', 'method', 'onProgress', 'signal']);
  const { method = 'predict' } = options;
  checkOneOf('crossValPredict', 'method', method, [
    'predict',
    'predictProba',
    'predictLogProba',
    'decisionFunction',
    'transform',
  ]);
  return runFitsAsync(predictAll(plain(estimator), x, y, method, options), options);
}

type Method = NonNullable<CrossValPredictOptions['method']>;
type Answers = ArrayLike<Label> | Table;

function* predictAll(
  estimator: AnyEstimator,
  x: unknown,
  y: unknown,
  method: Method,
  options: FoldOptions,
): Fits<unknown> {
  const owner = 'crossValPredict';
  const { data, rows, splits, firstModel } = yield* foldsFor(owner, estimator, x, y, options);
  checkPartition(owner, splits, rows);
  const found: { model: Model; answers: Answers }[] = [];
  for (const [fold, split] of splits.entries()) {
    const model = (fold === 0 && firstModel) || (yield* fitted(estimator, yield* part(data, split.train)));
    const run = (model as unknown as Record<Method, unknown>)[method];
    if (typeof run !== 'function') throw new OptionError(`${owner}: ${show(model)} has no ${method}`);
    const answer = (x: never) => run.call(model, x) as Answers;
    const test = yield* takeRowsSteps(data.x, split.test);
    // Of what does not even say how many columns it makes nobody knows whether it looks at rows alone.
    const whole = method === 'transform' && !('nFeaturesOut' in model);
    const answers = whole ? answer(test as never) : yield* answerSteps(test, split.test.length, answer);
    found.push({ model, answers });
    const progress = { step: fold + 1, total: splits.length, unit: 'fold', metrics: {} };
    if (!(yield* goesOn(progress)) && found.length < splits.length) {
      throw new OptionError(
        `${owner}: onProgress ended it after ${found.length} of ${splits.length} folds; no row can be left out`,
      );
    }
  }
  const lists = found.filter(({ answers }) => !isTable(answers)).length;
  if (lists === found.length) return joinLists(found, splits, rows);
  if (lists === 0) return joinTables(found, splits, rows, method, data.y);
  throw new DataError(`${owner}: ${method} gives lists and tables, as some training parts have two classes only`);
}

function isTable(answers: Answers): answers is Table {
  return 'shape' in answers;
}

function joinLists(found: { answers: Answers }[], splits: readonly Split[], rows: number): ArrayLike<Label> {
  const first = found[0]!.answers as ArrayLike<Label>;
  const out: Record<number, Label> & { length: number } = ArrayBuffer.isView(first)
    ? new (first.constructor as new (n: number) => Float64Array)(rows)
    : new Array<Label>(rows);
  for (const [fold, { test }] of splits.entries()) {
    for (let i = 0; i < test.length; i++) out[test[i]!] = (found[fold]!.answers as ArrayLike<Label>)[i]!;
  }
  return out;
}

/** Puts the columns of each model in those of all labels. */
function joinTables(
  found: { model: Model; answers: Answers }[],
  splits: readonly Split[],
  rows: number,
  method: Method,
  y: ArrayLike<Label> | null,
): Table {
  const owner = 'crossValPredict';
  const ofPairs = method === 'decisionFunction' && scoresPairs(found[0]!.model);
  const labels =
    method === 'transform' || y === null || ofPairs
      ? null
      : [...new Set(Array.from(y))].sort((a, b) => (a < b ? -1 : 1));
  const columns = labels === null ? (found[0]!.answers as Table).shape[1] : labels.length;
  const out = new Float64Array(rows * columns).fill(method === 'predictLogProba' ? Number.NEGATIVE_INFINITY : 0);
  for (const [fold, { test }] of splits.entries()) {
    const { model, answers } = found[fold]!;
    const { data, shape } = answers as Table;
    const classes = (model as { classes?: readonly Label[] }).classes;
    if (shape[1] !== columns && (method === 'decisionFunction' || method === 'transform' || classes === undefined)) {
      throw new DataError(
        `${owner}: ${method} of fold ${fold} has ${shape[1]} columns, but ${columns} are needed; use folds that hold all classes`,
      );
    }
    if (ofPairs && classes?.join() !== (found[0]!.model as { classes?: readonly Label[] }).classes?.join()) {
      throw new DataError(
        `${owner}: ${method} of fold ${fold} scores pairs of other classes than that of fold 0; use folds that hold all classes`,
      );
    }
    const places = labels === null || classes === undefined ? null : classes.map((label) => labels.indexOf(label));
    for (let i = 0; i < test.length; i++) {
      for (let c = 0; c < shape[1]; c++) out[test[i]! * columns + (places?.[c] ?? c)] = data[i * shape[1] + c]!;
    }
  }
  return new Table(out, rows, columns);
}

function checkPartition(owner: string, splits: readonly Split[], rows: number): void {
  const times = new Int32Array(rows);
  for (const { test } of splits) for (const row of test) times[row]! += 1;
  const odd = times.findIndex((count) => count !== 1);
  if (odd < 0) return;
  throw new OptionError(
    `${owner}: cv must test every row once, but row ${odd} is tested ${times[odd]} times; use a KFold or its kin`,
  );
}
