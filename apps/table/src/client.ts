import type { Calls, Step } from './calls.ts';

interface Waiting {
  resolve(answer: never): void;
  reject(error: Error): void;
  onStep?: ((step: Step) => void) | undefined;
}

interface Reply {
  id: number;
  step?: Step;
  error?: string;
  answer: never;
}

/** The worker, as functions that one can wait for. */
export class Client {
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data: { id, step, error, answer } }: MessageEvent<Reply>) => {
      const waiting = this.#waiting.get(id);
      if (waiting === undefined) return;
      if (step !== undefined) return waiting.onStep?.(step);
      this.#waiting.delete(id);
      if (error === undefined) waiting.resolve(answer);
      else waiting.reject(new Error(error));
    });
  }

  /** Asks for something; aborting rejects with the signal's reason once the worker has stopped. */
  call<K extends keyof Calls>(
    call: K,
    argument: Calls[K][0],
    { signal, onStep }: { signal?: AbortSignal; onStep?: (step: Step) => void } = {},
  ): Promise<Calls[K][1]> {
    this.#last += 1;
    const id = this.#last;
    signal?.addEventListener('abort', () => this.#worker.postMessage({ id, call: null }), { once: true });
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, onStep });
      this.#worker.postMessage({ id, call, argument });
    });
  }
}
