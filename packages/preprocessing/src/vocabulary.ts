import { DataError, OptionError, type Steps, show } from '@maru-ml/base';
import { type Categories, findCategories, givenCategories, placesOf, savedCategories } from './categories.ts';
import {
  type ColumnKind,
  type ColumnSet,
  columnName,
  type FittedColumns,
  fieldOf,
  isNamedRow,
  type NamedRow,
  needsNames,
} from './columns.ts';
import { groupRare, type InfrequentSettings } from './infrequent.ts';
import { checkMatrixKinds } from './saved.ts';

/** Categories that a caller gives, a list for each column; null in the last place stands for missing values. */
export type GivenCategories = readonly (readonly (string | number | boolean | null)[])[];

/** What encoders learn: the categories of each column, and which of them are put together because they are rare. */
export interface Vocabulary extends FittedColumns {
  readonly categories: readonly Categories[];
  /** Where each category goes [k]; null where none is rare. The last place is that of the rare ones. */
  readonly groups: readonly (Int32Array | null)[];
}

/** How an encoder's error about an unknown value ends. */
export type Remedy = string;

/**
 * Learns the categories of each column; pauses between columns.
 * @param refuse whether values outside of given categories are an error; what it ends with, else null
 */
export function* learnVocabulary(
  owner: string,
  columns: ColumnSet,
  given: 'auto' | GivenCategories,
  infrequent: InfrequentSettings,
  refuse: Remedy | null,
): Steps<Vocabulary> {
  const { names, kinds, values } = columns;
  if (given !== 'auto' && given.length !== kinds.length) {
    throw new OptionError(
      `${owner}: categories has ${given.length} lists, but x has ${kinds.length} ${kinds.length === 1 ? 'column' : 'columns'}`,
    );
  }
  const categories: Categories[] = [];
  const groups: (Int32Array | null)[] = [];
  for (const [j, kind] of kinds.entries()) {
    const found =
      given === 'auto'
        ? yield* findCategories(kind, values[j]!)
        : givenCategories(owner, columnName(names, j), kind, given[j]!);
    yield;
    const places = placesOf(found, values[j]!);
    const unknown = places.indexOf(-1);
    if (unknown !== -1 && refuse !== null) {
      throw new DataError(
        `${owner}: ${columnName(names, j)} of x is ${show(values[j]![unknown])} in row ${unknown}, which is not among the given categories`,
      );
    }
    categories.push(found);
    const rare = infrequent.minFrequency !== null || infrequent.maxCategories !== null;
    groups.push(rare ? groupRare(places, found.size, infrequent) : null);
    yield;
  }
  return { names, kinds, categories, groups };
}

/** The place of value `i` of column j; -1 for an unknown one. @throws DataError for an unknown one, if `refuse` says how it ends */
export function placeIn(
  owner: string,
  { categories, names }: Vocabulary,
  j: number,
  value: number | string | boolean | null | undefined,
  i: number,
  refuse: Remedy | null,
): number {
  const place = categories[j]!.placeOf(value);
  if (place === -1 && refuse !== null) throw unknownValue(owner, names, j, value, i, refuse);
  return place;
}

/** The place of the value of column j in a single row, which is in `numbers` if it came without names. Errors as for `placeIn`. */
export function placeInRow(
  owner: string,
  vocabulary: Vocabulary,
  j: number,
  row: ArrayLike<number> | NamedRow,
  numbers: Float64Array,
  refuse: Remedy | null,
): number {
  if (vocabulary.names !== null) return placeIn(owner, vocabulary, j, rowValue(owner, vocabulary, row, j), -1, refuse);
  const place = vocabulary.categories[j]!.placeAt(numbers, j);
  if (place === -1 && refuse !== null) throw unknownValue(owner, null, j, numbers[j], -1, refuse);
  return place;
}

/** The value of column j in a single row, which comes with names as the columns did, or as numbers. */
export function rowValue(
  owner: string,
  { names, kinds }: FittedColumns,
  row: ArrayLike<number> | NamedRow,
  j: number,
): number | string | boolean | null | undefined {
  if (names === null) return (row as ArrayLike<number>)[j];
  const value = fieldOf(owner, row as NamedRow, names[j]!);
  if (value === null || value === undefined || typeof value === kinds[j]) return value;
  throw new DataError(`${owner}: ${columnName(names, j)} of the row must be a ${kinds[j]}, got ${show(value)}`);
}

