import { DataError } from '@maru-ml/base';
import { Problem, whole } from '../reader.ts';

/** What a model may answer: a list, or numbers of a shape. */
interface Answer {
  readonly shape?: readonly number[];
  readonly data?: ArrayLike<unknown>;
}

/** Methods that take rows. */
const METHODS = [
  'predict',
  'predictProba',
  'predictLogProba',
  'decisionFunction',
  'scoreSamples',
  'predictQuantile',
  'transform',
  'kneighbors',
  'rows',
];

/** Beyond these, products of a few numbers of a model leave the range of numbers: an infinite answer is then no surprise. */
const LARGEST = 1e15;
const SMALLEST = 1e-15;

/**
 * Uses a model that was loaded from a damaged file, as if it were whole: it answers for rows with labels or finite numbers of the right
 * shape or a `DataError`, prints itself, and can be saved.
 *
 * @throws Problem for any other answer
 */
export function checkUsable(model: object, x: unknown, json: unknown): void {
  const { name } = model.constructor;
  whole(typeof String(model) === 'string', 'it does not print itself');
  const again: unknown = JSON.parse(JSON.stringify(model));
  const ask = (method: string, ...args: unknown[]): unknown => {
    const own: unknown = Reflect.get(model, method);
    return typeof own === 'function' ? answered(() => own.apply(model, args), `${name}.${method}`) : undefined;
  };
  const classes: unknown = Reflect.get(model, 'classes');
  const labels = Array.isArray(classes) ? classes : null;
  for (const method of METHODS) {
    const answer = method === 'rows' ? ask('rows', 'rows', x) : ask(method, x);
    if (answer !== undefined) checkAnswer(`${name}.${method}`, answer, { x, labels, json: json ?? again });
  }
  if (!Array.isArray(x)) return;
  const one = ask('predictOne', x[0]);
  if (one !== undefined) checkValues(`${name}.predictOne`, [one], json ?? again);
}

/** A model of other columns, of rows in place of columns, or of fewer rows than neighbors are asked for, may be whole. */
const IN_WORDS = /model was (not )?fitted with|: x must be a Tensor \[n, d\]/;

/** The answer; undefined if it was refused in words. */
function answered(ask: () => unknown, what: string): unknown {
  try {
    return ask() ?? null;
  } catch (error) {
    if (error instanceof DataError) return undefined;
    const { message, stack } = error as Error;
    if (!(error instanceof TypeError) && IN_WORDS.test(message)) return undefined;
    throw new Problem(`${what} threw ${stack}`);
  }
}

interface Asked {
  x: unknown;
  labels: readonly unknown[] | null;
  json: unknown;
}

function checkAnswer(what: string, answer: unknown, { x, labels, json }: Asked): void {
  const n = Array.isArray(x) ? x.length : undefined;
  if (Array.isArray(answer) || ArrayBuffer.isView(answer)) {
    const list = Array.from(answer as unknown as ArrayLike<unknown>);
    whole(n === undefined || list.length === n, `${what} gave ${list.length} answers for ${n} rows`);
    if (!what.endsWith('.predict') || labels === null) checkValues(what, list, json);
    else for (const label of list) whole(labels.includes(label), `${what} gave the label ${String(label)}`);
    return;
  }
  whole(typeof answer === 'object' && answer !== null, `${what} gave ${String(answer)}`);
  const { shape, data } = answer as Answer;
  if (shape === undefined || data === undefined) return;
  whole(n === undefined || shape[0] === n, `${what} gave the shape [${shape}] for ${n} rows`);
  if (/predict\w*Proba$/.test(what) && labels !== null) {
    whole(shape[1] === labels.length, `${what} gave ${shape[1]} columns for ${labels.length} classes`);
  }
  // The logarithm of a probability of 0 is infinite.
  if (!what.endsWith('.predictLogProba')) checkValues(what, Array.from(data), json);
}

function checkValues(what: string, values: readonly unknown[], json: unknown): void {
  const isOdd = (value: unknown) => value === undefined || (typeof value === 'number' && !Number.isFinite(value));
  const at = values.findIndex(isOdd);
  if (at < 0 || (typeof values[at] === 'number' && isExtreme(json))) return;
  throw new Problem(`${what} gave ${String(values[at])}`);
}

/** Whether a tree of JSON holds a number that is finite, but out of all proportion. */
function isExtreme(json: unknown): boolean {
  if (typeof json === 'number') return Number.isFinite(json) && outOfProportion(json);
  if (typeof json !== 'object' || json === null) return false;
  const { dtype, data } = json as { dtype?: unknown; data?: unknown };
  if (typeof data === 'string' && (dtype === 'float64' || dtype === 'float32')) {
    const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
    const width = dtype === 'float64' ? 8 : 4;
    const Type = dtype === 'float64' ? Float64Array : Float32Array;
    return new Type(bytes.buffer, 0, Math.floor(bytes.length / width)).some(
      (n) => Number.isFinite(n) && outOfProportion(n),
    );
  }
  return Object.values(json).some(isExtreme);
}

function outOfProportion(value: number): boolean {
  return value !== 0 && (Math.abs(value) > LARGEST || Math.abs(value) < SMALLEST);
}
