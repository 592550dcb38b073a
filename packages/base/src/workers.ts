import { DataError, OptionError, ShapeError } from './errors.ts';
import { checkInteger, checkKnown, show } from './options.ts';
import { openWorker, type Reply, type WorkerHandle, workersAtOnce } from './platform.ts';
import type { Progress } from './progress.ts';

export { canShareMemory, share } from './platform.ts';

/** A call of a module's function in a worker. */
export interface Task {
  /** The absolute URL of the module, such as `new URL('./tasks.js', import.meta.url)`. */
  module: string | URL;
  /** The name of the exported function. It may be asynchronous. */
  name: string;
  /** What it is called with, before a last argument that is a `TaskContext`: anything that can be cloned; none. */
  args?: readonly unknown[];
}

/** The last argument of a task's function. */
export interface TaskContext {
  /** Tells the caller's `onProgress`. */
  report(progress: Progress): void;
}

export interface WorkerPoolOptions {
  /** The most workers at once; the number of processors. */
  size?: number;
  /** Where the file behind `@maru-ml/base/worker` lies, if a bundler has moved it; beside this module. */
  workerUrl?: string | URL;
}

export interface RunOptions {
  /** Aborting ends the workers that run the tasks and rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Called with what a task reports and with the task's index. */
  onProgress?: (progress: Progress, task: number) => void;
}

/** A task failed: its function threw (what it threw is the `cause`) or its worker died. */
export class TaskError extends Error {
  /** The index of the task among those it was run with. */
  readonly index: number;

  constructor(message: string, index: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.index = index;
  }

  override get name(): string {
    return 'TaskError';
  }
}

/**
 * Runs tasks in worker threads (Node's, or the web's). The calling thread never blocks.
 *
 * A task is a module's URL and the name of a function, never a closure. Arguments and results are cloned, except typed
 * arrays on shared memory (see `share`), which all threads see. Results come in the order of the tasks, and each task
 * starts with the default random stream of a fresh program, so that they do not depend on the number of workers.
 *
 * Workers start when they are first needed and wait for more. They do not keep Node's process alive while they wait.
 */
export class WorkerPool {
  readonly size: number;
  readonly #workerUrl: string | URL;
  readonly #queue: Job[] = [];
  readonly #workers = new Set<PoolWorker>();
  #closed = false;
  #lastId = 0;

  /** @throws OptionError if `size` is not an integer ≥ 1 */
  constructor(options: WorkerPoolOptions = {}) {
    checkKnown('WorkerPool', options, ['size', 'workerUrl']);
    this.size = checkInteger('WorkerPool', 'size', options.size ?? workersAtOnce(), { min: 1 });
    this.#workerUrl = options.workerUrl ?? new URL('../src/worker.js', import.meta.url);
  }

  /** The result of one task. Errors as for `map`. */
  async run<R>(task: Task, options: RunOptions = {}): Promise<R> {
    const [result] = await this.#runAll<R>([task], (index) => describeTask([task], index), options);
    return result!;
  }

  /**
   * The results of the tasks, in their order.
   *
   * @throws OptionError if a task is no module's URL and name, TaskError for the first task that fails, the signal's
   *   reason when it is aborted; the other tasks are ended first, so that nothing is left running
   */
  async map<R>(tasks: readonly Task[], options: RunOptions = {}): Promise<R[]> {
    return this.#runAll<R>(tasks, (index) => `task ${index} (${describeTask(tasks, index)})`, options);
  }

