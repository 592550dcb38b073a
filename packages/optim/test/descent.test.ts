import { DataError, OptionError } from '@maru-ml/base';
import { parameter, type Tensor, tensor } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { LbfgsHistory } from '../src/history.ts';
import { LBFGS, minimize, type Objective } from '../src/index.ts';
import { type LinePoint, strongWolfe, type WolfeOptions } from '../src/wolfe.ts';

describe('the line search, by hand', () => {
  /** Steps tried from 0, and the one taken. */
  function search(phi: (alpha: number) => [value: number, slope: number], first: number, options?: WolfeOptions) {
    const tried: number[] = [];
    const at = (alpha: number): LinePoint => {
      const [value, slope] = phi(alpha);
      return { alpha, value, slope };
    };
    const found = strongWolfe(
      (alpha) => {
        tried.push(alpha);
        return at(alpha);
      },
      at(0),
      first,
      options,
    );
    return { tried, found: found.alpha };
  }
  /** (α - 1)² */
  const bowl = (alpha: number): [number, number] => [(alpha - 1) ** 2, 2 * (alpha - 1)];

  it('takes a first step that is flat enough', () => {
    expect(search(bowl, 1)).toEqual({ tried: [1], found: 1 });
    // |φ'| = 1.8 = .9 · |φ'(0)|: just flat enough.
    expect(search(bowl, 0.125)).toEqual({ tried: [0.125], found: 0.125 });
  });

  it('doubles steps until the slope is nine tenths of the first', () => {
    expect(search(bowl, 0.03)).toEqual({ tried: [0.03, 0.06, 0.12], found: 0.12 });
  });

  it('doubles beyond the minimum, then takes that of the cubic', () => {
    const { tried, found } = search(bowl, 0.25, { c2: 0.1 });
    expectClose(tried, [0.25, 0.5, 1], { rtol: 1e-14 });
    expect(found).toBe(1);
    const beyond = search(bowl, 0.375, { c2: 0.1 });
    expectClose(beyond.tried, [0.375, 0.75, 1.5, 1], { rtol: 1e-14 });
  });

  it('goes back from where the function is higher, to the middle where the cubic has its minimum at an end', () => {
    expectClose(search(bowl, 4).tried, [4, 1], { rtol: 1e-14 });
    // The minimum is a sixteenth of the way to 16, and an eighth to 8.
    expectClose(search(bowl, 16).tried, [16, 8, 1], { rtol: 1e-14 });
  });

  it('takes the middle where the cubic has no minimum', () => {
    // Both slopes are -1 and the value falls by .6: less than the .9 asked for.
    const phi = (alpha: number): [number, number] => (alpha === 1 ? [-0.6, -1] : [-alpha, alpha === 0 ? -1 : -0.5]);
    expect(search(phi, 1, { c1: 0.9 })).toEqual({ tried: [1, 0.5], found: 0.5 });
  });

  it('comes back by nine tenths from outside the domain', () => {
    const inside = (alpha: number): [number, number] => (alpha > 0.5 ? [Number.NaN, 0] : bowl(alpha));
    expect(search(inside, 4).tried).toEqual([4, 0.4]);
    const steep = (alpha: number): [number, number] => (alpha > 0.5 ? [0, Number.NaN] : bowl(alpha));
    expect(search(steep, 4).tried).toEqual([4, 0.4]);
    // From the last step inside, not from the start: .4 + (.8 - .4) / 10.
    const flat = search(inside, 0.4, { c2: 0.5 }).tried;
    expectClose(flat.slice(0, 3), [0.4, 0.8, 0.44], { rtol: 1e-14 });
  });

  it('gives the last step of a function without a bottom', () => {
    const line = (alpha: number): [number, number] => [-alpha, -1];
    expect(search(line, 1, { maxEvaluations: 4 })).toEqual({ tried: [1, 2, 4, 8], found: 8 });
    expect(search(line, 1).tried.length).toBe(25);
  });

  it('narrows down on a kink until the interval is as wide as rounding', () => {
    const kink = (alpha: number): [number, number] => [Math.abs(alpha - 0.3), alpha < 0.3 ? -1 : 1];
    const { tried, found } = search(kink, 1, { maxEvaluations: 200 });
    expectClose(found, 0.3, { rtol: 1e-11 });
    expect(tried.length).toBeLessThan(150);
    expect(search(kink, 1).tried.length).toBe(25);
  });
});

