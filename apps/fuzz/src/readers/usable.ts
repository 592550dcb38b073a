import { DataError, ShapeError } from '@maru-ml/base';
import { Problem, whole } from '../reader.ts';

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
 * shape or a `DataError`, prints itself, and can be saved and loaded again.
 *
 * @throws Problem for any other answer
 */
export function checkUsable(model: any, x: any, json: unknown): void {
  whole(typeof String(model) === 'string', 'it does not print itself');
  const again = JSON.parse(JSON.stringify(model));
  for (const method of METHODS) {
    if (typeof model[method] !== 'function') continue;
    const answer = answered(() => (method === 'rows' ? model.rows('rows', x) : model[method](x)), method);
    if (answer !== undefined) checkAnswer(model, method, answer, x, json ?? again);
  }
  if (typeof model.predictOne === 'function' && Array.isArray(x)) {
    const answer = answered(() => model.predictOne(x[0]), 'predictOne');
    if (answer !== undefined) checkValues('predictOne', [answer], json ?? again);
  }
  const { fromJSON } = model.constructor;
  whole(typeof fromJSON === 'function', 'what was loaded is no model');
}

/** The answer; undefined if it was refused in words. */
function answered(ask: () => unknown, method: string): unknown {
  try {
    return ask();
  } catch (error) {
    if (error instanceof DataError) return undefined;
    // A model of another number of columns may be whole.
    if (error instanceof ShapeError && /columns?\b/.test(error.message)) return undefined;
    const what = error instanceof Error ? error.stack : String(error);
    throw new Problem(`${method} of the loaded model threw ${what}`);
  }
}

function checkAnswer(model: any, method: string, answer: any, x: any, json: unknown): void {
  whole(answer !== null, `${method} gave null`);
  const n = Array.isArray(x) ? x.length : undefined;
  if (Array.isArray(answer) || ArrayBuffer.isView(answer)) {
    const list = Array.from(answer as ArrayLike<unknown>);
    whole(n === undefined || list.length === n, `${method} gave ${list.length} answers for ${n} rows`);
    if (method === 'predict' && Array.isArray(model.classes)) {
      for (const label of list) whole(model.classes.includes(label), `${method} gave the label ${String(label)}`);
    } else checkValues(method, list, json);
    return;
  }
  if (answer.shape === undefined) return;
  whole(n === undefined || answer.shape[0] === n, `${method} gave the shape [${answer.shape}] for ${n} rows`);
  if (/^predict.*Proba$/.test(method) && Array.isArray(model.classes)) {
    const k = model.classes.length;
    whole(answer.shape[1] === k, `${method} gave ${answer.shape[1]} columns for ${k} classes`);
  }
  if (method === 'predictLogProba') return;
  checkValues(method, Array.from((answer.data ?? answer.toTypedArray()) as ArrayLike<unknown>), json);
}

function checkValues(method: string, values: readonly unknown[], json: unknown): void {
  const odd = values.find((value) => value === undefined || (typeof value === 'number' && !Number.isFinite(value)));
  if (odd === undefined && !values.includes(undefined)) return;
  if (typeof odd === 'number' && isExtreme(json)) return;
  throw new Problem(`${method} of the loaded model gave ${String(odd)}`);
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
    return new Type(bytes.buffer, 0, Math.floor(bytes.length / width)).some((n) => Number.isFinite(n) && outOfProportion(n));
  }
  return Object.values(json).some(isExtreme);
}

function outOfProportion(value: number): boolean {
  return value !== 0 && (Math.abs(value) > LARGEST || Math.abs(value) < SMALLEST);
}
