import { DataError, list, OptionError, readable, show } from '@maru-ml/base';
import { asSaved, checkSaved } from '@maru-ml/tensor';
import type { DataColumns, DesignTerm } from '../design.ts';
import { type Column, compile, type FactorMemory, type FactorValues, factorsOf, filled } from './compile.ts';
import { type Level, levelText } from './contrasts.ts';
import { evaluate, type Scope, type Value } from './evaluate.ts';
import { columnsIn } from './expression.ts';
import { missingError, missingRows } from './missing.ts';
import { type Factor, parseFormula, type Term, type Terms } from './parse.ts';
import { Source } from './tokens.ts';

/** The numbers that a formula makes of a table. */
export interface FormulaRows {
  /** [n, k], row by row. */
  readonly x: Float64Array;
  readonly rows: number;
  /** The response [n]; where it holds labels, their places among the levels; null if it was not asked for. */
  readonly y: Float64Array | null;
  /** Which rows of the data they are; null: all. */
  readonly kept: Int32Array | null;
  readonly dropped: number;
}

/**
 * A formula such as `MEDV ~ CRIM + I(CRIM**2) + np.log(DIS) + scale(RM) + C(CHAS) + a:b`, with the meaning and the column names of
 * patsy: the intercept is implied (`- 1` takes it away), `a*b` is `a + b + a:b`, strings and booleans are categories, coded so that no
 * column repeats others (`C(x, Treatment(reference='b'))`, `C(x, Sum)`). Expressions may use arithmetic inside `I(...)`, functions
 * such as `log` or `np.log`, and `center`, `scale`, `standardize` and `poly(x, 3)`, which remember what they were fitted with.
 * No text is ever run as code.
 *
 * Models take formulas as strings; this class is for one that is fitted to other rows than the model, such as a whole table before
 * outliers are removed: `new OLS().fit(new Formula('y ~ scale(x)').fit(all), some)`.
 */
export class Formula {
  readonly formula: string;
  readonly #terms: Terms;

  /** @throws OptionError that points at what cannot be read */
  constructor(formula: string) {
    if (typeof formula !== 'string') throw new OptionError(`Formula: formula must be a string, got ${show(formula)}`);
    this.formula = formula;
    this.#terms = parseFormula(new Source('Formula', formula));
    readable(this);
    Object.freeze(this);
  }

  /** Learns what the terms have to remember of these columns: means, polynomials, levels. @throws as a model's fit */
  fit(data: DataColumns): FittedFormula {
    return fitTerms('Formula', this.formula, this.#terms, data);
  }

  toString(): string {
    return `Formula: ${this.formula}`;
  }
}

/** @internal Reads a formula and fits it to the data, with errors in the owner's name. */
export function fitFormula(owner: string, formula: string, data: DataColumns): FittedFormula {
  return fitTerms(owner, formula, parseFormula(new Source(owner, formula)), data);
}

interface Memory {
  formula: string;
  states: Record<string, readonly number[]>;
  factors: Record<string, FactorMemory>;
}

/** A formula with what its terms remember. It makes the same columns of any rows, and survives JSON. */
export class FittedFormula {
  readonly formula: string;
  /** The names of the columns [k]. */
  readonly names: readonly string[];
  /** The response as it stands in the formula; '' if there is none. */
  readonly yName: string;
  /** The levels of the response, if it holds labels; else null. */
  readonly yLevels: readonly Level[] | null;
  readonly terms: readonly DesignTerm[];
  /** The columns of the data that the right side reads. */
  readonly variables: readonly string[];
  readonly #memory: Memory;
  readonly #columns: readonly Column[];
  readonly #response: Factor | null;

  /** @internal */
  constructor(source: Source, parsed: Terms, memory: Memory) {
    const { columns, terms } = compile(source, parsed.right, memory.factors);
    this.formula = memory.formula;
    this.names = columns.map(({ name }) => name);
    this.terms = terms;
    this.#memory = memory;
    this.#columns = columns;
    this.#response = responseOf(source, parsed.left);
    this.yName = this.#response?.name ?? '';
    const remembered = this.#response === null ? undefined : memory.factors[`${this.#response.name} ~`];
    this.yLevels = remembered?.kind === 'category' ? remembered.levels : null;
    this.variables = [...new Set(factorsOf(parsed.right).flatMap(({ expression }) => columnsIn(expression)))];
    readable(this);
    Object.freeze(this);
  }