  /** Ends all workers, whatever they do. Tasks that were running or waiting are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    const jobs = [...this.#queue.splice(0), ...[...this.#workers].flatMap(({ job }) => job ?? [])];
    for (const job of jobs)
      job.reject(new TaskError(`WorkerPool: the pool was closed before ${job.label} had ended`, job.index));
    await Promise.all([...this.#workers].map((worker) => this.#end(worker)));
  }

  async #runAll<R>(tasks: readonly Task[], label: (index: number) => string, options: RunOptions): Promise<R[]> {
    const { signal, onProgress } = options;
    checkKnown('WorkerPool', options, ['signal', 'onProgress']);
    if (!Array.isArray(tasks)) throw new OptionError(`WorkerPool: tasks must be an array, got ${show(tasks)}`);
    const calls = tasks.map((task, index) => checkTask(task, tasks.length > 1 ? `tasks[${index}]` : 'the task'));
    if (this.#closed) throw new OptionError('WorkerPool: the pool is closed; make another one');
    signal?.throwIfAborted();

    const jobs: Job[] = [];
    let onAbort: () => void = () => {};
    try {
      return await new Promise<R[]>((resolve, reject) => {
        onAbort = () => reject(signal!.reason);
        signal?.addEventListener('abort', onAbort, { once: true });
        const results: R[] = new Array(calls.length);
        let missing = calls.length;
        if (missing === 0) resolve(results);
        for (const [index, call] of calls.entries()) {
          const settle = (value: unknown) => {
            results[index] = value as R;
            if (--missing === 0) resolve(results);
          };
          const id = ++this.#lastId;
          const tell = (progress: Progress) => onProgress?.(progress, index);
          jobs.push({ id, call, index, label: label(index), resolve: settle, reject, tell });
        }
        this.#queue.push(...jobs);
        this.#assign();
      });
    } finally {
      signal?.removeEventListener('abort', onAbort);
      await this.#cancel(jobs);
    }
  }

  /** Gives waiting jobs to idle workers, and starts workers while there are too few. */
  #assign(): void {
    while (this.#queue.length > 0) {
      const worker = this.#idleWorker();
      if (worker === null) return;
      const job = this.#queue.shift()!;
      worker.job = job;
      worker.handle.ref();
      try {
        worker.handle.post({ id: job.id, ...job.call });
      } catch (error) {
        this.#release(worker);
        job.reject(
          new TaskError(
            `WorkerPool: ${job.label}: its arguments cannot be cloned: ${message(error)}`,
            job.index,
            error,
          ),
        );
      }
    }
  }

  #idleWorker(): PoolWorker | null {
    for (const worker of this.#workers) if (worker.job === null) return worker;
    if (this.#workers.size === this.size) return null;
    const worker: PoolWorker = {
      job: null,
      handle: openWorker(this.#workerUrl, {
        onReply: (reply) => this.#receive(worker, reply),
        onDeath: (why) => this.#bury(worker, why),
      }),
    };
    this.#workers.add(worker);
    return worker;
  }

  #receive(worker: PoolWorker, reply: Reply): void {
    const { job } = worker;
    if (job === null || reply.id !== job.id) return;
    if ('progress' in reply) {
      try {
        job.tell(reply.progress as Progress);
      } catch (error) {
        job.reject(error);
      }
      return;
    }
    this.#release(worker);
    if ('value' in reply) job.resolve(reply.value);
    else {
      const cause = revive(reply.error);
      const what = cause.name === '' ? cause.message : `${cause.name}: ${cause.message}`;
      job.reject(new TaskError(`WorkerPool: ${job.label} threw ${what}`, job.index, cause));
    }
    this.#assign();
  }

  /** A worker has died by itself. */
  #bury(worker: PoolWorker, why: string): void {
    if (!this.#workers.delete(worker)) return;
    const { job } = worker;
    job?.reject(new TaskError(`WorkerPool: ${job.label}: its worker died (${why})`, job.index));
    void worker.handle.terminate();
    this.#assign();
  }

  /** Takes the jobs out of the queue and ends the workers that run one of them. */
  async #cancel(jobs: readonly Job[]): Promise<void> {
    const gone = new Set(jobs);
    const waiting = this.#queue.filter((job) => !gone.has(job));
    this.#queue.splice(0, this.#queue.length, ...waiting);
    const ended = [...this.#workers].filter(({ job }) => job !== null && gone.has(job));
    await Promise.all(ended.map((worker) => this.#end(worker)));
    this.#assign();
  }

  #release(worker: PoolWorker): void {
    worker.job = null;
    worker.handle.unref();
  }

  async #end(worker: PoolWorker): Promise<void> {
    this.#workers.delete(worker);
    await worker.handle.terminate();
  }
}

interface Call {
  module: string;
  name: string;
  args: readonly unknown[];
}

interface Job {
  id: number;
  call: Call;
  index: number;
  /** How errors call it. */
  label: string;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  tell: (progress: Progress) => void;
}

interface PoolWorker {
  handle: WorkerHandle;
  /** What it works on; null while it waits. */
  job: Job | null;
}

function checkTask(task: unknown, subject: string): Call {
  if (typeof task === 'function') {
    throw new OptionError(
      `WorkerPool: ${subject} must be { module, name, args }, got a function; put it into a module, since workers cannot receive closures`,
    );
  }
  const { module, name, args = [] } = Object(task) as Partial<Task>;
  if (!(typeof module === 'string' || module instanceof URL) || typeof name !== 'string' || !Array.isArray(args)) {
    throw new OptionError(`WorkerPool: ${subject} must be { module, name, args }, got ${show(task)}`);
  }
  if (!URL.canParse(module)) {
    throw new OptionError(
      `WorkerPool: ${subject} must have the absolute URL of a module, such as new URL('./tasks.js', import.meta.url), got ${show(module)}`,
    );
  }
  return { module: String(module), name, args };
}

/** `fit in tasks.js` */
function describeTask(tasks: readonly Task[], index: number): string {
  const { module, name } = tasks[index]!;
  const url = new URL(module);
  return `${name} in ${url.protocol === 'data:' ? 'a data URL' : url.pathname.slice(url.pathname.lastIndexOf('/') + 1)}`;
}

/** What was thrown in the worker, as an error of its own class where that is known. */
function revive({ name, message, stack }: { name: string; message: string; stack: string }): Error {
  const known = [OptionError, ShapeError, DataError, TypeError, RangeError, SyntaxError, ReferenceError];
  const Class = known.find((candidate) => candidate.prototype.name === name);
  const error = Class === undefined ? new Error(message) : new Class(message);
  if (Class === undefined) Object.defineProperty(error, 'name', { value: name, configurable: true });
  Object.defineProperty(error, 'stack', { value: stack, configurable: true });
  return error;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
