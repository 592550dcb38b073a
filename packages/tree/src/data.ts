import { runSteps, type Steps } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';
import { Sorter } from './sort.ts';

/**
 * Rows as trees are grown from them: made once, read by as many trees as wanted. All of it is flat and can be sent to workers.
 */
export interface TreeData {
  readonly rows: number;
  readonly columns: number;
  /** The numbers column by column [d, n]; NaN is missing. */
  readonly x: Float64Array;
  /** The places of each column's numbers in ascending order, missing ones last [d, n]. */
  readonly order: Int32Array;
  /** Where each number stands in this order [d, n]. */
  readonly places: Int32Array;
  /** 1 for columns whose numbers are names of categories [d]; null if there are none. */
  readonly categorical: Uint8Array | null;
}

/**
 * Sorts the columns of a checked table, in which NaN is a missing value. O(d n).
 *
 * @param categorical 1 for columns whose numbers are names of categories [d]; null, for none
 */
export function prepare(x: Matrix, categorical: Uint8Array | null = null): TreeData {
  return runSteps(prepareSteps(x, categorical));
}

/** `prepare` in steps of some columns, or of parts of a long one. */
export function* prepareSteps(
  { data, rows: n, columns: d }: Matrix,
  categorical: Uint8Array | null = null,
): Steps<TreeData> {
  const x = new Float64Array(d * n);
  const order = new Int32Array(d * n);
  const places = new Int32Array(d * n);
  const sorter = new Sorter(n);
  const isLong = 2 * n > NUMBERS_AT_ONCE;
  for (let j = 0; j < d; j++) {
    const at = j * n;
    let present = at;
    let absent = at + n;
    for (let i = 0; i < n; i++) {
      // Adding 0 leaves one zero of two.
      const value = data[i * d + j]! + 0;
      x[at + i] = value;
      if (Number.isNaN(value)) order[--absent] = i;
      else order[present++] = i;
    }
    // They were written from the end.
    order.subarray(present, at + n).reverse();
    if (isLong) yield;
    sorter.spread(order, at, present - at, x, at);
    if (isLong) yield;
    sorter.insert(order, at, present - at);
    if (isLong) yield;
    for (let place = 0; place < n; place++) places[at + order[at + place]!] = place;
    if ((j + 1) % Math.max(1, Math.floor(NUMBERS_AT_ONCE / n)) === 0) yield;
  }
  return { rows: n, columns: d, x, order, places, categorical };
}

/** Some 2 ms of sorting, or ten where the engine has not compiled it yet. */
const NUMBERS_AT_ONCE = 30_000;
