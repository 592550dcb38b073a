import type { Steps } from '@maru-ml/base';
import { exchange, type KernelRows } from './kernel-rows.ts';

/**
 * Rows of the kernel matrix that were used last, as many as fit in a number of bytes (two at least, since a step needs two).
 * Of a row only the first columns may be known: those of the rows that the solver still looks at.
 */
export class RowCache {
  readonly #kernel: KernelRows;
  readonly #most: number;
  /** The rows that are kept, and how many of their columns are known. */
  readonly #kept: Float64Array[] = [];
  readonly #known: number[] = [];
  /** Whose row each of them is, and where each row is kept, -1 if nowhere. */
  readonly #owners: number[] = [];
  readonly #slots: Int32Array;
  /** A ring of the kept rows from the one that was used last to the one whose use is longest ago; the last place is its gate. */
  readonly #before: Int32Array;
  readonly #after: Int32Array;

  constructor(kernel: KernelRows, bytes: number) {
    const { n } = kernel;
    this.#kernel = kernel;
    this.#most = Math.min(n, Math.max(2, Math.floor(bytes / (8 * n))));
    this.#slots = new Int32Array(n).fill(-1);
    this.#before = new Int32Array(this.#most + 1).fill(this.#most);
    this.#after = new Int32Array(this.#most + 1).fill(this.#most);
  }

  /** The row i, of which the first `to` columns are right. It holds until two more rows are asked for. */
  row(i: number, to: number): Float64Array {
    let slot = this.#slots[i]!;
    if (slot >= 0) this.#take(slot);
    else slot = this.#room(i);
    this.#putFirst(slot);
    const row = this.#kept[slot]!;
    const known = this.#known[slot]!;
    if (known < to) {
      this.#known[slot] = known;
      this.#kernel.fill(i, known, to, row);
      this.#known[slot] = to;
    }
    return row;
  }

  /** Lets rows, and the columns of all, change places: pairs [i, j] in turn, i < j. */
  *swap(pairs: readonly (readonly [number, number])[]): Steps<void> {
    for (const [i, j] of pairs) {
      exchange(this.#slots, i, j);
      for (const row of [i, j]) if (this.#slots[row]! >= 0) this.#owners[this.#slots[row]!] = row;
    }
    for (let slot = 0; slot < this.#kept.length; slot++) {
      const row = this.#kept[slot]!;
      let known = this.#known[slot]!;
      for (let p = 0; p < pairs.length; p++) {
        const [i, j] = pairs[p]!;
        if (j < known) {
          const value = row[i]!;
          row[i] = row[j]!;
          row[j] = value;
        } else if (i < known) known = i;
      }
      this.#known[slot] = known;
      if (slot % 64 === 63) yield;
    }
  }

  /** A place for row i: a new one, or that of the row whose use is longest ago. */
  #room(i: number): number {
    let slot = this.#kept.length;
    if (slot < this.#most) {
      this.#kept.push(new Float64Array(this.#kernel.n));
    } else {
      slot = this.#before[this.#most]!;
      this.#take(slot);
      this.#slots[this.#owners[slot]!] = -1;
    }
    this.#known[slot] = 0;
    this.#owners[slot] = i;
    this.#slots[i] = slot;
    return slot;
  }

  #take(slot: number): void {
    this.#after[this.#before[slot]!] = this.#after[slot]!;
    this.#before[this.#after[slot]!] = this.#before[slot]!;
  }

  #putFirst(slot: number): void {
    const gate = this.#most;
    const first = this.#after[gate]!;
    this.#after[gate] = slot;
    this.#before[slot] = gate;
    this.#after[slot] = first;
    this.#before[first] = slot;
  }
}
