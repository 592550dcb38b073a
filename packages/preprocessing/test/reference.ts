import { readFileSync } from 'node:fs';
import { type SparseRows, Table, tensor, toDense, toSparse } from '@maru-ml/tensor';

/** Numbers as the scripts of `fixtures` write them: null is NaN, strings are infinities. */
export type Written = number | null | string | boolean | Written[] | { [key: string]: Written };

/** What `fixtures/<name>.json` holds. */
export function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** With NaN and infinities in their places. */
export function numbers(written: unknown): never {
  if (written === null) return Number.NaN as never;
  if (written === 'Infinity' || written === '-Infinity') return Number(written) as never;
  return (Array.isArray(written) ? written.map(numbers) : written) as never;
}

/** Rows in the form that a case asks for. */
export function rowsAs(written: unknown, dtype = 'float64', sparse = false): SparseRows & Table {
  const rows: number[][] = numbers(written);
  const data = rows.flat();
  const table = new Table(
    dtype === 'float32' ? Float32Array.from(data) : Float64Array.from(data),
    rows.length,
    rows[0]!.length,
  );
  return (sparse ? toSparse(tensor(table)) : table) as SparseRows & Table;
}

/** The numbers of an answer, sparse or not. */
export function dense(answer: unknown): number[][] {
  if (typeof answer === 'object' && answer !== null && 'indptr' in answer) {
    return toDense(answer as SparseRows).toArray() as number[][];
  }
  return (answer as Table).toArray();
}

/** Asks a model for each row by itself, and returns the rows. */
export function oneByOne(
  model: { transformOne(row: ArrayLike<number>, out: Float64Array): Float64Array; readonly nFeaturesOut: number },
  rows: number[][],
): number[][] {
  const out = new Float64Array(model.nFeaturesOut);
  return rows.map((row) => [...model.transformOne(row, out)]);
}
