import { isFloat, type TypedArray } from './dtype.ts';
import { showShape } from './shape.ts';
import { type Tensor, view } from './tensor.ts';

// The rules and limits are PyTorch's (torch/_tensor_str.py), so that a tensor prints as people know it.
const PRECISION = 4;
const LINE_WIDTH = 80;
/** Longer tensors show the first and last few places of each axis. */
const THRESHOLD = 1000;
const EDGE = 3;
const PREFIX = 'tensor(';

/** The text of a tensor as PyTorch prints it: `tensor([[1., 2.], [3., 4.]])`, long ones with their ends only. */
export function formatTensor(t: Tensor): string {
  if (t.storage.array === null && t.storage.address === 0)
    return `tensor(shape=${showShape(t.shape)}, its scope has ended)`;
  const values = view(t);
  const summarize = t.size > THRESHOLD;
  const rows: Rows = { t, values, summarize, column: { width: 0, write: String } };
  const column = isFloat(t.dtype) ? floats(shown(rows)) : integers(shown(rows), t.dtype === 'bool');
  const text = t.size === 0 ? '[]' : block({ ...rows, column }, 0, 0, PREFIX.length);
  return withSuffixes(PREFIX + text, suffixesOf(t));
}

/** How numbers are written, and the width of the widest one. */
interface Column {
  width: number;
  write: Write;
}

type Write = (value: number) => string;

interface Rows {
  t: Tensor;
  values: TypedArray;
  summarize: boolean;
  column: Column;
}

/** The text of a part of the tensor that starts at an axis and a place. */
function block(rows: Rows, axis: number, start: number, indent: number): string {
  const { t, values, column } = rows;
  if (axis === t.ndim) return padded(column, values[start]!);
  if (axis === t.ndim - 1) return line(rows, start, indent);
  const step = t.shape.slice(axis + 1).reduce((size, n) => size * n, 1);
  const parts = places(rows, axis).map((i) => (i < 0 ? '...' : block(rows, axis + 1, start + i * step, indent + 1)));
  return `[${parts.join(`,${'\n'.repeat(t.ndim - axis - 1)}${' '.repeat(indent + 1)}`)}]`;
}

/** The last axis, broken into lines. */
function line(rows: Rows, start: number, indent: number): string {
  const { t, values, column } = rows;
  const parts = places(rows, t.ndim - 1).map((i) => (i < 0 ? ' ...' : padded(column, values[start + i]!)));
  const perLine = Math.max(1, Math.floor((LINE_WIDTH - indent) / (column.width + 2)));
  const lines: string[] = [];
  for (let i = 0; i < parts.length; i += perLine) lines.push(parts.slice(i, i + perLine).join(', '));
  return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`;
}

/** The places of an axis that are shown; -1 stands for those left out. */
function places({ t, summarize }: Rows, axis: number): number[] {
  const n = t.shape[axis]!;
  if (!summarize || n <= 2 * EDGE) return Array.from({ length: n }, (_, i) => i);
  return [0, 1, 2, -1, n - 3, n - 2, n - 1];
}

/** The elements that are shown. */
function shown(rows: Rows): number[] {
  const { t, values } = rows;
  if (t.size === 0) return [];
  let starts = [0];
  for (let axis = 0, step = t.size; axis < t.ndim; axis++) {
    step /= t.shape[axis]!;
    const list = places(rows, axis).filter((i) => i >= 0);
    starts = starts.flatMap((start) => list.map((i) => start + i * step));
  }
  return starts.map((start) => values[start]!);
}

function padded({ width, write }: Column, value: number): string {
  return write(value).padStart(width);
}

function integers(values: readonly number[], booleans: boolean): Column {
  const write: Write = booleans ? (value) => (value !== 0 ? 'true' : 'false') : String;
  return { write, width: widest(values, write) };
}

function widest(values: readonly number[], write: Write): number {
  return values.reduce((width, value) => Math.max(width, write(value).length), 1);
}

/** Whole numbers with a point, else four decimals, else powers of ten where sizes differ by more than a thousand. */
function floats(values: readonly number[]): Column {
  const finite = values.filter((value) => Number.isFinite(value) && value !== 0);
  const sizes = finite.map(Math.abs);
  const smallest = sizes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const whole = finite.every(Number.isInteger);
  const scientific = largest / smallest > 1000 || largest > 1e8 || (!whole && smallest < 1e-4);
  const write = scientific ? inPowers : whole ? (value: number) => `${value.toFixed(0)}.` : inDecimals;
  // Zeros and what is not finite do not count, though they may be wider.
  return { write: (value) => signed(value, Number.isFinite(value) ? write : special), width: widest(finite, write) };
}

function signed(value: number, write: Write): string {
  return Object.is(value, -0) ? `-${write(0)}` : write(value);
}

function special(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

function inDecimals(value: number): string {
  return halfToEven(value.toFixed(PRECISION), value.toFixed(EXACT));
}

function inPowers(value: number): string {
  const [short, exponent] = value.toExponential(PRECISION).split('e') as [string, string];
  const [long, longExponent] = value.toExponential(EXACT).split('e') as [string, string];
  const digits = exponent === longExponent ? halfToEven(short, long) : short;
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

/** So many decimals that whether a number lies halfway between two shorter ones can be seen. */
const EXACT = 60;

/** The rounded number, but to the even digit where JavaScript rounded a half up: 0.03125 is 0.0312, as C and Python have it. */
function halfToEven(rounded: string, exact: string): string {
  const cut = exact.length - (EXACT - PRECISION);
  if (!/^50*$/.test(exact.slice(cut))) return rounded;
  const truncated = exact.slice(0, cut);
  return Number(truncated.at(-1)) % 2 === 0 ? truncated : rounded;
}

/** What the numbers alone do not tell. */
function suffixesOf(t: Tensor): string[] {
  const suffixes: string[] = [];
  if (t.size === 0 && t.ndim !== 1) suffixes.push(`size=${showShape(t.shape)}`);
  const clear = t.size === 0 ? t.dtype === 'float32' : t.dtype !== 'float64' && t.dtype !== 'uint8';
  if (!clear) suffixes.push(`dtype=${t.dtype}`);
  if (t.gradFn !== null) suffixes.push(`gradFn=<${t.gradFn.name}>`);
  else if (t.requiresGrad) suffixes.push('requiresGrad=true');
  return suffixes;
}

/** Appends suffixes, on lines of their own where the last line would get too long. */
function withSuffixes(text: string, suffixes: readonly string[]): string {
  let out = text;
  let last = text.length - text.lastIndexOf('\n') + 1;
  for (const suffix of suffixes) {
    if (last + suffix.length + 2 > LINE_WIDTH) {
      out += `,\n${' '.repeat(PREFIX.length)}${suffix}`;
      last = PREFIX.length + suffix.length;
    } else {
      out += `, ${suffix}`;
      last += suffix.length + 2;
    }
  }
  return `${out})`;
}