describe("L-BFGS's history", () => {
  const history = (memory: number, ...pairs: [number[], number[]][]) => {
    const made = new LbfgsHistory(memory);
    for (const [s, y] of pairs) made.add(Float64Array.from(s), Float64Array.from(y));
    return made;
  };
  const direction = (from: LbfgsHistory, gradient: number[]) => [...from.direction(Float64Array.from(gradient))];

  it('by hand: -g without steps; the curvature along a step, sᵀy / yᵀy across it', () => {
    expect(direction(history(5), [1, -2])).toEqual([-1, 2]);
    expect(direction(history(5, [[1, 0], [2, 0]]), [4, 3])).toEqual([-2, -1.5]); // biome-ignore format: vectors
  });

  it('the law of secants: the last change of the gradient is answered by the last step', () => {
    const pairs: [number[], number[]][] = [
      [
        [1, 2, -1],
        [3, 1, 1],
      ],
      [
        [0.5, -1, 2],
        [1, -2, 5],
      ],
      [
        [-1, 0.25, 1],
        [-2, 1, 0.5],
      ],
    ];
    for (const memory of [1, 2, 3]) {
      const made = history(memory, ...pairs);
      expect(made.size).toBe(memory);
      expectClose(direction(made, pairs[2]![1]), [1, -0.25, -1], { rtol: 1e-12 });
      expect(direction(made, [1, 1, 1])).toEqual(direction(history(9, ...pairs.slice(3 - memory)), [1, 1, 1]));
    }
  });

  it('leaves out a step along which the slope does not grow', () => {
    expect(history(5, [[1, 0], [-1, 0]], [[1, 0], [0, 1]]).size).toBe(0); // biome-ignore format: vectors
  });
});

