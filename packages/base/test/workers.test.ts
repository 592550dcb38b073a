/** @module-tag node */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expectError } from '@maru-ml/tooling/testing';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { OptionError, type Progress, ShapeError } from '../src/index.ts';
import { canShareMemory, type RunOptions, share, type Task, TaskError, WorkerPool } from '../src/workers.ts';

const module = new URL('./fixtures/tasks.js', import.meta.url);
const task = (name: string, ...args: unknown[]): Task => ({ module, name, args });

const pools: WorkerPool[] = [];
function pool(size?: number): WorkerPool {
  const made = new WorkerPool(size === undefined ? {} : { size });
  pools.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(pools.splice(0).map((open) => open.close()));
});

/** What a promise is rejected with. */
async function caught(promise: Promise<unknown>): Promise<TaskError> {
  try {
    await promise;
  } catch (error) {
    return error as TaskError;
  }
  throw new Error('nothing was thrown');
}

describe('WorkerPool, results', () => {
  it('runs one task, several at once and none', async () => {
    const workers = pool(2);
    expect(await workers.run(task('square', 7))).toBe(49);
    expect(await workers.map([])).toEqual([]);
    const [a, b] = await Promise.all([workers.run(task('square', 2)), workers.map([task('square', 3)])]);
    expect([a, b]).toEqual([4, [9]]);
  });

  for (const size of [1, 2, 4]) {
    it(`gives results in the order of the tasks with ${size} workers, though later ones end first`, async () => {
      const tasks = Array.from({ length: 8 }, (_, i) => task('later', i, (8 - i) * 3));
      expect(await pool(size).map(tasks)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    });

    it(`gives each task the default stream of a fresh program with ${size} workers`, async () => {
      expect(await pool(size).map(Array.from({ length: 6 }, () => task('draws')))).toEqual([1, 1, 1, 1, 1, 1]);
    });
  }

  it('uses as many workers as it may, and the same ones again', async () => {
    const workers = pool(2);
    const threads = async () => new Set(await workers.map(Array.from({ length: 6 }, () => task('thread'))));
    const first = await threads();
    const second = await threads();
    expect(first.size).toBeLessThanOrEqual(2);
    expect(new Set([...first, ...second]).size).toBeLessThanOrEqual(2);
    expect(pool().size).toBeGreaterThanOrEqual(1);
  });

  it('takes the module as a text and as a data URL', async () => {
    expect(await pool(1).run({ module: module.href, name: 'square', args: [3] })).toBe(9);
    expect(await pool(1).run({ module: 'data:text/javascript,export const one = () => 1', name: 'one' })).toBe(1);
  });

  it('takes a moved entry file', async () => {
    const workerUrl = new URL('../src/worker.js', import.meta.url);
    const workers = new WorkerPool({ size: 1, workerUrl });
    pools.push(workers);
    expect(await workers.run(task('square', 3))).toBe(9);
  });

  it('shares memory, and clones what is not shared', async () => {
    expect(canShareMemory()).toBe(true);
    const own = new Float64Array([1, 2, 3]);
    const shared = share(own);
    expect([...shared]).toEqual([1, 2, 3]);
    expect(share(shared)).toBe(shared);
    expect(await pool(1).run(task('fill', shared, 5))).toBe(true);
    expect([...shared]).toEqual([5, 5, 5]);
    expect(await pool(1).run(task('fill', own, 5))).toBe(false);
    expect([...own]).toEqual([1, 2, 3]);
    expect(share(new Uint8Array([1]))).toBeInstanceOf(Uint8Array);
  });
});

describe('WorkerPool, progress and the calling thread', () => {
  it('tells of progress with the task that makes it', async () => {
    const seen: [Progress, number][] = [];
    const onProgress = (progress: Progress, index: number) => void seen.push([progress, index]);
    expect(await pool(1).map([task('steps', 2), task('steps', 1)], { onProgress })).toEqual([2, 1]);
    expect(seen).toEqual([
      [{ step: 1, total: 2, unit: 'step', metrics: { step: 1 } }, 0],
      [{ step: 2, total: 2, unit: 'step', metrics: { step: 2 } }, 0],
      [{ step: 1, total: 1, unit: 'step', metrics: { step: 1 } }, 1],
    ]);
  });

  it('rejects with what onProgress throws, and ends the task', async () => {
    const onProgress = () => {
      throw new RangeError('mine');
    };
    await expectError(() => pool(1).run(task('steps', 3), { onProgress }), RangeError, 'mine');
  });

  it('leaves the calling thread free while a task holds its own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'maru-'));
    try {
      const promise = pool(1).run(task('spinUntil', join(folder, 'go')));
      // Only a turn of this thread's event loop can end the task.
      setTimeout(() => writeFileSync(join(folder, 'go'), ''), 30);
      expect(await promise).toBe('seen');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('WorkerPool, failures', () => {
  const fails = (workers: WorkerPool, tasks: Task[], message: string) =>
    expectError(() => workers.map(tasks), TaskError, message);

  it('names the task that throws, and keeps what it threw', async () => {
    const error = await caught(pool(2).map([task('square', 1), task('fail', 'out of range')]));
    expect(error).toBeInstanceOf(TaskError);
    expect(error.message).toBe('WorkerPool: task 1 (fail in tasks.js) threw RangeError: out of range');
    expect(error.index).toBe(1);
    expect(error.cause).toBeInstanceOf(RangeError);
    const cause = error.cause as Error;
    expect(cause.message).toBe('out of range');
    expect(cause.stack).toContain('tasks.js');
  });

  it('gives errors of Maru their class, and others their name', async () => {
    const shape = await caught(pool(1).run(task('failAs', 'ShapeError', 'matmul: no')));
    expect(shape.message).toBe('WorkerPool: failAs in tasks.js threw ShapeError: matmul: no');
    expect(shape.cause).toBeInstanceOf(ShapeError);
    const custom = await caught(pool(1).run(task('failAs', 'MyError', 'mine')));
    expect(String(custom.cause)).toBe('MyError: mine');
    await fails(pool(1), [task('failWithText')], 'WorkerPool: task 0 (failWithText in tasks.js) threw just a text');
  });

  it('goes on after a failure', async () => {
    const workers = pool(1);
    await fails(workers, [task('fail', 'a')], 'WorkerPool: task 0 (fail in tasks.js) threw RangeError: a');
    await fails(workers, [task('exit', 3)], 'WorkerPool: task 0 (exit in tasks.js): its worker died (exit code 3)');
    expect(await workers.run(task('square', 4))).toBe(16);
  });

  it('names the task whose worker dies, within a second', async () => {
    const workers = pool(2);
    const died = 'WorkerPool: task 1 (exit in tasks.js): its worker died (exit code 7)';
    const begin = performance.now();
    await fails(workers, [task('square', 1), task('exit', 7)], died);
    expect(performance.now() - begin).toBeLessThan(1000);
    const later = 'WorkerPool: task 0 (failLater in tasks.js): its worker died (nobody waits for me)';
    await fails(workers, [task('failLater')], later);
  });

  it('ends the other tasks when one fails', async () => {
    const workers = pool(2);
    const message = 'WorkerPool: task 1 (fail in tasks.js) threw RangeError: a';
    await fails(workers, [task('spin'), task('fail', 'a'), task('spin')], message);
    expect(await workers.map([task('square', 2), task('square', 3)])).toEqual([4, 9]);
  });

  it('names what cannot be cloned or found', async () => {
    await fails(
      pool(1),
      [task('square', () => 1)],
      'WorkerPool: task 0 (square in tasks.js): its arguments cannot be cloned: () => 1 could not be cloned.',
    );
    await fails(
      pool(1),
      [task('uncloneable')],
      'WorkerPool: task 0 (uncloneable in tasks.js) threw DataCloneError: () => 1 could not be cloned.',
    );
    for (const name of ['missing', 'notAFunction']) {
      await fails(
        pool(1),
        [task(name)],
        `WorkerPool: task 0 (${name} in tasks.js) threw TypeError: the module exports no function ${name}`,
      );
    }
    const gone = { module: new URL('./fixtures/gone.js', import.meta.url), name: 'square' };
    const error = await caught(pool(1).run(gone));
    expect(error.message).toMatch(/^WorkerPool: square in gone\.js threw Error: Cannot find module/);
  });

  it('names an entry file that is not there', async () => {
    const workers = new WorkerPool({ size: 1, workerUrl: new URL('./gone.js', import.meta.url) });
    const error = await caught(workers.run(task('square', 1)));
    expect(error.message).toMatch(/^WorkerPool: square in tasks\.js: its worker died \(Cannot find module/);
    await workers.close();
  });
});

describe('WorkerPool, misuse', () => {
  const refuses = (run: () => unknown, message: string) => expectError(run, OptionError, message);

  it('refuses impossible sizes and unknown options', async () => {
    refuses(() => new WorkerPool({ size: 0 }), 'WorkerPool: size must be an integer ≥ 1, got 0');
    refuses(
      () => new WorkerPool({ threads: 2 } as never),
      'WorkerPool: there is no option threads, only size and workerUrl',
    );
    await refuses(
      () => pool(1).map([], { onprogress: () => {} } as RunOptions),
      'WorkerPool: there is no option onprogress, only signal and onProgress',
    );
  });

  it('refuses closures and modules without a full address', async () => {
    await refuses(
      () => pool(1).run((() => 1) as never),
      'WorkerPool: the task must be { module, name, args }, got a function; put it into a module, since workers cannot receive closures',
    );
    await refuses(
      () => pool(1).map([task('square', 1), { module: './tasks.js', name: 'square' }]),
      "WorkerPool: tasks[1] must have the absolute URL of a module, such as new URL('./tasks.js', import.meta.url), got './tasks.js'",
    );
    await refuses(
      () => pool(1).run({ module, name: 'square', args: 3 } as never),
      'WorkerPool: the task must be { module, name, args }, got an object',
    );
    await refuses(() => pool(1).map(task('square', 1) as never), 'WorkerPool: tasks must be an array, got an object');
  });

  it('refuses tasks once it is closed, and rejects those that ran', async () => {
    const workers = pool(1);
    const running = workers.run(task('spin'));
    const waiting = workers.run(task('square', 1));
    const rejected = Promise.all([
      expectError(() => running, TaskError, 'WorkerPool: the pool was closed before spin in tasks.js had ended'),
      expectError(() => waiting, TaskError, 'WorkerPool: the pool was closed before square in tasks.js had ended'),
    ]);
    await workers.close();
    await rejected;
    await workers.close();
    await refuses(() => workers.run(task('square', 1)), 'WorkerPool: the pool is closed; make another one');
  });
});

describe('WorkerPool, abort', () => {
  it('is answered though all workers are in endless loops, and can be used again', async () => {
    const workers = pool(2);
    expect(await workers.map([task('thread'), task('thread')])).toHaveLength(2);
    const controller = new AbortController();
    const reason = new Error('enough');
    const promise = workers.map([task('spin'), task('spin'), task('spin')], { signal: controller.signal });
    let aborted = 0;
    setTimeout(() => {
      aborted = performance.now();
      controller.abort(reason);
    }, 50);
    await expect(promise).rejects.toBe(reason);
    expect(performance.now() - aborted).toBeLessThan(1000); // some 10 ms where nothing else runs
    expect(await workers.map([task('square', 2), task('square', 3)])).toEqual([4, 9]);
  });

  it('leaves the tasks of other calls alone', async () => {
    const workers = pool(2);
    const controller = new AbortController();
    const spinning = workers.run(task('spin'), { signal: controller.signal });
    const other = workers.run(task('later', 'done', 40));
    setTimeout(() => controller.abort(), 10);
    await expect(spinning).rejects.toMatchObject({ name: 'AbortError' });
    expect(await other).toBe('done');
  });

  it('starts nothing when the signal was aborted before', async () => {
    const signal = AbortSignal.abort(new Error('never'));
    await expectError(() => pool(1).run(task('spin'), { signal }), Error, 'never');
  });
});

describe('WorkerPool, in a program of its own', () => {
  const run = promisify(execFile);
  const folder = mkdtempSync(join(tmpdir(), 'maru-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs a program that gets `workers`, a `WorkerPool` of the sources compiled to plain JavaScript. */
  async function program(lines: string): Promise<string> {
    const { build } = await import('esbuild');
    const compiled = join(folder, 'workers.mjs');
    const entryPoints = [fileURLToPath(new URL('../src/workers.ts', import.meta.url))];
    await build({ entryPoints, bundle: true, format: 'esm', outfile: compiled });
    const entry = new URL('../src/worker.js', import.meta.url).href;
    const head = `import { WorkerPool } from './workers.mjs';
      const workers = new WorkerPool({ size: 2, workerUrl: ${JSON.stringify(entry)} });
      const task = (name, ...args) => ({ module: ${JSON.stringify(module.href)}, name, args });\n`;
    writeFileSync(join(folder, 'program.mjs'), head + lines);
    const { stdout } = await run(process.execPath, [join(folder, 'program.mjs')], { timeout: 10_000 });
    return stdout;
  }

  it('waits for its tasks, then ends by itself without close()', async () => {
    expect(await program(`console.log(await workers.map([task('later', 'a', 100), task('square', 3)]));`)).toBe(
      "[ 'a', 9 ]\n",
    );
  });

  it('has nothing left running after an abort', async () => {
    const lines = `
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error('enough')), 50);
      await workers.map([task('spin'), task('spin')], { signal: controller.signal }).catch((e) => console.log(e.message));`;
    expect(await program(lines)).toBe('enough\n');
  });
});
