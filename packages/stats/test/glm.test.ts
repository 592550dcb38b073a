import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkRegressor, type Traits } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GLM, type GLMFitOptions, GLMModel, type GLMOptions, OLS } from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

checkRegressor({
  name: 'GLM',
  Estimator: GLM,
  Model: GLMModel,
  traits: traits.GLM as Traits,
  toBytes,
  fromBytes,
  tensor: (rows, dtype) => tensor(rows, { dtype }),
  options: { addConstant: true },
});

describe('GLM, worked by hand', () => {
  it('counts of two groups: logarithms of means, with standard errors from the sums', () => {
    // Means 2 and 6; the logarithm of a sum S of counts has the variance 1 / S.
    // The standard errors are those of the weights before the last step, as in statsmodels and R: hence the tolerance.
    const model = new GLM({ family: 'poisson', tol: 1e-14 }).fit('y ~ g', {
      y: [1, 2, 3, 5, 6, 7],
      g: ['a', 'a', 'a', 'b', 'b', 'b'],
    });
    expectClose(model.params, [Math.log(2), Math.log(3)], { rtol: 1e-9 });
    expectClose(model.bse, [Math.sqrt(1 / 6), Math.sqrt(1 / 6 + 1 / 18)], { rtol: 1e-9 });
    expect(model.names).toEqual(['Intercept', 'g[T.b]']);
    expectClose(model.predict({ g: ['b', 'a'] }), [6, 2], { rtol: 1e-9 });
    expectClose(model.deviance, 2 * (Math.log(0.5) + 3 * Math.log(1.5) + 5 * Math.log(5 / 6) + 7 * Math.log(7 / 6)), {
      rtol: 1e-9,
    });
  });

  it('a table of two by two: the logarithm of the odds ratio', () => {
    // 3 of 10 and 6 of 8: log((6 · 7) / (2 · 3)), variance 1/3 + 1/7 + 1/6 + 1/2.
    const model = new GLM({ family: 'binomial', addConstant: true, tol: 1e-14 }).fit([[0], [1]], [3, 6], {
      trials: [10, 8],
    });
    expectClose(model.params, [Math.log(3 / 7), Math.log(7)], { rtol: 1e-9 });
    expectClose(model.bse[1], Math.sqrt(1 / 3 + 1 / 7 + 1 / 6 + 1 / 2), { rtol: 1e-8 });
    expectClose(model.predict([[0], [1]]), [0.3, 0.75], { rtol: 1e-9 });
    expectClose(model.llf, Math.log(120 * 0.3 ** 3 * 0.7 ** 7) + Math.log(28 * 0.75 ** 6 * 0.25 ** 2), { rtol: 1e-9 });
  });

  it('a rate: events over time', () => {
    const one = [[1], [1], [1]];
    const model = new GLM({ family: 'poisson' }).fit(one, [3, 5, 1], { exposure: [10, 20, 15] });
    expectClose(model.params, [Math.log(9 / 45)], { rtol: 1e-10 });
    expectClose(model.predict(one, { exposure: [45, 1, 1] }), [9, 0.2, 0.2], { rtol: 1e-9 });
    expectClose(model.predict(one), [0.2, 0.2, 0.2], { rtol: 1e-9 });
    const mean = new GLM({ family: 'gamma' }).fit(one, [2, 3, 4]);
    expectClose([mean.params[0]!, mean.predictOne([1])], [1 / 3, 3], { rtol: 1e-10 });
  });
});

interface Case {
  y: string;
  options: GLMOptions;
  fit: string[];
  params: number[];
  bse: number[];
  pvalues: number[];
  low: number[];
  numbers: Record<string, number>;
  resid: Record<string, number[]>;
  prediction: number[][];
  page?: string;
  html?: string;
  nIter?: number;
}

const path = new URL('./fixtures/glm.json', import.meta.url);
const fixture = JSON.parse(readFileSync(path, 'utf8')) as {
  x: number[][];
  ys: Record<string, number[]>;
  rows: Record<string, number[]>;
  new: number[][];
  cases: Case[];
};

const date = new Date(2024, 5, 11, 9, 5, 3);

