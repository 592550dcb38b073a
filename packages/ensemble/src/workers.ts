import { checkInteger, checkKnown, type OnProgress, type RandomState } from '@maru-ml/base';
import { canShareMemory, share, WorkerPool } from '@maru-ml/base/workers';
import { Tree, type TreeArrays, type TreeData, type TreeTarget } from '@maru-ml/tree/grow';
import type { ForestJob } from './forest/job.ts';

export interface ForestWorkersOptions {
  /** How many threads grow trees; the number of processors. */
  size?: number;
  /** Where the file behind `@maru-ml/ensemble/worker` lies, if a bundler has moved it; beside this module. */
  workerUrl?: string | URL;
}

/** Chunks of trees for each worker, so that none waits long for the others. */
const CHUNKS = 4;

/**
 * Threads that grow a forest: `forest.fitAsync(x, y, { workers: new ForestWorkers({ size: 4 }) })`. They start with each fit and end with it.
 * The model does not depend on them. They are an export of their own, so that forests without them go without their code.
 */
export class ForestWorkers {
  readonly size: number | undefined;
  readonly workerUrl: string | URL | undefined;

  /** @throws OptionError if `size` is not an integer ≥ 1 */
  constructor({ size, workerUrl, ...unknown }: ForestWorkersOptions = {}) {
    checkKnown('ForestWorkers', unknown, ['size', 'workerUrl']);
    this.size = size === undefined ? undefined : checkInteger('ForestWorkers', 'size', size, { min: 1 });
    this.workerUrl = workerUrl;
  }

  /**
   * Grows a tree for each state; a tree depends on its state alone. If `onProgress` returns false, the trees that are grown already are
   * kept, from the first on without a gap.
   * @internal
   */
  async grow(
    job: ForestJob,
    states: readonly RandomState[],
    signal: AbortSignal | undefined,
    onProgress: OnProgress | undefined,
  ): Promise<Tree[]> {
    signal?.throwIfAborted();
    const pool = new WorkerPool(this.size === undefined ? {} : { size: this.size });
    const length = Math.max(1, Math.ceil(states.length / (pool.size * CHUNKS)));
    const chunks = Array.from({ length: Math.ceil(states.length / length) }, (_, i) =>
      states.slice(i * length, (i + 1) * length),
    );
    const sent = canShareMemory() ? shared(job) : job;
    const module = this.workerUrl ?? new URL('./worker.js', import.meta.url);
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