describe('what minimize evaluates', () => {
  /** Points at which c x² / 2 is evaluated. */
  function path(c: number, x0: number, options = {}) {
    const points: number[] = [];
    const f: Objective = (x) => {
      points.push(x[0]!);
      return { value: (c * x[0]! ** 2) / 2, gradient: Float64Array.of(c * x[0]!) };
    };
    return { points, result: minimize(f, [x0], options) };
  }

  it('a first step of length 1 where the gradient is longer, else of its length', () => {
    expectClose(path(2, 10).points.slice(0, 2), [10, 9], { rtol: 1e-15 });
    expectClose(path(2, 0.1).points.slice(0, 2), [0.1, -0.1], { rtol: 1e-15 });
  });

  it('tells what ended it, after how many evaluations', () => {
    const none = path(1, 0).result;
    expect(none.nIter).toBe(0);
    expect(none.converged).toBe(true);
    expect(none.message).toBe('the gradient is within gtol');
    const few = path(1, 1e9, { maxIter: 1 }).result;
    expect([few.nIter, few.converged, few.message]).toEqual([1, false, 'maxIter = 1 was reached']);
    const flat = path(1, 100, { ftol: 1e9 }).result;
    expect([flat.nIter, flat.converged, flat.message]).toEqual([1, true, 'the decrease is within ftol']);
    const hessianProduct = (_: Float64Array, v: Float64Array) => v;
    const short = path(1, 100, { method: 'newton-cg', hessianProduct, xtol: 1e9, gtol: 0 }).result;
    expect([short.nIter, short.converged, short.message]).toEqual([1, true, 'the step is within xtol']);
    for (const { points, result } of [path(1, 1e9, { maxIter: 1 }), path(3, 7)]) {
      expect(result.evaluations).toBe(points.length);
    }
  });

  it('one step of Newton ends a quadratic function', () => {
    // Σ (i + 1) xᵢ² / 2 from (4, 3, -2), with as many products as there are elements.
    let products = 0;
    const scaled = (v: Float64Array) => v.map((value, i) => value * (i + 1));
    const f: Objective = (x) => {
      const gradient = scaled(x);
      return { value: x.reduce((sum, value, i) => sum + (value * gradient[i]!) / 2, 0), gradient };
    };
    const hessianProduct = (_: Float64Array, v: Float64Array) => {
      products++;
      return scaled(v);
    };
    const result = minimize(f, [4e-12, 3e-12, -2e-12], { method: 'newton-cg', hessianProduct, gtol: 1e-18, xtol: 0 });
    expect(result.nIter).toBe(1);
    expect(products).toBe(3);
    expectClose(result.x, [0, 0, 0], { atol: 1e-18 });
  });

  it("Newton's direction where the curvature is negative is downhill", () => {
    // x⁴ / 4 - x² / 2 has its minima at ±1 and bends down at .1.
    const f: Objective = ([x]) => ({ value: x! ** 4 / 4 - x! ** 2 / 2, gradient: Float64Array.of(x! ** 3 - x!) });
    const hessianProduct = ([x]: Float64Array, [v]: Float64Array) => Float64Array.of((3 * x! ** 2 - 1) * v!);
    const tried: number[] = [];
    const noted: Objective = (x) => {
      tried.push(x[0]!);
      return f(x);
    };
    const result = minimize(noted, [0.1], { method: 'newton-cg', hessianProduct, gtol: 1e-10 });
    // The first direction is -g = .099.
    expectClose(tried[1]!, 0.199, { rtol: 1e-12 });
    expectClose(result.x, [1], { rtol: 1e-9 });
  });

  it('what is no start', () => {
    for (const [start, came] of [
      [null, 'null'],
      [undefined, 'undefined'],
      [{}, 'an object'],
      ['12', "'12'"],
    ]) {
      const message = `minimize: the start must be an array of numbers, got ${came}`;
      expectError(() => minimize(() => ({}) as never, start as never), OptionError, message);
    }
    for (const [given, came] of [
      [null, 'null'],
      [{ gradient: [1, 2] }, 'an object'],
      [{ value: 1, gradient: null }, 'a value and the gradient null'],
    ]) {
      const message = `minimize: the function must return { value, gradient } with a gradient of 2 numbers, got ${came}`;
      expectError(() => minimize(() => given as never, [1, 2]), OptionError, message);
    }
    expectError(
      () => minimize(() => ({ value: 1, gradient: Float64Array.of(Number.NaN, 1) }), [1, 2]),
      DataError,
      'minimize: the function or its gradient is not finite at the start (value 1)',
    );
  });
});

describe('what LBFGS evaluates', () => {
  function walk(x0: number, options = {}, loss = (p: Tensor) => p.mul(p).sum()) {
    const p = parameter(tensor([x0], { dtype: 'float64' }));
    const points: number[] = [];
    const start = new LBFGS([p], options).step(() => {
      points.push(p.item());
      return loss(p);
    });
    return { points, start, end: p.item() };
  }

  it('a first step of length lr where the gradient is longer than 1, else lr times it', () => {
    expectClose(walk(10).points.slice(0, 2), [10, 9], { rtol: 1e-15 });
    expectClose(walk(0.1).points.slice(0, 2), [0.1, -0.1], { rtol: 1e-15 });
    expectClose(walk(10, { lr: 0.5 }).points.slice(0, 2), [10, 9.5], { rtol: 1e-15 });
  });

  it('stops at once at a minimum, after maxIter steps, and when steps are small', () => {
    expect(walk(0)).toEqual({ points: [0], start: 0, end: 0 });
    const one = walk(10, { maxIter: 1, maxEvaluations: 1 });
    expect(one).toEqual({ points: [10, 9, 9], start: 100, end: 9 });
    expect(walk(10, { toleranceChange: 1e9 }).end).toBe(walk(10, { maxIter: 1 }).end);
  });

  it('says that the loss is not finite', () => {
    expectError(
      () => walk(-1, {}, (p) => p.pow(0.5).sum()),
      DataError,
      'LBFGS: the loss is NaN at the beginning of the step',
    );
  });
});
