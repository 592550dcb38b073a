import { OptionError } from '@maru-ml/base';
import { isSparse, isTensor, type Label } from '@maru-ml/tensor';
import { takeItems } from './rows.ts';
import type { SearchFitAsyncOptions } from './search/options.ts';
import { showParams } from './search/parameters.ts';
import { failed, named, type Plan, progressOf } from './search/plan.ts';
import type { FitScores } from './search/search-state.ts';
import type { Split } from './splits/split.ts';
import type { Data } from './validation/fits.ts';
import { score } from './validation/score-steps.ts';
import { type AnyScorer, needOf } from './validation/scorers.ts';

// The fits of a search on workers. Rows lie on shared memory; a worker makes the estimator by the module, takes the rows of the fold,
// fits, and answers with what scorers need: what the model predicts, for scorers that go by name and run here; or the scores themselves,
// for the model's own and for functions of the module.

/** What a worker says of some rows. */
interface Answer {
  readonly scores: Readonly<Record<string, number>>;
  readonly predict?: unknown;
  readonly predictProba?: unknown;
  readonly decisionFunction?: unknown;
}

interface Reply {
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
 * Fits what is not finished on workers, and ends them.
 *
 * @param scoring the scoring of the search, or that which the module exports
 * @throws what a fit throws, in the search's name; TaskError for the fit whose worker died; the signal's reason
 */
export async function fitOnWorkers(
  plan: Plan,
  module: string,
  scoring: { readonly given: unknown; readonly own: boolean },
  workers: number,
  { signal, onProgress, workerUrl, searchWorkerUrl }: SearchFitAsyncOptions,
): Promise<void> {
  const { owner, points, splits, finished, returnTrainScore } = plan;
  const todo = points.flatMap((params, candidate) =>
    splits.flatMap((split, fold) => (finished.get(candidate, fold) ? [] : { params, candidate, split, fold })),
  );
  if (todo.length === 0) return;
  const needs = needsOf(owner, scoring.given, scoring.own, workers);
  const { WorkerPool, TaskError, share } = await import('@maru-ml/base/workers');
  const shared = sharedData(plan.data, share);
  const parts = splits.map(({ train, test }) => ({ train: share(train), test: share(test) }));
  const worker = searchWorkerUrl ?? new URL('../src/search-worker.js', import.meta.url);
  const size = Math.min(workers, todo.length);
  const pool = new WorkerPool({ size, ...(workerUrl !== undefined && { workerUrl }) });
  const abort = new AbortController();
  const onAbort = () => abort.abort(signal!.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  let [next, ended] = [0, false];

  const fitNext = async () => {
    while (next < todo.length && !ended) {
      const { params, candidate, split, fold } = todo[next++]!;
      const task = { module, params, ...parts[fold], needs, returnTrainScore };
      const call = { module: worker, name: 'fitAndAnswer', args: [task, shared] };
      let found: FitScores;
      try {
        found = scored(plan, await pool.run<Reply>(call, { signal: abort.signal }), split);
      } catch (error) {
        if (ended) return;
        abort.signal.throwIfAborted();
        const cause = error instanceof TaskError ? error.cause : error;
        const place = `${owner}: ${showParams(params)}, fold ${fold}`;
        if (cause === undefined) {
          const why = /its worker died.*$/.exec((error as Error).message)?.[0] ?? (error as Error).message;
          throw new TaskError(`${place}: ${why}`, candidate * splits.length + fold);
        }
        if ((cause as Error).name === 'DataCloneError') {
          throw new OptionError(`${place}: workers cannot receive these parameters: ${(cause as Error).message}`);
        }
        found = failed(plan, params, fold, cause, 0);
      }
      if (ended) return;
      finished.set(candidate, fold, found);
      if (onProgress?.(progressOf(plan, found)) === false) ended = true;
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
    signal?.removeEventListener('abort', onAbort);
    await pool.close();
  }
}

/** @throws OptionError for a function that no worker can receive */
function needsOf(owner: string, scoring: unknown, own: boolean, workers: number): Needs {
  if (scoring === undefined) return { methods: [], own: true, functions: [] };
  const named: [string, unknown][] =
    typeof scoring === 'object' && !Array.isArray(scoring)
      ? Object.entries(scoring as object)
      : [scoring].flat().map((name) => [typeof name === 'function' ? 'score' : String(name), name]);
  const functions = named.flatMap(([name, scorer]) => (typeof scorer === 'function' ? name : []));
  if (functions.length > 0 && own) {
    throw new OptionError(
      `${owner}: with ${workers} workers scoring must go by names, as workers cannot receive functions; export the function as scoring from the factory's module`,
    );
  }
  const methods = named.flatMap(([, scorer]) => (typeof scorer === 'function' ? [] : needOf(String(scorer))));
  return { methods: [...new Set(methods)], own: false, functions };
}

/** The scores that go with a worker's answers. */
function scored(plan: Plan, reply: Reply, { train, test }: Split): FitScores {
  const { owner, scorers, data } = plan;
  const start = performance.now();
  const scores = (answer: Answer, rows: Int32Array) => {
    const { scores: found, ...answers } = answer;
    const model = Object.fromEntries(Object.entries(answers).map(([method, value]) => [method, () => value]));
    const here = scorers.map(([name, scorer]): [string, AnyScorer] => {
      return [name, name in found ? () => found[name]! : scorer];
    });
    const y = data.y === null ? null : takeItems(data.y, rows);
    return named(
      scorers,
      score(owner, here, { ...model, classes: reply.classes, constructor: { name: reply.type } } as never, null, y),
    );
  };
  return {
    test: scores(reply.test, test),
    train: reply.train === undefined ? undefined : scores(reply.train, train),
    fitTime: reply.fitTime,
    scoreTime: reply.scoreTime + performance.now() - start,
    error: undefined,
  };
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
