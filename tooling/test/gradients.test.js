import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkCoverage, checkGradients, recordedOperations } from '../testing/index.js';

/**
 * A tensor of one axis with gradients of any order, just enough to test the checks: element-wise operations whose
 * products are written with the same operations.
 */
class Vector {
  dtype = 'float64';

  /**
   * @param {number[]} values
   * @param {string} name
   * @param {Vector[]} inputs
   * @param {((g: Vector) => Vector[]) | null} vjp
   */
  constructor(values, name = '', inputs = [], vjp = null) {
    this.values = values;
    this.shape = [values.length];
    this.inputs = inputs;
    this.vjp = vjp;
    this.requiresGrad = inputs.some((input) => input.requiresGrad);
    /** @type {{ name: string, next: any[] } | null} */
    this.gradFn = this.requiresGrad ? { name, next: inputs.map((input) => input.gradFn) } : null;
  }

  toTypedArray() {
    return Float64Array.from(this.values);
  }
}

/** @param {Vector} a @param {Vector} b @returns {Vector} */
const add = (a, b) =>
  new Vector(
    a.values.map((x, i) => x + at(b, i)),
    'add',
    [a, b],
    (g) => [g, g],
  );
/** @param {Vector} a @param {Vector} b @returns {Vector} */
const mul = (a, b) =>
  new Vector(
    a.values.map((x, i) => x * at(b, i)),
    'mul',
    [a, b],
    (g) => [mul(g, b), mul(g, a)],
  );
/** @param {Vector} a @returns {Vector} */
const exp = (a) => new Vector(a.values.map(Math.exp), 'exp', [a], (g) => [mul(g, exp(a))]);
/** @param {Vector} v @param {number} i */
const at = (v, i) => v.values[i] ?? Number.NaN;

const engine = {
  /** @param {number[]} data @param {{ requiresGrad?: boolean }} options */
  tensor(data, { requiresGrad = false }) {
    const leaf = new Vector(data);
    leaf.requiresGrad = requiresGrad;
    return leaf;
  },
  /** @param {Vector[]} outputs @param {Vector[]} inputs @param {{ createGraph?: boolean, gradOutputs?: Vector[] }} options */
  grad(outputs, inputs, { createGraph = false, gradOutputs = [] }) {
    /** @type {Map<Vector, Vector>} */
    const sums = new Map();
    /** @param {Vector} v @param {Vector} g */
    const send = (v, g) => {
      if (!v.requiresGrad) return;
      const sum = sums.get(v);
      sums.set(v, sum === undefined ? g : add(sum, g));
      for (const [i, share] of v.vjp?.(g).entries() ?? []) send(/** @type {Vector} */ (v.inputs[i]), share);
    };
    for (const [i, output] of outputs.entries()) send(output, /** @type {Vector} */ (gradOutputs[i]));
    const found = inputs.map((input) => sums.get(input) ?? new Vector(input.values.map(() => 0)));
    return createGraph ? found : found.map((g) => new Vector(g.values));
  },
};

describe('checkGradients', () => {
  test('accepts right derivatives of products, exponentials, linear functions and unused inputs', () => {
    checkGradients(
      (x, y) => mul(mul(x, x), exp(mul(x, y))),
      [
        [0.5, -0.3],
        [0.2, 1.1],
      ],
      engine,
    );
    checkGradients((x) => add(x, x), [[1, 2, 3]], engine);
    checkGradients((x) => mul(x, x), [[1, 2], [3]], engine);
  });

  test('finds a wrong first derivative', () => {
    /** @param {Vector} x @returns {Vector} */
    const wrong = (x) =>
      new Vector(
        x.values.map((v) => v * v),
        'square',
        [x],
        (g) => [mul(g, x)],
      );
    expect(() => checkGradients(wrong, [[3]], { ...engine, name: 'square' })).toThrow(
      /^square: first derivative by input 0: at \[0\] got 3\.\d+, expected 7\.\d+, relative error 0\.500 /,
    );
  });

  test('finds a product that is right but wrong when differentiated again', () => {
    /** @param {Vector} x @returns {Vector} */
    const cube = (x) => {
      const slope = new Vector(x.values.map((v) => 3 * v * v));
      return new Vector(
        x.values.map((v) => v ** 3),
        'cube',
        [x],
        (g) => [mul(g, slope)],
      );
    };
    checkGradients(cube, [[2]], { ...engine, order: 1 });
    expect(() => checkGradients(cube, [[2]], { ...engine, name: 'cube' })).toThrow(
      /^cube: second derivative by input 0: at \[0\] got 0, expected /,
    );
  });

  test('finds a gradient of another shape and an output without a graph', () => {
    /** @param {Vector} x @returns {Vector} */
    const wrong = (x) => new Vector([at(x, 0)], 'first', [x], (g) => [g]);
    expect(() => checkGradients(wrong, [[1, 2]], engine)).toThrow(
      'checkGradients: first derivative by input 0: got float64 [1], expected float64 [2]',
    );
    expect(() => checkGradients((x) => new Vector(x.values), [[1]], engine)).toThrow(
      'checkGradients: the output does not depend on any input by way of the graph',
    );
  });
});

test('checkCoverage names the operations that no sample reaches', () => {
  const sources = mkdtempSync(join(tmpdir(), 'maru-coverage-'));
  try {
    const samples = { square: { f: (/** @type {Vector} */ x) => add(mul(x, x), x), inputs: [[1]] } };
    expect(() => checkCoverage(samples, { ...engine, sources })).toThrow('records an operation');
    writeFileSync(join(sources, 'a.ts'), "return record('mul', out); return record(\n  'exp', out); record('add', x);");
    expect(recordedOperations(sources)).toEqual(['add', 'exp', 'mul']);
    expect(() => checkCoverage(samples, { ...engine, sources })).toThrow('checkCoverage: no sample reaches exp');
    const more = { ...samples, exp: [{ f: exp, inputs: [[1]] }] };
    expect(checkCoverage(more, { ...engine, sources })).toBe(undefined);
  } finally {
    rmSync(sources, { recursive: true });
  }
});
