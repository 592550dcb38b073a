import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError, shared } from '@maru-ml/base';
import { fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkClassifier, checkTransformer, type Spec, type Traits } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fisherDiscriminant,
  LinearDiscriminantAnalysis,
  LinearDiscriminantAnalysisModel,
  type LinearDiscriminantAnalysisOptions,
  ledoitWolf,
  QuadraticDiscriminantAnalysis,
  QuadraticDiscriminantAnalysisModel,
  type QuadraticDiscriminantAnalysisOptions,
} from '../../src/index.ts';
import traits from '../../traits.json' with { type: 'json' };

const lda: Spec = {
  name: 'LinearDiscriminantAnalysis',
  Estimator: LinearDiscriminantAnalysis,
  Model: LinearDiscriminantAnalysisModel,
  traits: traits.LinearDiscriminantAnalysis as Traits,
  toBytes,
  fromBytes,
  tensor: (rows, dtype) => tensor(rows, { dtype }),
};
checkClassifier(lda);
checkTransformer({ ...lda, supervised: true, traits: { ...lda.traits, kind: 'transformer' } });
describe('by least squares, shrunk', () => checkClassifier({ ...lda, options: { solver: 'lsqr', shrinkage: 'auto' } }));
describe('by eigenvectors', () => checkClassifier({ ...lda, options: { solver: 'eigen', storeCovariance: true } }));

const qda: Spec = {
  name: 'QuadraticDiscriminantAnalysis',
  Estimator: QuadraticDiscriminantAnalysis,
  Model: QuadraticDiscriminantAnalysisModel,
  traits: traits.QuadraticDiscriminantAnalysis as Traits,
  toBytes,
  fromBytes,
  tensor: (rows, dtype) => tensor(rows, { dtype }),
};
checkClassifier(qda);
describe('drawn toward 1', () => checkClassifier({ ...qda, options: { regParam: 0.1, storeCovariance: true } }));

