import { checkBoolean, checkInteger, checkKnown, checkOneOf, DataError, OptionError, show } from '@maru-ml/base';
import type { Columns } from '@maru-ml/tensor';
import { type ColumnKind, type RawColumn, typed } from './csv-columns.ts';
import { type CsvRecord, type Dialect, records } from './csv-records.ts';
import { decodeText } from './encoding.ts';
import { open, SOURCE_OPTIONS, type Source, type SourceOptions } from './source.ts';

export interface CsvOptions {
  /** The character between fields; ','. */
  separator?: string;
  /** The character around fields that hold separators or line ends; null where quotes are ordinary characters; '"'. */
  quote?: string | null;
  /** Whether the first row holds the names of the columns; false names them x0, x1, ..., an array gives the names; true. */
  header?: boolean | readonly string[];
  /** Lines that begin with it are left out; null. */
  comment?: string | null;
  /** Lines to leave out at the start, before the header; 0. */
  skipRows?: number;
  /** Rows to read at most; all. */
  limit?: number;
  /** Fields that stand for a missing value; '', 'NA', 'N/A', 'NaN', 'nan', 'NULL', 'null'. */
  missing?: readonly string[];
  /** The decimal sign of numbers, '.' or ','; '.'. */
  decimal?: '.' | ',';
  /** Leave out spaces around fields; false. */
  trim?: boolean;
  /** Rows with fewer fields than the header: an 'error', or 'fill' them up with empty fields; 'error'. */
  ragged?: 'error' | 'fill';
  /** Kinds of columns by name, where they are not to be decided over all rows; none. */
  kinds?: Readonly<Record<string, ColumnKind>>;
}

export interface ReadCsvOptions extends CsvOptions, SourceOptions {
  /** The encoding, such as 'cp1252', 'euc-kr' or 'utf-16le'; what a byte order mark says, else 'utf-8'. */
  encoding?: string;
}

/** What `readCsv` and `parseCsv` take for a missing value where nothing else is said: `missing: [...csvMissing, '-']` adds to it. */
export const MISSING: readonly string[] = ['', 'NA', 'N/A', 'NaN', 'nan', 'NULL', 'null'];

const CSV_OPTIONS: readonly (keyof CsvOptions)[] = [
  'separator',
  'quote',
  'header',
  'comment',
  'skipRows',
  'limit',
  'missing',
  'decimal',
  'trim',
  'ragged',
  'kinds',
];

/**
 * Reads a table of comma- or otherwise separated values into named columns. A column is of numbers (missing: NaN), of booleans, or of
 * strings (missing: null); which, is decided over all of its rows. Gzip is inflated. One pass over the text and one over each column.
 *
 * @throws DataError, naming the file and the line (or byte), if it cannot be read, is no text of the encoding, is empty, has rows of
 *   differing lengths, a quote that is never closed or a name twice, or if a column is not of the kind asked for
 */
export async function readCsv(source: Source, options: ReadCsvOptions = {}): Promise<Columns> {
  checkKnown('readCsv', options, [...CSV_OPTIONS, ...SOURCE_OPTIONS, 'encoding']);
  const settings = checked('readCsv', options);
  const file = await open('readCsv', source, options);
  const text = decodeText('readCsv', file, options.encoding);
  const zero = text.indexOf('\0');
  if (zero >= 0) {
    throw new DataError(
      `readCsv: ${file.name} has a zero character at place ${zero}, so it is no text, or in another encoding such as 'utf-16le'`,
    );
  }
  return parse(`readCsv: ${file.name}`, text, settings);
}

/**
 * The columns of a text; see `readCsv`.
 *
 * @example
 * ```ts
 * import { parseCsv } from '@maru-ml/datasets';
 *
 * const { age, name } = parseCsv('age;name\n4,5;"Kim; Minji"\nNA;Lee', { separator: ';', decimal: ',' });
 * console.log(age); // Float64Array(2) [ 4.5, NaN ]
 * console.log(name); // [ 'Kim; Minji', 'Lee' ]
 * ```
 */
export function parseCsv(text: string, options: CsvOptions = {}): Columns {
  checkKnown('parseCsv', options, CSV_OPTIONS);
  if (typeof text !== 'string')
    throw new OptionError(`parseCsv: text must be a string, got ${show(text)}; for files see readCsv`);
  return parse('parseCsv', text, checked('parseCsv', options));
}

type Settings = Required<Omit<CsvOptions, keyof Dialect>> & { dialect: Dialect };

