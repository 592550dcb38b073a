import { DataError, list, nearest, ShapeError, show } from '@maru-ml/base';
import type { DataColumns } from '../design.ts';
import { type Contrast, type Level, literalOf, readContrast } from './contrasts.ts';
import type { Call, Expression } from './expression.ts';
import { STATEFUL } from './stateful.ts';
import type { Source } from './tokens.ts';

/** What an expression is on the rows of a table. */
export type Value =
  | { readonly kind: 'numbers'; readonly data: Float64Array; readonly width: number }
  | {
      readonly kind: 'labels';
      readonly data: readonly (Level | null)[];
      readonly contrast?: Contrast;
      readonly levels?: readonly Level[];
    }
  | { readonly kind: 'scalar'; readonly value: number };

/** Where an expression is evaluated. */
export interface Scope {
  readonly source: Source;
  readonly data: DataColumns;
  readonly rows: number;
  /** What stateful functions remember, by their calls' text; a fit writes it, later it is read. */
  readonly states: Record<string, readonly number[]>;
  readonly fitting: boolean;
}

/** The value of an expression on each row. Missing values come out as NaN or null. @throws OptionError that points at the place */
export function evaluate(scope: Scope, expression: Expression): Value {
  switch (expression.kind) {
    case 'column':
      return columnOf(scope, expression.name, expression.start);
    case 'literal':
      if (typeof expression.value === 'number') return { kind: 'scalar', value: expression.value };
      throw scope.source.error(expression.start, `a column or a number was expected, got ${show(expression.value)}`);
    case 'list':
      throw scope.source.error(expression.start, 'a list is no column');
    case 'unary': {
      const operand = numbersOf(scope, expression.operand);
      return mapped(operand, expression.operator === '-' ? (a) => -a : (a) => a);
    }
    case 'binary':
      return binary(scope, expression.operator, expression.left, expression.right, expression.start);
    case 'call':
      return called(scope, expression);
  }
}

/** A column of the data as a value: numbers stay the caller's array where it is a Float64Array. */
export function columnOf({ source, data, rows }: Scope, name: string, start: number): Value {
  if (!Object.hasOwn(data, name)) {
    const known = Object.keys(data);
    const near = nearest(name, known);
    const others =
      known.length > 12 ? `the data have ${known.length} columns` : `the columns are ${list(known, 'and')}`;
    throw source.error(
      start,
      `the data have no column '${name}'; ${near === undefined ? others : `did you mean ${near}?`}`,
    );
  }
  const column = data[name]!;
  const { owner } = source;
  if (column.length !== rows) {
    throw new ShapeError(`${owner}: column ${name} has ${column.length} rows, but others have ${rows}`);
  }
  const first = Array.isArray(column) ? column.find((value) => value !== null) : 0;
  if (typeof first === 'string' || typeof first === 'boolean') {
    for (let i = 0; i < rows; i++) {
      const value: unknown = column[i];
      if (value !== null && typeof value !== typeof first)
        throw mixed(owner, name, i, value, `a ${typeof first} or null`);
    }
    return { kind: 'labels', data: column as readonly (Level | null)[] };
  }
  const numbers = column instanceof Float64Array ? column : new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const value: unknown = column[i];
    if (value === null) numbers[i] = Number.NaN;
    else if (typeof value !== 'number') throw mixed(owner, name, i, value, 'a number or null');
    else if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
      throw new DataError(`${owner}: ${name}[${i}] is ${value}; all numbers must be finite`);
    else if (numbers !== column) numbers[i] = value;
  }
  return { kind: 'numbers', data: numbers, width: 1 };
}

function mixed(owner: string, name: string, i: number, value: unknown, wanted: string): DataError {
  return new DataError(`${owner}: ${name}[${i}] must be ${wanted}, got ${show(value)}`);
}

type Numbers = Exclude<Value, { kind: 'labels' }>;

