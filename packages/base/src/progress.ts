import { keptStream } from './kept-stream.ts';
import { sharedSlots } from './shared.ts';

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

/**
 * An algorithm that can be long: it yields its progress at its natural steps and ends with its result. Told `false` by
 * `next`, it ends with what it has. Inside a step that can itself be long it yields undefined, which nobody is told of:
 * a place to pause, where it is told `true` if nobody waits for the thread, so that it need not pause again.
 */
export type Steps<T> = Generator<Progress | undefined, T, unknown>;

/** Options of every `fit`. */
export interface FitOptions {
  /** Weights of the rows [n], ≥ 0; 1 each. */
  sampleWeight?: ArrayLike<number>;
  /** Called after each step; returning false stops the fit and keeps the model so far. */
  onProgress?: OnProgress;
}

/** Options of every `fitAsync`. */
export interface FitAsyncOptions extends FitOptions {
  /** Aborting rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Runs the steps to the end on the calling thread. */
export function runSteps<T>(steps: Steps<T>, onProgress?: OnProgress): T {
  let goOn: unknown;
  try {
    for (;;) {
      const { done, value } = steps.next(goOn);
      if (done) return value;
      goOn = !value || onProgress?.(value);
    }
  } finally {
    steps.return(undefined as T);
  }
}

/**
 * Runs the steps in slices of some 10 ms with a turn of the event loop between them. All fits that run on the thread in turn or within
 * each other share one slice: many short ones, too, let others run now and then. A stretch between two yields that is
 * longer than that holds the thread for its length: stretches are to be made short.
 *
 * @param options.pending asked after each step for a promise that the next step has to wait for, such as that of a save
 * @throws the signal's reason when it is aborted; the steps are closed then, and nothing is left running
 */
export async function runStepsAsync<T>(
  steps: Steps<T>,
  {
    signal,
    onProgress,
    pending,
  }: { signal?: AbortSignal; onProgress?: OnProgress; pending?: () => PromiseLike<unknown> | null } = {},
): Promise<T> {
  const inStream = keptStream();
  const slots = sharedSlots();
  try {
    let goOn: unknown;
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = inStream(() => steps.next(goOn));
      if (done) return value;
      goOn = value && onProgress?.(value);
      const awaited = pending?.();
      if (awaited) await awaited;
      const left = (slots.get('slice') as number) - performance.now();
      if (left > 0 && left <= SLICE) continue;
      await nextTurn();
      slots.set('slice', performance.now() + SLICE);
    }
  } finally {
    inStream(() => steps.return(undefined as T));
  }
}

/** Lets timers, input and messages run. */
export function nextTurn(): Promise<void> {
  // A message, not a timer: browsers hold nested timers back by 4 ms and those of hidden pages by a second.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(port1.close());
    port2.postMessage(null);
  });
}

/** Milliseconds between turns of the event loop: a fifth of what a user notices, which leaves the rest to the last step. */
const SLICE = 10;
