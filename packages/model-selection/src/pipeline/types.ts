import type { FitAsyncOptions, FitOptions } from '@maru-ml/base';
import type {
  ClassifierModel,
  ClusterModel,
  Estimator,
  Label,
  Model,
  RegressorModel,
  ScoreOptions,
  SparseRows,
  Table,
  TransformerModel,
} from '@maru-ml/tensor';

// The types of pipelines: each step takes what the step before makes, and the whole is what its last step is.

/** Anything that can be fitted. A `fit` with two parameters before its options, x and y, is handed y. */
export interface Step extends Estimator {
  fit(x: never, ...rest: never[]): Model;
  fitAsync(x: never, ...rest: never[]): Promise<Model>;
}

/** What fitting a step gives. */
export type Fitted<S> = S extends { fit(...args: never[]): infer M } ? M : never;

/** The rows that a step takes. */
export type StepInput<S> = S extends { fit(x: infer X, ...rest: never[]): unknown } ? X : never;

/** The rows that a fitted step makes of them. */
export type StepOutput<S> = Fitted<S> extends { transform(x: never): infer Y } ? Y : never;

/** The steps, if each takes what the one before makes; else a type that says where they do not fit. */
export type Connected<S extends readonly unknown[]> = { [K in keyof S]: S[K] & Connection<S, K> };

type Connection<S extends readonly unknown[], K> = K extends keyof Before
  ? Before[K] extends keyof S
    ? K extends keyof S
      ? Fit<StepOutput<S[Before[K]]>, StepInput<S[K]>>
      : unknown
    : unknown
  : unknown;

interface Before {
  '1': '0';
  '2': '1';
  '3': '2';
  '4': '3';
  '5': '4';
  '6': '5';
  '7': '6';
  '8': '7';
  '9': '8';
  '10': '9';
  '11': '10';
}

type Fit<Out, In> = [Out] extends [never]
  ? { readonly 'the step before must make rows: its model needs transform': never }
  : [Takes<Out, In>] extends [true]
    ? unknown
    : { readonly 'this step does not take the rows that the step before makes': never };

// Sparse rows have the parts of flat numbers, data and shape, so a step takes them only where it names them. What makes sparse
// rows of sparse rows alone, as scalers do, is judged by what it makes of others.
type Takes<Out, In> = [Dense<Out>] extends [SparseRows]
  ? [Extract<In, SparseRows>] extends [never]
    ? false
    : true
  : [Dense<Out>] extends [In]
    ? true
    : false;

/** Without sparse rows, unless there is nothing else. */
type Dense<Out> = [Exclude<Out, SparseRows>] extends [never] ? Out : Exclude<Out, SparseRows>;

type Last<S extends readonly unknown[]> = S extends readonly [...unknown[], infer L] ? L : never;

/** The pipeline of these steps: of the kind of the last. */
export type PipelineOf<S extends readonly Step[]> =
  Fitted<Last<S>> extends { readonly classes: readonly unknown[] }
    ? ClassifierPipeline<S>
    : Fitted<Last<S>> extends { readonly labels: Int32Array }
      ? ClustererPipeline<S>
      : Fitted<Last<S>> extends { predict(x: never): Float64Array }
        ? RegressorPipeline<S>
        : TransformerPipeline<S>;

/** What every pipeline has. */
export interface PipelineBase<S extends readonly unknown[]> extends Estimator {
  /** The estimators, in their order. */
  readonly steps: S;
  /** The names and options of the steps. */
  readonly options: PipelineOptions;
}

/** The options of a pipeline: those of its steps. */
export interface PipelineOptions {
  readonly steps: readonly { readonly type: string; readonly options: Readonly<Record<string, unknown>> }[];
}

/** Steps that end in a classifier. */
export interface ClassifierPipeline<S extends readonly unknown[]> extends PipelineBase<S> {
  fit<L extends Label>(x: StepInput<S[0]>, y: ArrayLike<L>, options?: FitOptions): ClassifierPipelineModel<L, S>;
  fitAsync<L extends Label>(
    x: StepInput<S[0]>,
    y: ArrayLike<L>,
    options?: FitAsyncOptions,
  ): Promise<ClassifierPipelineModel<L, S>>;
}

