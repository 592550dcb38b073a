import { isTensor, Table } from '@maru-ml/tensor';
import { joined } from '../pipeline/blocks.ts';
import { takeRows } from '../rows.ts';

/** Rows that a model is asked for between two pauses: of these, too, the slowest answer some ten in a millisecond. */
const ROWS = 256;

/**
 * What `method` answers to some rows of x, block by block with a pause after each, so that a slow model does not hold the thread. Rows are
 * answered alone, so that blocks change no number. All go at once where an answer has another form than numbers, labels or a table,
 * or something is wrong with a block: errors name rows by their places among all.
 */
export function* answersOf<A>(x: unknown, rows: Int32Array, method: (x: never) => A): Generator<undefined, A, unknown> {
  const whole = () => method(takeRows(x, rows) as never);
  if (rows.length <= ROWS) return whole();
  // What a tensor holds is read once.
  const table = isTensor(x) ? { data: x.toTypedArray(), shape: x.shape } : x;
  const answers: A[] = [];
  for (let from = 0; from < rows.length; from += ROWS) {
    const block = takeRows(table, rows.subarray(from, from + ROWS)) as never;
    try {
      answers.push(method(block));
    } catch {
      return whole();
    }
    if (!isJoinable(answers[0])) return whole();
    yield;
  }
  return joined(answers, rows.length) as A;
}

function isJoinable(answer: unknown): boolean {
  return Array.isArray(answer) || ArrayBuffer.isView(answer) || answer instanceof Table;
}
