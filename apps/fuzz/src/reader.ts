import { DataError, type Random } from '@maru-ml/base';

/** A damaged file, and what is done with it. */
export interface Case {
  /** What the reader gets: bytes, or a tree of JSON. */
  given: unknown;
  /** Reads it and uses what came of it; throws if it is refused, and a `Problem` if what came is not whole. */
  run(): unknown;
}

/** Something that reads files, and the damage that is done to them. */
export interface Reader {
  /** How the command calls it. */
  readonly name: string;
  /** Which errors beside `DataError` it may refuse with, as its docstring says. */
  readonly mayThrow?: (error: Error) => boolean;
  /** It gets one case where others get so many, since its cases are dear; 1. */
  readonly every?: number;
  /** The i-th case, drawn by `random`. */
  draw(random: Random, i: number): Case;
}

/** What comes of a case. `accepted`: the damage did no harm, or only changed values. */
export type Outcome = { kind: 'refused' | 'accepted' } | { kind: 'problem'; message: string };

/** What a reader gave is not whole. */
export class Problem extends Error {}

/** More than any of the small files can need. */
const MOST_BYTES = 256 * 2 ** 20;

/**
 * Runs a case. A problem is every error but a `DataError`, what is not whole, a changed `Object.prototype`, and memory that no small file
 * needs.
 *
 * @param memory the bytes that arrays take now; no check of memory
 */
export async function judge(reader: Reader, { run }: Case, memory: () => number = () => 0): Promise<Outcome> {
  const before = memory();
  const outcome = await tried(reader, run);
  const polluted = pollution();
  if (polluted !== undefined) return { kind: 'problem', message: `it changed Object.prototype: ${polluted}` };
  const taken = memory() - before;
  if (taken > MOST_BYTES) return { kind: 'problem', message: `it took ${taken} bytes` };
  return outcome;
}

async function tried({ mayThrow = () => false }: Reader, run: () => unknown): Promise<Outcome> {
  try {
    await run();
    return { kind: 'accepted' };
  } catch (error) {
    if (!(error instanceof Error)) return { kind: 'problem', message: `it threw ${String(error)}` };
    if (!(error instanceof DataError || mayThrow(error)))
      return { kind: 'problem', message: error instanceof Problem ? error.message : (error.stack ?? '') };
    if (!/^[^:]+: ./.test(error.message))
      return { kind: 'problem', message: `the message names no owner: ${error.message}` };
    return { kind: 'refused' };
  }
}

/** What objects must have by birth, no more and no less. */
const BORN = Reflect.ownKeys(Object.prototype).map(String);

/** What is in `Object.prototype` that does not belong there; it is taken out. */
function pollution(): string | undefined {
  const now = Reflect.ownKeys(Object.prototype);
  if (now.length === BORN.length) return undefined;
  const added = now.filter((key) => !BORN.includes(String(key)));
  for (const key of added) Reflect.deleteProperty(Object.prototype, key);
  return added.map(String).join(', ');
}

/** Throws a `Problem` unless it holds. */
export function whole(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Problem(message);
}
