import { DataError, OptionError, readable, show } from '@maru-ml/base';
import {
  asSaved,
  type Columns,
  checkOut,
  checkSaved,
  type MatrixLike,
  type SparseRows,
  savedBoolean,
  type Table,
  takeRow,
} from '@maru-ml/tensor';
import { type FittedPart, inputOf, isNumeric, joinDense, joinSparse, type PartModel, rowsOf } from './column-parts.ts';
import { type ColumnKind, isColumns, type NamedRow, toColumnSet } from './columns.ts';
import { type LoadOptions, loadInner } from './composite.ts';
import { inputNames } from './names.ts';
import { count } from './print.ts';
import { checkMatrixKinds, savedNames } from './saved.ts';
import { checkRowForm, rowValue } from './vocabulary.ts';

const OWNER = 'ColumnTransformer';

/** A file is not believed that tells of more. */
const MOST_COLUMNS = 2 ** 24;

/** What a fit found out. */
export interface ColumnTransformerFit {
  readonly names: readonly string[] | null;
  readonly kinds: readonly ColumnKind[];
  readonly parts: readonly FittedPart[];
  /** How many columns each part makes. */
  readonly widths: readonly number[];
  readonly sparse: boolean;
  readonly verbose: boolean;
}

/** A part with what it needs to answer for single rows. */
interface ServingPart extends FittedPart {
  readonly numeric: boolean;
  readonly row: Float64Array;
  readonly out: Float64Array;
}

/** The models of all parts. It is made by `fit` or `fromJSON` and does not change. */
export interface ColumnTransformerModel<C extends Columns = Columns> extends FittedColumnTransformer<C> {}

export class FittedColumnTransformer<C extends Columns = Columns> {
  /** The model of each part by name; null where its columns pass as they are. */
  readonly namedTransformers: Readonly<Record<string, unknown>>;
  /** Whether `transform` answers with sparse rows. */
  readonly sparseOutput: boolean;
  /** The names of the columns that it was fitted with [d]; null for a matrix. */
  readonly featureNamesIn: readonly string[] | null;
  readonly nFeaturesIn: number;
  readonly nFeaturesOut: number;

  readonly #fit: ColumnTransformerFit;
  readonly #parts: readonly ServingPart[];
  readonly #names: readonly string[];
  readonly #row: Float64Array;

