import { DataError } from '@maru-ml/base';

/** How a text is cut into fields. */
export interface Dialect {
  separator: string;
  quote: string | null;
  comment: string | null;
  skipRows: number;
  trim: boolean;
}

/** One row of a CSV file. */
export interface CsvRecord {
  fields: string[];
  /** Which fields were quoted, in order. */
  quoted: number[];
  /** The line in the file, from 1, on which the row begins. */
  line: number;
}

const NEWLINE = 10;
const RETURN = 13;

/**
 * Cuts a text into rows: fields between separators, rows between line ends (\n, \r\n or \r). A quoted field may hold separators
 * and line ends, and quotes written twice; a quote inside an unquoted field is an ordinary character. Blank lines and lines that
 * begin with the comment sign are left out. One pass, O(length).
 *
 * Source: Y. Shafranovich, RFC 4180 (2005).
 */
export function* records(owner: string, text: string, dialect: Dialect): Generator<CsvRecord> {
  const { comment, trim } = dialect;
  const separator = dialect.separator.charCodeAt(0);
  const quote = dialect.quote === null ? -1 : dialect.quote.charCodeAt(0);
  let at = 0;
  let line = 1;
  for (; line <= dialect.skipRows && at < text.length; line++) at = afterLine(text, at);

  /** The quoted field that opens at `at`; moves behind its closing quote. */
  const readQuoted = (): string => {
    const opened = line;
    let value = '';
    for (at++; ; at++) {
      const close = text.indexOf(dialect.quote!, at);
      if (close < 0) {
        throw new DataError(`${owner}: the quoted field that opens on line ${opened} is never closed; ${REMEDY}`);
      }
      const twice = text.charCodeAt(close + 1) === quote;
      value += text.slice(at, twice ? close + 1 : close);
      at = close + 1;
      if (!twice) break;
    }
    line += countLineEnds(value);
    if (trim) at = afterSpaces(text, at, separator);
    const next = text.charCodeAt(at);
    if (at === text.length || next === separator || isLineEnd(next)) return value;
    const [came, wanted] = [text[at], dialect.separator].map((sign) => JSON.stringify(sign));
    throw new DataError(
      `${owner}: on line ${line} the closing quote is followed by ${came}, wanted ${wanted} or the line's end; ${REMEDY}`,
    );
  };

  while (at < text.length) {
    if (isLineEnd(text.charCodeAt(at)) || (comment !== null && text.startsWith(comment, at))) {
      at = afterLine(text, at);
      line++;
      continue;
    }
    const record: CsvRecord = { fields: [], quoted: [], line };
    for (;;) {
      if (trim) at = afterSpaces(text, at, separator);
      if (text.charCodeAt(at) === quote) {
        record.quoted.push(record.fields.length);
        record.fields.push(readQuoted());
      } else {
        const from = at;
        at = fieldEnd(text, at, separator);
        record.fields.push(trim ? text.slice(from, at).trimEnd() : text.slice(from, at));
      }
      if (text.charCodeAt(at) !== separator) break;
      at++;
    }
    at = afterLine(text, at);
    line++;
    yield record;
  }
}

const REMEDY = 'if quotes are ordinary characters here, pass quote: null';

function isLineEnd(code: number): boolean {
  return code === NEWLINE || code === RETURN;
}

/** Where the field at `at` ends: at a separator, a line end or the end of the text. */
function fieldEnd(text: string, at: number, separator: number): number {
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === separator || code === NEWLINE || code === RETURN) return i;
  }
  return text.length;
}

/** The start of the next line. */
function afterLine(text: string, at: number): number {
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === NEWLINE) return i + 1;
    if (code === RETURN) return text.charCodeAt(i + 1) === NEWLINE ? i + 2 : i + 1;
  }
  return text.length;
}

/** Skips spaces and tabs, but not separators. */
function afterSpaces(text: string, at: number, separator: number): number {
  let i = at;
  while ((text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9) && text.charCodeAt(i) !== separator) i++;
  return i;
}

function countLineEnds(value: string): number {
  return value.match(/\r\n|\n|\r/g)?.length ?? 0;
}
