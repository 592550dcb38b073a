import { DataError, OptionError, show } from '@maru-ml/base';
import type { Columns } from '@maru-ml/tensor';

/**
 * The columns of records, such as rows of JSON or of a database: numbers become a `Float64Array`, in which null, undefined and what a record
 * lacks are NaN; strings a list, in which they are null; booleans a list. Columns stand in the order in which their names first come, but
 * that, as in every object, names such as '2' come before all others.
 *
 * @param records objects with a number, string, boolean, null or undefined under each name [n], at least one
 * @throws DataError for a column of mixed kinds, a boolean that is missing, and other values; OptionError for no records
 *
 * @example
 * ```ts
 * import { toColumns } from '@maru-ml/datasets';
 *
 * const columns = toColumns([{ age: 31, city: 'Seoul' }, { age: null, city: 'Busan' }, { age: 58 }]);
 * console.log(columns.age); // Float64Array(3) [ 31, NaN, 58 ]
 * console.log(columns.city); // [ 'Seoul', 'Busan', null ]
 * ```
 */
export function toColumns(records: readonly Readonly<Record<string, unknown>>[]): Columns {
  if (!Array.isArray(records) || records.length === 0) {
    throw new OptionError(`toColumns: records must be an array of at least one object, got ${show(records)}`);
  }
  const names = new Set<string>();
  for (const [i, record] of records.entries()) {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      throw new DataError(`toColumns: records[${i}] must be an object, got ${show(record)}`);
    }
    for (const name of Object.keys(record)) names.add(name);
  }
  const valuesOf = (name: string) => records.map((record) => own(record, name));
  return Object.fromEntries([...names].map((name) => [name, columnOf(name, valuesOf(name))]));
}

/** A record's own value; null if there is none. */
function own(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? (record[name] ?? null) : null;
}

function columnOf(name: string, values: readonly unknown[]): Columns[string] {
  const first = values.findIndex((value) => value !== null);
  const kind = first < 0 ? 'number' : typeof values[first];
  if (kind !== 'number' && kind !== 'string' && kind !== 'boolean') {
    const wanted = 'a number, string or boolean, null or undefined';
    throw new DataError(`toColumns: records[${first}].${name} must be ${wanted}, got ${show(values[first])}`);
  }
  const odd = values.findIndex((value) => value !== null && typeof value !== kind);
  if (odd >= 0) {
    const [one, other] = [show(values[odd]), show(values[first])];
    throw new DataError(
      `toColumns: records[${odd}].${name} is ${one}, but records[${first}].${name} is ${other}; a column holds values of one kind`,
    );
  }
  if (kind === 'number') return Float64Array.from(values, (value) => (value === null ? Number.NaN : (value as number)));
  if (kind === 'string') return values as (string | null)[];
  const missing = values.indexOf(null);
  if (missing >= 0) {
    throw new DataError(
      `toColumns: records[${missing}].${name} is missing, which a column of booleans cannot tell; write 0 and 1, or 'yes' and 'no'`,
    );
  }
  return values as boolean[];
}