  /** @internal */
  constructor(fit: ColumnTransformerFit) {
    const { names, kinds, parts, widths, sparse, verbose } = fit;
    this.#fit = fit;
    this.#names = Object.freeze(nameParts(OWNER, parts, widths, names, kinds.length, verbose));
    this.#parts = parts.map((part, p) => ({
      ...part,
      numeric: isNumeric(kinds, part.columns),
      row: new Float64Array(part.columns.length),
      out: new Float64Array(widths[p]!),
    }));
    this.#row = new Float64Array(kinds.length);
    this.namedTransformers = Object.freeze(Object.fromEntries(parts.map(({ name, model }) => [name, model])));
    this.sparseOutput = sparse;
    this.featureNamesIn = names;
    this.nFeaturesIn = kinds.length;
    this.nFeaturesOut = this.#names.length;
    readable(this);
    Object.freeze(this);
  }

  /**
   * What the parts make of the rows of `x`, of the form that it was fitted with [m, nFeaturesOut]: a table that knows the names of
   * its columns, or sparse rows. Columns that no part uses may be missing, and further ones are ignored.
   *
   * @throws ShapeError for missing columns, DataError for infinite numbers, and what a part throws
   */
  transform(x: C | MatrixLike): Table | SparseRows {
    const set = toColumnSet(OWNER, this.#needed(x), { names: this.#fit.names, kinds: this.#fit.kinds });
    const answers = this.#parts.map(({ name, columns, model }) => {
      const input = inputOf(set, columns);
      return rowsOf(OWNER, name, model === null ? input : model.transform(input as never), set.rows);
    });
    if (this.sparseOutput) return joinSparse(answers, set.rows, this.nFeaturesOut);
    return joinDense(answers, set.rows, this.nFeaturesOut, this.#names);
  }

  /**
   * What the parts make of one row, numbers [d] or an object with names such as `{ age: 3, sex: 'male' }`, into `out`
   * [nFeaturesOut], without allocating but for pipelines of columns with strings. Errors as for `transform`, and OptionError for
   * a part without `transformOne`.
   */
  transformOne<O extends Float32Array | Float64Array>(row: ArrayLike<number> | NamedRow, out: O): O {
    checkRowForm(OWNER, this.#fit, row, this.#take);
    checkOut(OWNER, out, this.nFeaturesOut);
    let start = 0;
    for (const part of this.#parts) {
      const made = this.#answerOne(part, row);
      for (let k = 0; k < made.length; k++) out[start + k] = made[k]!;
      start += made.length;
    }
    return out;
  }

  /** The names of the columns that it makes, such as num__age, from those given [d], else its own, else x0, x1 and so on. */
  featureNamesOut(names?: readonly string[]): readonly string[] {
    if (names === undefined) return this.#names;
    const { parts, widths, kinds, verbose } = this.#fit;
    return nameParts(OWNER, parts, widths, inputNames(OWNER, names, kinds.length), kinds.length, verbose);
  }

  toJSON(): object {
    const { names, kinds, parts, widths, sparse, verbose } = this.#fit;
    return {
      type: 'ColumnTransformerModel',
      version: 1,
      names,
      kinds,
      sparse,
      verbose,
      parts: parts.map(({ name, columns, model }, p) => ({
        name,
        columns,
        width: widths[p],
        model: model === null ? null : ((model as { toJSON?: () => object }).toJSON?.() ?? model),
      })),
    };
  }

  toString(): string {
    const names = this.#parts.map(({ name }) => name);
    const shown = names.length > 6 ? [...names.slice(0, 5), '…'] : names;
    return `ColumnTransformerModel: ${count(this.nFeaturesIn, 'column')} to ${this.nFeaturesOut} (${shown.join(', ')})`;
  }

  readonly #take = (row: ArrayLike<number>): void => takeRow(OWNER, row, this.#row, true);

  /** The columns that parts use and, for those that none uses, something that is ignored. */
  #needed(x: C | MatrixLike): Columns | MatrixLike {
    const { names, kinds, parts } = this.#fit;
    if (names === null || !isColumns(x)) return x;
    const used = new Set(parts.flatMap(({ columns }) => columns));
    const first = [...used].map((j) => names[j]!).find((name) => Object.hasOwn(x, name));
    const rows = first === undefined ? 0 : x[first]!.length;
    return Object.fromEntries(
      names.flatMap((name, j) => {
        if (used.has(j)) return Object.hasOwn(x, name) ? [[name, x[name]!]] : [];
        return [[name, ignored(kinds[j]!, rows)]];
      }),
    );
  }

  #answerOne(part: ServingPart, row: ArrayLike<number> | NamedRow): Float64Array {
    const { columns, model, numeric, out } = part;
    const input = model === null ? out : part.row;
    if (numeric) {
      for (let k = 0; k < columns.length; k++) {
        const j = columns[k]!;
        const value = this.#fit.names === null ? this.#row[j]! : (rowValue(OWNER, this.#fit, row, j) ?? Number.NaN);
        input[k] = Number(value);
        if (Math.abs(input[k]!) === Number.POSITIVE_INFINITY) {
          throw new DataError(`${OWNER}: the row must hold finite numbers, got ${value}`);
        }
      }
    }
    if (model === null) return out;
    if (!numeric && !('featureNamesIn' in model)) {
      out.set(this.#answerTable(part, row as NamedRow));
      return out;
    }
    const serving = model as { transformOne?: (row: unknown, out: Float64Array) => unknown };
    if (typeof serving.transformOne !== 'function') {
      throw new OptionError(`${OWNER}: part ${show(part.name)} has no transformOne; use transform`);
    }
    serving.transformOne(numeric ? input : row, out);
    return out;
  }

  /** What a part of several steps makes of a row with strings, which its first steps may have to hand on: a table of one row. */
  #answerTable({ name, columns, model, out }: ServingPart, row: NamedRow): Float32Array | Float64Array {
    const { names, kinds } = this.#fit;
    const table: Columns = {};
    for (const j of columns) {
      const value = rowValue(OWNER, this.#fit, row, j) ?? (kinds[j] === 'number' ? Number.NaN : null);
      table[names![j]!] = kinds[j] === 'number' ? Float64Array.of(value as number) : ([value] as string[]);
    }
    return joinDense([rowsOf(OWNER, name, model!.transform(table as never), 1)], 1, out.length).data;
  }
}

