import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { memoryInUse } from '@maru-ml/kernels/memory';
import { fromBytes, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError, expectNoGarbage } from '@maru-ml/tooling/testing';
import { type Traits, traitsTable } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinearSVC, OneClassSVM, OneClassSVMModel, SVC, SVCModel, SVR, SVRModel } from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

/** Rows of two classes that overlap, and a number for each. */
function data(seed: number, n: number, d: number): { x: number[][]; y: number[]; labels: string[] } {
  const random = new Random(seed);
  const x = Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));
  const y = x.map((row) => row[0]! - 0.5 * (row[1] ?? 0) + 0.5 * random.normal());
  return { x, y, labels: y.map((value) => (value > 0 ? 'up' : 'down')) };
}

const squared = (a: Float64Array, b: Float64Array) => (a.reduce((sum, v, l) => sum + v * b[l]!, 0) / 2 + 1) ** 2;
const gramOf = (a: number[][], b: number[][], k: (p: Float64Array, q: Float64Array) => number) =>
  a.map((p) => b.map((q) => k(Float64Array.from(p), Float64Array.from(q))));

describe('kernels of all kinds', () => {
  const { x, y, labels } = data(1, 60, 3);
  const fresh = data(2, 9, 3).x;

  it('a function of the user and a table of its values give what the kernel of this package gives', () => {
    const own = new SVC({ kernel: 'poly', degree: 2, gamma: 0.5, coef0: 1, tol: 1e-9 }).fit(x, labels);
    const mine = new SVC({ kernel: 'mine', tol: 1e-9 }, { mine: squared }).fit(x, labels);
    const given = new SVC({ kernel: 'precomputed', tol: 1e-9 }).fit(gramOf(x, x, squared), labels);
    for (const [model, rows] of [
      [mine, fresh],
      [given, gramOf(fresh, x, squared)],
    ] as const) {
      expect([...model.support]).toEqual([...own.support]);
      expectClose(model.dualCoef, own.dualCoef, { rtol: 1e-6, atol: 1e-8 });
      expectClose(model.decisionFunction(rows), own.decisionFunction(fresh), { rtol: 1e-6, atol: 1e-7 });
      expect(model.predict(rows).map((_, i) => model.predictOne(rows[i]!))).toEqual(model.predict(rows));
    }
    expect(given.supportVectors.shape).toEqual([0, 60]);
    const regression = new SVR({ kernel: 'mine', tol: 1e-9 }, { mine: squared }).fit(x, y);
    const same = new SVR({ kernel: 'poly', degree: 2, gamma: 0.5, coef0: 1, tol: 1e-9 }).fit(x, y);
    expectClose(regression.predict(fresh), same.predict(fresh), { rtol: 1e-6, atol: 1e-7 });
    const region = new OneClassSVM({ kernel: 'precomputed', tol: 1e-9 }).fit(gramOf(x, x, squared));
    const sameRegion = new OneClassSVM({ kernel: 'mine', tol: 1e-9 }, { mine: squared }).fit(x);
    expectClose(region.decisionFunction(gramOf(fresh, x, squared)), sameRegion.decisionFunction(fresh), {
      rtol: 1e-6,
      atol: 1e-6,
    });
  });

  it('a saved model gets the function of the user again by its name', () => {
    const functions = { mine: squared };
    const model = new SVC({ kernel: 'mine' }, functions).fit(x, labels);
    const json = JSON.parse(JSON.stringify(model));
    const copy = SVCModel.fromJSON(json, { functions });
    expect(copy.decisionFunction(fresh)).toEqual(model.decisionFunction(fresh));
    expect(fromBytes(SVCModel, toBytes(model), { functions }).predict(fresh)).toEqual(model.predict(fresh));
    const missing = (owner: string) =>
      `${owner}.fromJSON: there is no kernel 'mine'; hand it over in functions, or use 'linear', 'poly', 'rbf', 'sigmoid' or 'precomputed'`.replaceAll(
        /'(linear|poly|rbf|sigmoid|precomputed)'/g,
        '$1',
      );
    expectError(() => SVCModel.fromJSON(json), OptionError, missing('SVCModel'));
    const region = new OneClassSVM({ kernel: 'mine' }, functions).fit(x);
    expect(fromBytes(OneClassSVMModel, toBytes(region), { functions }).predict(fresh)).toEqual(region.predict(fresh));
    expectError(() => fromBytes(OneClassSVMModel, toBytes(region)), OptionError, missing('OneClassSVMModel'));
    const line = new SVR({ kernel: 'mine' }, functions).fit(x, y);
    expect(SVRModel.fromJSON(line.toJSON(), { functions }).predict(fresh)).toEqual(line.predict(fresh));
  });

  it('refuses kernels that there are not, that are no numbers, and tables that are none of kernel values', () => {
    expectError(
      () => new SVC({ kernel: 'rfb' }),
      OptionError,
      "SVC: there is no kernel 'rfb'; hand it over in functions, or use linear, poly, rbf, sigmoid or precomputed",
    );
    expectError(
      () => new SVR({ kernel: squared as never }),
      OptionError,
      'SVR: kernel must be the name of a kernel, got a function; hand the function over in the second argument',
    );
    expectError(
      () => new SVC({ kernel: 'bad' }, { bad: () => Number.NaN }).fit(x, labels),
      DataError,
      "SVC: the kernel 'bad' of x[0] and x[0] is NaN; scale the columns of x first (see StandardScaler)",
    );
    expectError(
      () => new SVC({ kernel: 'precomputed' }).fit([[1, 2, 3], [2, 1, 3]], [0, 1]), // biome-ignore format: one line
      ShapeError,
      "SVC: with kernel 'precomputed', x must be [n, n], got [2, 3]",
    );
    expectError(
      () => new OneClassSVM({ kernel: 'precomputed' }).fit([[1, 2], [3, 1]]), // biome-ignore format: one line
      DataError,
      "OneClassSVM: with kernel 'precomputed', x must be symmetric, but x[1, 0] is 3 and x[0, 1] is 2",
    );
  });

  it('refuses options that have no meaning', () => {
    const cases: [run: () => unknown, message: string][] = [
      [() => new SVC({ C: 0 }), 'SVC: C must be a number > 0, got 0'],
      [() => new SVC({ gamma: -1 }), 'SVC: gamma must be a number ≥ 0, got -1'],
      [() => new SVC({ gamma: 'big' as never }), "SVC: gamma must be 'scale' or 'auto', got 'big'"],
      [() => new SVC({ degree: 1.5 }), 'SVC: degree must be an integer ≥ 0, got 1.5'],
      [() => new SVC({ tol: 0 }), 'SVC: tol must be a number > 0, got 0'],
      [() => new SVC({ maxIter: 0 }), 'SVC: maxIter must be an integer ≥ 1, got 0'],
      [() => new SVC({ cacheSize: 0 }), 'SVC: cacheSize must be a number > 0, got 0'],
      [() => new SVR({ epsilon: -1 }), 'SVR: epsilon must be a number ≥ 0, got -1'],
      [() => new OneClassSVM({ nu: 0 }), 'OneClassSVM: nu must be a number > 0 and ≤ 1, got 0'],
      [() => new LinearSVC({ interceptScaling: 0 }), 'LinearSVC: interceptScaling must be a number > 0, got 0'],
    ];
    for (const [run, message] of cases) expectError(run, OptionError, message);
    const weightless = "SVC: all rows of class 'up' weigh 0; leave them out";
    expectError(() => new SVC({ classWeight: { up: 0 } }).fit(x, labels), DataError, weightless);
    const unknown = "SVC: classWeight has a weight for 'left', which is no class";
    expectError(() => new SVC({ classWeight: { left: 2 } }).fit(x, labels), OptionError, unknown);
  });
});

