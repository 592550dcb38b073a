import { keptStream, nextTurn, type OnProgress, type Progress } from '@maru-ml/base';
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

/** A model to be fitted, or progress to be told; undefined, a place to pause. */
export type Ask =
  | { readonly estimator: AnyEstimator; readonly data: Data }
  | { readonly progress: Progress }
  | undefined;

/**
 * An algorithm that fits models: it yields what is to be fitted and is sent the model, or yields its progress and is sent false if
 * it is to end with what it has, or, inside what can take long, yields undefined. So one text serves `fit` and `fitAsync`.
 */
export type Fits<T> = Generator<Ask, T, unknown>;

export interface AnyEstimator {
  readonly options: object;
  fit(x: unknown, ...rest: unknown[]): Model;
  fitAsync(x: unknown, ...rest: unknown[]): Promise<Model>;
}

/** Asks for a model. */
export function* fitted(estimator: AnyEstimator, data: Data): Generator<Ask, Model, unknown> {
  return (yield { estimator, data }) as Model;
}

/** Tells of progress; whether to go on. */
export function* goesOn(progress: Progress): Generator<Ask, boolean, unknown> {
  return (yield { progress }) !== false;
}

/** Runs it on the calling thread. What a fit throws is thrown where the model was asked for. */
export function runFits<T>(fits: Fits<T>, { onProgress }: RunOptions): T {
  try {
    let step = fits.next();
    while (!step.done) {
      const ask = step.value;
      if (ask === undefined) step = fits.next();
      else if ('progress' in ask) step = fits.next(onProgress?.(ask.progress));
      else {
        let model: Model;
        try {
          model = fitNow(ask.estimator, ask.data);
        } catch (error) {
          step = fits.throw(error);
          continue;
        }
        step = fits.next(model);
      }
    }
    return step.value;
  } finally {
    fits.return(undefined as T);
  }
}

/** Runs it with `fitAsync` and a turn of the event loop after each step. */
export async function runFitsAsync<T>(fits: Fits<T>, { onProgress, signal }: RunAsyncOptions): Promise<T> {
  const inStream = keptStream();
  try {
    signal?.throwIfAborted();
    let step = inStream(() => fits.next());
    while (!step.done) {
      const ask = step.value;
      signal?.throwIfAborted();
      if (ask === undefined) {
        await nextTurn();
        step = inStream(() => fits.next());
      } else if ('progress' in ask) {
        const answer = onProgress?.(ask.progress);
        await nextTurn();
        signal?.throwIfAborted();
        step = inStream(() => fits.next(answer));
      } else {
        let model: Model;
        try {
          model = await inStream(() => fitLater(ask.estimator, ask.data, signal));
        } catch (error) {
          // An aborted fit is no failure of the estimator.
          signal?.throwIfAborted();
          step = inStream(() => fits.throw(error));
          continue;
        }
        signal?.throwIfAborted();
        step = inStream(() => fits.next(model));
      }
    }
    return step.value;
  } finally {
    inStream(() => fits.return(undefined as T));
  }
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

function fitNow(estimator: AnyEstimator, { x, y, weights }: Data): Model {
  const options = weights === undefined ? {} : { sampleWeight: weights };
  return takesTargets(estimator) ? estimator.fit(x, y ?? undefined, options) : estimator.fit(x, options);
}

function fitLater(estimator: AnyEstimator, { x, y, weights }: Data, signal: AbortSignal | undefined): Promise<Model> {
  const options = { ...(weights !== undefined && { sampleWeight: weights }), ...(signal !== undefined && { signal }) };
  return takesTargets(estimator) ? estimator.fitAsync(x, y ?? undefined, options) : estimator.fitAsync(x, options);
}