function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/estimators/${name}.json`, import.meta.url), 'utf8')) as T;
}

function confusion<L>(classes: readonly L[], truth: readonly L[], predicted: readonly L[]): number[][] {
  const counts = classes.map(() => classes.map(() => 0));
  for (const [i, label] of truth.entries()) counts[classes.indexOf(label)]![classes.indexOf(predicted[i]!)]! += 1;
  return counts;
}

describe('discriminants, worked by hand', () => {
  it('LDA of two classes on a line', () => {
    // Means 1 and 5, variance within 4 / (4 - 2) = 2, equal priors: the border is at 3, and the weight 4 / 2.
    const x = [[0], [2], [4], [6]];
    const model = new LinearDiscriminantAnalysis().fit(x, ['a', 'a', 'b', 'b']);
    expectClose(model.coef, [[2]]);
    expectClose(model.intercept, [-6]);
    expectClose(model.decisionFunction([[4]]), [2]);
    expectClose(model.predictProba([[4]]), [[1 / (1 + Math.E ** 2), 1 / (1 + Math.E ** -2)]]);
    expect(model.predict([[2.9], [3.1]])).toEqual(['a', 'b']);
    expect(model.predictOne([100])).toBe('b');
    // One unit is a deviation of √2.
    expectClose(model.transform([[3], [5]]), [[0], [Math.SQRT2]]);
    expectClose(model.explainedVarianceRatio, [1]);
    expect(String(model)).toBe('LinearDiscriminantAnalysisModel: 2 classes in 1 column');
  });

  it('QDA of a narrow class within a wide one', () => {
    // Both of mean 0; variances 2 and 200. The wide one is likelier where x² (1/2 - 1/200) > log 100.
    const model = new QuadraticDiscriminantAnalysis().fit([[-1], [1], [-10], [10]], [0, 0, 1, 1]);
    expectClose(model.scalings, [[2], [200]]);
    const border = Math.sqrt(Math.log(100) / (1 / 2 - 1 / 200));
    expect(model.predict([[border - 1e-9], [border + 1e-9], [-border - 1e-9], [0]])).toEqual([0, 1, 1, 0]);
    expectClose(model.decisionFunction([[0]]), [-Math.log(10)]);
    expect(String(model)).toBe('QuadraticDiscriminantAnalysisModel: 2 classes in 1 column');
  });

  it("C4: Fisher's discriminant, by hand", () => {
    // m1 = (1, 1), m2 = (4, 3); S_w = [[4, 0], [0, 4]]; so w = S_w⁻¹ (m1 - m2) = (-3, -2) / 4 and J = 13 / 4.
    const x = [[0, 1], [2, 1], [1, 0], [1, 2], [3, 3], [5, 3], [4, 2], [4, 4]]; // biome-ignore format: eight rows
    const y = [1, 1, 1, 1, 2, 2, 2, 2];
    const found = fisherDiscriminant(x, y);
    expect(found.classes).toEqual([1, 2]);
    expect(found.means.toArray()).toEqual([[1, 1], [4, 3]]); // biome-ignore format: two rows
    expect(found.within.toArray()).toEqual([[4, 0], [0, 4]]); // biome-ignore format: two rows
    expect(found.between.toArray()).toEqual([[9, 6], [6, 4]]); // biome-ignore format: two rows
    expectClose(found.w, [-0.75, -0.5]);
    expectClose(found.ratio, 13 / 4);
    expectClose(found.threshold, -0.75 * 2.5 - 0.5 * 2);
  });

  it('A17: LDA of the irises', () => {
    const { x, y } = fixture<{ x: number[][]; y: string[] }>('iris');
    const model = new LinearDiscriminantAnalysis().fit(x, y);
    expect(confusion(model.classes, y, model.predict(x))).toEqual([
      [50, 0, 0],
      [0, 48, 2],
      [0, 1, 49],
    ]);
    expect(model.score(x, y)).toBe(0.98);
    expect(model.transform(x).shape).toEqual([150, 2]);
  });

  it('A17: QDA of three clouds', () => {
    const { clouds } = fixture<{ clouds: { x: number[][]; decision: number[][]; predict: number[]; score: number } }>('qda'); // biome-ignore format: one line
    const y = clouds.x.map((_, i) => Math.floor(i / 100));
    const model = new QuadraticDiscriminantAnalysis().fit(clouds.x, y);
    expect(model.predict(clouds.x)).toEqual(clouds.predict);
    expect(model.score(clouds.x, y)).toBeCloseTo(clouds.score, 14);
    expectClose(model.decisionFunction(clouds.x.filter((_, i) => i % 10 === 0)), clouds.decision, { rtol: 1e-9 });
  });
});

interface Case<Options> {
  name: string;
  data: string;
  options: Options;
  fresh: number[][];
  priors: number[];
  means: number[][];
  predict: (string | number)[];
  proba: number[][];
  decision: number[] | number[][];
  score: number;
}

interface LdaCase extends Case<LinearDiscriminantAnalysisOptions> {
  coef: number[][];
  intercept: number[];
  covariance: number[][];
  scalings?: number[][];
  transform?: number[][];
  ratios?: number[];
  xbar?: number[];
}

interface QdaCase extends Case<QuadraticDiscriminantAnalysisOptions> {
  scalings: number[][];
  covariance: number[][][];
  logProba: number[][];
}

type Data = Record<string, { x: number[][]; y: (string | number)[] }>;

describe('LinearDiscriminantAnalysis, as scikit-learn', () => {
  const { cases, data } = fixture<{ cases: LdaCase[]; data: Data }>('lda');
  for (const c of cases) {
    it(c.name, () => {
      const { x, y } = data[c.data]!;
      const model = new LinearDiscriminantAnalysis(c.options).fit(x, y);
      const tolerance = { rtol: 1e-8, atol: 1e-9 };
      expectClose(model.priors, c.priors, tolerance);
      expectClose(model.means, c.means, tolerance);
      expectClose(model.coef, c.coef, tolerance);
      expectClose(model.intercept, c.intercept, tolerance);
      expectClose(model.covariance!, c.covariance, tolerance);
      expect(model.predict(c.fresh)).toEqual(c.predict);
      expectClose(model.predictProba(c.fresh), c.proba, tolerance);
      expectClose(
        model.predictLogProba(c.fresh),
        c.proba.map((row) => row.map(Math.log)),
        { rtol: 1e-6, atol: 1e-9 },
      );
      expectClose(model.decisionFunction(c.fresh), c.decision, tolerance);
      expectClose(model.score(x, y), c.score, tolerance);
      if (c.xbar !== undefined) expectClose(model.xbar, c.xbar, tolerance);
      if (c.transform === undefined) return;
      expectClose(model.scalings!, c.scalings!, tolerance);
      expectClose(model.transform(c.fresh), c.transform, tolerance);
      expectClose(model.explainedVarianceRatio, c.ratios!, tolerance);
      expect(model.nFeaturesOut).toBe(c.transform[0]!.length);
    });
  }
});

describe('QuadraticDiscriminantAnalysis, as scikit-learn', () => {
  const { cases, data } = fixture<{ cases: QdaCase[]; data: Data }>('qda');
  for (const c of cases) {
    it(c.name, () => {
      const { x, y } = data[c.data]!;
      const model = new QuadraticDiscriminantAnalysis(c.options).fit(x, y);
      const tolerance = { rtol: 1e-9, atol: 1e-10 };
      expectClose(model.priors, c.priors, tolerance);
      expectClose(model.means, c.means, tolerance);
      expectClose(model.scalings, c.scalings, tolerance);
      for (const [k, covariance] of c.covariance.entries()) expectClose(model.covariance![k]!, covariance, tolerance);
      expect(model.predict(c.fresh)).toEqual(c.predict);
      expectClose(model.predictProba(c.fresh), c.proba, tolerance);
      expectClose(model.predictLogProba(c.fresh), c.logProba, { rtol: 1e-8, atol: 1e-8 });
      expectClose(model.decisionFunction(c.fresh), c.decision, tolerance);
      expectClose(model.score(x, y), c.score, tolerance);
    });
  }
});

describe('fisherDiscriminant, as its formulas in NumPy', () => {
  it('two classes in four columns', () => {
    const { data, fisher } = fixture<{
      data: Data;
      fisher: { within: number[][]; between: number[][]; w: number[]; ratio: number; threshold: number };
    }>('qda');
    const found = fisherDiscriminant(data.two!.x, data.two!.y);
    expectClose(found.within, fisher.within, { rtol: 1e-10 });
    expectClose(found.between, fisher.between, { rtol: 1e-10 });
    expectClose(found.w, fisher.w, { rtol: 1e-9 });
    expectClose(found.ratio, fisher.ratio, { rtol: 1e-10 });
    expectClose(found.threshold, fisher.threshold, { rtol: 1e-9 });
  });
});

describe('ledoitWolf, as scikit-learn', () => {
  const { cases, data } = fixture<{
    data: Data;
    cases: Record<string, { covariance: number[][]; shrinkage: number }>;
  }>('ledoit_wolf');
  for (const [name, { covariance, shrinkage }] of Object.entries(cases)) {
    it(name, () => {
      const x = name === 'one column' ? data.three!.x.map((row) => row.slice(0, 1)) : data[name]!.x;
      const found = ledoitWolf(x);
      expectClose(found.shrinkage, shrinkage, { rtol: 1e-9 });
      expectClose(found.covariance, covariance, { rtol: 1e-9, atol: 1e-12 });
    });
  }

  it('rows that are equal have no covariance; squares that overflow are refused', () => {
    expectClose(ledoitWolf([[1, 2], [1, 2]]).covariance, [[0, 0], [0, 0]]); // biome-ignore format: two rows
    expectError(
      () => ledoitWolf([[1e200], [-1e200]]),
      DataError,
      'ledoitWolf: squares of the numbers in x overflow; divide x by a constant first',
    );
  });
});

/** k classes around centers, each with a spread of its own. */
function groups(seed: number, n: number, d: number, k: number): { x: number[][]; y: number[] } {
  const random = new Random(seed);
  const centers = Array.from({ length: k }, () => Array.from({ length: d }, () => random.normal(0, 2)));
  const y = Array.from({ length: n }, (_, i) => i % k);
  return { x: y.map((c) => centers[c]!.map((center) => random.normal(center, 0.5 + c / 2))), y };
}

describe('discriminants, laws', () => {
  const problem = fc.record({
    seed: fc.nat(2 ** 32),
    d: fc.integer({ min: 1, max: 5 }),
    k: fc.integer({ min: 2, max: 4 }),
  });

  it('the three solvers of LDA agree where covariances have the same divisor', () => {
    fc.assert(
      fc.property(problem, ({ seed, d, k }) => {
        const { x, y } = groups(seed, 60, d, k);
        const [a, b, c] = (['svd', 'lsqr', 'eigen'] as const).map((solver) =>
          new LinearDiscriminantAnalysis({ solver, tol: 0 }).fit(x, y),
        );
        expectClose(c!.coef, b!.coef, { rtol: 1e-6, atol: 1e-8 });
        // 'svd' divides by n - k, the others by n; and it takes the mean of all off, which all classes share.
        const beside = ({ coef }: LinearDiscriminantAnalysisModel) =>
          coef.toArray().map((row) => row.map((value, j) => value - (k === 2 ? 0 : coef.data[j]!)));
        expectClose(
          beside(a!).map((row) => row.map((value) => (value * 60) / (60 - k))),
          beside(b!),
          { rtol: 1e-6, atol: 1e-8 },
        );
        expectClose(a!.explainedVarianceRatio, c!.explainedVarianceRatio, { rtol: 1e-6, atol: 1e-8 });
      }),
      { numRuns: 40 },
    );
  });

  it('discriminant directions make rows white within classes', () => {
    fc.assert(
      fc.property(problem, ({ seed, d, k }) => {
        const { x, y } = groups(seed, 50, d, k);
        const model = new LinearDiscriminantAnalysis().fit(x, y);
        const z = model.transform(x).toArray();
        const again = new LinearDiscriminantAnalysis({ storeCovariance: true }).fit(z, y);
        const r = model.nFeaturesOut;
        const wanted = Array.from({ length: r }, (_, i) => Array.from({ length: r }, (_, j) => (i === j ? (50 - k) / 50 : 0))); // biome-ignore format: one line
        expectClose(again.covariance!, wanted, { rtol: 1e-8, atol: 1e-8 });
      }),
      { numRuns: 40 },
    );
  });

  it("Fisher's w is the direction of LDA, and no other direction has a larger J", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32), fc.integer({ min: 1, max: 5 }), (seed, d) => {
        const { x, y } = groups(seed, 40, d, 2);
        const { w, within, between, ratio } = fisherDiscriminant(x, y);
        const form = (v: ArrayLike<number>, matrix: number[][]) =>
          matrix.reduce((sum, row, i) => sum + v[i]! * row.reduce((s, value, j) => s + value * v[j]!, 0), 0);
        const j = (v: ArrayLike<number>) => form(v, between.toArray()) / form(v, within.toArray());
        expectClose(j(w), ratio, { rtol: 1e-8 });
        const random = new Random(seed);
        for (let t = 0; t < 10; t++) {
          expect(j(Array.from(w, (v) => v + random.normal(0, Math.abs(v) + 1e-3)))).toBeLessThanOrEqual(
            ratio * (1 + 1e-9),
          );
        }
        const { coef } = new LinearDiscriminantAnalysis().fit(x, y);
        expectClose(
          Array.from(coef.data, (v) => -v / 38),
          w,
          { rtol: 1e-7, atol: 1e-10 },
        );
      }),
    );
  });

  it('QDA with equal covariances is LDA', () => {
    const { x } = groups(3, 30, 3, 1);
    const moved = [...x, ...x.map((row) => row.map((v) => v + 3))];
    const y = moved.map((_, i) => (i < 30 ? 'near' : 'far'));
    const linear = new LinearDiscriminantAnalysis().fit(moved, y);
    const quadratic = new QuadraticDiscriminantAnalysis().fit(moved, y);
    // Both covariances are divided by n - k: 58 / 29 classes of 30.
    expectClose(quadratic.decisionFunction(moved), linear.decisionFunction(moved), { rtol: 1e-8, atol: 1e-8 });
  });

  it('columns in other units change no probability', () => {
    const { x, y } = groups(4, 60, 3, 3);
    const scaled = x.map(([a, b, c]) => [a! * 1e6, b! / 1e5, c! + 1e4]);
    for (const Estimator of [LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis]) {
      const [usual, other] = [new Estimator().fit(x, y), new Estimator().fit(scaled, y)];
      expectClose(other.predictProba(scaled), usual.predictProba(x), { rtol: 1e-6, atol: 1e-8 });
    }
  });

  it('transformOne and subsets give what transform gives', () => {
    const { x, y } = groups(5, 40, 4, 3);
    for (const solver of ['svd', 'eigen'] as const) {
      const model = new LinearDiscriminantAnalysis({ solver }).fit(x, y);
      const all = model.transform(x).toArray();
      const out = new Float64Array(2);
      for (const [i, row] of x.entries()) expect(Array.from(model.transformOne(row, out))).toEqual(all[i]);
      expect(model.transform(x.slice(3, 5)).toArray()).toEqual(all.slice(3, 5));
    }
  });

  it('the same numbers with WebAssembly and without', () => {
    const { x, y } = groups(6, 200, 20, 3);
    const fit = () =>
      [
        new LinearDiscriminantAnalysis().fit(x, y),
        new LinearDiscriminantAnalysis({ solver: 'eigen', shrinkage: 'auto' }).fit(x, y),
        new QuadraticDiscriminantAnalysis().fit(x, y),
      ].map((model) => JSON.stringify([model, model.predictProba(x)]));
    const usual = fit();
    const choice = shared('kernels', () => ({ mode: 'auto', calls: 0 }));
    choice.mode = 'js';
    try {
      expect(fit()).toEqual(usual);
    } finally {
      choice.mode = 'auto';
    }
  });
});

describe('discriminants, hostile input', () => {
  const x = [[1, 2], [2, 1], [3, 5], [4, 4], [9, 9], [8, 7]]; // biome-ignore format: six rows
  const y = ['a', 'a', 'b', 'b', 'c', 'c'];

  it('one class', () => {
    const one = x.map(() => 'a');
    for (const Estimator of [LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis]) {
      const message = `${Estimator.name}: y has 1 class, but at least 2 are needed`;
      expectError(() => new Estimator().fit(x, one), DataError, message);
    }
    expectError(
      () => fisherDiscriminant(x, y),
      DataError,
      'fisherDiscriminant: y must have 2 classes, got 3; use LinearDiscriminantAnalysis for more',
    );
  });

  it('a class of one row: no matter for LDA, but it has no covariance of its own', () => {
    const labels = ['a', 'a', 'b', 'b', 'b', 'c'];
    const model = new LinearDiscriminantAnalysis().fit(x, labels);
    expect(model.predictProba(x).data.every(Number.isFinite)).toBe(true);
    expectError(
      () => new QuadraticDiscriminantAnalysis({ regParam: 0.1 }).fit(x, labels),
      DataError,
      "QuadraticDiscriminantAnalysis: class 'c' has 1 row, but a covariance needs at least 2",
    );
  });

  it('as many classes as rows, or nothing that varies within them', () => {
    expectError(
      () => new LinearDiscriminantAnalysis().fit(x, [1, 2, 3, 4, 5, 6]),
      DataError,
      'LinearDiscriminantAnalysis: x has 6 rows of 6 classes, but variances within classes need more rows than classes',
    );
    expectError(
      () => new LinearDiscriminantAnalysis().fit([[1], [1], [2], [2]], [0, 0, 1, 1]),
      DataError,
      'LinearDiscriminantAnalysis: the rows of each class are equal, so there is no variance within classes to go by',
    );
  });

  it('columns that are constant or depend on others: left out and told by svd, least squares in lsqr, refused by eigen and QDA', () => {
    const wide = x.map(([a, b]) => [a!, b!, 5, a! + b!]);
    const [usual, model] = [new LinearDiscriminantAnalysis().fit(x, y), new LinearDiscriminantAnalysis().fit(wide, y)];
    expect([usual.rank, model.rank]).toEqual([2, 2]);
    expectClose(model.predictProba(wide), usual.predictProba(x), { rtol: 1e-8 });
    expect(String(model)).toBe(
      'LinearDiscriminantAnalysisModel: 3 classes in 4 columns, 2 directions that do not vary within classes left out',
    );
    const least = new LinearDiscriminantAnalysis({ solver: 'lsqr' });
    expectClose(least.fit(wide, y).predictProba(wide), least.fit(x, y).predictProba(x), { rtol: 1e-8 });
    expectError(
      () => new LinearDiscriminantAnalysis({ solver: 'eigen' }).fit(wide, y),
      DataError,
      "LinearDiscriminantAnalysis: the covariance within classes has no inverse; choose solver 'svd', or shrinkage 'auto', or drop columns that depend on others",
    );
    const refusal =
      "QuadraticDiscriminantAnalysis: the covariance of class 'a' has no inverse; choose a regParam above 0, or drop columns that are constant or depend on others";
    expectError(() => new QuadraticDiscriminantAnalysis().fit(wide, y), DataError, refusal);
    const drawn = new QuadraticDiscriminantAnalysis({ regParam: 0.5 }).fit(wide, y);
    expect(drawn.predict(wide)).toEqual(y);
    expect([...drawn.ranks]).toEqual([1, 1, 1]);
    expect(String(drawn)).toBe(
      'QuadraticDiscriminantAnalysisModel: 3 classes in 4 columns, 3 of them with columns that are constant or depend on others',
    );
    expectError(
      () => fisherDiscriminant(wide.slice(0, 4), y.slice(0, 4)),
      DataError,
      'fisherDiscriminant: the scatter within classes has no inverse; drop columns that are constant or depend on others, or give more rows',
    );
  });

  it('with fewer rows than columns, regParam counts in all directions', () => {
    // Variances along (1, 0, 0): (1 - r) 2 + r; along the others r.
    const model = new QuadraticDiscriminantAnalysis({ regParam: 0.5 }).fit(
      [[-1, 0, 0], [1, 0, 0], [-1, 5, 0], [1, 5, 0]], // biome-ignore format: four rows
      [0, 0, 1, 1],
    );
    expectClose(model.scalings, [[1.5, 0.5, 0.5], [1.5, 0.5, 0.5]]); // biome-ignore format: two rows
    expectClose(model.decisionFunction([[0, 4, 0]]), [(16 - 1) / 0.5 / 2]);
  });

  it('rows too far away to tell', () => {
    const message = (place: string) =>
      `QuadraticDiscriminantAnalysis: ${place} is too far from the classes: squared distances overflow`;
    const model = new QuadraticDiscriminantAnalysis().fit([[0], [1], [4], [9]], [0, 0, 1, 1]);
    expectError(() => model.predict([[0], [1e200]]), DataError, message('x[1]'));
    expectError(() => model.predictOne([1e200]), DataError, message('the row'));
    const linear = new LinearDiscriminantAnalysis().fit([[0], [1e-9], [4], [4.1]], [0, 0, 1, 1]);
    const far = 'holds numbers so large that what the model makes of it overflows';
    expectError(() => linear.predict([[1.7e308]]), DataError, `LinearDiscriminantAnalysis: x[0] ${far}`);
    expectError(() => linear.predictOne([1.7e308]), DataError, `LinearDiscriminantAnalysis: the row ${far}`);
  });

  it('refuses options without a meaning', () => {
    const refused = (options: object, message: string) =>
      expectError(
        () => new LinearDiscriminantAnalysis(options as LinearDiscriminantAnalysisOptions),
        OptionError,
        `LinearDiscriminantAnalysis: ${message}`,
      );
    refused({ solver: 'qr' }, "solver must be 'svd', 'lsqr' or 'eigen', got 'qr'");
    refused({ shrinkage: 0.1 }, "shrinkage needs solver 'lsqr' or 'eigen', got 'svd'");
    refused({ solver: 'lsqr', shrinkage: 2 }, "shrinkage must be a number ≥ 0 and ≤ 1, 'auto' or null, got 2");
    refused({ priors: 1 }, 'priors must be an array of numbers or null, got 1');
    refused({ priors: [0.5, -0.5] }, 'priors[1] must be a number > 0 and ≤ 1, got -0.5');
    refused({ priors: [0.5, 0.25] }, 'priors must add up to 1, got 0.75');
    refused({ nComponents: 0 }, 'nComponents must be an integer ≥ 1, got 0');
    expectError(
      () => new LinearDiscriminantAnalysis({ priors: [0.5, 0.5] }).fit(x, y),
      ShapeError,
      'LinearDiscriminantAnalysis: priors has 2 numbers, but y has 3 classes',
    );
    expectError(
      () => new LinearDiscriminantAnalysis({ nComponents: 3 }).fit(x, y),
      ShapeError,
      'LinearDiscriminantAnalysis: nComponents is 3, but 3 classes in 2 columns have at most 2',
    );
    expectError(
      () => new LinearDiscriminantAnalysis({ solver: 'lsqr' }).fit(x, y).transform(x),
      OptionError,
      "LinearDiscriminantAnalysis: the solver 'lsqr' finds no directions to transform to; choose 'svd' or 'eigen'",
    );
    expectError(
      () => new QuadraticDiscriminantAnalysis({ regParam: 2 }),
      OptionError,
      'QuadraticDiscriminantAnalysis: regParam must be a number ≥ 0 and ≤ 1, got 2',
    );
  });
});

it('a saved model has directions where its solver finds some, and none from lsqr', () => {
  const x = [[1, 0], [2, 1], [5, 4], [6, 6]]; // biome-ignore format: a matrix
  for (const [solver, scalings, wanted] of [
    ['svd', null, 'saved'],
    ['lsqr', { dtype: 'float64', shape: [2, 0], data: '' }, 'null'],
  ] as const) {
    const saved = JSON.parse(JSON.stringify(new LinearDiscriminantAnalysis({ solver }).fit(x, ['a', 'a', 'b', 'b'])));
    expectError(
      () => LinearDiscriminantAnalysisModel.fromJSON({ ...saved, scalings }),
      DataError,
      `LinearDiscriminantAnalysisModel.fromJSON: scalings must be ${wanted}, since solver is '${solver}'`,
    );
  }
});
