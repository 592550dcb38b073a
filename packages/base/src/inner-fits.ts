import {
  type FitAsyncOptions,
  type OnProgress,
  type Progress,
  runSteps,
  runStepsAsync,
  type Steps,
} from './progress.ts';

/** A fit within another one: at once, or without holding the thread. */
export interface InnerFit<M> {
  fit(): M;
  fitAsync(options: Pick<FitAsyncOptions, 'signal'>): PromiseLike<M>;
}

/**
 * An algorithm that fits models: steps that also yield the fits within them, and are sent the models; what a fit throws is
 * thrown where it was yielded. So one text serves `fit` and `fitAsync`.
 */
export type Fits<T> = Generator<Progress | InnerFit<unknown> | undefined, T, unknown>;

/** Runs it on the calling thread. */
export function runFits<T>(fits: Fits<T>, { onProgress }: { onProgress?: OnProgress | undefined } = {}): T {
  return runSteps(answered(fits, null), onProgress);
}

/** Runs it in slices, as `runStepsAsync` does. @throws the signal's reason when it is aborted */
export function runFitsAsync<T>(
  fits: Fits<T>,
  { signal, onProgress }: { signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined },
): Promise<T> {
  const withSignal = signal === undefined ? {} : { signal };
  let awaited: PromiseLike<void> | null = null;
  const steps = answered(fits, (inner) => {
    let outcome: () => unknown;
    awaited = inner.fitAsync(withSignal).then(
      (model) => {
        outcome = () => model;
      },
      (error) => {
        outcome = () => {
          throw error;
        };
      },
    );
    return () => {
      awaited = null;
      return outcome();
    };
  });
  return runStepsAsync(steps, { ...withSignal, ...(onProgress && { onProgress }), pending: () => awaited });
}

/** The steps alone: fits are answered. @param begin begins one, to be asked for its model after a pause; null: all at once */
function* answered<T>(fits: Fits<T>, begin: ((inner: InnerFit<unknown>) => () => unknown) | null): Steps<T> {
  try {
    let step = fits.next();
    while (!step.done) {
      const ask = step.value;
      if (ask === undefined || !('fit' in ask)) {
        step = fits.next(yield ask);
        continue;
      }
      let model: unknown;
      try {
        if (begin === null) model = ask.fit();
        else {
          const outcome = begin(ask);
          yield;
          model = outcome();
        }
      } catch (error) {
        step = fits.throw(error);
        continue;
      }
      step = fits.next(model);
    }
    return step.value;
  } finally {
    fits.return(undefined as T);
  }
}
