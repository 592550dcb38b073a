/** What a long computation tells about itself at each natural step: an iteration, a tree, a fold, an epoch. */
export interface Progress {
  /** Steps done, from 1. */
  step: number;
  /** Steps planned at most; undefined where nobody knows. */
  total?: number;
  /** What a step is: 'iteration', 'tree', 'fold', 'epoch'. */
  unit: string;
  /** Figures of the step, such as `{ inertia: 78.9 }`. */
  metrics: Readonly<Record<string, number>>;
}

/** Called after each step; returning false stops the work, and the result so far is kept. */
// biome-ignore lint/suspicious/noConfusingVoidType: a callback may return nothing at all
export type OnProgress = (progress: Progress) => boolean | void;

/** An algorithm that can be long: it yields at its natural steps and ends with its result. When told `false` it returns what it has. */
// biome-ignore lint/suspicious/noConfusingVoidType: `next()` sends undefined
export type Steps<T> = Generator<Progress, T, boolean | void>;

/** Options of every `fit`. */
export interface FitOptions {
  /** Weights of the rows [n], ≥ 0. */
  sampleWeight?: ArrayLike<number>;
  onProgress?: OnProgress;
}

/** Options of every `fitAsync`. */
export interface FitAsyncOptions extends FitOptions {
  /** Aborting rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Runs the steps to the end on the calling thread. */
export function runSteps<T>(steps: Steps<T>, onProgress?: OnProgress): T {
  let answer: boolean | undefined;
  for (;;) {
    const { done, value } = steps.next(answer);
    if (done) return value;
    answer = onProgress?.(value) ?? undefined;
  }
}

/**
 * Runs the steps in slices of some 20 ms with a turn of the event loop between them.
 * A single step that is longer than that holds the thread for its length: steps are to be made short.
 */
export async function runStepsAsync<T>(
  steps: Steps<T>,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: OnProgress } = {},
): Promise<T> {
  signal?.throwIfAborted();
  let answer: boolean | undefined;
  let sliceEnd = now() + SLICE;
  for (;;) {
    const { done, value } = steps.next(answer);
    if (done) return value;
    answer = onProgress?.(value) ?? undefined;
    if (now() < sliceEnd) continue;
    await nextTurn();
    signal?.throwIfAborted();
    sliceEnd = now() + SLICE;
  }
}

/** Lets timers, input and messages run. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

const SLICE = 20;

/** Milliseconds on a clock that only paces the slices; no result depends on it. */
function now(): number {
  return performance.now();
}
