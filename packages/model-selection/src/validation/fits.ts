import type { InnerFit, OnProgress, Progress } from '@maru-ml/base';
import type { Label, Model } from '@maru-ml/tensor';
import { takesTargets } from '../pipeline/pipeline.ts';
import type { Step } from '../pipeline/types.ts';
import { takeItems, takeRowsSteps } from '../rows.ts';

/** The targets that an estimator takes: labels, numbers, or none, in which case labels may still be scored against. */
export type TargetsOf<E> = E extends { fit(x: never, y: infer Y, ...rest: never[]): unknown }
  ? Y extends ArrayLike<Label>
    ? ArrayLike<Label> extends Y
      ? ArrayLike<Label>
      : Y
    : ArrayLike<Label> | null | undefined
  : ArrayLike<Label> | null | undefined;

/** What everything that fits several times takes. */
export interface RunOptions {
  /** Called after each fit and score; returning false ends with the folds so far. */
  onProgress?: OnProgress;
}

/** The same for what does not hold the thread. */
export interface RunAsyncOptions extends RunOptions {
  /** Aborting rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Rows with their targets and weights. */
export interface Data {
  readonly x: unknown;
  readonly y: ArrayLike<Label> | null;
  readonly weights: ArrayLike<number> | undefined;
}

export interface AnyEstimator {
  readonly options: object;
  fit(x: unknown, ...rest: unknown[]): Model;
  fitAsync(x: unknown, ...rest: unknown[]): Promise<Model>;
}

/** Has a model fitted. */
export function* fitted(estimator: AnyEstimator, { x, y, weights }: Data): Generator<InnerFit<Model>, Model, unknown> {
  const weighted = weights === undefined ? {} : { sampleWeight: weights };
  const targets = takesTargets(estimator) ? [y ?? undefined] : [];
  return (yield {
    fit: () => estimator.fit(x, ...targets, weighted),
    fitAsync: (options) => estimator.fitAsync(x, ...targets, { ...weighted, ...options }),
  }) as Model;
}

/** Tells of progress; whether to go on. */
export function* goesOn(progress: Progress): Generator<Progress, boolean, unknown> {
  return (yield progress) !== false;
}

/** Some of the rows with their targets and weights. */
export function* part({ x, y, weights }: Data, rows: Int32Array): Generator<undefined, Data, unknown> {
  const own = yield* takeRowsSteps(x, rows);
  if (rows.length > LONG) yield;
  return {
    x: own,
    y: y === null ? null : takeItems(y, rows),
    weights: weights === undefined ? undefined : takeItems(weights, rows),
  };
}

/** From so many rows on their targets are taken after a pause. */
const LONG = 10_000;

/** An estimator whose arguments are known to fit. */
export function plain(estimator: Step): AnyEstimator {
  return estimator as unknown as AnyEstimator;
}