describe('the solver', () => {
  const { x, y, labels } = data(3, 300, 4);

  it('finds the same with a cache of two rows, and without shrinking', () => {
    const options = { C: 20, tol: 1e-8 };
    const model = new SVC(options).fit(x, labels);
    const tight = new SVC({ ...options, cacheSize: 1e-6 }).fit(x, labels);
    expect(tight.dualCoef.data).toEqual(model.dualCoef.data);
    const plain = new SVC({ ...options, shrinking: false }).fit(x, labels);
    expect([...plain.support]).toEqual([...model.support]);
    expectClose(plain.decisionFunction(x), model.decisionFunction(x), { rtol: 1e-6, atol: 1e-6 });
    const line = new SVR({ ...options, cacheSize: 0.01 }).fit(x, y);
    const straight = new SVR({ ...options, shrinking: false }).fit(x, y);
    expectClose(line.predict(x), straight.predict(x), { rtol: 1e-6, atol: 1e-6 });
  });

  it('stops at maxIter, and when it is told to, without the rest', () => {
    const early = new SVC({ maxIter: 3 }).fit(x, labels);
    expect([early.nIter, early.converged]).toEqual([3, false]);
    const three = labels.map((label, i) => (i % 3 === 0 ? 'aside' : label));
    const stopped = new SVC({ probability: true }).fit(x, three, { onProgress: ({ step }) => step < 5 });
    expect([stopped.nIter, stopped.converged]).toEqual([5, false]);
    expect(stopped.predictProba!(x).data.every(Number.isFinite)).toBe(true);
  });

  it('gives its memory back, also when it fails', async () => {
    const before = memoryInUse();
    new SVC({ probability: true }).fit(x, labels);
    const controller = new AbortController();
    const options = { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) };
    await expect(new SVC({ tol: 1e-9 }).fitAsync(x, labels, options)).rejects.toThrow('enough');
    expect(() =>
      new SVR({ kernel: 'linear' }).fit(
        x.map((row) => row.map((v) => v * 1e200)),
        y,
      ),
    ).toThrow(DataError);
    expect(memoryInUse()).toBe(before);
  });

  it('meets the optimality conditions, whatever the data and options', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.constantFrom('linear', 'rbf', 'poly'),
        fc.constantFrom(0.1, 1, 10),
        (seed, kernel, C) => {
          const rows = data(seed, 30, 2);
          if (new Set(rows.labels).size < 2) return;
          const model = new SVC({ kernel, C, coef0: 1, gamma: 0.5, tol: 1e-6 }).fit(rows.x, rows.labels);
          const answers = model.decisionFunction(rows.x) as Float64Array;
          const beta = new Float64Array(30);
          for (const [s, i] of model.support.entries()) beta[i] = model.dualCoef.data[s]!;
          expectClose(
            beta.reduce((sum, b) => sum + b, 0),
            0,
            { atol: 1e-9 },
          );
          for (const [i, answer] of answers.entries()) {
            const sign = rows.labels[i] === 'up' ? 1 : -1;
            const alpha = sign * beta[i]! + 0;
            expect(alpha >= 0 && alpha <= C).toBe(true);
            // Outside of the margin α is 0, inside it is C.
            if (sign * answer > 1 + 1e-5) expect(alpha).toBe(0);
            if (sign * answer < 1 - 1e-5) expect(alpha).toBe(C);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('leaves a share ν of the rows outside at most, and has that share of support vectors at least', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.double({ min: 0.05, max: 0.95, noNaN: true }), (seed, nu) => {
        const rows = data(seed, 40, 2).x;
        const model = new OneClassSVM({ nu, tol: 1e-8 }).fit(rows);
        const outside = model.decisionFunction(rows).filter((value) => value < -1e-6).length;
        expect(outside).toBeLessThanOrEqual(nu * 40 + 1e-9);
        expect(model.support.length).toBeGreaterThanOrEqual(nu * 40 - 1e-9);
      }),
      { numRuns: 20 },
    );
  });
});

