import { checkKnown, DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import { fileSystem, reason, writeWhole } from '@maru-ml/base/files';
import type { Columns } from '@maru-ml/tensor';
import { checkSigns, MISSING } from './csv.ts';

export interface FormatCsvOptions {
  /** The character between fields; ','. */
  separator?: string;
  /** The character around fields that need it; null never quotes, and refuses what would need it; '"'. */
  quote?: string | null;
  /** The decimal sign of numbers, '.' or ','; '.'. */
  decimal?: '.' | ',';
}

/**
 * Columns as comma- or otherwise separated text that `parseCsv` turns into the same columns, every number to its last bit.
 * Missing values become empty fields, and strings that would read as missing are quoted. Columns of strings that all look like numbers
 * (or all missing) need the `kinds` option of `parseCsv` to come back as strings.
 *
 * @throws ShapeError if the columns differ in length; DataError if a string needs quotes and `quote` is null
 */
export function formatCsv(columns: Columns, options: FormatCsvOptions = {}): string {
  return format('formatCsv', columns, options);
}

/**
 * Writes columns to a CSV file. If that fails, an old file of that name is left as it was. Not in browsers.
 *
 * @throws what `formatCsv` throws; DataError if the file cannot be written
 */
export async function writeCsv(path: string, columns: Columns, options: FormatCsvOptions = {}): Promise<void> {
  const text = format('writeCsv', columns, options);
  const fs = fileSystem();
  if (fs === undefined) throw new OptionError('writeCsv: there is no file system here; see formatCsv');
  try {
    await writeWhole(fs, path, text);
  } catch (error) {
    throw new DataError(`writeCsv: ${path} cannot be written (${reason(error)})`, { cause: error });
  }
}

function format(owner: string, columns: Columns, options: FormatCsvOptions): string {
  checkKnown(owner, options, ['separator', 'quote', 'decimal']);
  const { separator = ',', quote = '"', decimal = '.' } = options;
  checkSigns(owner, separator, quote, decimal);
  const isTable = typeof columns === 'object' && columns !== null && !Array.isArray(columns);
  const bad = isTable ? Object.keys(columns).find((name) => typeof columns[name]?.length !== 'number') : '';
  if (bad !== undefined) {
    throw new OptionError(
      `${owner}: columns must be an object of columns by name, such as { x: [1, 2] }, got ${isTable ? `${bad}: ${show(columns[bad])}` : show(columns)}`,
    );
  }
  const names = Object.keys(columns);
  if (names.length === 0) throw new DataError(`${owner}: there are no columns`);
  const length = columns[names[0]!]!.length;
  const odd = names.find((name) => columns[name]!.length !== length);
  if (odd !== undefined) {
    throw new ShapeError(
      `${owner}: column ${show(odd)} has ${columns[odd]!.length} rows, but ${show(names[0])} has ${length}`,
    );
  }

  const needsQuotes = new RegExp(`[${codePoint(separator)}${codePoint(quote ?? separator)}\\n\\r]|^\\ufeff`);
  const text = (value: string): string => {
    if (!needsQuotes.test(value) && !MISSING.includes(value)) return value;
    if (quote === null) throw new DataError(`${owner}: ${show(value)} needs quotes, but quote is null`);
    return quote + value.replaceAll(quote, quote + quote) + quote;
  };
  const field = (value: number | string | boolean | null): string => {
    if (typeof value === 'string') return text(value);
    // A line with nothing on it is no row, so a table of one column marks what is missing.
    if (value === null || Number.isNaN(value)) return names.length === 1 ? 'NA' : '';
    if (typeof value === 'boolean') return String(value);
    const number = Object.is(value, -0) ? '-0' : String(value);
    return decimal === '.' ? number : number.replace('.', decimal);
  };
  const lines = [names.map(text).join(separator)];
  for (let i = 0; i < length; i++) lines.push(names.map((name) => field(columns[name]![i]!)).join(separator));
  return `${lines.join('\n')}\n`;
}

function codePoint(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
