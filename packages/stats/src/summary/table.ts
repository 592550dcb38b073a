import { readable } from '@maru-ml/base';
import { centered } from './number-format.ts';

/** An entry of the tables above and below the coefficients. */
export interface SummaryEntry {
  /** As it is printed, such as 'No. Observations:'. */
  readonly label: string;
  /** As it is printed, such as '   506'. */
  readonly text: string;
  /** What it says: a number with all its digits where it is one. */
  readonly value: number | string;
}

/** Two columns of labels and values. */
export interface SummaryPairs {
  readonly kind: 'pairs';
  /** '' for none. */
  readonly title: string;
  readonly left: readonly SummaryEntry[];
  readonly right: readonly SummaryEntry[];
}

/** A row of a table of numbers: one coefficient. */
export interface SummaryRow {
  readonly name: string;
  /** As they are printed, one for each column. */
  readonly texts: readonly string[];
  /** The same with all digits. */
  readonly values: readonly number[];
}

/** Rows under one head; models with several equations have several. */
export interface SummaryBlock {
  /** What stands above the names; '' for nothing. */
  readonly corner: string;
  readonly rows: readonly SummaryRow[];
}

/** The table of coefficients. */
export interface SummaryGrid {
  readonly kind: 'grid';
  /** '' for none; ''. */
  readonly title?: string;
  /** The columns' heads, such as 'coef' and 'std err'. */
  readonly headers: readonly string[];
  readonly blocks: readonly SummaryBlock[];
}

export type SummaryTable = SummaryPairs | SummaryGrid;

/** The plain data of a `Summary`. */
export interface SummaryData {
  readonly tables: readonly SummaryTable[];
  /** Sentences below the tables, numbered when printed. */
  readonly notes: readonly string[];
  /** Text below the tables that is no note. */
  readonly remark?: string;
}

/**
 * A page about a fitted model, laid out as statsmodels lays it out. `String(summary)` is the page; the numbers behind it are
 * in `tables`.
 */
export class Summary implements SummaryData {
  readonly tables: readonly SummaryTable[];
  readonly notes: readonly string[];
  /** Text below the tables that is no note; '' for none. */
  readonly remark: string;

  /** @internal */
  constructor(tables: readonly SummaryTable[], notes: readonly string[] = [], remark = '') {
    this.tables = tables;
    this.notes = notes;
    this.remark = remark;
    readable(this);
    Object.freeze(this);
  }

  /** The value that stands behind a label, such as `summary.value('R-squared')`; undefined if there is no such label. */
  value(label: string): number | string | undefined {
    const wanted = bare(label);
    for (const table of this.tables) {
      if (table.kind !== 'pairs') continue;
      const found = [...table.left, ...table.right].find((entry) => bare(entry.label) === wanted);
      if (found !== undefined) return found.value;
    }
    return undefined;
  }

  toString(): string {
    const tables = this.tables.map(textOf);
    // A table ends with a line; the next one brings its own.
    const body = tables.map((text, i) => (i === tables.length - 1 ? text : text.slice(0, text.lastIndexOf('\n'))));
    const below = this.#below();
    return body.join('\n') + (below === '' ? '' : `\n\n${below}`);
  }

  /** The page as HTML tables, as statsmodels writes them, with names escaped. */
  toHTML(): string {
    const tables = this.tables.map(htmlOf).join('\n');
    const below = this.#below();
    return tables + (below === '' ? '' : `<br/><br/>${escaped(below).replaceAll('\n', '<br/>')}`);
  }

  toJSON(): SummaryData {
    const { tables, notes, remark } = this;
    return remark === '' ? { tables, notes } : { tables, notes, remark };
  }

  #below(): string {
    if (this.notes.length === 0) return this.remark;
    return ['Notes:', ...this.notes.map((note, i) => `[${i + 1}] ${note}`)].join('\n');
  }
}

/** An entry of a table of pairs. */
export function entry(label: string, value: number | string, text: string = String(value)): SummaryEntry {
  return { label, text, value };
}

function bare(label: string): string {
  return label.trim().replace(/:$/, '');
}

/** A table cell before its columns' widths are known. */
interface Cell {
  readonly text: string;
  readonly align: 'l' | 'r' | 'c';
  /** How wide it counts: escapes are not to widen a column. */
  readonly width?: number;
}

const BLANK: SummaryEntry = { label: ' ', text: ' ', value: '' };

