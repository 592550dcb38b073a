import { OptionError, show } from '@maru-ml/base';
import { type Columns, isSparse, type MatrixLike, type SparseRows, Table } from '@maru-ml/tensor';
import { type ColumnKind, type ColumnSet, type ColumnValues, columnName, isColumns } from './columns.ts';

/** Chooses columns by what they hold and by their names. */
export interface ColumnSelector {
  /** What they hold: 'number', 'string', 'boolean', or several of these; any. */
  kind?: ColumnKind | readonly ColumnKind[];
  /** A regular expression that their names match; any. */
  pattern?: string;
}

/** Columns by name, by number, or chosen. */
export type ColumnChoice<Name extends string = string> =
  | Name
  | number
  | readonly Name[]
  | readonly number[]
  | ColumnSelector;

/** A transformer of some columns. */
export interface PartTransformer {
  fit(x: never): PartModel;
  /** What `fitAsync` uses; without it, a fit holds the thread for as long as it takes. */
  fitAsync?(x: never, options?: { signal?: AbortSignal }): Promise<PartModel>;
  toString(): string;
}

/** Its model. */
export interface PartModel {
  readonly nFeaturesOut: number;
  transform(x: never): unknown;
  featureNamesOut?(names: readonly string[]): readonly string[];
}

/** A name, a transformer, 'drop' or 'passthrough', and the columns that it gets. */
export type ColumnPart<Name extends string = string> = readonly [
  name: string,
  transformer: PartTransformer | 'drop' | 'passthrough',
  columns: ColumnChoice<Name>,
];

/** A part of a fitted model: the model of some columns, or null where they pass as they are. */
export interface FittedPart {
  readonly name: string;
  /** The numbers of its columns. */
  readonly columns: readonly number[];
  readonly model: PartModel | null;
}

/** The numbers of the columns that are chosen. @throws OptionError for columns that are not there */
export function chosenColumns(
  owner: string,
  part: string,
  choice: ColumnChoice,
  set: Omit<ColumnSet, 'rows' | 'values'>,
): number[] {
  const { names, kinds } = set;
  if (typeof choice === 'object' && !Array.isArray(choice))
    return selectedColumns(owner, part, choice as ColumnSelector, set);
  const list = (Array.isArray(choice) ? choice : [choice]) as readonly (string | number)[];
  return list.map((column) => {
    const j = typeof column === 'number' ? column : (names?.indexOf(column) ?? -1);
    if (Number.isInteger(j) && j >= 0 && j < kinds.length) return j;
    const there =
      names === null
        ? `the matrix has columns 0 to ${kinds.length - 1}`
        : `x has ${names.length > 8 ? `${names.length} others` : names.map(show).join(', ')}`;
    throw new OptionError(`${owner}: part ${show(part)} wants column ${show(column)}, but ${there}`);
  });
}

function selectedColumns(
  owner: string,
  part: string,
  { kind, pattern }: ColumnSelector,
  { names, kinds }: Omit<ColumnSet, 'rows' | 'values'>,
): number[] {
  const wanted = kind === undefined ? null : new Set(typeof kind === 'string' ? [kind] : kind);
  if (pattern !== undefined && names === null) {
    throw new OptionError(`${owner}: part ${show(part)} chooses columns by name, but x is a matrix without names`);
  }
  const expression = pattern === undefined ? null : new RegExp(pattern);
  return [...kinds.keys()].filter(
    (j) => (wanted === null || wanted.has(kinds[j]!)) && (expression === null || expression.test(names![j]!)),
  );
}

/** Whether a part gets its columns as a matrix: unless there are strings among them. */
export function isNumeric(kinds: readonly ColumnKind[], columns: readonly number[]): boolean {
  return columns.every((j) => kinds[j] !== 'string');
}

/** What a part gets: a matrix of its columns, booleans as 0 and 1, or a table with names. */
export function inputOf({ names, kinds, values, rows }: ColumnSet, columns: readonly number[]): MatrixLike | Columns {
  if (isNumeric(kinds, columns))
    return tableOf(
      columns.map((j) => values[j]!),
      rows,
    );
  return Object.fromEntries(columns.map((j) => [names![j]!, values[j]!])) as Columns;
}

