import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Contender, Ready } from './row.ts';

/** Seconds that an answer may take. */
const LIMIT = 90;

const script = fileURLToPath(new URL('../python/bench.py', import.meta.url));

/** Where Python's libraries are looked for: Debian's own first. */
function pythonPath(): string {
  return existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
}

/** One thread, and AVX2 for NumPy, as on the machines that people have. */
export const ONE_THREAD = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  OPENBLAS_CORETYPE: 'Haswell',
  MARU_THREADS: '1',
};

/** What to start for one request that stands alone. */
export function pythonCommand(...args: string[]): [string, string[]] {
  return [pythonPath(), ['-B', script, ...args]];
}

/**
 * Python beside us: a process that sets rows up, runs them and tells the milliseconds that it took itself, a line of JSON each
 * way.
 */
class Python {
  readonly #env: Record<string, string>;
  #process: ChildProcess | null = null;
  #waiting: ((line: string) => void)[] = [];

  constructor(env: Record<string, string>) {
    this.#env = env;
  }

  async ask<T>(request: object): Promise<T> {
    if (this.#process === null) this.#start();
    const line = await new Promise<string>((resolve) => {
      const timer = setTimeout(() => {
        this.end();
        resolve(JSON.stringify({ error: `took more than ${LIMIT} s` }));
      }, LIMIT * 1000);
      this.#waiting.push((answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.#process!.stdin!.write(`${JSON.stringify(request)}\n`);
    });
    const answer = JSON.parse(line) as T & { error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  end(): void {
    this.#waiting = [];
    this.#process?.kill('SIGKILL');
    this.#process = null;
  }

  #start(): void {
    const own = spawn(pythonPath(), ['-B', script], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, ...this.#env },
    });
    this.#process = own;
    const fail = (message: string) => {
      if (this.#process !== own) return;
      for (const resolve of this.#waiting.splice(0)) resolve(JSON.stringify({ error: message }));
      this.#process = null;
    };
    own.on('error', () => fail('Python is not there'));
    own.on('exit', () => fail('Python ended'));
    own.stdin!.on('error', () => {});
    createInterface({ input: own.stdout! }).on('line', (line) => {
      if (this.#process === own) this.#waiting.shift()?.(line);
    });
  }
}

/** On one thread, and as it comes: all threads, and whatever the processor has. */
const pythons: { readonly one: Python; readonly shipped: Python } = {
  one: new Python(ONE_THREAD),
  shipped: new Python({}),
};

export function endPythons(): void {
  pythons.one.end();
  pythons.shipped.end();
}

function contender(name: string, row: string, python: Python, side: 'python' | 'shipped'): Contender {
  return {
    name,
    side,
    setUp: async (): Promise<Ready> => {
      await python.ask({ setup: row });
      return {
        run: () => python.ask({ run: row }),
        answer: async () => (await python.ask<{ answer: number[] }>({ answer: row })).answer,
        end: () => void python.ask({ end: row }).catch(() => {}),
      };
    },
  };
}

/** A row of `python/bench.py`, on one thread and as shipped. */
export function inPython(name: string, row: string): [Contender, Contender] {
  return [
    contender(name, row, pythons.one, 'python'),
    contender(`${name} as shipped`, row, pythons.shipped, 'shipped'),
  ];
}
