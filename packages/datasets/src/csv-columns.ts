import { DataError } from '@maru-ml/base';
import type { Columns } from '@maru-ml/tensor';

export type ColumnKind = 'number' | 'boolean' | 'string';

/** The fields of one column as they stand in the file. */
export interface RawColumn {
  name: string;
  fields: string[];
  /** Rows whose field was quoted though it reads like a missing value; undefined where there are none. */
  quotedMissing?: Set<number>;
}

export interface Typing {
  missing: ReadonlySet<string>;
  decimal: string;
  /** The kind that the caller wants; else it is decided over all rows. */
  kind?: ColumnKind;
  /** The line of the file on which a row begins. */
  lineOf(row: number): number;
}

/**
 * The values of a column. It is a column of numbers if every field that is not missing is a number, of booleans if every field is
 * true or false and none is missing, else of strings. A quoted field counts as missing only in columns that are no strings, so that
 * empty strings and the word "NA" can be told from missing values.
 */
export function typed(owner: string, column: RawColumn, typing: Typing): Columns[string] {
  switch (typing.kind) {
    case 'number':
      return (
        numbers(column, typing) ??
        refuse(owner, column, typing, 'a number', (field) => Number.isNaN(parseNumber(field, typing.decimal)))
      );
    case 'boolean':
      return (
        booleans(column) ?? refuse(owner, column, typing, 'true or false', (field) => parseBoolean(field) === undefined)
      );
    case 'string':
      return strings(column, typing);
    default:
      return numbers(column, typing) ?? booleans(column) ?? strings(column, typing);
  }
}

function numbers({ fields }: RawColumn, { missing, decimal, kind }: Typing): Float64Array | undefined {
  const values = new Float64Array(fields.length);
  const numericMarkers = [...missing].some((marker) => !Number.isNaN(parseNumber(marker, decimal)));
  for (let i = 0; i < values.length; i++) {
    const field = fields[i]!;
    const value = numericMarkers && missing.has(field) ? Number.NaN : parseNumber(field, decimal);
    if (Number.isNaN(value) ? !missing.has(field) : kind === undefined && isLossy(field, value)) return undefined;
    values[i] = value;
  }
  return values;
}

/** A number, or NaN for anything else: decimal notation with an exponent, and inf. */
function parseNumber(field: string, decimal: string): number {
  if (decimal !== '.' && field.includes('.')) return Number.NaN;
  const text = decimal === '.' ? field : field.replace(decimal, '.');
  const value = Number(text);
  if (Number.isNaN(value)) return infinity(text);
  if (value === 0 && text.trim() === '') return Number.NaN;
  // `Number` reads hexadecimal, octal and binary numbers too; a table means something else by them.
  return isPlain(text) ? value : Number.NaN;
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length - 1; i++) {
    if (text.charCodeAt(i) === 48) {
      const letter = text.charCodeAt(i + 1) | 32;
      return letter !== 120 && letter !== 111 && letter !== 98;
    }
    if (text.charCodeAt(i) > 32) return true;
  }
  return true;
}

function infinity(text: string): number {
  const match = /^\s*([+-]?)inf(inity)?\s*$/i.exec(text);
  if (match === null) return Number.NaN;
  return match[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Whether a long whole number would lose digits as a double: then it is a name, such as an account's, and stays a string. */
function isLossy(field: string, value: number): boolean {
  return (
    field.length > 15 &&
    !Number.isSafeInteger(value) &&
    /^\s*[+-]?\d+\s*$/.test(field) &&
    String(value) !== field.trim()
  );
}

function booleans({ fields }: RawColumn): boolean[] | undefined {
  const values: boolean[] = [];
  for (const field of fields) {
    const value = parseBoolean(field);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function parseBoolean(field: string): boolean | undefined {
  if (field === 'true' || field === 'True' || field === 'TRUE') return true;
  if (field === 'false' || field === 'False' || field === 'FALSE') return false;
  return undefined;
}

function strings({ fields, quotedMissing }: RawColumn, { missing }: Typing): (string | null)[] {
  return fields.map((field, i) => (missing.has(field) && !quotedMissing?.has(i) ? null : field));
}

function refuse(
  owner: string,
  { name, fields }: RawColumn,
  { missing, kind, lineOf }: Typing,
  wanted: string,
  wrong: (field: string) => boolean,
): never {
  const row = fields.findIndex((field) => wrong(field) && (kind === 'boolean' || !missing.has(field)));
  throw new DataError(
    `${owner}: column ${JSON.stringify(name)} on line ${lineOf(row)} must be ${wanted}, got ${JSON.stringify(fields[row])}`,
  );
}
