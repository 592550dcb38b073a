import { type MatrixLike, toMatrix } from '@maru-ml/tensor';
import type { Rows } from './rows-searched.ts';

/** The rows of x, checked; float32 stays. */
export function toRowsSearched(owner: string, x: MatrixLike, columns?: number): Rows {
  const options = columns === undefined ? { keepFloat32: true } : { keepFloat32: true, columns };
  const { data, rows, columns: d } = toMatrix(owner, x, options);
  return { data, n: rows, d };
}

/** A copy of rows that nobody else can write to; -0 becomes 0. */
export function copyOfRows({ data, n, d }: Rows): Rows {
  const copy = data.slice();
  for (let at = 0; at < copy.length; at++) copy[at]! += 0;
  return { data: copy, n, d };
}
