import {
  checkInteger,
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
import { type Model, Table, toMatrix } from '@maru-ml/tensor';
import { isColumns, takeItems } from '../rows.ts';
import { goesOn, type RunAsyncOptions } from '../validation/fits.ts';
import { checkData } from '../validation/folds.ts';
import { scoreSteps } from '../validation/score-steps.ts';
import { type NamedScorer, type Scorer, type ScoringName, scorersFor, tableFor } from '../validation/scorers.ts';

export interface PermutationImportanceOptions<M = Model> extends RunAsyncOptions {
  /** What the model is judged by: the name of a score or a function; the model's own `score`. */
  scoring?: ScoringName | Scorer<M>;
  /** How often each column is shuffled; 5. */
  nRepeats?: number;
  /** What they are shuffled with; the next child of the default stream. */
  seed?: Seed;
}

/** How much a model's score falls as columns lose their meaning. */
export class PermutationImportance {
  /** The names of the columns, or their places from 0. */
  readonly features: readonly (string | number)[];
  /** The loss of score of each shuffle [d, nRepeats]. */
  readonly importances: Table;
  /** Their means and standard deviations [d]. */
  readonly importancesMean: Float64Array;
  readonly importancesStd: Float64Array;
  /** The score with all columns as they are. */
  readonly baseline: number;

  /** @internal */
  constructor(features: readonly (string | number)[], losses: readonly (readonly number[])[], baseline: number) {
    const repeats = losses[0]!.length;
    this.features = Object.freeze([...features]);
    this.importances = new Table(Float64Array.from(losses.flat()), losses.length, repeats);
    this.importancesMean = Float64Array.from(losses, mean);
    this.importancesStd = Float64Array.from(losses, (row) => {
      const center = mean(row);
      return Math.sqrt(mean(row.map((loss) => (loss - center) ** 2)));
    });
    this.baseline = baseline;
    readable(this);
    Object.freeze(this);
  }

  toJSON(): object {
    const { features, importances, baseline } = this;
    return { features, importances: importances.toArray(), baseline };
  }

  /** The columns, the most important first. */
  toString(): string {
    const order = Array.from(this.features.keys()).sort((a, b) => this.importancesMean[b]! - this.importancesMean[a]!);
    const names = order.map((j) => String(this.features[j]));
    const width = Math.max(...names.map((name) => name.length));
    const lines = order.map((j, at) => {
      return `  ${names[at]!.padEnd(width)}  ${this.importancesMean[j]!.toFixed(4)} ± ${this.importancesStd[j]!.toFixed(4)}`;
    });
    return [`PermutationImportance of ${names.length} columns, score ${this.baseline.toFixed(4)}`, ...lines].join('\n');
  }
}

/**
 * Shuffles the values of one column after the other and tells how far the score falls. On rows that the model has not seen it shows what
 * the model relies on to predict; on those it was fitted with, also what it has learned by heart. Of two columns that say the same, both
 * may look unimportant. The model is not fitted again: d · nRepeats scores, and a copy of x.
 *
 * Source: L. Breiman, "Random forests", Machine Learning 45 (2001).
 *
 * @param x rows of numbers [n, d] or named columns @param y what is to be predicted [n]
 * @throws OptionError for sparse rows; what predicting and scoring throw
 */
export async function permutationImportance<X, M extends Model>(
  model: M,
  x: X,
  y: ArrayLike<unknown>,
  options: PermutationImportanceOptions<M> = {},
): Promise<PermutationImportance> {
  const owner = 'permutationImportance';
  checkKnown(owner, options, ['scoring', 'nRepeats', 'seed', 'onProgress', 'signal']);
  const { nRepeats = 5, seed, scoring } = options;
  checkInteger(owner, 'nRepeats', nRepeats, { min: 1 });
  if (seed !== undefined) checkSeed(owner, seed);
  if (typeof scoring === 'object') {
    throw new OptionError(`${owner}: scoring must be the name of a score or a function, got ${show(scoring)}`);
  }
  const scorers = scorersFor(owner, scoring, await tableFor(scoring));
  checkData(owner, x, y, undefined);
  return runFitsAsync(shuffleAll(model, x, y, scorers, nRepeats, seed), options);
}

function* shuffleAll(
  model: Model,
  x: unknown,
  y: unknown,
  scorers: readonly NamedScorer[],
  nRepeats: number,
  seed: Seed | undefined,
): Fits<PermutationImportance> {
  const owner = 'permutationImportance';
  const random = randomFrom(seed);
  const scoreOf = function* (rows: unknown) {
    return (yield* scoreSteps(owner, scorers, model, rows, y))[0]!;
  };
  const { features, rows, shuffled } = columnsOf(owner, x);
  const baseline = yield* scoreOf(x);
  const losses: number[][] = [];
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  for (let j = 0; j < features.length; j++) {
    // A stream of its own for each column: its losses do not depend on the columns before.
    const stream = random.fork();
    const own: number[] = [];
    for (let repeat = 0; repeat < nRepeats; repeat++) {
      own.push(baseline - (yield* scoreOf(shuffled(j, stream.shuffle(order)))));
      const metrics = { importance: own[repeat]! };
      const step = j * nRepeats + repeat + 1;
      const total = features.length * nRepeats;
      if (!(yield* goesOn({ step, total, unit: 'shuffle', metrics })) && step < total) {
        throw new OptionError(`${owner}: onProgress ended it after ${step} of ${total} shuffles; all are needed`);
      }
    }
    losses.push(own);
    order.sort();
  }
  return new PermutationImportance(features, losses, baseline);
}

interface Columnar {
  readonly features: readonly (string | number)[];
  readonly rows: number;
  /** The rows with column j in another order. */
  readonly shuffled: (j: number, order: Int32Array) => unknown;
}

/** Tables are copied once, and hold one column in another order at a time. */
function columnsOf(owner: string, x: unknown): Columnar {
  if (isColumns(x)) {
    const columns: Record<string, ArrayLike<unknown>> = x;
    const features = Object.keys(columns);
    return {
      features,
      rows: columns[features[0]!]!.length,
      shuffled: (j, order) => ({ ...columns, [features[j]!]: takeItems(columns[features[j]!]!, order) }),
    };
  }
  const { data, rows, columns: d } = toMatrix(owner, x as never, { allowMissing: true, keepFloat32: true });
  const copy = data.slice();
  const table = { data: copy, shape: [rows, d] };
  let last = -1;
  const shuffled = (j: number, order: Int32Array) => {
    if (last >= 0 && last !== j) for (let i = 0; i < rows; i++) copy[i * d + last] = data[i * d + last]!;
    last = j;
    for (let i = 0; i < rows; i++) copy[i * d + last] = data[order[i]! * d + last]!;
    return table;
  };
  const names = (x as { columnNames?: readonly string[] }).columnNames;
  return { features: names ?? Array.from({ length: d }, (_, j) => j), rows, shuffled };
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