/** Steps that end in a regressor. */
export interface RegressorPipeline<S extends readonly unknown[]> extends PipelineBase<S> {
  fit(x: StepInput<S[0]>, y: ArrayLike<number>, options?: FitOptions): RegressorPipelineModel<S>;
  fitAsync(x: StepInput<S[0]>, y: ArrayLike<number>, options?: FitAsyncOptions): Promise<RegressorPipelineModel<S>>;
}

/** Steps that end in a clusterer. */
export interface ClustererPipeline<S extends readonly unknown[]> extends PipelineBase<S> {
  fit(x: StepInput<S[0]>, options?: FitOptions): ClustererPipelineModel<S>;
  fitAsync(x: StepInput<S[0]>, options?: FitAsyncOptions): Promise<ClustererPipelineModel<S>>;
}

/** Steps that all turn rows into others. */
export interface TransformerPipeline<S extends readonly unknown[]> extends PipelineBase<S> {
  fit(x: StepInput<S[0]>, options?: FitOptions): TransformerPipelineModel<S>;
  fitAsync(x: StepInput<S[0]>, options?: FitAsyncOptions): Promise<TransformerPipelineModel<S>>;
}

/** What every fitted pipeline has. */
export interface PipelineModelBase<S extends readonly unknown[]> extends Model {
  /** The fitted models of the steps, in their order. */
  readonly steps: { readonly [K in keyof S]: Fitted<S[K]> };
}

type Extras<S extends readonly unknown[], Names extends string> = {
  [K in Names as K extends keyof Fitted<Last<S>> ? K : never]: (x: StepInput<S[0]>) => Answer<Fitted<Last<S>>, K>;
};

/** What a method of a model gives. */
type Answer<M, K> = K extends keyof M ? (M[K] extends (x: never) => infer R ? R : never) : never;

/** One row, as the first step takes it: numbers, or a record with names. */
type RowOf<S extends readonly unknown[]> =
  Fitted<S[0]> extends { transformOne(row: infer R, out: never): unknown } ? R : ArrayLike<number>;

export type ClassifierPipelineModel<L extends Label, S extends readonly unknown[]> = PipelineModelBase<S> &
  Omit<ClassifierModel<L, StepInput<S[0]>>, 'predictOne' | 'predictProba' | 'predictLogProba' | 'decisionFunction'> & {
    predictOne(row: RowOf<S>): L;
  } & Extras<S, 'predictProba' | 'predictLogProba' | 'decisionFunction'>;

export type RegressorPipelineModel<S extends readonly unknown[]> = PipelineModelBase<S> &
  Omit<RegressorModel<StepInput<S[0]>>, 'predictOne'> & { predictOne(row: RowOf<S>): number };

export type TransformerPipelineModel<S extends readonly unknown[]> = PipelineModelBase<S> &
  Omit<TransformerModel<StepInput<S[0]>>, 'transform' | 'inverseTransform'> & {
    transform(x: Extract<StepInput<S[0]>, SparseRows>): StepOutput<Last<S>>;
    transform(x: StepInput<S[0]>): Dense<StepOutput<Last<S>>>;
  } & WayBack<S>;

/** The way back, where every step has one. */
type WayBack<S extends readonly unknown[]> =
  Fitted<S[number]> extends { inverseTransform(x: never): unknown }
    ? { inverseTransform(x: StepOutput<Last<S>>): Table }
    : { readonly inverseTransform?: never };

export type ClustererPipelineModel<S extends readonly unknown[]> = PipelineModelBase<S> &
  ClusterModel &
  (Fitted<Last<S>> extends { predictOne(row: never): number }
    ? {
        predict(x: StepInput<S[0]>): Int32Array;
        predictOne(row: RowOf<S>): number;
        score(x: StepInput<S[0]>, options?: ScoreOptions): number;
      }
    : unknown);
