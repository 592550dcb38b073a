import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import type { Split } from '../splits/split.ts';
import type { AnyEstimator, Data } from '../validation/fits.ts';
import type { NamedScorer } from '../validation/scorers.ts';
import type { SearchProgress } from './options.ts';
import { type Params, showParams } from './parameters.ts';
import type { Finished, FitScores } from './search-state.ts';

/** Where the numbers of a search come from, checked and divided. */
export interface Plan {
  readonly owner: string;
  readonly make: (params: Params) => AnyEstimator;
  readonly points: readonly Params[];
  readonly data: Data;
  readonly splits: readonly Split[];
  readonly scorers: readonly NamedScorer[];
  readonly returnTrainScore: boolean;
  readonly errorScore: number | undefined;
  readonly finished: Finished;
}

/** The scores of a fit that failed, or the error in the search's name. */
export function failed(plan: Plan, params: Params, fold: number, error: unknown, fitTime: number): FitScores {
  const { owner, scorers, returnTrainScore, errorScore } = plan;
  const message = error instanceof Error ? error.message : String(error);
  if (errorScore === undefined) {
    const Class = [OptionError, ShapeError, DataError].find((known) => error instanceof known) ?? Error;
    const what = message.replace(/^(crossValidate|GridSearch|RandomizedSearch): /, '');
    throw new Class(`${owner}: ${showParams(params)}, fold ${fold}: ${what}`, { cause: error });
  }
  const same = named(
    scorers,
    scorers.map(() => errorScore),
  );
  return { test: same, train: returnTrainScore ? same : undefined, fitTime, scoreTime: 0, error: message };
}

export function named(scorers: readonly NamedScorer[], values: readonly number[]): Record<string, number> {
  return Object.fromEntries(scorers.map(([name], s) => [name, values[s]!]));
}

export function progressOf({ points, splits, finished }: Plan, { test }: FitScores): SearchProgress {
  const total = points.length * splits.length;
  return {
    step: finished.size,
    total,
    unit: 'fit',
    metrics: test,
    // Written out only if it is asked for.
    get state() {
      return finished.state();
    },
  };
}
