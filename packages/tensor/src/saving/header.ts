import { DataError, list, OptionError, ShapeError, show } from '@maru-ml/base';
import type { Label } from '../estimators.ts';
import { isLabel } from '../targets.ts';

/**
 * Checks the head `{ type, version }` of a model's JSON form and returns its fields.
 *
 * @param type the model's class, such as 'KMeansModel'
 * @param version the newest form that can be read
 * @throws DataError if it is no such model, or one of a newer form
 */
export function checkSaved(type: string, version: number, json: unknown): Record<string, unknown> {
  const owner = `${type}.fromJSON`;
  const fields = json as (Record<string, unknown> & { version: number }) | null;
  if (
    typeof fields !== 'object' ||
    typeof fields?.type !== 'string' ||
    !Number.isInteger(fields.version) ||
    fields.version < 1
  ) {
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
  return saved(owner, fields, name, Number.isFinite, 'a number');
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
  const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  return saved(owner, fields, name, isCount, `an integer from ${min} to ${max}`);
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
  return saved(owner, fields, name, (value) => typeof value === 'boolean', 'true or false');
}

/**
 * The labels of a model's JSON form, in their order.
 * @param least how many there must be
 * @throws DataError if they are missing, too few, not all strings, all integers or all booleans, or not different
 */
export function savedLabels(owner: string, fields: Record<string, unknown>, name: string, least = 1): readonly Label[] {
  const areLabels = (value: unknown) =>
    Array.isArray(value) &&
    value.length >= least &&
    value.every((label) => typeof label === typeof value[0] && isLabel(label)) &&
    new Set(value).size === value.length;
  const wanted = least === 1 ? '' : `at least ${least} `;
  const labels: readonly Label[] = saved(owner, fields, name, areLabels, `${wanted}different labels of one type`);
  return Object.freeze([...labels]);
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
  if (choices)
    return saved(owner, fields, name, (value) => choices.includes(value as T), list(choices.map(show), 'or'));
  return saved(owner, fields, name, (value) => typeof value === 'string', 'a string');
}

/** A field of a model's JSON form, if it is what it must be. */
function saved<T>(
  owner: string,
  fields: Record<string, unknown>,
  name: string,
  isGood: (value: unknown) => boolean,
  wanted: string,
): T {
  const value = fields[name];
  if (isGood(value)) return value as T;
  throw new DataError(`${owner}: ${name} must be ${wanted}, got ${show(value)}`);
}
