import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectClose } from './close.js';

/**
 * What a tensor must have for these checks. They import no package: the functions that make tensors and gradients are
 * handed in, so that `tensor` itself is tested with them.
 *
 * @typedef {object} TensorLike
 * @property {readonly number[]} shape
 * @property {string} dtype
 * @property {boolean} requiresGrad
 * @property {{ name: string, next: readonly any[] } | null} gradFn
 * @property {() => ArrayLike<number>} toTypedArray
 */

/** @typedef {number | readonly Nested[]} Nested numbers in arrays nested to any depth */

/**
 * @template {TensorLike} T
 * @typedef {object} Engine
 * @property {(data: any, options: { dtype: 'float64', requiresGrad?: boolean }) => T} tensor
 * @property {(outputs: T[], inputs: T[], options: { createGraph?: boolean, allowUnused?: boolean, gradOutputs?: T[] }) => T[]} grad
 */

/**
 * An operation at a point. The point must keep twice the step away from kinks and poles, and have no ties.
 *
 * @template {TensorLike} T
 * @typedef {object} Sample
 * @property {(...inputs: T[]) => T} f
 * @property {readonly Nested[]} inputs one for each argument of `f`, read as float64
 */

/**
 * @typedef {object} GradientOptions
 * @property {1 | 2} [order] the highest derivative to check; default 2
 * @property {number} [step] of the differences, times max(1, |x|); default 1e-3
 * @property {number} [rtol] default 1e-6
 * @property {number} [atol] default 1e-8
 * @property {string} [name] put before messages; default 'checkGradients'
 */

/**
 * Checks the first and second derivatives of `f` at `inputs` against central differences in float64.
 *
 * With fixed weights w and v, drawn like random ones: the gradient of F(x) = Σ wᵢ f(x)ᵢ must be what the differences of F
 * say, and that of G(x) = Σ vⱼ ∂F/∂xⱼ what the differences of G say. The differences are of fourth order,
 * F'(x) ≈ (8 (F(x+h) − F(x−h)) − (F(x+2h) − F(x−2h))) / 12h. The first gradient is taken with and without
 * `createGraph`, since an operation may have a fused product for the case without.
 *
 * @template {TensorLike} T
 * @param {(...inputs: T[]) => T} f
 * @param {readonly Nested[]} inputs
 * @param {Engine<T> & GradientOptions} options
 * @returns {void}
 */
export function checkGradients(
  f,
  inputs,
  { tensor, grad, order = 2, step = 1e-3, rtol = 1e-6, atol = 1e-8, name = 'checkGradients' },
) {
  /** @param {readonly Nested[]} values @param {boolean} requiresGrad */
  const tensors = (values, requiresGrad) => values.map((value) => tensor(value, { dtype: 'float64', requiresGrad }));
  /** Numbers like random ones in ±[.5, 1.5], in the shape of a tensor. @param {T} like @param {number} seed */
  const weights = (like, seed) => {
    const { shape } = like;
    const size = shape.reduce((product, n) => product * n, 1);
    return tensor(nest(drawn(size, seed), shape), { dtype: 'float64' });
  };
  /** @param {T[]} xs @param {boolean} createGraph */
  const firstGradients = (xs, createGraph) => {
    const y = f(...xs);
    if (!y.requiresGrad) throw new Error(`${name}: the output does not depend on any input by way of the graph`);
    return grad([y], xs, { createGraph, allowUnused: true, gradOutputs: [weights(y, 1)] });
  };

  const numeric = differences(inputs, step, (values) => {
    const y = f(...tensors(values, false));
    return dot(y.toTypedArray(), weights(y, 1).toTypedArray());
  });
  for (const createGraph of order === 2 ? [false, true] : [false]) {
    const xs = tensors(inputs, true);
    const gradients = firstGradients(xs, createGraph);
    for (const [i, gradient] of gradients.entries()) {
      const what = `${name}: first derivative by input ${i}${createGraph ? ', with createGraph' : ''}`;
      checkForm(what, gradient, /** @type {T} */ (xs[i]));
      expectClose(Array.from(gradient.toTypedArray()), numeric[i], { rtol, atol, name: what });
    }
  }
  if (order === 1) return;

  const numericSecond = differences(inputs, step, (values) => {
    const gradients = firstGradients(tensors(values, true), false);
    return gradients.reduce((sum, g, i) => sum + dot(g.toTypedArray(), weights(g, 2 + i).toTypedArray()), 0);
  });
  const xs = tensors(inputs, true);
  const gradients = firstGradients(xs, true);
  const outputs = gradients.filter((gradient) => gradient.requiresGrad);
  // A function that is linear in its inputs has gradients that depend on none of them.
  const gradOutputs = gradients.map((g, i) => weights(g, 2 + i)).filter((_, i) => gradients[i]?.requiresGrad);
  const seconds = outputs.length === 0 ? null : grad(outputs, xs, { allowUnused: true, gradOutputs });
  for (const [i, wanted] of numericSecond.entries()) {
    const what = `${name}: second derivative by input ${i}`;
    if (seconds !== null) checkForm(what, /** @type {T} */ (seconds[i]), /** @type {T} */ (xs[i]));
    const came = seconds === null ? wanted.map(() => 0) : Array.from(seconds[i]?.toTypedArray() ?? []);
    expectClose(came, wanted, { rtol, atol, name: what });
  }
}

