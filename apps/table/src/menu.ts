import type { Task } from './summary.ts';

// What one can choose from, as plain data: the page shows it, and only the worker loads what it stands for.

/** The tables that one can start with. */
export const SAMPLES = {
  iris: 'Iris',
  wine: 'Wine',
  cancer: 'Breast cancer',
  boston: 'Boston housing',
  diabetes: 'Diabetes',
  apartments: 'Apartments (made up)',
} as const;

/** The number that one may change about a model: what it is, where it begins, and its bounds. */
export interface Knob {
  readonly label: string;
  readonly start: number;
  readonly min: number;
  readonly max?: number;
  readonly whole: boolean;
}

export interface Choice {
  readonly label: string;
  readonly knob: Knob | null;
}

const neighbors: Knob = { label: 'Neighbors', start: 5, min: 1, whole: true };
const depth: Knob = { label: 'Depth at most', start: 5, min: 1, whole: true };
const trees: Knob = { label: 'Trees', start: 100, min: 1, max: 1000, whole: true };
const rounds: Knob = { label: 'Rounds', start: 100, min: 1, max: 1000, whole: true };
const price: Knob = { label: 'C, the price of errors', start: 1, min: 0.0001, whole: false };
const penalty: Knob = { label: 'Alpha, the penalty', start: 1, min: 0, whole: false };

/** The models of each task. */
export const MODELS = {
  classes: {
    logistic: { label: 'Logistic regression', knob: price },
    bayes: { label: 'Naive Bayes', knob: null },
    neighbors: { label: 'Nearest neighbors', knob: neighbors },
    tree: { label: 'Decision tree', knob: depth },
    forest: { label: 'Random forest', knob: trees },
    boosting: { label: 'Gradient boosting', knob: rounds },
    svm: { label: 'Support vectors', knob: price },
    baseline: { label: 'Baseline: the commonest', knob: null },
  },
  number: {
    linear: { label: 'Linear regression', knob: null },
    ridge: { label: 'Ridge', knob: penalty },
    lasso: { label: 'Lasso', knob: { ...penalty, start: 0.1 } },
    neighbors: { label: 'Nearest neighbors', knob: neighbors },
    tree: { label: 'Decision tree', knob: depth },
    forest: { label: 'Random forest', knob: trees },
    boosting: { label: 'Gradient boosting', knob: rounds },
    svm: { label: 'Support vectors', knob: { ...price, start: 100 } },
    baseline: { label: 'Baseline: the mean', knob: null },
  },
} as const satisfies Record<Task, Record<string, Choice>>;

/** The models of a task by name. */
export function choicesOf(task: Task): Readonly<Record<string, Choice>> {
  return MODELS[task];
}
