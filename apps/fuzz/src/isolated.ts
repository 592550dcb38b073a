import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tally } from './cases.ts';

/** A part of the cases of a reader. */
export interface Task {
  reader: string;
  seed: number;
  from: number;
  to: number;
}

/** What a case may take before it counts as hung, in milliseconds; other programs may be running too. */
const PATIENCE = 60_000;
/** What the heap of the process may hold, in MB. */
const HEAP = 512;
/** How many cases are run at a time: as many are run again after a crash. */
const PART = 5000;

/** Runs cases in a process of their own, so that one that hangs, or takes all memory, ends nothing but that process. */
export class IsolatedRunner {
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'maru-fuzz-'));
  #child: Promise<ChildProcess> | null = null;

  /** Runs the cases; those that hang or end the process are problems. */
  async run({ reader, seed, from, to }: Task, onCase: (i: number) => void = () => {}): Promise<Tally> {
    const all: Tally = { cases: to - from, refused: 0, accepted: 0, problems: [] };
    const add = ({ refused, accepted, problems }: Tally) => {
      all.refused += refused;
      all.accepted += accepted;
      all.problems.push(...problems);
    };
    for (let next = from; next < to; ) {
      const end = Math.min(to, next + PART);
      const came = await this.#part({ reader, seed, from: next, to: end }, onCase);
      if (typeof came !== 'string') {
        add(came);
        next = end;
        continue;
      }
      // What was found before the crash is lost, so those cases run again.
      const i = this.#running();
      const before = i === next ? null : await this.#part({ reader, seed, from: next, to: i }, onCase);
      if (typeof before === 'string') throw new Error(`cases ${next} to ${i} of ${reader} do not repeat: ${before}`);
      if (before !== null) add(before);
      all.problems.push({ reader, seed, i, message: came, given: '' });
      next = i + 1;
    }
    return all;
  }

  async close(): Promise<void> {
    (await this.#child)?.kill();
    rmSync(this.#folder, { recursive: true });
  }

  get #file(): string {
    return join(this.#folder, 'running');
  }

  /** The case that was last begun. */
  #running(): number {
    return readFileSync(this.#file).readInt32LE();
  }

  /** What came of a task, or how the process ended. */
  async #part(task: Task, onCase: (i: number) => void): Promise<Tally | string> {
    writeFileSync(this.#file, Uint8Array.from(new Uint8Array(Int32Array.of(task.from).buffer)));
    this.#child ??= this.#start();
    const child = await this.#child;
    return new Promise((resolve) => {
      let last = task.from;
      let since = Date.now();
      const end = (result: Tally | string) => {
        clearInterval(watch);
        child.removeAllListeners();
        if (typeof result === 'string') this.#child = null;
        resolve(result);
      };
      const watch = setInterval(() => {
        const now = this.#running();
        onCase(now);
        if (now !== last) [last, since] = [now, Date.now()];
        else if (Date.now() - since > PATIENCE) {
          child.removeAllListeners('exit');
          child.once('exit', () => end(`it did not end within ${PATIENCE / 1000} seconds`));
          child.kill('SIGKILL');
        }
      }, 200);
      child.once('message', (tally) => end(tally as Tally));
      child.once('exit', (code, signal) =>
        end(`it ended the process (${signal ?? `code ${code}`}), as it took too much memory or worse`),
      );
      child.send(task);
    });
  }

  /** A process that has made its valid files. */
  #start(): Promise<ChildProcess> {
    const child = fork(fileURLToPath(new URL('./child.js', import.meta.url)), [this.#file], {
      execArgv: ['--enable-source-maps', `--max-old-space-size=${HEAP}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    return new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the process that reads the files ended with code ${code}`)));
      child.once('message', () => {
        child.removeAllListeners();
        resolve(child);
      });
    });
  }
}
