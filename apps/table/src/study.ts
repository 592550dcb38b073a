import { type Fitted, KFold, pipeline, StratifiedKFold, selectRows } from '@maru-ml/model-selection';
import type { Columns, Label } from '@maru-ml/tensor';
import type { Plan } from './calls.ts';
import { CLASSIFIERS, preparation, REGRESSORS } from './models.ts';

/** Rows to learn from: their features and targets. */
export interface Study {
  readonly x: Columns;
  readonly y: readonly Label[];
  /** Rows that have no value of the target. */
  readonly dropped: number;
}

/** The rows whose target is known. */
export function studyOf(columns: Columns, { target, features }: Plan): Study {
  const targets = Array.from<Label | null>(columns[target]!);
  const known = targets.flatMap((value, row) => (value === null || Number.isNaN(value) ? [] : [row]));
  const chosen = Object.fromEntries(features.map((name) => [name, columns[name]!]));
  return {
    x: selectRows(chosen, known),
    y: known.map((row) => targets[row]!),
    dropped: targets.length - known.length,
  };
}

/** The preparation of columns and the chosen model, as one estimator. */
export function estimatorOf({ task, model, value }: Plan) {
  return task === 'classes'
    ? pipeline(preparation(), CLASSIFIERS[model as keyof typeof CLASSIFIERS](value))
    : pipeline(preparation(), REGRESSORS[model as keyof typeof REGRESSORS](value));
}

export type AnyModel = Fitted<ReturnType<typeof estimatorOf>>;

/** Five parts in an order drawn once, each of which is tested by a model of the other four. */
export function foldsOf({ task }: Plan) {
  const options = { nSplits: 5, shuffle: true, seed: 0 };
  return task === 'classes' ? new StratifiedKFold(options) : new KFold(options);
}