/** The value of an expression as numbers; true and false count as 1 and 0. */
function numbersOf(scope: Scope, expression: Expression): Numbers {
  const value = evaluate(scope, expression);
  if (value.kind !== 'labels') return value;
  if (value.data.some((label) => typeof label === 'string')) {
    throw scope.source.error(expression.start, 'numbers were expected here, but the column holds strings');
  }
  return {
    kind: 'numbers',
    data: Float64Array.from(value.data, (label) => (label === null ? Number.NaN : Number(label))),
    width: 1,
  };
}

function mapped(value: Numbers, f: (a: number) => number): Numbers {
  if (value.kind === 'scalar') return { kind: 'scalar', value: f(value.value) };
  return { ...value, data: value.data.map(f) };
}

function combined(scope: Scope, a: Numbers, b: Numbers, f: (a: number, b: number) => number, start: number): Numbers {
  if (b.kind === 'scalar') return mapped(a, (left) => f(left, b.value));
  if (a.kind === 'scalar') return mapped(b, (right) => f(a.value, right));
  if (a.width !== b.width) throw scope.source.error(start, `${a.width} columns cannot be combined with ${b.width}`);
  return { kind: 'numbers', data: a.data.map((left, i) => f(left, b.data[i]!)), width: a.width };
}

const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a - Math.floor(a / b) * b,
  // A square is a product, which rounds once.
  '**': (a, b) => (b === 2 ? a * a : a ** b),
};

