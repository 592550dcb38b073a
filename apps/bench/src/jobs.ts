/** Sends jobs to the process that measures, and starts another where one of them ends it. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Job } from './child.ts';

const script = fileURLToPath(new URL('./child.js', import.meta.url));

export class Jobs {
  #child: ChildProcess | null = null;

  /** What the job found, or why it found nothing. */
  async run<T>(job: Job, seconds: number): Promise<{ done: T } | { failed: string }> {
    this.#child ??= fork(script, {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: ['--expose-gc', '--max-old-space-size=6000'],
      detached: true,
    });
    const child = this.#child;
    const answer = await new Promise<{ done: T } | { failed: string }>((resolve) => {
      const timer = setTimeout(() => resolve({ failed: `took more than ${seconds} s` }), seconds * 1000);
      const finish = (result: { done: T } | { failed: string }) => {
        clearTimeout(timer);
        child.off('message', finish).off('exit', ended);
        resolve(result);
      };
      const ended = (code: number | null, signal: string | null) => {
        this.#child = null;
        finish({ failed: `the process ended (${signal ?? code})` });
      };
      child.on('message', finish).on('exit', ended);
      child.send(job);
    });
    if ('failed' in answer) this.end();
    return answer;
  }

  /** Ends the process and what it started. */
  end(): void {
    if (this.#child?.pid !== undefined) {
      try {
        process.kill(-this.#child.pid, 'SIGKILL');
      } catch {
        this.#child.kill('SIGKILL');
      }
    }
    this.#child = null;
  }
}