function checked(owner: string, options: CsvOptions): Settings {
  const { separator = ',', quote = '"', comment = null, skipRows = 0, trim = false } = options;
  const {
    header = true,
    limit = Number.MAX_SAFE_INTEGER,
    missing = MISSING,
    decimal = '.',
    ragged = 'error',
    kinds = {},
  } = options;
  checkSigns(owner, separator, quote, decimal);
  if (comment !== null && (typeof comment !== 'string' || comment === '')) {
    throw new OptionError(`${owner}: comment must be a string that is not empty, or null, got ${show(comment)}`);
  }
  if (typeof header !== 'boolean' && !(Array.isArray(header) && header.every((name) => typeof name === 'string'))) {
    throw new OptionError(`${owner}: header must be true, false or the names of the columns, got ${show(header)}`);
  }
  if (!Array.isArray(missing) || !missing.every((marker) => typeof marker === 'string')) {
    throw new OptionError(`${owner}: missing must be an array of strings, got ${show(missing)}`);
  }
  checkInteger(owner, 'skipRows', skipRows, { min: 0 });
  checkInteger(owner, 'limit', limit, { min: 1 });
  checkBoolean(owner, 'trim', trim);
  checkOneOf(owner, 'ragged', ragged, ['error', 'fill']);
  for (const [name, kind] of Object.entries(kinds))
    checkOneOf(owner, `kinds[${show(name)}]`, kind, ['number', 'boolean', 'string']);
  return { dialect: { separator, quote, comment, skipRows, trim }, header, limit, missing, decimal, ragged, kinds };
}

/** One character each, and no two of them the same. */
export function checkSigns(owner: string, separator: string, quote: string | null, decimal: string): void {
  const isSign = (sign: unknown): boolean =>
    typeof sign === 'string' && sign.length === 1 && sign !== '\n' && sign !== '\r';
  if (!isSign(separator)) throw new OptionError(`${owner}: separator must be one character, got ${show(separator)}`);
  if (quote !== null && !isSign(quote))
    throw new OptionError(`${owner}: quote must be one character or null, got ${show(quote)}`);
  checkOneOf(owner, 'decimal', decimal, ['.', ',']);
  if (separator === quote)
    throw new OptionError(`${owner}: separator and quote must differ, got ${show(separator)} for both`);
  if (separator === decimal)
    throw new OptionError(`${owner}: separator and decimal must differ, got ${show(separator)} for both`);
}

function parse(owner: string, text: string, settings: Settings): Columns {
  const rows = records(owner, text.startsWith('\ufeff') ? text.slice(1) : text, settings.dialect);
  const first = rows.next();
  if (first.done && !Array.isArray(settings.header)) {
    throw new DataError(`${owner === 'parseCsv' ? 'parseCsv: the text' : owner} holds no rows`);
  }
  const names = namesOf(owner, settings, first.done ? undefined : first.value);
  const columns = names.map((name): RawColumn => ({ name, fields: [] }));
  const lines: number[] = [];
  const missing = new Set(settings.missing);

  const add = (record: CsvRecord): void => {
    checkWidth(owner, record, names.length, settings);
    for (const j of record.quoted) {
      if (!missing.has(record.fields[j]!)) continue;
      columns[j]!.quotedMissing ??= new Set();
      columns[j]!.quotedMissing!.add(lines.length);
    }
    for (let j = 0; j < columns.length; j++) columns[j]!.fields.push(record.fields[j] ?? '');
    lines.push(record.line);
  };
  if (settings.header !== true && !first.done) add(first.value);
  while (lines.length < settings.limit) {
    const row = rows.next();
    if (row.done) break;
    add(row.value);
  }

  const { decimal, kinds } = settings;
  const stranger = Object.keys(kinds).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    throw new OptionError(`${owner}: kinds names the column ${show(stranger)}, but the columns are ${show(names)}`);
  }
  const lineOf = (row: number): number => lines[row]!;
  return Object.fromEntries(
    columns.map((column) => {
      const kind = Object.hasOwn(kinds, column.name) ? kinds[column.name] : undefined;
      return [column.name, typed(owner, column, { missing, decimal, kind, lineOf })];
    }),
  );
}

function namesOf(owner: string, { header }: Settings, first: CsvRecord | undefined): readonly string[] {
  const given = header === true ? first!.fields : header === false ? first!.fields.map(() => '') : header;
  const names = given.map((name, j) => (name === '' ? `x${j}` : name));
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) {
    throw new DataError(
      `${owner}: two columns have the name ${show(twice)}; give names with header: [...] and leave the first row out with skipRows: 1`,
    );
  }
  return names;
}

function checkWidth(owner: string, { fields, line }: CsvRecord, width: number, { header, ragged }: Settings): void {
  if (fields.length === width || (fields.length < width && ragged === 'fill')) return;
  const where = header === true ? 'the header has' : header === false ? 'the first row has' : 'there are names for';
  const remedy = fields.length < width ? "; pass ragged: 'fill' if short rows are meant" : '';
  throw new DataError(
    `${owner}: line ${line} has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'}, but ${where} ${width}${remedy}`,
  );
}