/** A matrix of columns of numbers and booleans. */
function tableOf(columns: readonly ColumnValues[], rows: number): Table {
  const d = columns.length;
  const data = new Float64Array(rows * d);
  for (const [j, values] of columns.entries()) {
    for (let i = 0, at = j; i < rows; i++, at += d) data[at] = Number(values[i]);
  }
  return new Table(data, rows, d);
}

/** What a part answered, as rows of numbers. @throws OptionError for columns of strings */
export function rowsOf(owner: string, part: string, answer: unknown, rows: number): Table | SparseRows {
  if (answer instanceof Table || isSparse(answer)) return answer;
  if (isColumns(answer)) {
    const strings = Object.keys(answer).find(
      (name) =>
        !(answer[name] instanceof Float64Array) &&
        !answer[name]!.every((value) => typeof value === 'boolean' || typeof value === 'number'),
    );
    if (strings !== undefined) {
      throw new OptionError(
        `${owner}: part ${show(part)} gives strings in column ${show(strings)}; encode them (see OneHotEncoder)`,
      );
    }
    return tableOf(Object.values(answer) as ColumnValues[], rows);
  }
  const { data, shape } = Object(answer) as { data?: Float64Array; shape?: readonly number[] };
  if (data === undefined || shape?.length !== 2) {
    throw new OptionError(`${owner}: part ${show(part)} must give rows of numbers, got ${show(answer)}`);
  }
  return new Table(data, shape[0]!, shape[1]!);
}

/** Parts side by side, as a dense table. */
export function joinDense(
  parts: readonly (Table | SparseRows)[],
  rows: number,
  k: number,
  names?: readonly string[],
): Table {
  const out = new Float64Array(rows * k);
  let start = 0;
  for (const part of parts) {
    const width = part.shape[1];
    for (let i = 0; i < rows; i++) {
      if (!isSparse(part)) {
        out.set(part.data.subarray(i * width, (i + 1) * width), i * k + start);
        continue;
      }
      for (let at = part.indptr[i]!; at < part.indptr[i + 1]!; at++) {
        out[i * k + start + part.indices[at]!] = part.data[at]!;
      }
    }
    start += width;
  }
  return new Table(out, rows, k, names);
}

/** Parts side by side, as sparse rows. */
export function joinSparse(parts: readonly (Table | SparseRows)[], rows: number, columns: number): SparseRows {
  let held = 0;
  for (const part of parts) {
    if (isSparse(part)) held += part.data.length;
    else for (let at = 0; at < part.data.length; at++) if (part.data[at] !== 0) held++;
  }
  const data = new Float64Array(held);
  const indices = new Int32Array(held);
  const indptr = new Int32Array(rows + 1);
  for (let i = 0, to = 0; i < rows; i++) {
    let start = 0;
    for (const part of parts) {
      const width = part.shape[1];
      const [from, end] = isSparse(part) ? [part.indptr[i]!, part.indptr[i + 1]!] : [i * width, (i + 1) * width];
      for (let at = from; at < end; at++) {
        if (part.data[at] === 0) continue;
        data[to] = part.data[at]!;
        indices[to++] = start + (isSparse(part) ? part.indices[at]! : at - from);
      }
      start += width;
    }
    indptr[i + 1] = to;
  }
  const used = indptr[rows]!;
  return { data: data.slice(0, used), indices: indices.slice(0, used), indptr, shape: [rows, columns] };
}

/** Throws an `OptionError` where a part lets strings pass. */
export function checkPassing(
  owner: string,
  part: string,
  { names, kinds }: ColumnSet,
  columns: readonly number[],
): void {
  const strings = columns.find((j) => kinds[j] === 'string');
  if (strings === undefined) return;
  throw new OptionError(
    `${owner}: part ${show(part)} passes ${columnName(names, strings)} of strings; encode it (see OneHotEncoder) or drop it`,
  );
}
