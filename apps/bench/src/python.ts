import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Contender, Ready } from './row.ts';

/**
 * Python beside us, on one thread: a process that sets rows up, runs them and tells the milliseconds that it took itself,
 * a line of JSON each way.
 */
class Python {
  #process: ChildProcess | null = null;
  #waiting: ((line: string) => void)[] = [];

  async ask<T>(request: object): Promise<T> {
    if (this.#process === null) this.#start();
    const line = await new Promise<string>((resolve) => {
      this.#waiting.push(resolve);
      this.#process!.stdin!.write(`${JSON.stringify(request)}\n`);
    });
    const answer = JSON.parse(line) as T & { error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  end(): void {
    this.#process?.kill();
    this.#process = null;
  }

  #start(): void {
    const executable = ['/usr/bin/python3', 'python3'].find((path) => !path.startsWith('/') || existsSync(path))!;
    // AVX2 for NumPy, as for the machines that people have.
    const threads = {
      OMP_NUM_THREADS: '1',
      OPENBLAS_NUM_THREADS: '1',
      MKL_NUM_THREADS: '1',
      OPENBLAS_CORETYPE: 'Haswell',
    };
    const script = fileURLToPath(new URL('../src/bench.py', import.meta.url));
    this.#process = spawn(executable, [script], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, ...threads },
    });
    const fail = (message: string) => {
      for (const resolve of this.#waiting.splice(0)) resolve(JSON.stringify({ error: message }));
      this.#process = null;
    };
    this.#process.on('error', () => fail('Python is not there'));
    this.#process.on('exit', () => fail('Python ended'));
    this.#process.stdin!.on('error', () => {});
    createInterface({ input: this.#process.stdout! }).on('line', (line) => this.#waiting.shift()?.(line));
  }
}

export const python: Python = new Python();

/** A row of `bench.py`. */
export function inPython(name: string, row: string): Contender {
  return {
    name,
    setUp: async (): Promise<Ready> => {
      await python.ask({ setup: row });
      return {
        run: () => python.ask({ run: row }),
        answer: async () => (await python.ask<{ answer: number[] }>({ answer: row })).answer,
      };
    },
  };
}
