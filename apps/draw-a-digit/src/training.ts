import type { Command, Report } from './messages.ts';

/** A training in a worker of its own; a new one starts a new worker. */
export class Training {
  paused = false;
  #worker = new Worker(new URL('./training.worker.ts', import.meta.url), { type: 'module', name: 'training' });

  /** Starts at once; `onReport` is told of weights and figures. */
  constructor(seed: number, onReport: (report: Report) => void) {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Report>) => onReport(data));
    this.#tell({ kind: 'start', seed });
  }

  /** Pauses after the batch under way, or goes on. */
  pause(paused: boolean): void {
    this.paused = paused;
    this.#tell({ kind: paused ? 'pause' : 'resume' });
  }

  /** Ends the worker, whatever it does. */
  end(): void {
    this.#worker.terminate();
  }

  #tell(command: Command): void {
    this.#worker.postMessage(command);
  }
}
