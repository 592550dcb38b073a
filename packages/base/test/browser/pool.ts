import { Random } from '../../src/index.ts';
import { canShareMemory, share, type Task, type TaskError, WorkerPool } from '../../src/workers.ts';

/** What a page sees of the worker pool and of random numbers. */
export async function run(): Promise<Record<string, unknown>> {
  const module = new URL('/tasks.js', location.href);
  const task = (name: string, ...args: unknown[]): Task => ({ module, name, args });
  const pool = new WorkerPool({ size: 2, workerUrl: '/worker.js' });
  const found: Record<string, unknown> = { canShareMemory: canShareMemory() };

  found.results = await pool.map([task('later', 'a', 30), task('square', 3), task('square', 4)]);
  const shared = share(new Float64Array([1, 2]));
  await pool.run(task('fill', shared, 5));
  found.shared = [...shared];
  const progress: unknown[] = [];
  await pool.run(task('steps', 2), { onProgress: ({ step }) => void progress.push(step) });
  found.progress = progress;

  found.thrown = await message(pool.run(task('fail', 'out of range')));
  found.died = await message(pool.run(task('failLater')));
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('enough')), 50);
  found.aborted = await message(pool.map([task('spin'), task('spin'), task('spin')], { signal: controller.signal }));
  found.after = await pool.map([task('square', 5), task('square', 6)]);
  const lost = new WorkerPool({ size: 1, workerUrl: '/gone.js' });
  found.lost = await message(lost.run(task('square', 1)));
  await pool.close();

  const random = new Random(7);
  found.random = [random.uniform(), random.normal(), random.normal(), random.fork().uint32()];
  return found;
}

async function message(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing was thrown',
    (error: TaskError) => error.message,
  );
}