const COMPARISONS: Record<string, (a: Level, b: Level) => boolean> = {
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

function binary(scope: Scope, operator: string, left: Expression, right: Expression, start: number): Value {
  const compare = COMPARISONS[operator];
  if (compare === undefined)
    return combined(scope, numbersOf(scope, left), numbersOf(scope, right), ARITHMETIC[operator]!, start);
  const [a, b] = [comparable(scope, left), comparable(scope, right)];
  const data = Array.from({ length: scope.rows }, (_, i): boolean | null => {
    const [x, y] = [a(i), b(i)];
    return x === null || y === null ? null : compare(x, y);
  });
  return { kind: 'labels', data };
}

/** What stands at each row, null where it is missing. */
function comparable(scope: Scope, expression: Expression): (row: number) => Level | null {
  if (expression.kind === 'literal' && expression.value !== null) {
    const { value } = expression;
    return () => value;
  }
  const value = evaluate(scope, expression);
  if (value.kind === 'scalar') return () => value.value;
  if (value.kind === 'labels') return (row) => value.data[row]!;
  return (row) => (Number.isNaN(value.data[row]) ? null : value.data[row]!);
}

/** Functions of one number, with their names in NumPy. */
const FUNCTIONS: Record<string, (a: number) => number> = {
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  exp: Math.exp,
  expm1: Math.expm1,
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  square: (a) => a * a,
  abs: Math.abs,
  absolute: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
};

const FUNCTIONS_OF_TWO: Record<string, (a: number, b: number) => number> = {
  power: ARITHMETIC['**']!,
  minimum: (a, b) => Math.min(a, b),
  maximum: (a, b) => Math.max(a, b),
};

function called(scope: Scope, call: Call): Value {
  const { source } = scope;
  const { name, args, named, start } = call;
  const stateful = Object.hasOwn(STATEFUL, name);
  const expected = name === 'C' || stateful ? null : Object.hasOwn(FUNCTIONS_OF_TWO, name) ? 2 : 1;
  const known = ['I', 'Q', 'C', ...Object.keys(STATEFUL), ...Object.keys(FUNCTIONS), ...Object.keys(FUNCTIONS_OF_TWO)];
  if (!known.includes(name)) {
    const near = nearest(name, known);
    throw source.error(
      start,
      `there is no function '${name}'; ${near === undefined ? `the functions are ${list(known, 'and')}` : `did you mean ${near}?`}`,
    );
  }
  if (expected !== null && (args.length !== expected || named.length > 0)) {
    const came = `${args.length + named.length}`;
    throw source.error(start, `${name} takes ${expected === 1 ? '1 argument' : `${expected} arguments`}, got ${came}`);
  }
  if (stateful) return remembered(scope, call);
  const [first, second] = args as [Expression, Expression];
  if (name === 'C') return category(scope, call);
  if (name === 'I') return evaluate(scope, first);
  if (name === 'Q') {
    if (first.kind !== 'literal') throw source.error(first.start, 'Q takes the name of a column in quotes');
    return columnOf(scope, String(first.value), first.start);
  }
  if (expected === 2)
    return combined(scope, numbersOf(scope, first), numbersOf(scope, second), FUNCTIONS_OF_TWO[name]!, start);
  return mapped(numbersOf(scope, first), FUNCTIONS[name]!);
}

/** `C(x, contrast, levels)`: a column as a category. */
function category(scope: Scope, { args, named, start }: Call): Value {
  const { source } = scope;
  const given = new Map(named);
  const [column, contrast = given.get('contrast'), levels = given.get('levels')] = args;
  const strange = named.find(([label]) => label !== 'contrast' && label !== 'levels');
  if (column === undefined || args.length > 3 || strange !== undefined) {
    throw source.error(strange?.[1].start ?? start, 'C takes a column, a contrast and levels');
  }
  const value = evaluate(scope, column);
  if (value.kind === 'scalar' || (value.kind === 'numbers' && value.width !== 1)) {
    throw source.error(column.start, 'C takes one column');
  }
  const data =
    value.kind === 'labels' ? value.data : Array.from(value.data, (number) => (Number.isNaN(number) ? null : number));
  const order = levels === undefined ? undefined : literalOf(source, levels);
  if (order !== undefined && !Array.isArray(order))
    throw source.error(levels!.start, "levels must be a list, such as ['a', 'b']");
  return {
    kind: 'labels',
    data,
    ...(contrast !== undefined && { contrast: readContrast(source, contrast) }),
    ...(order !== undefined && { levels: order as Level[] }),
  };
}

/** A stateful function: a fit learns its state, later it is looked up. */
function remembered(scope: Scope, call: Call): Value {
  const { source, states, fitting } = scope;
  const { name, args, named, text, start } = call;
  const { parameters, learn, apply, length, width } = STATEFUL[name]!;
  const [column, ...rest] = args;
  const labels = Object.keys(parameters);
  if (column === undefined || rest.length > labels.length) {
    throw source.error(start, `${name} takes a column${labels.length === 0 ? '' : ` and ${list(labels, 'and')}`}`);
  }
  const options: Record<string, number | boolean> = { ...parameters };
  for (const [label, value] of [...rest.map((value, i) => [labels[i]!, value] as const), ...named]) {
    const known = labels.includes(label);
    const literal = known ? literalOf(source, value) : undefined;
    if (
      !known ||
      typeof literal !== typeof parameters[label] ||
      (typeof literal === 'number' && !(Number.isInteger(literal) && literal >= 0))
    ) {
      throw source.error(
        value.start,
        `${name} takes a column${labels.length === 0 ? '' : ` and ${list(labels, 'and')}`}`,
      );
    }
    options[label] = literal as number | boolean;
  }
  if (name === 'poly' && options.degree === 0) throw source.error(start, 'the degree of poly must be ≥ 1');
  const value = numbersOf(scope, column);
  if (value.kind === 'scalar' || value.width !== 1) throw source.error(column.start, `${name} takes one column`);
  if (fitting) {
    const state = learn(
      value.data.filter((number) => !Number.isNaN(number)),
      options,
    );
    if (typeof state === 'string') throw new DataError(`${source.owner}: the column in ${text} ${state}`);
    states[text] = state;
  }
  const state = Object.hasOwn(states, text) ? states[text]! : [];
  if (state.length !== length(options)) {
    throw new DataError(`${source.owner}: what the fit saw of ${text} is missing; was the model damaged?`);
  }
  return { kind: 'numbers', data: apply(value.data, state, options), width: width(options) };
}
