import type { ReadCsvOptions } from '@maru-ml/datasets';
import type { SAMPLES } from './menu.ts';
import type { Summary, Task } from './summary.ts';

// What the page asks the worker for, and what it answers. All of it is plain data, since it travels as messages.

/** What can be asked for, by name: an argument and its answer. */
export interface Calls {
  open: [Source, Opened];
  evaluate: [Plan, Evaluation];
  compare: [Plan, Comparison];
  effect: [feature: string, picture: string];
  predict: [Row, Prediction];
  save: [null, string];
  load: [File, Loaded];
}

export type Source =
  | { readonly sample: keyof typeof SAMPLES }
  | { readonly file: File; readonly options: ReadCsvOptions };

export interface Opened {
  readonly name: string;
  readonly summaries: readonly Summary[];
  readonly target: string;
}

/** What is to be predicted from what, and how. */
export interface Plan {
  readonly target: string;
  readonly task: Task;
  readonly features: readonly string[];
  /** A name in `MODELS`. */
  readonly model: string;
  /** The value of its knob. */
  readonly value: number;
}

export interface Score {
  readonly label: string;
  readonly about: string;
  readonly mean: number;
  readonly std: number;
}

export interface Evaluation {
  readonly scores: readonly Score[];
  /** Rows that have no value of the target, and took no part. */
  readonly dropped: number;
  /** SVG drawings. */
  readonly pictures: readonly string[];
  /** The feature that matters most, and the drawing of its effect. */
  readonly effect: readonly [feature: string, picture: string];
  /** A table of text, of classes. */
  readonly report: string | null;
  readonly form: Form;
}

/** One of the models compared; `error` where it could not be fitted. */
export interface Rival {
  readonly label: string;
  /** The name of the score. */
  readonly score: string;
  readonly mean: number;
  readonly std: number;
  /** How long a fit took, on average. */
  readonly milliseconds: number;
  readonly error: string | null;
}

export interface Comparison {
  readonly rivals: readonly Rival[];
  readonly picture: string;
}

/** What is asked for one row. */
export interface Form {
  readonly plan: Plan;
  readonly fields: readonly Summary[];
  /** The usual error of a number; null for classes. */
  readonly error: number | null;
}

export type Row = Readonly<Record<string, number | string | boolean | null>>;

export interface Prediction {
  readonly answer: string;
  /** The probabilities of the classes, the likeliest first. */
  readonly classes: readonly (readonly [label: string, probability: number])[];
}

export interface Loaded {
  readonly form: Form;
}

/** How far the worker is. */
export interface Step {
  readonly text: string;
  readonly done: number;
  readonly total: number;
  /** A model that is through, of a comparison. */
  readonly rival?: Rival;
}

/** How a long call tells of its steps, and hears that nobody waits any more. */
export interface Run {
  readonly signal: AbortSignal;
  tell(step: Step): void;
}
