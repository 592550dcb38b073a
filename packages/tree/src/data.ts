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
  /**
   * The place of each number among the different ones of its column [d, n], from 0; `distinct` of the column if it is missing.
   */
  readonly ranks: Int32Array;
  /** How many different numbers each column has, missing ones aside [d]. */
  readonly distinct: Int32Array;
  /** How many numbers of each column are missing [d]. */
  readonly missing: Int32Array;
  /** 1 for columns whose numbers are names of categories [d]; null if there are none. */
  readonly categorical: Uint8Array | null;
}

/**
 * Sorts the columns of a checked table, in which NaN is a missing value. O(d n).
 *
 * @param categoricalFeatures the columns whose numbers are names of categories
 */
export function prepare(x: Matrix, categoricalFeatures: readonly number[] = []): TreeData {
  return runSteps(prepareSteps(x, categoricalFeatures));
}

/** `prepare` in steps of a column. */
export function* prepareSteps(
  { data, rows: n, columns: d }: Matrix,
  categoricalFeatures: readonly number[] = [],
): Steps<TreeData> {
  const x = new Float64Array(d * n);
  const order = new Int32Array(d * n);
  const ranks = new Int32Array(d * n);
  const distinct = new Int32Array(d);
  const missing = new Int32Array(d);
  const sorter = new Sorter(n);
  for (let j = 0; j < d; j++) {
    const at = j * n;
    // Adding 0 leaves one zero of two.
    for (let i = 0; i < n; i++) x[at + i] = data[i * d + j]! + 0;
    const present = sorter.byValue(x, at, n, order, at);
    missing[j] = n - present;
    let rank = -1;
    let last = Number.NaN;
    for (let i = at; i < at + present; i++) {
      const row = order[i]!;
      const value = x[at + row]!;
      if (value !== last) rank++;
      last = value;
      ranks[at + row] = rank;
    }
    distinct[j] = rank + 1;
    for (let i = at + present; i < at + n; i++) ranks[at + order[i]!] = rank + 1;
    if ((j + 1) % Math.max(1, Math.floor(NUMBERS_AT_ONCE / n)) === 0) yield;
  }
  let categorical: Uint8Array | null = null;
  if (categoricalFeatures.length > 0) {
    categorical = new Uint8Array(d);
    for (const j of categoricalFeatures) categorical[j] = 1;
  }
  return { rows: n, columns: d, x, order, ranks, distinct, missing, categorical };
}

/** Some 5 ms of sorting. */
const NUMBERS_AT_ONCE = 100_000;
