import { DataError, show } from '@maru-ml/base';
import { asSaved, decodeArray } from '@maru-ml/tensor';

/**
 * What `check` makes of the options that stand in a model's JSON form.
 * @throws DataError if they are missing, or no such options
 */
export function savedOptions<O>(owner: string, fields: Record<string, unknown>, check: (options: object) => O): O {
  const { options } = fields;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new DataError(`${owner}: options must be an object, got ${show(options)}`);
  }
  return asSaved(owner, () => check(options));
}

/** Throws a `DataError` for columns without names that are no numbers: a matrix has none. */
export function checkMatrixKinds(owner: string, names: readonly string[] | null, kinds: readonly unknown[]): void {
  const other = names === null ? kinds.findIndex((kind) => kind !== 'number') : -1;
  if (other >= 0) throw new DataError(`${owner}: column ${other} has no name, but holds ${show(kinds[other])}`);
}

/** A float64 array of a model's JSON form [length]. @throws DataError if it is missing or another */
export function savedFloats(
  owner: string,
  fields: Record<string, unknown>,
  name: string,
  length = -1,
): Float64Array<ArrayBufferLike> {
  return decodeArray(owner, name, fields[name], { dtype: 'float64', shape: [length] });
}

/** The same, or null where the JSON form has null. */
export function savedFloatsOrNull(
  owner: string,
  fields: Record<string, unknown>,
  name: string,
  length: number,
): Float64Array | null {
  return fields[name] === null ? null : savedFloats(owner, fields, name, length);
}

/** Strings of a model's JSON form; null where it has null. @throws DataError if they are others */
export function savedNames(owner: string, fields: Record<string, unknown>, name: string): readonly string[] | null {
  const value = fields[name];
  if (value === null) return null;
  const good = Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (good && new Set(value).size === value.length) return Object.freeze([...value]);
  throw new DataError(`${owner}: ${name} must be different strings or null, got ${show(value)}`);
}
