import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Single } from '../figures.ts';
import { median, sentence } from '../measure.ts';
import type { Side } from '../row.ts';

const run = promisify(execFile);

/** The folder in which our own packages can be imported by name. */
export const here: string = fileURLToPath(new URL('../..', import.meta.url));

/** A program that prints a number as its last line, and where it is run. */
export interface Program {
  readonly name: string;
  readonly side: Side;
  readonly command: readonly [file: string, args: readonly string[]];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly note?: string;
  /** Takes part in so many rounds; in all where it is not said. */
  readonly rounds?: number;
}

/** A module of ours or of a peer as a program. */
export function moduleProgram(code: string): Program['command'] {
  return [process.execPath, ['--input-type=module', '-e', code]];
}

/** Runs a program in a process of its own and reads its last line as JSON. */
export async function outputOf<T>({ command: [file, args], cwd, env }: Omit<Program, 'name' | 'side'>): Promise<T> {
  const { stdout } = await run(file, [...args], {
    cwd: cwd ?? here,
    env: { ...process.env, ...env },
    timeout: 120_000,
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

/** Runs all programs in turns, each time in a fresh process, and takes the medians of what they print. */
export async function mediansOf(
  programs: readonly Program[],
  rounds: number,
): Promise<{ entries: Single[]; absent: Record<string, string> }> {
  const values = programs.map((): number[] => []);
  const absent: Record<string, string> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [i, program] of programs.entries()) {
      if (program.name in absent || round >= (program.rounds ?? rounds)) continue;
      try {
        values[i]!.push(await outputOf<number>(program));
      } catch (error) {
        const { stderr } = error as { stderr?: string };
        const told = stderr?.split('\n').find((line) => /Error/.test(line));
        absent[program.name] = told?.slice(0, 160) ?? sentence(error);
      }
    }
  }
  const entries = programs.flatMap(({ name, side, note }, i): Single[] =>
    name in absent ? [] : [{ name, side, value: median(values[i]!), ...(note === undefined ? {} : { note }) }],
  );
  return { entries, absent };
}