/** Throws unless a single row has the form of the rows that a model was fitted with. */
export function checkRowForm(
  owner: string,
  { names, kinds }: FittedColumns,
  row: ArrayLike<number> | NamedRow,
  checkNumbers: (row: ArrayLike<number>) => void,
): void {
  if (isNamedRow(owner, row)) {
    if (names !== null) return;
    throw new OptionError(
      `${owner}: the row has names, but the model was fitted with a matrix; use ${kinds.length} numbers`,
    );
  }
  if (names !== null) throw needsNames(owner, names);
  checkNumbers(row);
}

function unknownValue(
  owner: string,
  names: readonly string[] | null,
  j: number,
  value: unknown,
  i: number,
  remedy: Remedy,
): DataError {
  const place = i === -1 ? `${columnName(names, j)} of the row` : `${columnName(names, j)} of x`;
  const row = i === -1 ? '' : ` in row ${i}`;
  return new DataError(`${owner}: ${place} is ${show(value)}${row}, which the model was not fitted with; ${remedy}`);
}

/** The number of columns or codes that column j has: its categories, the rare ones counted as one. */
export function sizeOf({ categories, groups }: Vocabulary, j: number): number {
  const group = groups[j]!;
  return group === null ? categories[j]!.size : Math.max(...group) + 1;
}

/** The categories that are rare, for each column; null where none is. */
export function infrequentOf({ categories, groups }: Vocabulary): readonly (readonly unknown[] | null)[] {
  return groups.map((group, j) => {
    if (group === null) return null;
    const last = Math.max(...group);
    return Object.freeze(
      Array.from(categories[j]!.list as ArrayLike<unknown>).filter((_, place) => group[place] === last),
    );
  });
}

export function vocabularyToJSON({ names, categories, groups }: Vocabulary): object {
  return {
    names,
    categories: categories.map((list) => list.toJSON()),
    groups: groups.map((group) => (group === null ? null : [...group])),
  };
}

/** The vocabulary that `vocabularyToJSON` wrote. @throws DataError if it is none */
export function savedVocabulary(owner: string, json: unknown): Vocabulary {
  const { names = undefined, categories: lists, groups } = Object(json) as Record<string, unknown>;
  const d = Array.isArray(lists) ? lists.length : 0;
  const named =
    names === null || (Array.isArray(names) && names.length === d && names.every((name) => typeof name === 'string'));
  if (d === 0 || !named || !Array.isArray(groups) || groups.length !== d) {
    throw new DataError(`${owner}: vocabulary must be the saved categories of an encoder, got ${show(json)}`);
  }
  const categories = (lists as unknown[]).map((list, j) => savedCategories(owner, `categories[${j}]`, list));
  const checked = groups.map((group: unknown, j) => {
    if (group === null) return null;
    const k = categories[j]!.size;
    if (Array.isArray(group) && group.length === k && group.every((g) => Number.isInteger(g) && g >= 0 && g < k)) {
      return Int32Array.from(group);
    }
    throw new DataError(`${owner}: groups[${j}] must be ${k} places or null, got ${show(group)}`);
  });
  const kinds: ColumnKind[] = categories.map(({ kind }) => kind);
  checkMatrixKinds(owner, names as string[] | null, kinds);
  return { names: names as string[] | null, kinds, categories, groups: checked };
}

/** What inverse transforms call the rare categories that were put together. */
export const INFREQUENT = 'infrequent_sklearn';

/** A column of values with these places, where -1 is a missing value and -2 one of the rare ones. */
export function columnOfPlaces(
  owner: string,
  { categories, kinds, names }: Vocabulary,
  j: number,
  places: Int32Array,
): Float64Array | (string | null)[] | boolean[] {
  const { list } = categories[j]!;
  if (kinds[j] === 'number')
    return Float64Array.from(places, (place) => (place < 0 ? Number.NaN : (list as Float64Array)[place]!));
  if (kinds[j] === 'string')
    return Array.from(places, (place) => (place < 0 ? (place === -2 ? INFREQUENT : null) : (list as string[])[place]!));
  const missing = places.findIndex((place) => place < 0);
  if (missing === -1) return Array.from(places, (place) => (list as boolean[])[place]!);
  throw new DataError(
    `${owner}: row ${missing} stands for no category, which ${columnName(names, j)} of booleans cannot hold`,
  );
}
