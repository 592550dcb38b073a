import { DataError, show } from '@maru-ml/base';
import { decodeArray } from '@maru-ml/tensor';

/** The options that stand in a model's JSON form. @throws DataError if they are missing */
export function savedOptions(owner: string, fields: Record<string, unknown>): object {
  const { options } = fields;
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
  throw new DataError(`${owner}: options must be an object, got ${show(options)}`);
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
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return Object.freeze([...value]);
  throw new DataError(`${owner}: ${name} must be strings or null, got ${show(value)}`);
}

/** A number of columns in a model's JSON form. @throws DataError if it is missing or no integer ≥ 1 */
export function savedCount(owner: string, fields: Record<string, unknown>, name: string): number {
  const value = fields[name];
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
  throw new DataError(`${owner}: ${name} must be an integer ≥ 1, got ${show(value)}`);
}
