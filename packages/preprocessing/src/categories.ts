import { DataError, OptionError, type Steps, show, sortSteps, sortStepsBy } from '@maru-ml/base';
import { decodeArray, encodeArray } from '@maru-ml/tensor';
import type { ColumnKind, ColumnValues } from './columns.ts';

/** The different values of a column: numbers and booleans ascending, strings as found (sorted) or given; a missing one is last. */
export type CategoryList = ColumnValues;

/** The categories of a column, and the place of each value among them. */
export class Categories {
  readonly kind: ColumnKind;
  readonly list: CategoryList;
  readonly #places: Map<string | null, number> | null;
  readonly #one = new Float64Array(1);

  constructor(kind: ColumnKind, list: CategoryList) {
    this.kind = kind;
    this.list = list;
    this.#places = kind === 'string' ? new Map((list as string[]).map((value, place) => [value, place])) : null;
  }

  get size(): number {
    return this.list.length;
  }

  /** The place of a value, -1 for one that is not there; null and undefined are missing numbers and strings. No allocation. */
  placeOf(value: number | string | boolean | null | undefined): number {
    if (this.#places !== null) return this.#places.get((value ?? null) as string | null) ?? -1;
    if (this.kind === 'boolean') return (this.list as readonly boolean[]).indexOf(value as boolean);
    const numbers = this.list as Float64Array;
    if (value === null || value === undefined)
      return Number.isNaN(numbers[numbers.length - 1]!) ? numbers.length - 1 : -1;
    if (typeof value !== 'number') return -1;
    this.#one[0] = value;
    return placeOfNumber(numbers, this.#one, 0);
  }

  /** The place of number i of a list, in categories of numbers; a number of its own would be put on the heap. */
  placeAt(numbers: Float64Array, i: number): number {
    return placeOfNumber(this.list as Float64Array, numbers, i);
  }

  /** The place of the category for missing values; -1 if there is none. */
  get missing(): number {
    return this.kind === 'boolean' ? -1 : this.placeOf(null);
  }

  /** For a model's JSON form. */
  toJSON(): object {
    return {
      kind: this.kind,
      list: this.kind === 'number' ? encodeArray(this.list as Float64Array) : [...this.list],
    };
  }

  /** A copy that can be handed out. */
  copy(): CategoryList {
    return this.kind === 'number' ? (this.list as Float64Array).slice() : Object.freeze([...(this.list as string[])]);
  }
}

/** The different values of a column and how often each comes. O(n log n). */
export function* findCategories(kind: ColumnKind, values: ColumnValues): Steps<Categories> {
  if (kind === 'number') {
    const numbers = values as Float64Array;
    const sorted = new Float64Array(numbers.length);
    let present = 0;
    for (let i = 0; i < numbers.length; i++) if (!Number.isNaN(numbers[i]!)) sorted[present++] = numbers[i]! + 0;
    yield* sortSteps(sorted.subarray(0, present));
    let n = 0;
    for (let i = 0; i < present; i++) if (n === 0 || sorted[i] !== sorted[n - 1]) sorted[n++] = sorted[i]!;
    // Of several missing ones one stays, the last.
    if (present < numbers.length) sorted[n++] = Number.NaN;
    return new Categories(kind, sorted.slice(0, n));
  }
  const found = new Set<string | boolean | null>(values as readonly (string | boolean | null)[]);
  const missing = found.delete(null);
  yield;
  const different = [...(found as Set<string>)];
  const order = yield* sortStepsBy(Int32Array.from(different.keys()), (a, b) =>
    different[a]! < different[b]! ? -1 : 1,
  );
  const list: (string | null)[] = Array.from(order, (place) => different[place]!);
  if (missing) list.push(null);
  return new Categories(kind, list);
}

/** The places of all values of a column; -1 for what is no category. */
export function placesOf(categories: Categories, values: ColumnValues): Int32Array {
  const places = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) places[i] = categories.placeOf(values[i]);
  return places;
}

/**
 * Checks categories that a caller gives for a column.
 * @throws OptionError if they are none, of another kind, not different, or numbers that do not ascend
 */
export function givenCategories(owner: string, place: string, kind: ColumnKind, given: unknown): Categories {
  if (!Array.isArray(given) || given.length === 0) {
    throw new OptionError(`${owner}: categories of ${place} must be a list of values, got ${show(given)}`);
  }
  for (const value of given) {
    if (typeof value === kind || (value === null && kind !== 'boolean')) continue;
    throw new OptionError(`${owner}: categories of ${place} must be ${kind}s as its values are, got ${show(value)}`);
  }
  if (new Set(given).size < given.length) {
    throw new OptionError(`${owner}: categories of ${place} must be different from each other`);
  }
  if (given.includes(null) && given.at(-1) !== null) {
    throw new OptionError(`${owner}: categories of ${place} must have null, a missing value, in the last place`);
  }
  if (kind !== 'number') return new Categories(kind, [...given]);
  const numbers = Float64Array.from(given, (value) => value ?? Number.NaN);
  if (numbers.some((value, i) => i > 0 && value <= numbers[i - 1]!)) {
    throw new OptionError(`${owner}: categories of ${place} must ascend, as they are numbers`);
  }
  return new Categories(kind, numbers);
}

/** The categories that `toJSON` wrote. @throws DataError if they are none */
export function savedCategories(owner: string, name: string, json: unknown): Categories {
  const { kind, list } = Object(json) as { kind?: unknown; list?: unknown };
  if (kind === 'number') {
    return new Categories(kind, decodeArray(owner, name, list, { dtype: 'float64', shape: [-1] }));
  }
  const valid =
    (kind === 'string' || kind === 'boolean') &&
    Array.isArray(list) &&
    list.every((value) => typeof value === kind || (value === null && kind === 'string'));
  if (valid) return new Categories(kind, list);
  throw new DataError(`${owner}: ${name} must be saved categories, got ${show(json)}`);
}

/** The place of number i of a list in ascending numbers with NaN last; -1 if it is not there. */
function placeOfNumber(numbers: Float64Array, values: ArrayLike<number>, i: number): number {
  const value = values[i]!;
  const last = numbers.length - 1;
  if (Number.isNaN(value)) return Number.isNaN(numbers[last]!) ? last : -1;
  let [low, high] = [0, last];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = numbers[middle]!;
    if (found === value) return middle;
    // NaN is above all.
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