function optionsOf(names: string[]): GLMFitOptions {
  const { freq, var: weights, offset, exposure, trials, groups } = fixture.rows;
  const all = { sampleWeight: freq, varWeights: weights, offset, exposure, trials, groups };
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

describe('GLM, as statsmodels', () => {
  for (const c of fixture.cases) {
    it(`${Object.values(c.options).join(' ')} ${c.fit.join(' ')}`, () => {
      const { x } = fixture;
      const y = fixture.ys[c.y]!;
      const model = new GLM({ ...c.options, tolCriterion: 'params', tol: 1e-14 }).fit(x, y, optionsOf(c.fit));
      expectClose(model.params, c.params, { rtol: 1e-8, atol: 1e-10, name: 'params' });
      const { bse, pvalues } = model;
      const { low } = model.confInt(0.1);
      const wanted = { bse: c.bse, pvalues: c.pvalues, low: c.low };
      expectClose({ bse, pvalues, low }, wanted, { rtol: 1e-8, atol: 1e-10 });
      for (const [name, value] of Object.entries(c.numbers)) {
        expectClose(model[name as 'llf'], value, { rtol: 1e-9, atol: 1e-9, name });
      }
      for (const [name, values] of Object.entries(c.resid)) {
        expectClose(model[name as 'residPearson'].slice(0, 4), values, { rtol: 1e-8, atol: 1e-10, name });
      }
      // Where the mean falls with the linear predictor, statsmodels 0.13 swaps the bounds.
      const frame = model.getPrediction(fixture.new).summaryFrame().map(Object.values);
      const ordered = c.prediction.map(([mean, se, ...bounds]) => [mean, se, ...bounds.sort((a, b) => a - b)]);
      expectClose(frame, ordered, { rtol: 1e-8, atol: 1e-10, name: 'prediction' });
      if (c.page === undefined) return;
      const usual = new GLM({ ...c.options }).fit(x, y, optionsOf(c.fit));
      expect(usual.nIter).toBe(c.nIter);
      const page = usual.summary({ date, ...(c.fit.includes('trials') && { yname: "['y1', 'y2']" }) });
      expect(String(page)).toBe(c.page);
      if (c.html !== undefined) expect(page.toHTML()).toBe(c.html);
      const loaded = GLMModel.fromJSON(JSON.parse(JSON.stringify(usual)));
      expect(String(loaded.summary())).toBe(String(usual.summary()));
    });
  }
});

/** Rows with a constant, and what belongs to them. */
function sampleOf(seed: number, n: number) {
  const random = new Random(seed);
  const x = Array.from({ length: n }, () => [1, random.normal(), random.uniform(0, 2)]);
  const eta = x.map(([, a, b]) => 0.3 + 0.6 * a! - 0.4 * b!);
  const counts = eta.map((e) => Math.floor(random.uniform(0, 3) * Math.exp(e)));
  const positive = eta.map((e) => Math.exp(e) * random.uniform(0.5, 1.5));
  const numbers = eta.map((e) => e + random.normal());
  return { x, counts, positive, numbers };
}

describe('GLM, laws', () => {
  it('the Gaussian family is least squares, with every covariance', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const { x, numbers } = sampleOf(seed, 25);
        const groups = x.map((_, i) => i % 4);
        for (const covType of ['nonrobust', 'HC0', 'HC1', 'HC2', 'HC3', 'HAC', 'cluster'] as const) {
          const options = { covType, useT: true };
          const ols = new OLS(options).fit(x, numbers, { groups });
          const glm = new GLM(options).fit(x, numbers, { groups });
          const of = ({ params, bse, pvalues, llf, aic, bic, scale }: typeof ols | typeof glm) => [
            ...[params, bse, pvalues].flatMap((values) => [...values]),
            ...[llf, aic, bic, scale],
          ];
          expectClose(of(glm), of(ols), { rtol: 1e-8, atol: 1e-10, name: covType });
        }
      }),
      { numRuns: 20 },
    );
  });

  it('a row of weight 3 is three rows, also for robust standard errors', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.constantFrom('nonrobust', 'HC0'), (seed, covType) => {
        const { x, counts } = sampleOf(seed, 60);
        const weights = x.map((_, i) => i % 4);
        const places = weights.flatMap((weight, i) => Array<number>(weight).fill(i));
        const glm = new GLM({ family: 'poisson', covType: covType as 'HC0', tol: 1e-12 });
        const one = glm.fit(x, counts, { sampleWeight: weights });
        const other = glm.fit(places.map((i) => x[i]!), places.map((i) => counts[i]!)); // biome-ignore format: short
        expectClose(one.params, other.params, { rtol: 1e-7, atol: 1e-9 });
        expectClose(one.bse, other.bse, { rtol: 1e-6 });
        expectClose([one.llf, one.deviance, one.dfResid], [other.llf, other.deviance, other.dfResid], { rtol: 1e-9 });
      }),
      { numRuns: 20 },
    );
  });

  it('the scores of the likelihood vanish at the coefficients', () => {
    const families = [
      { family: 'poisson', link: 'log' },
      { family: 'poisson', link: 'sqrt' },
      { family: 'gamma', link: 'log' },
      { family: 'inverseGaussian', link: 'log' },
      { family: 'negativeBinomial', link: 'nbinom', alpha: 0.7 },
      { family: 'gaussian', link: 'log' },
    ] as const;
    for (const options of families) {
      for (const seed of [1, 2, 3]) {
        const { x, counts, positive } = sampleOf(seed, 40);
        const y = options.family === 'poisson' || options.family === 'negativeBinomial' ? counts : positive;
        const tight = { tol: 1e-13, tolCriterion: 'params', maxIter: 500 } as const;
        const model = new GLM({ ...options, ...tight }).fit(x, y);
        expect(model.converged).toBe(true);
        // Σ (y - μ) / V(μ) dμ/dη x, from the residuals that the model hands out.
        const { residWorking, leverage } = model;
        for (let j = 0; j < 3; j++) {
          const sum = residWorking.reduce((total, r, i) => {
            const w = leverage[i]! / quadratic(model, x[i]!);
            return total + w * r * x[i]![j]!;
          }, 0);
          expect(Math.abs(sum)).toBeLessThan(1e-8);
        }
      }
    }
  });

  it('bands hold the mean, and those of the link stay where means can be', () => {
    const { x, counts } = sampleOf(4, 30);
    const prediction = new GLM({ family: 'poisson' }).fit(x, counts).getPrediction();
    const { low, high } = prediction.confInt();
    prediction.predictedMean.forEach((mean, i) => {
      expect(low[i]! > 0 && low[i]! < mean && mean < high[i]!).toBe(true);
    });
    const delta = prediction.confInt({ method: 'delta' });
    expectClose(delta.high[0]! - prediction.predictedMean[0]!, 1.959963984540054 * prediction.seMean[0]!, {
      rtol: 1e-12,
    });
    expect(String(prediction).split('\n')[0]).toBe('MeanPrediction of 30 rows: mean, its 95% band');
  });
});

