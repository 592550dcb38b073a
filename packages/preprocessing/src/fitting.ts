import type { Steps } from '@maru-ml/base';

/** Something that is fitted within another fit; without `fitAsync` it holds the thread for as long as it takes. */
interface Fittable<A extends readonly unknown[], M> {
  fit(...args: A): M;
  fitAsync?(...args: [...A, { signal?: AbortSignal }]): Promise<M>;
}

/** How a fit within another one runs: on the calling thread, or by its own `fitAsync`, which `runStepsAsync` waits for as `pending`. */
export class InnerFits {
  readonly #options: { signal?: AbortSignal } | null;
  #awaited: Promise<void> | null = null;

  /** @param options of `fitAsync`; null on the calling thread */
  constructor(options: { signal?: AbortSignal | undefined } | null) {
    const { signal } = options ?? {};
    this.#options = options && (signal === undefined ? {} : { signal });
  }

  /** What the next step has to wait for. */
  readonly pending = (): Promise<void> | null => this.#awaited;

  /** Fits it to the arguments. @throws what its fit throws */
  *model<A extends readonly unknown[], M>(estimator: Fittable<A, M>, ...args: A): Steps<M> {
    if (this.#options === null || typeof estimator.fitAsync !== 'function') return estimator.fit(...args);
    let outcome: { model: M } | { error: unknown } | undefined;
    this.#awaited = estimator.fitAsync(...args, this.#options).then(
      (model) => {
        outcome = { model };
      },
      (error) => {
        outcome = { error };
      },
    );
    yield;
    this.#awaited = null;
    if ('error' in outcome!) throw outcome.error;
    return outcome!.model;
  }
}
