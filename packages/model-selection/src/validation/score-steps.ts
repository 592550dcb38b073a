import { DataError } from '@maru-ml/base';
import { answerSteps, type Label, type Model, rSquaredOf } from '@maru-ml/tensor';
import { countRows, takeItems, takeRows } from '../rows.ts';
import { type NamedScorer, ownScore } from './scorers.ts';

type Method = (x: never) => unknown;
type AnyModel = Model & Partial<Record<string, Method>>;
type Answers = (method: string) => Generator<undefined, unknown, unknown>;

/**
 * What `score` gives, where somebody waits for the thread from answers to blocks of rows, with pauses between them, where scorers do with
 * those; functions are called once.
 */
export function* scoreSteps(
  owner: string,
  scorers: readonly NamedScorer[],
  given: Model,
  x: unknown,
  y: unknown,
): Generator<undefined, number[], unknown> {
  const model = given as AnyModel;
  const n = countRows(owner, x);
  if (n < MANY || (yield) === true) return score(owner, scorers, model, x, y);
  const known = new Map<string, unknown>();
  const answers: Answers = function* (method) {
    const answer = (rows: never) => model[method]!(rows);
    if (!known.has(method)) known.set(method, yield* answerSteps(x, n, answer));
    return known.get(method);
  };
  const values: number[] = [];
  for (const named of scorers) {
    const [name, scorer, need] = named;
    // Scores of two classes are distances from the boundary, or else probabilities.
    const method = need === 'decisionFunction' && model.decisionFunction === undefined ? 'predictProba' : need;
    if (scorer === ownScore) {
      const value = yield* ownScoreSteps(model, x, y, answers);
      values.push(...score(owner, [[name, () => value]], model, x, y));
    } else if (method === undefined || typeof model[method] !== 'function') {
      values.push(...score(owner, [named], model, x, y));
    } else {
      const answer = yield* answers(method);
      const { classes } = model as { classes?: unknown };
      values.push(...score(owner, [named], { classes, [method]: () => answer } as never, x, y));
    }
    yield;
  }
  return values;
}

/** From so many rows on they are answered in blocks. */
const MANY = 512;

/** Rows that tell whether a model's score is what its predictions say: as many wrong ones, and as many others. */
const TELLING = 128;

/**
 * What `score` of the model gives. For models with all that classifiers and regressors have it is, by their contract, the share of right
 * predictions or R², and is made of the predictions, which come in blocks. Models whose own score tells something else are asked for it: that
 * shows in some rows, of which as many as can be are wrong.
 */
function* ownScoreSteps(
  model: AnyModel,
  x: unknown,
  y: unknown,
  answers: Answers,
): Generator<undefined, number, unknown> {
  const whole = () => ownScore(model, x, y);
  if (y === null || y === undefined || !['predict', 'predictOne', 'score'].every((method) => method in model)) {
    return whole();
  }
  const predicted = (yield* answers('predict')) as Label[] | Float64Array;
  const made = madeOf(predicted);
  const targets = y as ArrayLike<Label>;
  if (made === null || !sameType(predicted, targets)) return whole();
  const wrong: number[] = [];
  for (let i = 0; i < targets.length && wrong.length < TELLING; i++) if (predicted[i] !== targets[i]) wrong.push(i);
  const some = [...wrong, ...Array.from({ length: TELLING }, (_, i) => i)];
  try {
    const own = ownScore(model, takeRows(x, some), takeItems(targets, some));
    if (own !== made(takeItems(predicted as ArrayLike<Label>, some), takeItems(targets, some))) return whole();
  } catch {
    return whole();
  }
  yield;
  const value = made(predicted, targets);
  return Number.isNaN(value) ? whole() : value;
}

/** What a score is made of by the kind of predictions; null for those of no supervised model. */
function madeOf(predicted: unknown): ((predicted: ArrayLike<Label>, y: ArrayLike<Label>) => number) | null {
  if (Array.isArray(predicted)) return shareOfRight;
  if (!(predicted instanceof Float64Array)) return null;
  return (some, y) => rSquaredOf(some as Float64Array, Float64Array.from(y as ArrayLike<number>), null);
}

function shareOfRight(predicted: ArrayLike<Label>, y: ArrayLike<Label>): number {
  let right = 0;
  for (let i = 0; i < y.length; i++) if (predicted[i] === y[i]) right++;
  return right / y.length;
}

function sameType(predicted: ArrayLike<Label>, y: ArrayLike<Label>): boolean {
  for (let i = 0; i < y.length; i++) if (typeof y[i] !== typeof predicted[i]) return false;
  return true;
}

/** The scores of a model; one that is no number is an error, as it would only spoil the mean. */
export function score(owner: string, scorers: readonly NamedScorer[], model: Model, x: unknown, y: unknown): number[] {
  return scorers.map(([name, scorer]) => {
    const value = scorer(model, x, y);
    if (typeof value === 'number' && !Number.isNaN(value)) return value;
    throw new DataError(`${owner}: the score ${name} must be a number, got ${value}`);
  });
}
