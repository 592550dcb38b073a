import type { Steps } from '@maru-ml/base';
import type { SparseRows } from '@maru-ml/tensor';
import type { Analyzer, Run } from './analyzer.ts';
import { GrowingInts } from './growing.ts';
import type { Terms } from './terms.ts';

/** How often each term stands in each text, terms numbered as they are first met; those of a text are in no order. */
export interface Counted {
  readonly indices: Int32Array;
  readonly counts: Int32Array;
  /** Where the terms of each text begin [n + 1]. */
  readonly indptr: Int32Array;
}

/** Characters between two pauses. */
const CHARACTERS = 2 ** 15;

/** Terms of rows between two pauses. */
export const TERMS: number = 2 ** 15;

/**
 * Counts the terms of texts.
 * @param learn whether terms that are unknown get a number, or are left out
 */
export function* countTerms(
  texts: readonly string[],
  { runs, range: [min, max], keepsShort }: Analyzer,
  terms: Terms,
  learn: boolean,
): Steps<Counted> {
  const indices = new GrowingInts();
  const counts = new GrowingInts();
  const indptr = new Int32Array(texts.length + 1);
  // Where in `indices` a term of the current text stands, if it was met there.
  let slots = new Int32Array(1024);
  let start = 0;
  const count = (term: number) => {
    if (term >= slots.length) {
      const wider = new Int32Array(Math.max(2 * slots.length, term + 1));
      wider.set(slots);
      slots = wider;
    }
    const slot = slots[term]!;
    if (slot >= start && slot < indices.length && indices.at(slot) === term) {
      counts.add(slot, 1);
      return;
    }
    slots[term] = indices.length;
    indices.push(term);
    counts.push(1);
  };
  let words = new Int32Array(1024);
  const countRun = (run: Run) => {
    const length = run.length;
    if (length > words.length) words = new Int32Array(2 * length);
    for (let i = 0; i < length; i++) words[i] = terms.word(run[i]!, learn);
    const least = keepsShort ? Math.min(min, length) : min;
    for (let i = 0; i + least <= length; i++) {
      let term = words[i]!;
      for (let n = 1; term >= 0; n++) {
        if (n >= least) count(term);
        if (n === max || i + n === length) break;
        const next = words[i + n]!;
        term = next < 0 ? -1 : terms.longer(term, next, learn);
      }
    }
  };
  let characters = 0;
  for (const [i, text] of texts.entries()) {
    start = indices.length;
    for (const run of runs(text)) countRun(run);
    indptr[i + 1] = indices.length;
    characters += text.length;
    if (characters < CHARACTERS) continue;
    characters = 0;
    yield;
  }
  return { indices: indices.view(), counts: counts.view(), indptr };
}

/** Sparse rows of what was counted, under other numbers (-1 leaves a term out), columns ascending. It pauses between rows. */
export function* toSparseRows(
  { indices, counts, indptr }: Counted,
  columns: number,
  numberOf: (place: number) => number,
  weightOf: (count: number) => number,
): Steps<SparseRows> {
  const rows = indptr.length - 1;
  const starts = new Int32Array(rows + 1);
  let [total, most] = [0, 0];
  for (let at = 0; at < indices.length; at++) {
    if (numberOf(indices[at]!) >= 0) total++;
    if (at % TERMS === TERMS - 1) yield;
  }
  for (let i = 0; i < rows; i++) most = Math.max(most, indptr[i + 1]! - indptr[i]!);
  const data = new Float64Array(total);
  const out = new Int32Array(total);
  const row = { columns: new Int32Array(most), counts: new Int32Array(most) };
  let [to, paused] = [0, 0];
  for (let i = 0; i < rows; i++) {
    let length = 0;
    for (let at = indptr[i]!; at < indptr[i + 1]!; at++) {
      const column = numberOf(indices[at]!);
      if (column < 0) continue;
      row.columns[length] = column;
      row.counts[length++] = counts[at]!;
    }
    sortByColumn(row, length);
    for (let k = 0; k < length; k++) {
      out[to] = row.columns[k]!;
      data[to++] = weightOf(row.counts[k]!);
    }
    starts[i + 1] = to;
    if (indptr[i + 1]! - paused < TERMS) continue;
    paused = indptr[i + 1]!;
    yield;
  }
  return { data, indices: out, indptr: starts, shape: [rows, columns] };
}

/** Sorts the first terms of a row: few by insertion, which is quicker than a call, many by keys of column and place. */
function sortByColumn({ columns, counts }: { columns: Int32Array; counts: Int32Array }, length: number): void {
  if (length > 40) {
    const keys = Float64Array.from({ length }, (_, k) => columns[k]! * 2 ** 22 + k).sort();
    const before = counts.slice(0, length);
    for (let k = 0; k < length; k++) {
      columns[k] = Math.floor(keys[k]! / 2 ** 22);
      counts[k] = before[keys[k]! % 2 ** 22]!;
    }
    return;
  }
  for (let i = 1; i < length; i++) {
    const [column, count] = [columns[i]!, counts[i]!];
    let k = i;
    for (; k > 0 && columns[k - 1]! > column; k--) {
      columns[k] = columns[k - 1]!;
      counts[k] = counts[k - 1]!;
    }
    columns[k] = column;
    counts[k] = count;
  }
}