/** xᵢ (XᵀWX)⁺ xᵢᵀ */
function quadratic(model: GLMModel, x: number[]): number {
  const cov = model.covParams().toArray();
  let sum = 0;
  for (const [a, u] of x.entries()) for (const [b, v] of x.entries()) sum += (u * v * cov[a]![b]!) / model.scale;
  return sum;
}

describe('GLM, hostile input', () => {
  const x = [[1, 0.2], [1, 1.1], [1, 1.9], [1, 3.2], [1, 4.5]]; // biome-ignore format: rows
  const fit =
    (options: GLMOptions, y: number[], rows: number[][] = x, more: GLMFitOptions = {}) =>
    () =>
      new GLM(options).fit(rows, y, more);

  it('responses that a family does not know', () => {
    const refused: [() => unknown, string][] = [
      [fit({ family: 'poisson' }, [1, 2, -1, 3, 4]), 'GLM: y[2] must be ≥ 0 in the Poisson family, got -1'],
      [
        fit({ family: 'negativeBinomial' }, [-2, 2, 1, 3, 4]),
        'GLM: y[0] must be ≥ 0 in the NegativeBinomial family, got -2',
      ],
      [fit({ family: 'gamma' }, [1, 0, 1, 3, 4]), 'GLM: y[1] must be > 0 in the Gamma family, got 0'],
      [
        fit({ family: 'inverseGaussian' }, [1, 2, 1, -3, 4]),
        'GLM: y[3] must be > 0 in the InverseGaussian family, got -3',
      ],
      [fit({ family: 'binomial' }, [1, 0, 1, 2, 0]), 'GLM: y[3] must be from 0 to 1 in the Binomial family, got 2'],
      [
        fit({ family: 'binomial' }, [1, 1, 1, 1, 1]),
        'GLM: y is 1 in all rows, so that the likelihood of the Binomial family has no maximum',
      ],
      [
        fit({ family: 'poisson' }, [0, 0, 0, 0, 0]),
        'GLM: y is 0 in all rows, so that the likelihood of the Poisson family has no maximum',
      ],
      [
        fit({ family: 'binomial' }, [4, 1, 2, 3, 0], x, { trials: [3, 3, 3, 3, 3] }),
        'GLM: y[0] must be from 0 to trials[0], which is 3, got 4',
      ],
      [
        fit({ family: 'binomial' }, [0, 0, 1, 1, 1]),
        'GLM: the columns separate the classes completely, so that the likelihood has no maximum; drop or join columns, or add rows',
      ],
      [
        fit({ family: 'poisson' }, [3, 0, 2, 0, 1], [[1, 0], [1, 1], [1, 0], [1, 1], [1, 0]]), // biome-ignore format: rows
        'GLM: the columns separate some rows from all others, and the coefficient of x1 would grow without end, so that the likelihood has no maximum; drop or join columns, or add rows',
      ],
      [fit({}, [1, 2, 3, 4, 5], [[0], [0], [0], [0], [0]]), 'GLM: all columns are 0, so there is nothing to fit'], // biome-ignore format: rows
      [
        fit({}, [1, 2, 3, 4, 5], x, { varWeights: [1, 1, 0, 1, 1] }),
        'GLM: varWeights[2] must be a finite number > 0, got 0',
      ],
      [
        fit({}, [1, 2, 3, 4, 5], x, { offset: [1, 1, Number.NaN, 1, 1] }),
        'GLM: offset[2] must be a finite number, got NaN',
      ],
    ];
    for (const [run, message] of refused) expectError(run, DataError, message);
  });

  it('options that have no meaning', () => {
    const y = [1, 2, 3, 4, 5];
    const refused: [() => unknown, string][] = [
      [
        () => new GLM({ family: 'tweedie' as never }),
        "GLM: family must be 'gaussian', 'binomial', 'poisson', 'gamma', 'inverseGaussian' or 'negativeBinomial', got 'tweedie'",
      ],
      [
        () => new GLM({ family: 'gamma', link: 'logit' }),
        "GLM: link must be 'inverse_power', 'log' or 'identity', got 'logit'",
      ],
      [() => new GLM({ alpha: 0 }), 'GLM: alpha must be a number > 0, got 0'],
      [() => new GLM({ scale: 'pearson' as never }), "GLM: scale must be 'x2' or 'dev', got 'pearson'"],
      [fit({}, y, x, { trials: y }), "GLM: trials is for family 'binomial', but the family is Gaussian"],
      [fit({}, y, x, { exposure: y }), "GLM: exposure is for link 'log', but the link is identity; use offset"],
      [fit({ covType: 'cluster' }, y), "GLM: covType 'cluster' needs groups, the group of each row"],
    ];
    for (const [run, message] of refused) expectError(run, OptionError, message);
    expectError(fit({}, y, x, { offset: [1, 2] }), ShapeError, 'GLM: offset has 2 numbers, but x has 5 rows');
  });

  it('dependent, constant and duplicate columns: the solution of least norm, the same predictions, and a warning', () => {
    const y = [1, 3, 2, 6, 9];
    for (const family of ['gaussian', 'poisson', 'gamma'] as const) {
      const options = { family, link: 'log' as const, tol: 1e-12 };
      const plain = new GLM(options).fit(x, y);
      const doubled = new GLM(options).fit(x.map((row) => [...row, row[1]!, 7]), y); // biome-ignore format: short
      expect([doubled.rank, doubled.dfModel, doubled.dfResid]).toEqual([2, 1, 3]);
      expect(doubled.warnings).toEqual([
        'the columns are linearly dependent (rank 2 of 4): of all solutions the one of least norm is given, and single coefficients have no meaning',
      ]);
      expectClose(doubled.fittedvalues, plain.fittedvalues, { rtol: 1e-8 });
      expectClose(doubled.params[1]!, doubled.params[2]!, { rtol: 1e-8 });
      expectClose([doubled.llf, doubled.deviance], [plain.llf, plain.deviance], { rtol: 1e-8 });
    }
  });

  it('far from 0 and in other units the slope is the same', () => {
    const y = [1, 3, 2, 6, 9];
    const slope = (rows: number[][]) => new GLM({ family: 'poisson', tol: 1e-12 }).fit(rows, y).params[1]!;
    const usual = slope(x);
    expectClose(slope(x.map(([one, v]) => [one!, v! + 1e6])), usual, { rtol: 1e-8 });
    expectClose(slope(x.map(([one, v]) => [one!, v! * 1e9])) * 1e9, usual, { rtol: 1e-9 });
    expectClose(slope(x.map(([one, v]) => [one!, v! * 1e-9])) * 1e-9, usual, { rtol: 1e-9 });
  });

  it('as many coefficients as rows, and one row', () => {
    const two = new GLM({ family: 'gamma', link: 'log' }).fit(x.slice(0, 2), [2, 3]);
    expectClose(two.fittedvalues, [2, 3], { rtol: 1e-6 });
    expect([two.dfResid, two.scale, two.bse[0]]).toEqual([0, Number.NaN, Number.NaN]);
    expect(two.warnings).toEqual([
      'no degrees of freedom are left (2 rows, rank 2): scale, standard errors, tests and intervals are NaN',
    ]);
    const line = new GLM().fit(x, [1, 2, 3, 4, 5].map((_, i) => 2 * x[i]![1]!)); // biome-ignore format: short
    expectClose(line.params, [0, 2], { atol: 1e-12 });
    expect(line.warnings).toEqual(['the fit is exact up to rounding: tests and the likelihood have no meaning']);
    const one = new GLM({ family: 'poisson' }).fit([[1]], [4]);
    expectClose([one.params[0]!, one.bse[0]!], [Math.log(4), 0.5], { rtol: 1e-8 });
  });

  it('links that do not keep means where they can be: steps are halved', () => {
    const rows = [[1, -2], [1, -1], [1, 0], [1, 1], [1, 2], [1, 3]]; // biome-ignore format: rows
    const poisson = new GLM({ family: 'poisson', link: 'identity', maxIter: 500 }).fit(rows, [0, 0, 3, 1, 9, 7]);
    expect(poisson.fittedvalues.every((mu) => mu > 0)).toBe(true);
    const gamma = new GLM({ family: 'gamma', maxIter: 500 }).fit(rows, [9, 0.1, 5, 0.2, 0.1, 8]);
    expect(gamma.fittedvalues.every((mu) => mu > 0)).toBe(true);
    expectError(
      () => gamma.predict([[1, -1e6], [1, 1e6]]), // biome-ignore format: rows
      DataError,
      `GLM: x[${gamma.params[1]! > 0 ? 0 : 1}] has the linear predictor ${gamma.params[0]! - Math.abs(gamma.params[1]!) * 1e6}, which has no mean in the Gamma family with link inverse_power`,
    );
  });

  it('a fit that has not converged says so, and a loaded model what it lacks', () => {
    const model = new GLM({ family: 'poisson', maxIter: 2 }).fit(x, [1, 3, 2, 6, 9]);
    expect([model.converged, model.nIter]).toEqual([false, 2]);
    expect(model.warnings).toEqual([
      'the fit has not converged after 2 iterations; raise maxIter, or scale the columns',
    ]);
    const loaded = fromBytes(GLMModel, toBytes(model));
    expect(loaded.warnings).toEqual(model.warnings);
    expectError(
      () => loaded.residPearson,
      DataError,
      'GLM: residPearson needs the rows that the model was fitted to, which a saved model does not keep; fit it again',
    );
  });

  it('tests hypotheses, changes covariances, and prints', () => {
    const { x: rows, counts } = sampleOf(6, 40);
    const model = new GLM({ family: 'poisson' }).fit(rows, counts);
    const t = model.tTest('x1 = 0.5');
    expectClose(t.tvalue[0], (model.params[1]! - 0.5) / model.bse[1]!, { rtol: 1e-12 });
    const { param, pvalue, high } = model.coefficient('x1');
    expect([param, pvalue, high]).toEqual([model.params[1], model.pvalues[1], model.confInt().high[1]]);
    expectError(() => model.coefficient('z'), OptionError, "GLM: there is no coefficient 'z'; they are const, x1, x2");
    const wald = model.waldTest('x1 = 0');
    expectClose([wald.statistic, wald.pvalue], [model.tvalues[1]! ** 2, model.pvalues[1]!], { rtol: 1e-9 });
    const robust = model.getRobustcovResults({ covType: 'HC0' });
    expectClose(robust.bse, new GLM({ family: 'poisson', covType: 'HC0' }).fit(rows, counts).bse, { rtol: 1e-12 });
    const hc1 = model.getRobustcovResults({ covType: 'HC1' });
    expectClose(hc1.bse, robust.bse.map((se) => se * Math.sqrt(40 / 37)), { rtol: 1e-12 }); // biome-ignore format: short
    expect(String(new GLM({ family: 'poisson' }).fit([[1], [1]], [1, 3]))).toBe(
      'GLM Poisson with link Log of 2 rows: const 0.69315; deviance 1.0465, converged after 4 iterations',
    );
    expectClose(model.score(rows, counts), 1 - model.deviance / model.nullDeviance, { rtol: 1e-9 });
  });
});
