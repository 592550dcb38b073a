import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, shared } from '@maru-ml/base';
import { expectClose, expectError, expectNoGarbage } from '@maru-ml/tooling/testing';
import { type Traits, traitsTable } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ElasticNet,
  ElasticNetCV,
  Lasso,
  LassoCV,
  LinearRegression,
  LogisticRegression,
  Perceptron,
  Ridge,
  RidgeCV,
  SGDClassifier,
  SGDClassifierModel,
  SGDRegressor,
} from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

function data(seed: number, n: number, d: number): { x: number[][]; y: number[]; labels: string[] } {
  const random = new Random(seed);
  const x = Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));
  const y = x.map((row) => row.reduce((sum, v, j) => sum + v * (j - 1), 0) + 0.3 * random.normal());
  return { x, y, labels: y.map((value) => (value > 0.5 ? 'up' : value < -0.5 ? 'down' : 'even')) };
}

describe('laws', () => {
  const problem = fc.record({
    seed: fc.nat(2 ** 32),
    n: fc.integer({ min: 3, max: 40 }),
    d: fc.integer({ min: 1, max: 12 }),
    alpha: fc.constantFrom(0.01, 0.1, 1),
    l1Ratio: fc.constantFrom(0.1, 0.5, 1),
    positive: fc.boolean(),
  });

  it('the elastic net fulfills the conditions of a minimum', () => {
    fc.assert(
      fc.property(problem, ({ seed, n, d, alpha, l1Ratio, positive }) => {
        const { x, y } = data(seed, n, d);
        const model = new ElasticNet({ alpha, l1Ratio, positive, tol: 1e-14, maxIter: 100_000 }).fit(x, y);
        const rest = model.predict(x).map((value, i) => y[i]! - value);
        expectClose(rest.reduce((sum, r) => sum + r, 0), 0, { atol: 1e-8 * n }); // biome-ignore format: the intercept
        // Of more columns than rows it may still be on its way after so many rounds.
        const atol = model.converged ? 1e-5 : 1e-4;
        for (let j = 0; j < d; j++) {
          const w = model.coef[j]!;
          const slope = x.reduce((sum, row, i) => sum + row[j]! * rest[i]!, 0) / n - alpha * (1 - l1Ratio) * w;
          if (w !== 0) expectClose(slope, alpha * l1Ratio * Math.sign(w), { atol });
          else expect((positive ? slope : Math.abs(slope)) - alpha * l1Ratio).toBeLessThan(atol);
          if (positive) expect(w).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('residuals of least squares are orthogonal to the columns', () => {
    fc.assert(
      fc.property(problem, ({ seed, n, d }) => {
        const { x, y } = data(seed, n, d);
        const rest = new LinearRegression().fit(x, y).predict(x).map((value, i) => y[i]! - value); // biome-ignore format: short
        for (let j = 0; j < d; j++) expectClose(x.reduce((s, row, i) => s + row[j]! * rest[i]!, 0), 0, { atol: 1e-9 }); // biome-ignore format: short
      }),
      { numRuns: 60 },
    );
  });

  it('non-negative least squares fulfills the conditions of a minimum', () => {
    fc.assert(
      fc.property(problem, ({ seed, n, d }) => {
        const { x, y } = data(seed, n, d);
        const model = new LinearRegression({ positive: true }).fit(x, y);
        const rest = model.predict(x).map((value, i) => y[i]! - value);
        for (let j = 0; j < d; j++) {
          const slope = x.reduce((sum, row, i) => sum + row[j]! * rest[i]!, 0);
          expect(model.coef[j]!).toBeGreaterThanOrEqual(0);
          if (model.coef[j]! > 0) expectClose(slope, 0, { atol: 1e-8 });
          else expect(slope).toBeLessThan(1e-8);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('units do not matter to logistic regression without a penalty, nor where zero is', () => {
    const { x } = data(5, 60, 2);
    const random = new Random(6);
    const y = x.map((row) => row[0]! + 1.5 * random.normal() > 0);
    const plain = new LogisticRegression({ penalty: null }).fit(x, y);
    const other = new LogisticRegression({ penalty: null }).fit(x.map(([a, b]) => [1e6 * a! - 7e6, 1e-4 * b! + 3]), y); // biome-ignore format: short
    expectClose([1e6 * other.coef.data[0]!, 1e-4 * other.coef.data[1]!], plain.coef.data, { rtol: 1e-6 });
  });

  it('two epochs are one and another', () => {
    for (const more of [{}, { average: true }, { penalty: 'elasticnet', alpha: 0.01 }] as const) {
      const { x, y, labels } = data(7, 30, 3);
      const options = { shuffle: false, tol: null, ...more } as const;
      const twice = new SGDRegressor({ ...options, maxIter: 2 }).fit(x, y);
      const once = new SGDRegressor({ ...options, maxIter: 1 }).fit(x, y);
      // What the 'l1' penalty has taken is counted anew, as in scikit-learn.
      if (!('penalty' in more)) expectClose(once.update(x, y).coef, twice.coef);
      const classes = new SGDClassifier({ ...options, maxIter: 1 }).fit(x, labels);
      const again = classes.update(x, labels);
      expect(again).not.toBe(classes);
      expect(again.t).toBe(61);
      expect(classes.t).toBe(31);
    }
  });

  it('the same numbers with WebAssembly and without', () => {
    const { x, y, labels } = data(8, 300, 6);
    const fit = () =>
      JSON.stringify([
        new LinearRegression().fit(x, y),
        new Ridge().fit(x, y),
        new LassoCV({ nAlphas: 20 }).fit(x, y),
        new LogisticRegression().fit(x, labels),
        new SGDClassifier({ loss: 'logLoss', seed: 1 }).fit(x, labels),
      ]);
    const usual = fit();
    const choice = shared('kernels', () => ({ mode: 'auto', calls: 0 }));
    choice.mode = 'js';
    try {
      expect(fit()).toBe(usual);
    } finally {
      choice.mode = 'auto';
    }
  });
});

describe('batches', () => {
  const { x, labels } = data(9, 90, 3);

  it('a first batch without all classes, then others', () => {
    const first = labels.map((label, i) => (label === 'even' ? -1 : i)).filter((i) => i >= 0 && i < 30);
    const model = new SGDClassifier({ loss: 'logLoss', maxIter: 1, tol: null, seed: 0 }).fit(
      first.map((i) => x[i]!),
      first.map((i) => labels[i]!),
      { classes: ['even', 'down', 'up'] },
    );
    expect(model.classes).toEqual(['down', 'even', 'up']);
    let later = model;
    for (let epoch = 0; epoch < 30; epoch++) later = later.update(x, labels);
    expect(later.score(x, labels)).toBeGreaterThan(0.7);
    // A saved model goes on as it would have.
    const copy = SGDClassifierModel.fromJSON<string>(JSON.parse(JSON.stringify(model)));
    expect(JSON.stringify(copy.update(x, labels))).toBe(JSON.stringify(model.update(x, labels)));
  });

  it('labels that are not among the classes', () => {
    const model = new Perceptron({ seed: 0 }).fit(x, labels);
    const message = "Perceptron: y[0] is 'odd', which is not among the classes of the model";
    expectError(() => model.update([[1, 2, 3]], ['odd']), DataError, message);
    expectError(
      () => new SGDClassifier().fit([[1], [2]], ['a', 'b'], { classes: ['a', 'c'] }),
      DataError,
      "SGDClassifier: y[1] is 'b', which is not among the option classes",
    );
  });

  it('early stopping measures on rows that are held out', () => {
    const seen: Record<string, number>[] = [];
    const model = new SGDClassifier({ loss: 'logLoss', earlyStopping: true, seed: 0 }).fit(x, labels, {
      onProgress: ({ metrics }) => void seen.push(metrics),
    });
    expect(model.converged).toBe(true);
    expect(seen.every(({ validationScore }) => validationScore! >= 0 && validationScore! <= 1)).toBe(true);
    const line = new SGDRegressor({ earlyStopping: true, seed: 0 }).fit(x, x.map(([a]) => a!)); // biome-ignore format: short
    expect(line.score(x, x.map(([a]) => a!))).toBeGreaterThan(0.9); // biome-ignore format: short
  });

  it('overflow is told', () => {
    expectError(
      () => new SGDRegressor({ learningRate: 'constant', eta0: 1e300, seed: 0 }).fit([[1], [2], [3]], [1e100, 2, 3]),
      DataError,
      'SGDRegressor: its steps lead away from any solution in epoch 1; scale the columns of x first (see StandardScaler), or take a smaller eta0',
    );
  });

  it('rows with an infinite number are refused as such, behind a row that overflows and where the coefficient is 0 too', () => {
    const rows = [[0, 1], [1, 2], [2, 1], [3, 2]]; // biome-ignore format: four rows
    const lasso = new Lasso({ alpha: 0.5 }).fit(rows, [0, 10, 20, 30]);
    expect(lasso.coef[1]).toBe(0);
    const logistic = new LogisticRegression({ C: 1e6 }).fit(rows, [0, 0, 1, 1]);
    for (const [owner, model] of [
      ['Lasso', lasso],
      ['LogisticRegression', logistic],
    ] as const) {
      // biome-ignore format: short
      expectError(
        () => model.predict([[1, 1], [1.7e308, -1e308], [1, 1 / 0]]), // biome-ignore format: three rows
        DataError,
        `${owner}: x[2, 1] is Infinity; all numbers must be finite`,
      );
      expectError(
        () => model.predict({ data: [0, Number.NaN], shape: [1, 2] }),
        DataError,
        `${owner}: x[0, 1] is NaN; impute or drop missing values first (see SimpleImputer)`,
      );
    }
    expectError(
      () => lasso.predict([[1, 1], [1.7e308, 0]]), // biome-ignore format: two rows
      DataError,
      'Lasso: the prediction for x[1] overflows; the numbers are too large',
    );
    expectError(
      () => logistic.predict([[1, 1], [1.7e308, 0]]), // biome-ignore format: two rows
      DataError,
      'LogisticRegression: the score of x[1] overflows; the numbers are too large',
    );
  });
});

describe('options', () => {
  const refuses = (run: () => unknown, message: string) => expectError(run, OptionError, message);

  it('says what is wrong with one', () => {
    refuses(() => new Lasso({ alpha: 0 }), 'Lasso: alpha must be a number > 0, got 0');
    refuses(() => new ElasticNet({ l1Ratio: 1.5 }), 'ElasticNet: l1Ratio must be a number ≥ 0 and ≤ 1, got 1.5');
    refuses(
      () => new Lasso({ l1Ratio: 0.5 } as object),
      'Lasso: there is no option l1Ratio, only alpha, fitIntercept, positive, maxIter, tol, selection and seed',
    );
    refuses(() => new Ridge({ alpha: -1 }), 'Ridge: alpha must be a number ≥ 0, got -1');
    refuses(() => new RidgeCV({ alphas: [1, 0] }), 'RidgeCV: alphas[1] must be a number > 0, got 0');
    refuses(() => new LassoCV({ cv: 1 }), 'LassoCV: cv must be an integer ≥ 2, got 1');
    refuses(
      () => new ElasticNetCV({ cv: 'kfold' as never }),
      "ElasticNetCV: cv must be a number of folds or a list of { train, test }, got 'kfold'",
    );
    refuses(
      () => new ElasticNetCV({ l1Ratio: 0 }).fit([[1], [2], [3], [5], [8]], [1, 2, 3, 4, 5]),
      'ElasticNetCV: l1Ratio 0 has no largest alpha to start from; give alphas',
    );
    refuses(() => new LogisticRegression({ C: 0 }), 'LogisticRegression: C must be a number > 0, got 0');
    refuses(
      () => new LogisticRegression({ penalty: 'l1', solver: 'lbfgs' }),
      "LogisticRegression: solver 'lbfgs' needs a smooth penalty; take 'coordinate' for 'l1'",
    );
    refuses(
      () => new LogisticRegression({ penalty: 'l1', solver: 'saga' as never }),
      "LogisticRegression: there is no solver 'saga'; take 'coordinate', which leads to the same minimum",
    );
    refuses(
      () => new LogisticRegression({ penalty: 'l2', l1Ratio: 0.5 }),
      "LogisticRegression: l1Ratio is 0.5, but the penalty is 'l2'; take 'elasticnet'",
    );
    refuses(
      () => new LogisticRegression({ classWeight: { c: 2 } }).fit([[1], [2]], ['a', 'b']),
      "LogisticRegression: classWeight has a weight for 'c', which is no class",
    );
    refuses(
      () => new SGDClassifier({ loss: 'log' as never }),
      "SGDClassifier: loss must be 'hinge', 'logLoss', 'modifiedHuber', 'squaredHinge', 'perceptron', 'squaredError', 'huber', 'epsilonInsensitive', 'squaredEpsilonInsensitive' or 'multiclassHinge', got 'log'",
    );
    refuses(() => new SGDClassifier({ alpha: 0 }), 'SGDClassifier: alpha must be a number > 0, got 0');
  });

  it('l1Ratio tells the penalty', () => {
    expect(new LogisticRegression({ l1Ratio: 1 }).options.penalty).toBe('l1');
    expect(new LogisticRegression({ l1Ratio: 0.2 }).options).toMatchObject({ penalty: 'elasticnet', l1Ratio: 0.2 });
    expect(new LogisticRegression().options).toMatchObject({ penalty: 'l2', l1Ratio: 0, C: 1 });
  });

  it('folds may be given', () => {
    const { x, y } = data(10, 20, 2);
    const places = Array.from({ length: 20 }, (_, i) => i);
    const cv = [0, 1].map((odd) => ({
      train: places.filter((i) => i % 2 !== odd),
      test: places.filter((i) => i % 2 === odd),
    }));
    expect(new LassoCV({ cv, nAlphas: 5 }).fit(x, y).msePath.shape).toEqual([5, 2]);
    expectError(
      () => new LassoCV({ cv: [{ train: [0, 1], test: [20] }] }).fit(x, y),
      OptionError,
      'LassoCV: cv[0].test[0] is 20, but x has 20 rows',
    );
  });

  it('a class of weight 0 is refused by name', () => {
    expectError(
      () => new LogisticRegression().fit([[1], [2], [3]], ['a', 'b', 'b'], { sampleWeight: [0, 1, 1] }),
      DataError,
      "LogisticRegression: all rows of class 'a' weigh 0; leave them out",
    );
  });
});

describe('serving', () => {
  it('answers single rows without allocating', { tags: ['node'] }, async () => {
    const { x, y, labels } = data(11, 60, 8);
    const line = new Ridge().fit(x, y);
    const two = new LogisticRegression().fit(x, labels);
    const row = Float64Array.from(x[0]!);
    await expectNoGarbage((i) => {
      row[0] = i % 7;
      two.predictOne(row);
    });
    await expectNoGarbage((i) => {
      row[0] = i % 7;
      line.predictOne(row);
    });
  });

  it('is not changed by changing what it hands out', () => {
    const { x, y, labels } = data(12, 30, 2);
    for (const model of [
      new LinearRegression().fit(x, y),
      new Lasso({ alpha: 0.01 }).fit(x, y),
      new SGDRegressor({ seed: 0 }).fit(x, y),
      new LassoCV({ nAlphas: 5 }).fit(x, y),
    ]) {
      const [before, json] = [[...model.predict(x)], JSON.stringify(model)];
      model.coef.fill(0);
      expect([...model.predict(x)]).toEqual(before);
      expect(JSON.stringify(model)).toBe(json);
    }
    const classes = new LogisticRegression().fit(x, labels);
    const before = classes.predict(x);
    classes.coef.data.fill(0);
    expect(classes.predict(x)).toEqual(before);
  });

  it('memory: 60,000 x 64 float32 rows are not copied as a whole', { tags: ['node'] }, () => {
    const [n, d] = [60_000, 64];
    const random = new Random(1);
    const x = Float32Array.from({ length: n * d }, () => random.uniform(-1, 1));
    const y = Int32Array.from({ length: n }, (_, i) => Number(x[i * d]! + x[i * d + 1]! > 0.2 * random.normal()));
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const model = new LogisticRegression({ maxIter: 3 }).fit({ data: x, shape: [n, d] }, y, {
      onProgress: () => {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      },
    });
    // A copy in float64 would take 31 MB.
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(12e6);
    expect(model.predictProba({ data: x, shape: [n, d] }).dtype).toBe('float32');
  });

  it('prints what there is to know', () => {
    const x = [[0], [1], [2], [3]];
    expect(String(new LinearRegression().fit(x, [1, 3, 5, 7]))).toBe(
      'LinearRegressionModel: 1 coefficient (2), intercept 1',
    );
    expect(String(new Lasso({ alpha: 0.5 }).fit(x, [1, 3, 5, 7]))).toBe(
      'LassoModel: 1 coefficient (1.6), intercept 1.6, 1 not 0, converged after 2 sweeps',
    );
    expect(String(new LogisticRegression({ penalty: null }).fit(x, ['a', 'a', 'b', 'b']))).toMatch(
      /^LogisticRegressionModel: 2 classes, 1 column, not converged after \d+ iterations; the classes are separable, so that/,
    );
  });
});

describe('README', () => {
  it('has the table of what the estimators promise, as the conformance checks are run with', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(traitsTable(traits as Record<string, Traits>));
  });
});