/** Loads models: beside the class, so that a bundle that only fits goes without. */
export const ColumnTransformerModel = {
  /**
   * The model that `toJSON` wrote.
   * @param options.classes the classes of the parts' models, such as `{ StandardScalerModel, OneHotEncoderModel }`
   * @throws DataError if it is none, OptionError if a class is missing
   */
  fromJSON<C extends Columns = Columns>(json: unknown, options: LoadOptions = {}): ColumnTransformerModel<C> {
    const owner = 'ColumnTransformerModel.fromJSON';
    const fields = checkSaved('ColumnTransformerModel', 1, json);
    const names = savedNames(owner, fields, 'names');
    const { kinds, parts } = fields;
    const isKind = (kind: unknown) => kind === 'number' || kind === 'string' || kind === 'boolean';
    if (!Array.isArray(kinds) || !kinds.every(isKind) || (names !== null && names.length !== kinds.length)) {
      throw new DataError(`${owner}: kinds must be those of the columns, got ${show(kinds)}`);
    }
    if (!Array.isArray(parts) || parts.length === 0) {
      throw new DataError(`${owner}: parts must be a list of saved parts, got ${show(parts)}`);
    }
    checkMatrixKinds(owner, names, kinds);
    const widths: number[] = [];
    const fitted = parts.map((part: unknown, p): FittedPart => {
      const { name, columns, width, model } = Object(part) as Record<string, unknown>;
      const isPlace = (j: unknown) => Number.isInteger(j) && (j as number) >= 0 && (j as number) < kinds.length;
      const good = typeof name === 'string' && Array.isArray(columns) && columns.every(isPlace);
      if (
        !good ||
        !Number.isInteger(width) ||
        (width as number) < 0 ||
        (width as number) > MOST_COLUMNS ||
        model === undefined
      ) {
        throw new DataError(`${owner}: parts[${p}] must be a saved part, got ${show(part)}`);
      }
      widths.push(width as number);
      if (model === null && columns.some((j) => kinds[j as number] === 'string')) {
        throw new DataError(`${owner}: part ${show(name)} passes a column of strings`);
      }
      const loaded = model === null ? null : loadInner<PartModel>(owner, `part ${show(name)}`, model, options);
      if (loaded !== null && typeof loaded.transform !== 'function') {
        throw new DataError(`${owner}: part ${show(name)} does not transform`);
      }
      const made = loaded === null ? columns.length : (loaded as { nFeaturesOut?: unknown }).nFeaturesOut;
      if (made !== undefined && made !== width) {
        throw new DataError(`${owner}: part ${show(name)} makes ${show(made)} columns, but its width is ${width}`);
      }
      return { name, columns, model: loaded };
    });
    const sparse = savedBoolean(owner, fields, 'sparse');
    const verbose = savedBoolean(owner, fields, 'verbose');
    const fit = { names, kinds, parts: fitted, widths, sparse, verbose };
    return asSaved(owner, () => new FittedColumnTransformer<C>(fit));
  },
};

function ignored(kind: ColumnKind, rows: number): Columns[string] {
  if (kind === 'number') return new Float64Array(rows);
  return kind === 'string' ? new Array<null>(rows).fill(null) : new Array<boolean>(rows).fill(false);
}

/** The names of the columns that parts make. @throws OptionError where two are equal */
export function nameParts(
  owner: string,
  parts: readonly FittedPart[],
  widths: readonly number[],
  names: readonly string[] | null,
  d: number,
  verbose: boolean,
): string[] {
  const inputs = inputNames(owner, undefined, d, names);
  const out = parts.flatMap(({ name, columns, model }, p) => {
    const own = columns.map((j) => inputs[j]!);
    const made =
      model === null
        ? own
        : (model.featureNamesOut?.(own) ?? Array.from({ length: widths[p]! }, (_, k) => `${name}${k}`));
    return verbose ? made.map((column) => `${name}__${column}`) : [...made];
  });
  const seen = new Set<string>();
  for (const name of out) {
    if (!seen.has(name)) seen.add(name);
    else
      throw new OptionError(
        `${owner}: two columns would have the name ${show(name)}; use verboseFeatureNamesOut: true`,
      );
  }
  return out;
}
