import type { Steps } from '@maru-ml/base';
import { isSparse, type Matrix, type SparseRows } from '@maru-ml/tensor';
import { rowsAtOnce } from './affine.ts';

/** The smallest and largest value of each column [d]; NaN is left out, and a column without values has Infinity and -Infinity. */
export interface Extremes {
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** How many values each column has. */
  readonly counts: Float64Array;
  /** How many rows there were. */
  readonly rows: number;
}

/** The extremes of each column. Where sparse rows hold nothing there are zeros. O(n d). */
export function* columnExtremes(x: Matrix | SparseRows): Steps<Extremes> {
  const [n, d] = isSparse(x) ? x.shape : [x.rows, x.columns];
  const found = {
    min: new Float64Array(d).fill(Number.POSITIVE_INFINITY),
    max: new Float64Array(d).fill(Number.NEGATIVE_INFINITY),
    counts: new Float64Array(d),
    rows: n,
  };
  if (isSparse(x)) {
    takeSparse(x, found);
    return found;
  }
  const most = rowsAtOnce(d);
  for (let from = 0; from < n; from += most) {
    takeDense(x, from, Math.min(n, from + most), found);
    yield;
  }
  return found;
}

/** The extremes of the rows of both. */
export function joinExtremes(a: Extremes, b: Extremes): Extremes {
  return {
    min: a.min.map((value, j) => Math.min(value, b.min[j]!)),
    max: a.max.map((value, j) => Math.max(value, b.max[j]!)),
    counts: a.counts.map((value, j) => value + b.counts[j]!),
    rows: a.rows + b.rows,
  };
}

function takeDense({ data, columns }: Matrix, from: number, to: number, { min, max, counts }: Extremes): void {
  for (let i = from; i < to; i++) {
    for (let j = 0, at = i * columns; j < columns; j++, at++) {
      const value = data[at]!;
      // NaN fails every comparison.
      if (value < min[j]!) min[j] = value;
      if (value > max[j]!) max[j] = value;
      if (!Number.isNaN(value)) counts[j]!++;
    }
  }
}

function takeSparse({ data, indices, shape }: SparseRows, { min, max, counts }: Extremes): void {
  const held = new Float64Array(shape[1]);
  counts.fill(shape[0]);
  for (let at = 0; at < data.length; at++) {
    const [value, j] = [data[at]!, indices[at]!];
    held[j]!++;
    if (value < min[j]!) min[j] = value;
    if (value > max[j]!) max[j] = value;
    if (Number.isNaN(value)) counts[j]!--;
  }
  for (let j = 0; j < held.length; j++) {
    if (held[j] === shape[0]) continue;
    min[j] = Math.min(min[j]!, 0);
    max[j] = Math.max(max[j]!, 0);
  }
}
