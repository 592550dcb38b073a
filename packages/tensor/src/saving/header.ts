import { DataError, list, OptionError, ShapeError, show } from '@maru-ml/base';
import type { Label } from '../estimators.ts';

/**
 * Checks the head `{ type, version }` of a model's JSON form and returns its fields.
 *
 * @param type the model's class, such as 'KMeansModel'
 * @param version the newest form that can be read
 * @throws DataError if it is no such model, or one of a newer form
 */
export function checkSaved(type: string, version: number, json: unknown): Record<string, unknown> {
  const owner = `${type}.fromJSON`;
  const fields = json as Record<string, unknown> | null;
  if (typeof fields !== 'object' || typeof fields?.type !== 'string' || !isVersion(fields.version)) {
    throw new DataError(`${owner}: this is no saved model, got ${show(json)}`);
  }
  if (fields.type !== type) throw new DataError(`${owner}: this is a saved ${fields.type}, not a ${type}`);
  if (fields.version > version) {
    throw new DataError(
      `${owner}: the model was saved in version ${fields.version} of its form, but this release reads versions up to ${version}; update the package`,
    );
  }
  return fields;
}

/**
 * What `check` makes of a part of a model's JSON form, such as its options. What it refuses is a fault of the file.
 * @throws DataError in place of an OptionError or a ShapeError
 */
export function asSaved<T>(owner: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof OptionError || error instanceof ShapeError)) throw error;
    const own = error.message.startsWith(`${owner}: `);
    throw new DataError(own ? error.message : `${owner}: the saved model is damaged; ${error.message}`);
  }
}

/**
 * A number of a model's JSON form, finite as all are there.
 * @throws DataError if it is missing or no finite number
 */
export function savedNumber(owner: string, fields: Record<string, unknown>, name: string): number {
  const value = fields[name];
  if (Number.isFinite(value)) return value as number;
  throw new DataError(`${owner}: ${name} must be a number, got ${show(value)}`);
}

/**
 * A count of a model's JSON form.
 * @throws DataError if it is missing or no integer from `min` (0) to `max` (2³¹ - 1)
 */
export function savedCount(
  owner: string,
  fields: Record<string, unknown>,
  name: string,
  { min = 0, max = 2 ** 31 - 1 }: { min?: number; max?: number } = {},
): number {
  const value = fields[name];
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  throw new DataError(`${owner}: ${name} must be an integer from ${min} to ${max}, got ${show(value)}`);
}

/**
 * The number of columns of a model's JSON form, which is believed only as far as a row of so many numbers can be kept.
 * @throws DataError if it is missing or no integer from 1 to 2²⁴
 */
export function savedColumns(owner: string, fields: Record<string, unknown>, name = 'nFeaturesIn'): number {
  return savedCount(owner, fields, name, { min: 1, max: 2 ** 24 });
}

/**
 * A boolean of a model's JSON form.
 * @throws DataError if it is missing or no boolean
 */
export function savedBoolean(owner: string, fields: Record<string, unknown>, name: string): boolean {
  const value = fields[name];
  if (typeof value === 'boolean') return value;
  throw new DataError(`${owner}: ${name} must be true or false, got ${show(value)}`);
}

function isVersion(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1;
}

/**
 * The labels of a model's JSON form, in their order.
 * @param least how many there must be
 * @throws DataError if they are missing, too few, not all strings, all integers or all booleans, or not different
 */
export function savedLabels(owner: string, fields: Record<string, unknown>, name: string, least = 1): readonly Label[] {
  const value = fields[name];
  const good =
    Array.isArray(value) &&
    value.length >= least &&
    value.every((label) => typeof label === typeof value[0] && isLabel(label)) &&
    new Set(value).size === value.length;
  if (good) return Object.freeze([...value]);
  const wanted = least === 1 ? 'different labels' : `at least ${least} different labels`;
  throw new DataError(`${owner}: ${name} must be ${wanted} of one type, got ${show(value)}`);
}

/**
 * A string of a model's JSON form, one of `choices` if they are given.
 * @throws DataError if it is missing or another
 */
export function savedString<T extends string = string>(
  owner: string,
  fields: Record<string, unknown>,
  name: string,
  choices?: readonly T[],
): T {
  const value = fields[name];
  if (typeof value === 'string' && (choices === undefined || choices.includes(value as T))) return value as T;
  const wanted = choices === undefined ? 'a string' : list(choices.map(show), 'or');
  throw new DataError(`${owner}: ${name} must be ${wanted}, got ${show(value)}`);
}

function isLabel(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);
}