describe('serving', () => {
  it('answers single rows without allocating', { tags: ['node'] }, async () => {
    const { x, labels, y } = data(11, 40, 4);
    const two = new SVC().fit(x, labels);
    const three = new SVC({ kernel: 'poly' }).fit(
      x,
      labels.map((label, i) => (i % 4 === 0 ? 'aside' : label)),
    );
    const line = new SVR({ kernel: 'sigmoid', gamma: 0.1 }).fit(x, y);
    const scores = new LinearSVC({ seed: 0 }).fit(x, labels);
    const row = Float64Array.from(x[0]!);
    for (const model of [two, three, line, scores]) {
      await expectNoGarbage((i) => {
        row[0] = i % 7;
        model.predictOne(row);
      });
    }
  });

  it('is not changed by changing what it hands out', () => {
    const { x, labels } = data(12, 30, 2);
    const model = new SVC({ kernel: 'linear' }).fit(x, labels);
    const [before, json] = [model.decisionFunction(x), JSON.stringify(model)];
    for (const array of [
      model.dualCoef.data,
      model.supportVectors.data,
      model.coef!.data,
      model.intercept,
      model.support,
    ]) {
      array.fill(0);
    }
    expect(model.decisionFunction(x)).toEqual(before);
    expect(JSON.stringify(model)).toBe(json);
  });
});

describe('README', () => {
  it('has the table of traits', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(traitsTable(traits as Record<string, Traits>));
  });
});
