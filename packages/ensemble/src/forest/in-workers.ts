import type { OnProgress, RandomState } from '@maru-ml/base';
import { canShareMemory, share, WorkerPool } from '@maru-ml/base/workers';
import { Tree, type TreeArrays, type TreeData, type TreeTarget } from '@maru-ml/tree/grow';
import type { ForestJob } from './job.ts';

export interface InWorkers {
  workers: number;
  workerUrl: string | URL | undefined;
  signal: AbortSignal | undefined;
  onProgress: OnProgress | undefined;
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
  const sent = canShareMemory() ? shared(job) : job;
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
  return (whole < 0 ? grown : grown.slice(0, whole)).flatMap((trees) => trees!.map((arrays) => new Tree(arrays)));
}

/** The job with its large arrays in memory that workers see without copying. */
function shared(job: ForestJob): ForestJob {
  const { data, target, weights } = job;
  const sharedData: TreeData = {
    ...data,
    x: share(data.x),
    order: share(data.order),
    places: share(data.places),
    categorical: data.categorical === null ? null : share(data.categorical),
  };
  const sharedTarget: TreeTarget =
    target.kind === 'classes' ? { ...target, codes: share(target.codes) } : { ...target, y: share(target.y) };
  return { ...job, data: sharedData, target: sharedTarget, weights: weights === null ? null : share(weights) };
}
