import { OptionError } from './errors.ts';

/** The bounds of a number: at least, more than, at most, less than. */
export interface Bounds {
  min?: number;
  above?: number;
  max?: number;
  below?: number;
}

/**
 * Returns `value` if it is an integer within the bounds, else throws an `OptionError`
 * such as `KMeans: nClusters must be an integer ≥ 1, got 0`.
 */
export function checkInteger(owner: string, name: string, value: unknown, bounds: Bounds = {}): number {
  if (Number.isInteger(value) && within(value, bounds)) return value;
  throw refused(owner, name, `an integer${describe(bounds)}`, value);
}

/**
 * Returns `value` if it is a number within the bounds, else throws an `OptionError`. NaN never passes, and infinity only
 * where `max` or `min` is infinite.
 */
export function checkNumber(owner: string, name: string, value: unknown, bounds: Bounds = {}): number {
  if (within(value, bounds)) return value;
  throw refused(owner, name, `a number${describe(bounds)}`, value);
}

/** Returns `value` if it is a boolean, else throws an `OptionError`. */
export function checkBoolean(owner: string, name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw refused(owner, name, 'true or false', value);
}

/** Returns `value` if it is one of `choices`, else throws an `OptionError` that lists them. */
export function checkOneOf<T extends string | number>(
  owner: string,
  name: string,
  value: unknown,
  choices: readonly T[],
): T {
  if (choices.includes(value as T)) return value as T;
  throw refused(owner, name, list(choices.map(show), 'or'), value);
}

/** Throws an `OptionError` for the first key of `options` that is not in `known`, and names those that are. */
export function checkKnown(owner: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw refused(owner, 'options', 'an object', options);
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    if (show(options) !== 'an object') throw refused(owner, 'options', 'a plain object', options);
    const others = known.length === 0 ? '; there are none' : `, only ${list(known, 'and')}`;
    throw new OptionError(`${owner}: there is no option ${key}${others}`);
  }
}

/** The options by their defaults' names, with the defaults for those that are undefined. */
export function withDefaults<T extends object>(options: { [name in keyof T]?: T[name] | undefined }, defaults: T): T {
  const all = { ...defaults };
  for (const name in defaults) if (options[name] !== undefined) all[name] = options[name];
  return all;
}

/** A value as it stands in an error's sentence: short, on one line, strings in quotes. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${oneLine(value)}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) {
    if (value.length > 6) return `an array of ${value.length}`;
    return `[${value.map((item) => (Array.isArray(item) ? '[…]' : show(item))).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    // Bundlers put an underscore before the name of a class that mentions itself; a model's class is FittedKMeans.
    const type = value.constructor?.name?.replace(/^_+/, '').replace(/^Fitted/, 'fitted ');
    if (!type || type === 'Object') return 'an object';
    return `${/^[AEIO]/.test(type) ? 'an' : 'a'} ${type}`;
  }
  return Object.is(value, -0) ? '-0' : String(value);
}

/** `a, b or c`. */
export function list(words: readonly string[], last: 'and' | 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** `1 row`, `2 rows`. */
export function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

/** At most 40 characters, with line breaks and the like written as escapes. */
function oneLine(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 37)}...` : text;
  return JSON.stringify(short).slice(1, -1).replaceAll('\\"', '"');
}

/** The error of an option that is not what it must be. */
export function refused(owner: string, name: string, wanted: string, value: unknown): OptionError {
  return new OptionError(`${owner}: ${name} must be ${wanted}, got ${show(value)}`);
}

/** Whether `value` is a number within the bounds. An infinity is so only where the bound on its own side is that infinity. */
function within(value: unknown, { min, above, max, below }: Bounds): value is number {
  return (
    typeof value === 'number' &&
    (Number.isFinite(value) || value === min || value === max) &&
    !(value < min! || value <= above! || value > max! || value >= below!)
  );
}

function describe({ min, above, max, below }: Bounds): string {
  const bounds = Object.entries({ ' ≥ ': min, ' > ': above, ' ≤ ': max, ' < ': below });
  const shown = bounds.filter(([, bound]) => Number.isFinite(bound));
  return shown.map((parts) => parts.join('')).join(' and');
}