  /**
   * The columns of these rows.
   *
   * @param owner who asks, for errors
   * @param options.response whether the response is read too; false
   * @param options.missing what becomes of rows where something is missing; 'drop'
   * @throws OptionError for a column that the data lack, DataError for what has no value, ShapeError for columns of unequal length
   */
  rows(
    owner: string,
    data: DataColumns,
    options: { response?: boolean; missing?: 'drop' | 'refuse' } = {},
  ): FormulaRows {
    const { response = false, missing = 'drop' } = options;
    const source = new Source(owner, this.formula);
    const read = response && this.#response !== null ? columnsIn(this.#response.expression) : [];
    const rows = rowsOf(owner, data, [...read, ...this.variables]);
    const scope: Scope = { source, data, rows, states: this.#memory.states, fitting: false };
    const values = new Map<Factor, FactorValues>();
    for (const { parts } of this.#columns) {
      for (const { factor } of parts) {
        if (!values.has(factor)) values.set(factor, this.#valuesOf(scope, factor, factor.name));
      }
    }
    const y =
      response && this.#response !== null ? this.#valuesOf(scope, this.#response, `${this.#response.name} ~`) : null;
    const all = y === null ? [...values] : [[this.#response!, y] as const, ...values];
    const gaps = missingRows(scope, all);
    const dropped = gaps.reduce((sum, gap) => sum + gap, 0);
    if (dropped > 0 && missing === 'refuse') throw missingError(scope, all, gaps.indexOf(1));
    if (dropped === rows) {
      throw new DataError(
        rows === 0
          ? `${owner}: the data have no rows`
          : `${owner}: every one of the ${rows} rows lacks a value; impute missing values first (see SimpleImputer)`,
      );
    }
    const kept = dropped === 0 ? null : Int32Array.from({ length: rows }, (_, i) => i).filter((i) => gaps[i] === 0);
    const x = filled(this.#columns, values, rows - dropped, kept);
    const responses =
      y === null ? null : kept === null ? y.data.slice() : Float64Array.from(kept, (row) => y.data[row]!);
    return { x, rows: rows - dropped, y: responses, kept, dropped };
  }

  toJSON(): object {
    return { type: 'FittedFormula', version: 1, ...this.#memory };
  }

  /** The fitted formula that `toJSON` wrote. @throws DataError if it is none */
  static fromJSON(json: unknown): FittedFormula {
    const owner = 'FittedFormula.fromJSON';
    const { formula, states, factors } = checkSaved('FittedFormula', 1, json) as unknown as Memory;
    if (
      typeof formula !== 'string' ||
      typeof states !== 'object' ||
      typeof factors !== 'object' ||
      !states ||
      !factors
    ) {
      throw new DataError(`${owner}: formula, states and factors must be a string and two objects`);
    }
    const source = new Source(owner, formula);
    return asSaved(owner, () => {
      const parsed = parseFormula(source);
      const names = [...factorsOf(parsed.right).map(({ name }) => name), ...Object.keys(factors)];
      for (const name of names) checkMemory(owner, name, Object.hasOwn(factors, name) ? factors[name] : undefined);
      for (const [name, state] of Object.entries(states)) {
        if (Array.isArray(state) && state.every(Number.isFinite)) continue;
        throw new DataError(`${owner}: states of ${show(name)} must be numbers, got ${show(state)}`);
      }
      return new FittedFormula(source, parsed, { formula, states, factors });
    });
  }

  toString(): string {
    return `FittedFormula: ${this.formula} (${this.names.length} columns)`;
  }

  #valuesOf(scope: Scope, factor: Factor, key: string): FactorValues {
    const value = spread(evaluate(scope, factor.expression), scope.rows);
    const memory = this.#memory.factors[key]!;
    if (memory.kind === 'numbers') {
      if (value.kind === 'numbers') return { data: value.data, rows: scope.rows };
      throw new DataError(`${scope.source.owner}: ${factor.name} held numbers in the fit, but labels now`);
    }
    const labels = value.kind === 'labels' ? value.data : Array.from(value.data, (v) => (Number.isNaN(v) ? null : v));
    const places = new Map(memory.levels.map((level, place) => [level, place]));
    const codes = new Float64Array(scope.rows);
    for (let i = 0; i < scope.rows; i++) {
      const label = labels[i]!;
      const place = label === null ? Number.NaN : places.get(label);
      if (place === undefined) {
        throw new DataError(
          `${scope.source.owner}: ${factor.name} is ${show(label)} in row ${i}, which is none of its levels ${list(memory.levels.map(levelText), 'and')}`,
        );
      }
      codes[i] = place;
    }
    return { data: codes, rows: scope.rows };
  }
}

/** Throws a `DataError` unless this is what a formula remembers of a factor. */
function checkMemory(owner: string, name: string, memory: unknown): void {
  const { kind, width, levels } = Object(memory) as { kind?: unknown; width?: unknown; levels?: unknown };
  const isLevel = (level: unknown) => typeof level === 'string' || typeof level === 'boolean' || Number.isFinite(level);
  if (kind === 'numbers' && Number.isInteger(width) && (width as number) >= 1 && (width as number) <= 2 ** 20) return;
  const category = kind === 'category' && Array.isArray(levels) && levels.length > 0 && levels.every(isLevel);
  if (category && new Set(levels).size === levels.length) return;
  throw new DataError(`${owner}: factors must say what ${show(name)} was in the fit, got ${show(memory)}`);
}

function fitTerms(owner: string, formula: string, parsed: Terms, data: DataColumns): FittedFormula {
  const source = new Source(owner, formula);
  const response = responseOf(source, parsed.left);
  const right = factorsOf(parsed.right);
  const named = [...(response === null ? [] : [response]), ...right].flatMap(({ expression }) => columnsIn(expression));
  const rows = rowsOf(owner, data, named);
  const states: Record<string, readonly number[]> = {};
  const scope: Scope = { source, data, rows, states, fitting: true };
  const factors: Record<string, FactorMemory> = {};
  for (const factor of right) factors[factor.name] = memoryOf(scope, factor);
  // The response has a memory of its own: as a column it may stand on the right too.
  if (response !== null) factors[`${response.name} ~`] = memoryOf(scope, response);
  return new FittedFormula(source, parsed, { formula, states, factors });
}

function memoryOf(scope: Scope, { expression, name }: Factor): FactorMemory {
  const value = spread(evaluate(scope, expression), scope.rows);
  if (value.kind === 'numbers') return { kind: 'numbers', width: value.width };
  const found = value.levels ?? levelsOf(value.data);
  if (found.length === 0) throw new DataError(`${scope.source.owner}: ${name} has no values, so it has no levels`);
  return { kind: 'category', levels: [...found] };
}

/** The levels in ascending order; of booleans always both. */
function levelsOf(labels: readonly (Level | null)[]): Level[] {
  const found = [...new Set(labels)].filter((label): label is Level => label !== null);
  if (typeof found[0] === 'boolean') return [false, true];
  return found.sort((a, b) => (a < b ? -1 : 1));
}

/** A number as a column. */
function spread(value: Value, rows: number): Exclude<Value, { kind: 'scalar' }> {
  if (value.kind !== 'scalar') return value;
  return { kind: 'numbers', data: new Float64Array(rows).fill(value.value), width: 1 };
}

function responseOf(source: Source, left: readonly Term[]): Factor | null {
  if (left.length === 0) return null;
  const [term] = left;
  const [factor, second] = term!.factors;
  if (left.length > 1 || second !== undefined || factor === undefined) {
    const at = left[1]?.factors[0]?.start ?? second?.start ?? 0;
    throw source.error(at, "one response was expected left of '~'; for a sum of columns write I(a + b)");
  }
  return factor;
}

/** How many rows the data have: as many as the first of the named columns. */
function rowsOf(owner: string, data: DataColumns, named: readonly string[]): number {
  if (Array.isArray(data) && typeof data[0] === 'object' && data[0] !== null && !Array.isArray(data[0])) {
    const key = Object.keys(data[0])[0] ?? 'x';
    throw new OptionError(
      `${owner}: with a formula the data must be columns, got an array of records; make columns of them: { ${key}: rows.map((row) => row.${key}), ... }`,
    );
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data) || ArrayBuffer.isView(data)) {
    throw new OptionError(
      `${owner}: with a formula the data must be columns, such as { x: [1, 2], y: [3, 4] }, got ${show(data)}`,
    );
  }
  const name = named.find((name) => Object.hasOwn(data, name)) ?? Object.keys(data)[0];
  if (typeof (data as { then?: unknown }).then === 'function') {
    throw new OptionError(`${owner}: the data must be columns, got a Promise; await it first`);
  }
  if (name === undefined) throw new DataError(`${owner}: the data have no columns`);
  const rows = (data[name] as ArrayLike<unknown> | null)?.length;
  if (typeof rows !== 'number' || typeof data[name] !== 'object') {
    throw new OptionError(`${owner}: column ${name} must be an array, got ${show(data[name])}`);
  }
  return rows;
}
