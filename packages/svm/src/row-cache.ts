import type { Steps } from '@maru-ml/base';
import type { KernelRows } from './kernel-rows.ts';

/** A row of the kernel matrix that is kept. */
interface Kept {
  /** Whose row it is. */
  place: number;
  readonly values: Float64Array;
  /** How many of its columns are known: those of the rows that the solver still looked at. */
  known: number;
  /** When it was used last. */
  used: number;
}

/** Rows of the kernel matrix that were used last, as many as fit in a number of bytes (two at least, since a step needs two). */
export class RowCache {
  readonly #kernel: KernelRows;
  /** The most rows that may be kept. */
  readonly #most: number;
  readonly #kept: Kept[] = [];
  /** Each row [n], if it is kept. */
  readonly #rows: (Kept | null)[];
  #clock = 0;

  constructor(kernel: KernelRows, bytes: number) {
    const n = kernel.diagonal.length;
    this.#kernel = kernel;
    this.#most = Math.max(2, Math.floor(bytes / (8 * n)));
    this.#rows = Array<null>(n).fill(null);
  }

  /** The row i, of which the first `to` columns are right. It holds until two more rows are asked for. */
  row(i: number, to: number): Float64Array {
    const row = this.#rows[i] ?? this.#room(i);
    row.used = this.#clock++;
    if (row.known < to) {
      this.#kernel.fill(i, row.known, to, row.values);
      row.known = to;
    }
    return row.values;
  }

  /** Lets rows, and the columns of all, change places: pairs [i, j] in turn, i < j. */
  *swap(pairs: readonly (readonly [number, number])[]): Steps<void> {
    const rows = this.#rows;
    for (const [i, j] of pairs) {
      [rows[i], rows[j]] = [rows[j]!, rows[i]!];
      for (const k of [i, j]) if (rows[k] !== null) rows[k]!.place = k;
    }
    for (let k = 0; k < this.#kept.length; k++) {
      const row = this.#kept[k]!;
      const { values } = row;
      let { known } = row;
      for (let p = 0; p < pairs.length; p++) {
        const [i, j] = pairs[p]!;
        if (j < known) {
          const value = values[i]!;
          values[i] = values[j]!;
          values[j] = value;
        } else if (i < known) known = i;
      }
      row.known = known;
      if (k % 64 === 63) yield;
    }
  }

  /** Room for row i: new, or that of the row whose use is longest ago. */
  #room(i: number): Kept {
    const [rows, kept] = [this.#rows, this.#kept];
    let room = kept[0]!;
    if (kept.length < this.#most) {
      room = { place: i, values: new Float64Array(rows.length), known: 0, used: 0 };
      kept.push(room);
    } else {
      for (let k = 1; k < kept.length; k++) if (kept[k]!.used < room.used) room = kept[k]!;
      rows[room.place] = null;
      room.place = i;
      room.known = 0;
    }
    rows[i] = room;
    return room;
  }
}
