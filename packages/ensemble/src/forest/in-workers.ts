import type { OnProgress, RandomState } from '@maru-ml/base';
import { share, WorkerPool } from '@maru-ml/base/workers';
import { type Tree, type TreeArrays, treeOf } from '@maru-ml/tree/grow';
import type { ForestJob } from './job.ts';

export interface InWorkers {
  workers: number;
  workerUrl?: string | URL;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/** Chunks of trees for each worker, so that none waits long for the others. */
const CHUNKS = 4;

/**
 * Grows a tree for each state in worker threads; a tree depends on its state alone. If `onProgress` returns false, the trees that are
 * grown already are kept, from the first on without a gap.
 */
export async function growInWorkers(
  job: ForestJob,
  states: readonly RandomState[],
  { workers, workerUrl, signal, onProgress }: InWorkers,
): Promise<Tree[]> {
  signal?.throwIfAborted();
  const size = Math.max(1, Math.ceil(states.length / (workers * CHUNKS)));
  const chunks = Array.from({ length: Math.ceil(states.length / size) }, (_, i) =>
    states.slice(i * size, (i + 1) * size),
  );
  const sent = shared(job);
  const module = workerUrl ?? new URL('./worker.js', import.meta.url);
  const pool = new WorkerPool({ size: Math.min(workers, chunks.length) });
  const stop = new AbortController();
  const signals = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const grown: (TreeArrays[] | undefined)[] = chunks.map(() => undefined);
  let [step, stopped] = [0, false];
  const tell = () => {
    step++;
    const goOn = stopped || onProgress?.({ step, total: states.length, unit: 'tree', metrics: {} });
    if (goOn === false) stopped = true;
    // A model needs a tree.
    if (stopped && grown[0] !== undefined) stop.abort();
  };
  const run = async (chunk: readonly RandomState[], i: number) => {
    const task = { module: new URL(module), name: 'growTrees', args: [sent, chunk] };
    grown[i] = await pool.run<TreeArrays[]>(task, { signal: signals, onProgress: tell });
    if (stopped && grown[0] !== undefined) stop.abort();
  };
  try {
    await Promise.all(chunks.map(run));
  } catch (error) {
    if (!stop.signal.aborted || signal?.aborted) throw error;
  } finally {
    await pool.close();
  }
  const whole = grown.indexOf(undefined);
  return (whole < 0 ? grown : grown.slice(0, whole)).flatMap((trees) => trees!.map(treeOf));
}

/** A value whose arrays are in memory that workers see without copying, where there is such memory. */
function shared(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return share(value as Float64Array);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shared(part)]));
}
