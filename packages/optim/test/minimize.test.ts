import { readFileSync } from 'node:fs';
import { DataError, OptionError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { type MinimizeOptions, minimize, minimizeSteps, type Objective } from '../src/index.ts';

/** Σ 100 (xᵢ₊₁ - xᵢ²)² + (1 - xᵢ)² */
const rosenbrock: Objective = (x) => {
  let value = 0;
  const gradient = new Float64Array(x.length);
  for (let i = 0; i + 1 < x.length; i++) {
    const bend = x[i + 1]! - x[i]! ** 2;
    value += 100 * bend ** 2 + (1 - x[i]!) ** 2;
    gradient[i]! += -400 * x[i]! * bend - 2 * (1 - x[i]!);
    gradient[i + 1]! += 200 * bend;
  }
  return { value, gradient };
};

/** The product of Rosenbrock's Hessian with v. */
function rosenbrockHessian(x: Float64Array, v: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  for (let i = 0; i + 1 < x.length; i++) {
    out[i]! += (1200 * x[i]! ** 2 - 400 * x[i + 1]! + 2) * v[i]! - 400 * x[i]! * v[i + 1]!;
    out[i + 1]! += -400 * x[i]! * v[i]! + 200 * v[i + 1]!;
  }
  return out;
}

const { minima } = JSON.parse(readFileSync(new URL('fixtures/optimizers.json', import.meta.url), 'utf8'));

/** Σ log(1 + exp(-y x w)) + |w|² / 20 for the rows of the fixture, with σ(-y x w) of each for the Hessian. */
function logistic(w: Float64Array): { value: number; gradient: Float64Array; shares: number[] } {
  let value = w.reduce((total, v) => total + v * v, 0) / 20;
  const gradient = w.map((v) => v / 10);
  const shares = (minima.x as number[][]).map((row, i) => {
    const margin = minima.y[i] * row.reduce((total, v, j) => total + v * w[j]!, 0);
    value += Math.log1p(Math.exp(-margin));
    const share = 1 / (1 + Math.exp(margin));
    for (const [j, v] of row.entries()) gradient[j]! -= minima.y[i] * share * v;
    return share;
  });
  return { value, gradient, shares };
}

/** The product of its Hessian with v. */
function logisticHessian(w: Float64Array, v: Float64Array): Float64Array {
  const { shares } = logistic(w);
  const out = v.map((value) => value / 10);
  for (const [i, row] of (minima.x as number[][]).entries()) {
    const along = row.reduce((total, value, j) => total + value * v[j]!, 0) * shares[i]! * (1 - shares[i]!);
    for (const [j, value] of row.entries()) out[j]! += along * value;
  }
  return out;
}

describe('against SciPy', () => {
  it.each(['lbfgs', 'newton-cg'] as const)('minimize: %s ends where SciPy does', (method) => {
    const options = { gtol: 1e-10, ftol: 0, xtol: 1e-14, hessianProduct: logisticHessian };
    const steps = minimizeSteps(logistic, new Float64Array(4), { method, ...options });
    let next = steps.next();
    while (!next.done) next = steps.next();
    const found = minimize(logistic, new Float64Array(4), { method, ...options });
    // The value is flat there: L-BFGS-B stops where it does not fall any more, half the digits before its place.
    expectClose(found.value, minima[method].value, { rtol: 1e-13 });
    expectClose(found.x, minima[method].x, { rtol: 1e-6 });
    expect(next.value).toEqual(found);
  });
});

const methods: MinimizeOptions[] = [{ method: 'lbfgs' }, { method: 'newton-cg', hessianProduct: rosenbrockHessian }];

describe.each(methods)('$method', (options) => {
  it("finds Rosenbrock's minimum, the ones", () => {
    // Start and minimum as in SciPy's documentation of minimize.
    const result = minimize(rosenbrock, [1.3, 0.7, 0.8, 1.9, 1.2], { ...options, gtol: 1e-9, ftol: 0, xtol: 1e-14 });
    expectClose(result.x, [1, 1, 1, 1, 1], { rtol: 1e-6 });
    expect(result.converged).toBe(true);
    expect(result.value).toBeLessThan(1e-14);
  });

  it('a quadratic function in two steps or few', () => {
    const quadratic: Objective = (x) => ({
      value: 0.5 * (4 * x[0]! ** 2 + x[1]! ** 2) - x[0]!,
      gradient: Float64Array.of(4 * x[0]! - 1, x[1]!),
    });
    const result = minimize(quadratic, [3, -2], {
      ...options,
      gtol: 1e-10,
      ftol: 0,
      hessianProduct: (_, v) => Float64Array.of(4 * v[0]!, v[1]!),
    });
    expectClose(result.x, [0.25, 0], { rtol: 1e-8, atol: 1e-9 });
    expect(result.nIter).toBeLessThan(12);
  });

  it('never goes up', () => {
    const values: number[] = [];
    minimize(rosenbrock, [-1.2, 1, -0.5, 2], {
      ...options,
      onProgress: ({ metrics }) => void values.push(metrics.value!),
    });
    for (let i = 1; i < values.length; i++) expect(values[i]).toBeLessThanOrEqual(values[i - 1]!);
  });

  it('gives the same for a function that pauses, and hands its pauses on', () => {
    const paused = function* (x: Float64Array) {
      yield;
      return rosenbrock(x);
    };
    const steps = minimizeSteps(paused, [-1.2, 1, -0.5, 2], options);
    let pauses = 0;
    let next = steps.next();
    for (; !next.done; next = steps.next()) if (next.value === undefined) pauses++;
    expect(next.value).toEqual(minimize(rosenbrock, [-1.2, 1, -0.5, 2], options));
    expect(pauses).toBeGreaterThanOrEqual(next.value.evaluations);
  });

  it('stops when told to, with what it has', () => {
    const result = minimize(rosenbrock, [-1.2, 1], { ...options, onProgress: ({ step }) => step < 3 });
    expect(result.nIter).toBe(3);
    expect(result.converged).toBe(false);
    expect(result.message).toBe('stopped by onProgress');
  });
});

describe('hostile functions', () => {
  it('a logarithm with a border: steps come back into the domain', () => {
    const f: Objective = (x) => ({ value: x[0]! - Math.log(x[0]!), gradient: Float64Array.of(1 - 1 / x[0]!) });
    expectClose(minimize(f, [0.01], { gtol: 1e-9, ftol: 0 }).x, [1], { rtol: 1e-8 });
  });

  it('a wrong gradient is told, not looped on', () => {
    const f: Objective = (x) => ({ value: x[0]! ** 2, gradient: Float64Array.of(-2 * x[0]!) });
    const result = minimize(f, [1]);
    expect(result.converged).toBe(false);
    expect(result.message).toBe(
      'the line search found no lower point; the gradient may be wrong or precision is exhausted',
    );
  });

  it('errors', () => {
    const f: Objective = (x) => ({ value: Math.sqrt(x[0]!), gradient: Float64Array.of(0.5 / Math.sqrt(x[0]!)) });
    expectError(
      () => minimize(f, [-1]),
      DataError,
      'minimize: the function or its gradient is not finite at the start (value NaN)',
    );
    expectError(
      () => minimize(f, [1], { method: 'newton-cg' }),
      OptionError,
      "minimize: method 'newton-cg' needs hessianProduct, a function of x and a vector",
    );
    expectError(
      () => minimize(f, [1], { method: 'bfgs' as never }),
      OptionError,
      "minimize: method must be 'lbfgs' or 'newton-cg', got 'bfgs'",
    );
    expectError(() => minimize(f, 1 as never), OptionError, 'minimize: the start must be an array of numbers, got 1');
    for (const [given, came] of [
      [5, '5'],
      [{ value: 1 }, 'a value and the gradient undefined'],
      [{ value: 1, gradient: [2, 3] }, 'a value and the gradient [2, 3]'],
    ]) {
      expectError(
        () => minimize(() => given as never, [1]),
        OptionError,
        `minimize: the function must return { value, gradient } with a gradient of 1 number, got ${came}`,
      );
    }
  });
});