/** The rows of a table of pairs; the shorter column is filled up with blanks. */
function pairRows({ left, right }: SummaryPairs): [SummaryEntry, SummaryEntry][] {
  const rows = Math.max(left.length, right.length);
  return Array.from({ length: rows }, (_, i) => [left[i] ?? BLANK, right[i] ?? BLANK]);
}

function rightLabel(label: string): string {
  return `  ${label}`.padEnd(21);
}

function textOf(table: SummaryTable): string {
  return table.kind === 'pairs' ? pairsText(table) : gridText(table);
}

function pairsText(table: SummaryPairs): string {
  const rows = pairRows(table).map(([left, right]): Cell[] => [
    { text: left.label, align: 'l' },
    { text: left.text.padStart(18), align: 'r' },
    ...(table.right.length === 0
      ? []
      : [
          { text: rightLabel(right.label), align: 'l' as const },
          { text: right.text.padStart(18), align: 'r' as const },
        ]),
  ]);
  const lines = laidOut(rows, 18).map((cells) => cells.join(' '));
  const width = lines[lines.length - 1]!.length;
  const title = table.title === '' ? [] : [centered(table.title, width)];
  return [...title, '='.repeat(width), ...lines, '='.repeat(width)].join('\n');
}

/** The width that each column of numbers takes at least, as in statsmodels. */
const LEAST = [0, 0, 8, 0, 11, 11];

function gridText({ headers, blocks, title = '' }: SummaryGrid): string {
  const rows = blocks.flatMap(({ corner, rows: numbers }): Cell[][] => [
    [{ text: corner, align: corner === '' ? 'c' : 'r' }, ...headers.map((text): Cell => ({ text, align: 'r' }))],
    ...numbers.map(({ name, texts }): Cell[] => [
      { text: name, align: 'l' },
      ...texts.map((text, j): Cell => ({ text: text.padStart(LEAST[j] ?? 0), align: 'r' })),
    ]),
  ]);
  const lines = laidOut(rows, 10).map((cells) => cells.join(' '));
  const width = lines[lines.length - 1]!.length;
  const out = [...(title === '' ? [] : [centered(title, width)]), '='.repeat(width)];
  let at = 0;
  for (const [b, block] of blocks.entries()) {
    if (b > 0) out.push('-'.repeat(width));
    out.push(lines[at++]!, '-'.repeat(width));
    for (let i = 0; i < block.rows.length; i++) out.push(lines[at++]!);
  }
  return [...out, '='.repeat(width)].join('\n');
}

/** The cells' texts, each column as wide as its widest cell, and at least `least`. */
function laidOut(rows: readonly (readonly Cell[])[], least: number): string[][] {
  const widthOf = ({ text, width = text.length }: Cell) => width;
  const widths = (rows[0] ?? []).map((_, j) => rows.reduce((most, row) => Math.max(most, widthOf(row[j]!)), least));
  return rows.map((row) => row.map((cell, j) => aligned(cell, widths[j]! + cell.text.length - widthOf(cell))));
}

function aligned({ text, align }: Cell, width: number): string {
  if (align === 'l') return text.padEnd(width);
  return align === 'r' ? text.padStart(width) : centered(text, width);
}

function htmlOf(table: SummaryTable): string {
  const rows =
    table.kind === 'pairs'
      ? pairRows(table).map(([left, right]) => [
          head(left.label, 'l'),
          data(left.text),
          ...(table.right.length === 0 ? [] : [head(rightLabel(right.label), 'l'), data(right.text)]),
        ])
      : table.blocks.flatMap(({ corner, rows: numbers }) => [
          [corner === '' ? data('') : head(corner, 'c'), ...table.headers.map((text) => head(text, 'c'))],
          ...numbers.map(({ name, texts }) => [head(name, 'l'), ...texts.map((text) => data(text))]),
        ]);
  const { title = '' } = table;
  const caption = title === '' ? [] : [`<caption>${escaped(title)}</caption>`];
  const lines = laidOut(rows, 0).map((cells) => `<tr>\n  ${cells.join(' ')}\n</tr>`);
  return ['<table class="simpletable">', ...caption, ...lines, '</table>'].join('\n');
}

function head(text: string, align: Cell['align']): Cell {
  return { text: `<th>${escaped(text)}</th>`, align, width: text.length + 9 };
}

function data(text: string): Cell {
  return { text: `<td>${escaped(text)}</td>`, align: 'c', width: text.length + 9 };
}

/** '>' needs no escape in a text, and heads such as 'P>|t|' have it. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
