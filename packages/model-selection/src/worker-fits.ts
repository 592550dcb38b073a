import { OptionError } from '@maru-ml/base';
import { isSparse, isTensor, type Label } from '@maru-ml/tensor';
import type { SearchFitAsyncOptions } from './search/options.ts';
import type { Params } from './search/parameters.ts';
import type { Plan } from './search/plan.ts';
import type { Data } from './validation/fits.ts';
import type { NamedScorer } from './validation/scorers.ts';

// The fits of a search on workers. Rows lie on shared memory; a worker makes the estimator by the module, takes the rows of the fold,
// fits, and answers with what scorers need: what the model predicts, for scorers that go by name and run here; or the scores themselves,
// for the model's own and for functions of the module.
//
// This file imports nothing of the package but types, so that bundlers can load it, and the pool of workers, apart from the rest.

/** A fit that is not finished. */
export interface WorkerFit {
  readonly params: Params;
  readonly candidate: number;
  readonly fold: number;
  /** How errors call it. */
  readonly place: string;
}

/** What a worker says of some rows. */
export interface Answer {
  readonly scores: Readonly<Record<string, number>>;
  readonly predict?: unknown;
  readonly predictProba?: unknown;
  readonly decisionFunction?: unknown;
}

export interface Reply {
  readonly test: Answer;
  readonly train: Answer | undefined;
  readonly classes: readonly Label[] | undefined;
  /** The class of the model, for errors. */
  readonly type: string;
  readonly fitTime: number;
  readonly scoreTime: number;
}

/** What is asked of a worker's model. */
interface Needs {
  /** Methods whose answers the scorers here take. */
  readonly methods: readonly string[];
  /** Whether its own score is one of the scores. */
  readonly own: boolean;
  /** The names of scores that are functions of the module. */
  readonly functions: readonly string[];
}

type Share = <A extends Float32Array | Float64Array | Int32Array>(array: A) => A;

/**
 * Has fits done by workers, and ends them.
 *
 * @param fits at least one @param module the URL of the factory's module
 * @param ownScorers whether functions among the scorers come from that module
 * @param take takes over the reply that `reply` gives, or the error that the fit threw there, and says whether to go on
 * @throws what `take` throws; TaskError for the fit whose worker died; the signal's reason
 */
export async function fitOnWorkers(
  { owner, data, splits, scorers, returnTrainScore }: Plan,
  fits: readonly WorkerFit[],
  module: string,
  ownScorers: boolean,
  { signal, workers = 1, workerUrl, searchWorkerUrl }: SearchFitAsyncOptions,
  take: (fit: WorkerFit, reply: () => Reply) => boolean,
): Promise<void> {
  const needs = needsOf(owner, scorers, ownScorers, workers);
  const { WorkerPool, TaskError, share } = await import('@maru-ml/base/workers');
  const shared = sharedData(data, share);
  const parts = splits.map(({ train, test }) => ({ train: share(train), test: share(test) }));
  const worker = searchWorkerUrl ?? new URL('../src/search-worker.js', import.meta.url);
  const size = Math.min(workers, fits.length);
  const pool = new WorkerPool({ size, ...(workerUrl !== undefined && { workerUrl }) });
  let [next, ended] = [0, false];

  const fitNext = async () => {
    while (next < fits.length && !ended) {
      const fit = fits[next++]!;
      const { params, candidate, fold, place } = fit;
      const task = { module, params, ...parts[fold], needs, returnTrainScore };
      const call = { module: worker, name: 'fitAndAnswer', args: [task, shared] };
      let reply: () => Reply;
      try {
        const came = await pool.run<Reply>(call, signal === undefined ? {} : { signal });
        reply = () => came;
      } catch (error) {
        if (ended) return;
        signal?.throwIfAborted();
        const cause = error instanceof TaskError ? error.cause : error;
        if (cause === undefined) {
          const why = /its worker died.*$/.exec((error as Error).message)?.[0] ?? (error as Error).message;
          throw new TaskError(`${place}: ${why}`, candidate * splits.length + fold);
        }
        if ((cause as Error).name === 'DataCloneError') {
          throw new OptionError(`${place}: workers cannot receive these parameters: ${(cause as Error).message}`);
        }
        reply = () => {
          throw cause;
        };
      }
      if (!ended && !take(fit, reply)) ended = true;
    }
  };
  try {
    signal?.throwIfAborted();
    // A stop by onProgress does not wait for the fits that are under way.
    await new Promise<void>((resolve, reject) => {
      let running = size;
      const done = () => {
        if (--running === 0 || ended) resolve();
      };
      for (let w = 0; w < size; w++) fitNext().then(done, reject);
    });
  } finally {
    ended = true;
    await pool.close();
  }
}

/** @throws OptionError for a function that no worker can receive */
function needsOf(owner: string, scorers: readonly NamedScorer[], ownScorers: boolean, workers: number): Needs {
  const functions = scorers.flatMap(([name, , need]) => (need === undefined ? name : []));
  if (functions.length > 0 && !ownScorers) {
    throw new OptionError(
      `${owner}: with ${workers} workers scoring must go by names, as workers cannot receive functions; export the function as scoring from the factory's module`,
    );
  }
  const methods = scorers.flatMap(([, , need]) => (need === undefined || need === 'score' ? [] : need));
  return { methods: [...new Set(methods)], own: scorers[0]![2] === 'score', functions };
}

/** Rows, targets and weights on shared memory as far as they are numbers; what is text is cloned. */
function sharedData({ x, y, weights }: Data, share: Share): object {
  return {
    x: sharedRows(x, share),
    y: y === null ? null : sharedTargets(y, share),
    weights: weights === undefined ? undefined : share(Float64Array.from(weights)),
  };
}

function sharedRows(x: unknown, share: Share): object {
  if (isTensor(x)) return { data: share(floats(x.toTypedArray())), shape: [...x.shape] };
  if (isSparse(x)) {
    const { data, indices, indptr, shape } = x;
    return { data: share(data), indices: share(indices), indptr, shape };
  }
  if (Array.isArray(x)) {
    const columns = (x[0] as ArrayLike<number> | undefined)?.length;
    const even = x.every((row) => typeof row === 'object' && row !== null && row.length === columns);
    // What is no table of numbers is left for the estimator to refuse, or is a list of texts.
    if (!even || !x.every((row) => Array.from(row as number[]).every((value) => typeof value === 'number')))
      return { list: x };
    const data = new Float64Array(x.length * columns!);
    for (const [i, row] of x.entries()) data.set(row as number[], i * columns!);
    return { data: share(data), shape: [x.length, columns] };
  }
  const { data, shape } = x as { data?: ArrayLike<number>; shape?: readonly number[] };
  if (data !== undefined && Array.isArray(shape)) return { data: share(floats(data)), shape: [...shape] };
  const columns = Object.entries(x as Record<string, Float64Array | unknown[]>).map(([name, column]) => {
    return [name, column instanceof Float64Array ? share(column) : column];
  });
  return { columns: Object.fromEntries(columns) };
}

function floats(data: ArrayLike<number>): Float32Array | Float64Array {
  return data instanceof Float32Array || data instanceof Float64Array ? data : Float64Array.from(data);
}

function sharedTargets(y: ArrayLike<Label>, share: Share): object {
  const all = Array.from(y);
  if (all.every((value) => typeof value === 'number')) return { numbers: share(Float64Array.from(all)) };
  const labels = [...new Set(all)];
  const places = new Map(labels.map((label, place) => [label, place]));
  return { labels, codes: share(Int32Array.from(all, (label) => places.get(label)!)) };
}
