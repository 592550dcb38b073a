import { DataError, show } from '@maru-ml/base';
import { isSparse, type Matrix, type MatrixLike, type SparseRows, Table } from '@maru-ml/tensor';
import { arrayLike } from './affine.ts';
import { toMade } from './made.ts';

/** Which columns a selector keeps. */
export interface Selection {
  /** Their numbers, ascending. */
  readonly kept: Int32Array;
  /** The place of each column among them [d]; -1 for one that is left out. */
  readonly places: Int32Array;
}

export function selectionOf(support: readonly boolean[]): Selection {
  const kept = Int32Array.from([...support.keys()].filter((j) => support[j]));
  const places = new Int32Array(support.length).fill(-1);
  for (let k = 0; k < kept.length; k++) places[kept[k]!] = k;
  return { kept, places };
}

/** The columns kept, sparse if the rows are, of their type. */
export function selectColumns(x: Matrix | SparseRows, { kept, places }: Selection): Table | SparseRows {
  if (isSparse(x)) return renumber(x, places, kept.length);
  const { data, rows, columns } = x;
  const out = arrayLike(data, rows * kept.length);
  for (let i = 0, to = 0; i < rows; i++) {
    for (let k = 0; k < kept.length; k++, to++) out[to] = data[i * columns + kept[k]!]!;
  }
  return new Table(out, rows, kept.length);
}

/** The way back: zeros in the columns that were left out. @throws ShapeError unless x has the columns kept */
export function spreadColumns(
  owner: string,
  x: MatrixLike | SparseRows,
  { kept, places }: Selection,
  allowMissing = false,
): Table | SparseRows {
  const made = toMade(owner, x, kept.length, allowMissing);
  const d = places.length;
  if (isSparse(made)) return renumber(made, kept, d);
  const { data, rows } = made;
  const out = arrayLike(data, rows * d);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let k = 0; k < kept.length; k++, at++) out[i * d + kept[k]!] = data[at]!;
  }
  return new Table(out, rows, d);
}

/** Sparse rows with other numbers for their columns, ascending as they were; -1 leaves a column out. */
function renumber({ data, indices, indptr, shape }: SparseRows, numbers: Int32Array, columns: number): SparseRows {
  let held = 0;
  for (let at = 0; at < indices.length; at++) if (numbers[indices[at]!]! >= 0) held++;
  const out = arrayLike(data, held);
  const outIndices = new Int32Array(held);
  const outIndptr = new Int32Array(indptr.length);
  for (let i = 0, to = 0; i < shape[0]; i++) {
    for (let at = indptr[i]!; at < indptr[i + 1]!; at++) {
      const number = numbers[indices[at]!]!;
      if (number < 0) continue;
      out[to] = data[at]!;
      outIndices[to++] = number;
    }
    outIndptr[i + 1] = to;
  }
  return { data: out, indices: outIndices, indptr: outIndptr, shape: [shape[0], columns] };
}

/** Which columns a saved model keeps [d]. @throws DataError if that is missing or keeps none */
export function savedSupport(owner: string, fields: Record<string, unknown>, d: number): boolean[] {
  const { support } = fields;
  const good = Array.isArray(support) && support.length === d && support.every((kept) => typeof kept === 'boolean');
  if (good && support.includes(true)) return support;
  throw new DataError(`${owner}: support must be ${d} booleans, at least one of them true, got ${show(support)}`);
}
