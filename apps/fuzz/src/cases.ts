import { Random } from '@maru-ml/base';
import { judge, type Outcome, type Reader } from './reader.ts';

/** What came of the cases of a reader. */
export interface Tally {
  cases: number;
  refused: number;
  accepted: number;
  problems: FoundProblem[];
}

/** A case that went wrong; `npm run fuzz -- --replay reader:seed:i` runs it again. */
export interface FoundProblem {
  reader: string;
  seed: number;
  i: number;
  message: string;
  /** What the reader was given, in base64 or JSON. */
  given: string;
}

/** The generator of a case: cases can be run one by one, in any order, on any number of workers. */
function randomOf(seed: number, i: number): Random {
  return new Random(seed * 2 ** 24 + i);
}

/** Runs cases `from` to `to` of a reader. `onCase` is told of each before it runs. */
export async function runCases(
  reader: Reader,
  {
    seed,
    from,
    to,
    onCase,
    memory,
  }: { seed: number; from: number; to: number; onCase?: (i: number) => void; memory?: () => number },
): Promise<Tally> {
  const tally: Tally = { cases: to - from, refused: 0, accepted: 0, problems: [] };
  for (let i = from; i < to; i++) {
    onCase?.(i);
    const found = await runCase(reader, seed, i, memory);
    if (found.kind === 'problem') {
      tally.problems.push({ reader: reader.name, seed, i, message: found.message, given: found.given });
    } else tally[found.kind]++;
  }
  return tally;
}

/** Runs one case. */
export async function runCase(
  reader: Reader,
  seed: number,
  i: number,
  memory?: () => number,
): Promise<Outcome & { given: string }> {
  const drawn = reader.draw(randomOf(seed, i), i);
  const outcome = await judge(reader, drawn, memory);
  return { ...outcome, given: outcome.kind === 'problem' ? shown(drawn.given) : '' };
}

/** What a case gives its reader. */
export function givenOf(reader: Reader, seed: number, i: number): string {
  return shown(reader.draw(randomOf(seed, i), i).given);
}

/** What a reader was given, so that it can be copied from a screen. */
function shown(given: unknown): string {
  if (given instanceof Uint8Array) return `base64 ${Buffer.from(given).toString('base64')}`;
  try {
    return JSON.stringify(given);
  } catch {
    return 'a tree that is too deep for JSON';
  }
}