/**
 * Checks that a table of samples reaches every differentiable operation of a package: each name that a source passes
 * to `record` as a literal must occur in the graph of some sample.
 *
 * @template {TensorLike} T
 * @param {Readonly<Record<string, Sample<T> | readonly Sample<T>[]>>} samples
 * @param {{ tensor: Engine<T>['tensor'], sources: URL | string }} options `sources` is the folder of the sources
 * @returns {void}
 */
export function checkCoverage(samples, { tensor, sources }) {
  const wanted = recordedOperations(sources);
  if (wanted.length === 0) throw new Error(`checkCoverage: no source in ${sources} records an operation`);
  /** @type {Set<string>} */
  const reached = new Set();
  for (const { f, inputs } of Object.values(samples).flat()) {
    const output = f(...inputs.map((data) => tensor(data, { dtype: 'float64', requiresGrad: true })));
    for (const operation of operationsBehind(output)) reached.add(operation);
  }
  const missing = wanted.filter((operation) => !reached.has(operation));
  if (missing.length > 0) throw new Error(`checkCoverage: no sample reaches ${missing.join(', ')}`);
}

/** The names of the operations that a tensor was computed by. @param {TensorLike} output @returns {Set<string>} */
export function operationsBehind(output) {
  const nodes = new Set([output.gradFn]);
  for (const node of nodes) for (const next of node?.next ?? []) nodes.add(next);
  return new Set([...nodes].flatMap((node) => (node === null ? [] : [node.name])));
}

/** The names that the sources in a folder pass to `record`. @param {URL | string} folder @returns {string[]} */
export function recordedOperations(folder) {
  const path = folder instanceof URL ? fileURLToPath(folder) : folder;
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(path, file), 'utf8').matchAll(/\brecord\(\s*'(\w+)'/g)])
    .map((match) => match[1] ?? '');
  return [...new Set(names)].sort();
}

/** @param {string} what @param {TensorLike} gradient @param {TensorLike} input */
function checkForm(what, gradient, input) {
  if (gradient.dtype !== 'float64' || gradient.shape.join() !== input.shape.join()) {
    const wanted = `float64 [${input.shape.join(', ')}]`;
    throw new Error(`${what}: got ${gradient.dtype} [${gradient.shape.join(', ')}], expected ${wanted}`);
  }
}

/**
 * The derivatives of `value` by every number of every input.
 *
 * @param {readonly Nested[]} inputs
 * @param {number} step
 * @param {(inputs: readonly Nested[]) => number} value
 */
function differences(inputs, step, value) {
  return inputs.map((input, i) => {
    const numbers = flat(input);
    const shape = shapeOf(input);
    return numbers.map((x, j) => {
      const h = step * Math.max(1, Math.abs(x));
      const at = (/** @type {number} */ shift) => value(inputs.with(i, nest(numbers.with(j, x + shift), shape)));
      return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    });
  });
}

/** @param {Nested} value @returns {number[]} */
function flat(value) {
  return typeof value === 'number' ? [value] : value.flatMap(flat);
}

/** @param {Nested} value @returns {number[]} */
function shapeOf(value) {
  return typeof value === 'number' ? [] : [value.length, ...shapeOf(value[0] ?? 0)];
}

/** @param {readonly number[]} numbers @param {readonly number[]} shape @returns {Nested} */
function nest(numbers, shape) {
  if (shape.length === 0) return numbers[0] ?? 0;
  const [length = 0, ...rest] = shape;
  const size = numbers.length / length;
  return Array.from({ length }, (_, i) => nest(numbers.slice(i * size, (i + 1) * size), rest));
}

/** @param {number} size @param {number} seed @returns {number[]} */
function drawn(size, seed) {
  return Array.from({ length: size }, (_, i) => {
    const fraction = (Math.imul(i + 1 + 7919 * seed, 0x9e3779b1) >>> 0) / 2 ** 32;
    return (fraction + 0.5) * (i % 3 === 1 ? -1 : 1);
  });
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
