import { readFileSync } from 'node:fs';
import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { boston } from '@maru-ml/datasets/boston';
import { fromBytes, tensor, toBytes } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkRegressor, type Spec, type Traits, traitsTable } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnovaTable,
  anovaLm,
  backwardElimination,
  compareModels,
  type DataColumns,
  durbinWatson,
  hetBreuschpagan,
  hetWhite,
  OLS,
  type OLSOptions,
  RegressionModel,
  residualTests,
  varianceInflation,
  WLS,
} from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

const spec: Omit<Spec, 'name' | 'Estimator' | 'traits'> = {
  Model: RegressionModel,
  toBytes,
  fromBytes,
  tensor: (rows, dtype) => tensor(rows, { dtype }),
  options: { addConstant: true },
};
checkRegressor({ ...spec, name: 'OLS', Estimator: OLS, traits: traits.OLS as Traits });
checkRegressor({ ...spec, name: 'WLS', Estimator: WLS, traits: traits.WLS as Traits });

const read = (name: string) => JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));

const { data, holes, fresh, cases, matrices } = read('regression');
const { pages, boston: bostonPages } = read('regression-pages');
const { more } = read('regression-more');
const clock = new Date(2026, 10, 29, 10, 9, 53);

/** NaN for what JSON could only write as null. */
const whole = (value: unknown): unknown => {
  if (value === null) return Number.NaN;
  return Array.isArray(value) ? value.map(whole) : value;
};

function expectResults(model: RegressionModel, expected: Record<string, unknown>): void {
  const { name, formula, options, frame, weights, groups, addConstant, names, low, high, cov, ...numbers } = expected;
  expect(model.names).toEqual(names);
  for (const [key, value] of Object.entries(numbers)) {
    const ours = model[key as keyof RegressionModel];
    expectClose(ours, whole(value), { rtol: 1e-9, atol: key === 'ess' ? 1e-12 : 1e-15, name: key });
  }
  const bounds = model.confInt(0.1);
  expectClose([bounds.low, bounds.high], [low, high], { atol: 1e-9, name: 'confInt' });
  expectClose(model.covParams().data, (cov as number[][]).flat(), { rtol: 1e-9, atol: 1e-14, name: 'cov' });
}

describe('least squares, as statsmodels', () => {
  for (const c of cases) {
    it(c.name, () => {
      const columns: DataColumns = c.frame === 'holes' ? holes : data;
      const groups =
        c.groups === null
          ? undefined
          : c.groups.length === 1
            ? data[c.groups[0]]
            : c.groups.map((g: string) => data[g]);
      const options = groups === undefined ? {} : { groups };
      const model =
        c.weights === null
          ? new OLS(c.options as OLSOptions).fit(c.formula, columns, options)
          : new WLS(c.options as OLSOptions).fit(c.formula, columns, { sampleWeight: data[c.weights], ...options });
      expectResults(model, c);
      if (c.name in pages) expect(String(model.summary({ date: clock }))).toBe(pages[c.name]);
      // The same after a way through JSON, without the rows.
      const copy = RegressionModel.fromJSON(JSON.parse(JSON.stringify(model)));
      expectResults(copy, c);
      expect(String(copy.summary({ date: clock }))).toBe(String(model.summary({ date: clock })));
    });
  }

  for (const c of matrices) {
    it(c.name, () => {
      const x = data.x.map((v: number, i: number) => [v, data.z[i]]);
      const model = new OLS({ addConstant: c.addConstant }).fit(x, data.y);
      expectResults(model, c);
      expect(String(model.summary({ date: clock }))).toBe(pages[c.name]);
    });
  }

  it('the pages of Boston housing', () => {
    for (const { formula, page } of bostonPages) {
      expect(String(new OLS().fit(formula, boston().columns()).summary({ date: clock }))).toBe(page);
    }
  });
});

describe('what a model tells, as statsmodels', () => {
  const formula = 'y ~ x + z + C(g)';
  const fit = new OLS().fit(formula, data);
  const robust = new OLS({ covType: 'HC3' }).fit(formula, data);
  const big = new OLS().fit('y ~ x*g + z + h', data);

  const frame = (rows: ReturnType<ReturnType<RegressionModel['getPrediction']>['summaryFrame']>) => ({
    mean: rows.map((row) => row.mean),
    mean_se: rows.map((row) => row.meanSe),
    mean_ci_lower: rows.map((row) => row.meanCiLower),
    mean_ci_upper: rows.map((row) => row.meanCiUpper),
    obs_ci_lower: rows.map((row) => row.obsCiLower),
    obs_ci_upper: rows.map((row) => row.obsCiUpper),
  });

  it('predictions with bands', () => {
    const weighted = new WLS().fit(formula, data, { sampleWeight: data.w });
    expectClose(frame(fit.getPrediction(fresh).summaryFrame({ alpha: 0.1 })), more.prediction);
    expectClose(frame(robust.getPrediction(fresh).summaryFrame({ alpha: 0.1 })), more.predictionRobust);
    expectClose(frame(weighted.getPrediction().summaryFrame({ alpha: 0.1 })), more.predictionOfFit);
    expectError(
      () => fit.getPrediction(fresh).summaryFrame(0.1 as never),
      OptionError,
      'summaryFrame: options must be an object, got 0.1',
    );
    expectError(
      () => fit.coefficient(fit.names[0]!, { level: 0.9 } as object),
      OptionError,
      'OLS: there is no option level, only alpha',
    );
    expectClose(fit.predict(fresh), more.prediction.mean);
    expectClose(fit.getPrediction(fresh).predictedMean, fit.predict(fresh), { rtol: 1e-14 });
  });

  it('tests of hypotheses', () => {
    const { page, ...numbers } = more.tTest;
    const t = fit.tTest('x = 0.5, C(g)[T.b] - C(g)[T.c] = 0, 2*(x + z) = Intercept/4');
    expectClose({ effect: t.effect, sd: t.sd, tvalue: t.tvalue, pvalue: t.pvalue }, numbers);
    expect(String(t)).toBe(page);
    expect(String(robust.tTest('x = z'))).toBe(more.tTestRobust.page);
    const f = fit.fTest('x = 0, z = 0, C(g)[T.b] = C(g)[T.c]');
    expectClose({ statistic: f.statistic, pvalue: f.pvalue }, more.fTest);
    const rows = [
      [0, 0, 0, 1, 0],
      [0, 0, 0, 0, 1],
      [0, 1, -1, 0, 0],
    ];
    expectClose(fit.fTest(rows).statistic, f.statistic);
    const dependent = fit.fTest('x = 0, z = 0, x + z = 0');
    expectClose({ statistic: dependent.statistic, pvalue: dependent.pvalue }, more.fTestDependent);
    expect(dependent.dfNum).toBe(2);
    expectError(
      () => robust.waldTest('x = 1', { usef: true } as object),
      OptionError,
      'OLS: there is no option usef, only useF',
    );
    const wald = robust.waldTest('x = 1, z = 0');
    expectClose({ statistic: wald.statistic, pvalue: wald.pvalue }, more.waldRobust);
    expect(wald.distribution).toBe('chi2');
  });

  it('influence', () => {
    const influence = fit.getInfluence();
    for (const [name, values] of Object.entries(more.influence)) {
      expectClose(influence[name as 'dffits'], values, { name, atol: 1e-13 });
    }
    expectClose(influence.dffitsThreshold, more.dffitsThreshold);
    expectClose(influence.dfbetas().toArray(), more.dfbetas, { atol: 1e-12 });
    expectClose(influence.foxThreshold, 4 / (24 - 4 - 1));
    expectClose(
      influence.hatMatrixDiag.reduce((sum, h) => sum + h, 0),
      5,
    );
    expect(influence.warnings).toEqual([]);
  });

  it('variance inflation', () => {
    expectClose(varianceInflation(fit).vif, more.vif);
    const x = data.x.map((v: number, i: number) => [v, data.z[i]]);
    expectClose(varianceInflation(x).vif, more.vifNoConstant);
  });

  it('analysis of variance', () => {
    const columns = ({ rows }: AnovaTable) => ({
      names: rows.map((row) => row.name),
      df: rows.map((row) => row.df),
      sumSq: rows.map((row) => row.sumSq),
      F: rows.map((row) => row.fvalue),
      PR: rows.map((row) => row.pvalue),
    });
    const expected = (table: Record<string, unknown>) => ({ ...table, F: whole(table.F), PR: whole(table.PR) });
    expectClose(columns(anovaLm(big)), expected(more.anova1));
    expectClose(columns(anovaLm(big, { typ: 2 })), expected(more.anova2));
    expectClose(columns(anovaLm(big, { typ: 3 })), expected(more.anova3));
    expectClose(columns(anovaLm(big, { typ: 2, robust: 'HC3' })), expected(more.anova2Robust));
    const { rows } = compareModels(new OLS().fit('y ~ x', data), new OLS().fit('y ~ x + g', data), big);
    const compared = {
      df_resid: rows.map((row) => row.dfResid),
      ssr: rows.map((row) => row.ssr),
      df_diff: [0, ...rows.slice(1).map((row) => row.dfDiff)],
      ss_diff: rows.map((row) => row.ssDiff),
      F: rows.map((row) => row.fvalue),
      'Pr(>F)': rows.map((row) => row.pvalue),
    };
    expectClose(
      compared,
      Object.fromEntries(Object.entries(more.compare).map(([name, values]) => [name, whole(values)])),
    );
  });

  it('heteroscedasticity', () => {
    const numbers = ({ lm, lmPvalue, fvalue, fPvalue }: ReturnType<typeof hetWhite>) => [lm, lmPvalue, fvalue, fPvalue];
    expectClose(numbers(hetBreuschpagan(fit.resid, fit.exog)), more.breuschPagan);
    expectClose(numbers(hetBreuschpagan(fit.resid, fit.exog, { robust: false })), more.breuschPaganClassic);
    const plain = new OLS().fit('y ~ x + z', data);
    expectClose(numbers(hetWhite(plain.resid, plain.exog)), more.white);
  });

  it('tests of residuals', () => {
    // Of the page of Boston housing that statsmodels prints.
    const model = new OLS().fit(bostonPages[0].formula, boston().columns());
    const { residualTests: tests } = model;
    const printed = {
      omnibus: 178.041,
      jarqueBera: 783.126,
      jarqueBeraPvalue: 8.84e-171,
      skew: 1.521,
      kurtosis: 8.281,
      durbinWatson: 1.078,
    };
    for (const [name, value] of Object.entries(printed))
      expectClose(tests[name as 'skew'], value, { rtol: 6e-4, name });
    expect(residualTests(model.resid)).toEqual(tests);
    expectClose(fit.residualTests, more.residualTests);
    expectClose(durbinWatson(fit.resid), more.residualTests.durbinWatson);
    expect(model.summary().value('Jarque-Bera (JB)')).toBe(tests.jarqueBera);
    expectError(
      () => residualTests([1, Number.NaN]),
      DataError,
      'residualTests: y[1] must be a finite number, got NaN',
    );
    expectError(() => durbinWatson([0, 0]), DataError, 'durbinWatson: all residuals are 0');
  });

  it('information criteria', () => {
    for (const [name, value] of Object.entries(more.criteria)) {
      expectClose(fit.infoCriteria(name as 'aic', { dkParams: 1 }), value);
    }
  });

  it('pages with options, and as HTML', () => {
    const options = { slim: true, alpha: 0.01, title: 'Of y', yname: 'Y', xname: ['c', 'a', 'b', 'd', 'e'] };
    expect(String(fit.summary(options))).toBe(more.slim);
    expect(robust.summary({ date: clock }).toHTML()).toBe(more.html);
    expect(new OLS().fit('y ~ x + z - 1', data).summary({ date: clock }).toHTML()).toBe(more.htmlNoConstant);
  });
});

describe('least squares, worked by hand', () => {
  it('a line through four points', () => {
    // x̄ = 2.5, ȳ = 3; Sxx = 5, Sxy = 5, so b = (0.5, 1); residuals -.5, .5, .5, -.5: SSR 1, SST 6.
    const model = new OLS().fit('y ~ x', { x: [1, 2, 3, 4], y: [1, 3, 4, 4] });
    expectClose(model.params, [0.5, 1], { rtol: 1e-14 });
    expectClose([model.ssr, model.centeredTss, model.rsquared, model.scale], [1, 6, 5 / 6, 0.5], { rtol: 1e-14 });
    // s²/Sxx = .1, and s² (1/4 + x̄²/Sxx) = .75.
    expectClose(model.bse, [Math.sqrt(0.75), Math.sqrt(0.1)], { rtol: 1e-14 });
    expectClose([model.fvalue, model.tvalues[1]! ** 2], [10, 10], { rtol: 1e-13 });
    expectClose(model.resid, [-0.5, 0.5, 0.5, -0.5], { atol: 1e-15 });
    expectClose(model.getInfluence().hatMatrixDiag, [0.7, 0.3, 0.3, 0.7], { rtol: 1e-14 });
    // Steps of 1, 0 and 1 between residuals of .5: 2 / 1.
    expectClose(durbinWatson(model.resid), 2, { rtol: 1e-13 });
    expect([model.nobs, model.dfModel, model.dfResid, model.kConstant]).toEqual([4, 1, 2, 1]);
    expect(String(model)).toBe('OLS of y ~ x: 4 rows, R² 0.8333, F 10 (p 0.08713), 1 warning');
    expect(model.warnings).toEqual(['the omnibus test needs 8 rows, got 4: it is NaN']);
  });

  it('weights are precisions: the mean of 1 and 4 with weights 2 and 1 is 2', () => {
    const model = new WLS().fit('y ~ 1', { y: [1, 4] }, { sampleWeight: [2, 1] });
    // Σ w (y - 2)² = 6, over one degree of freedom, over Σ w = 3.
    expectClose([model.params[0]!, model.ssr, model.bse[0]! ** 2], [2, 6, 2], { rtol: 1e-14 });
    const twice = new WLS().fit('y ~ 1', { y: [1, 4] }, { sampleWeight: [4, 2] });
    expectClose(twice.bse, model.bse, { rtol: 1e-14 });
  });

  it('a row of weight 0 is absent', () => {
    const rows = { x: [1, 2, 3, 9], y: [1, 3, 4, 0] };
    const absent = new OLS().fit('y ~ x', { x: [1, 2, 3], y: [1, 3, 4] });
    const weighted = new WLS().fit('y ~ x', rows, { sampleWeight: [1, 1, 1, 0] });
    expectClose([...weighted.params, ...weighted.bse, weighted.llf], [...absent.params, ...absent.bse, absent.llf], {
      rtol: 1e-12,
    });
    expect([weighted.nobs, weighted.nMissing, [...weighted.keptRows!]]).toEqual([3, 1, [0, 1, 2]]);
  });

  it('predictions of categories and of new rows', () => {
    const model = new OLS().fit('y ~ g', { y: [1, 3, 10], g: ['a', 'a', 'b'] });
    expectClose(model.predict({ g: ['b', 'a'] }), [10, 2], { rtol: 1e-14 });
    expectClose(model.score({ y: [1, 3, 10], g: ['a', 'a', 'b'] }), model.rsquared, { rtol: 1e-13 });
  });

  it('an elimination step by step', () => {
    // z is x with noise, so that one of them goes; the category stays as a whole.
    const rows = { ...data, e: data.x.map((_: number, i: number) => Math.sin(i * 12.9)) };
    const { steps, removed, model } = backwardElimination(new OLS(), 'y ~ x + e + C(g)', rows, { alpha: 0.2 });
    expect(removed).toContain('e');
    expect(steps.at(-1)!.removed).toBe(null);
    expect(model.terms.every(({ name }) => name !== 'e')).toBe(true);
    const g = steps[0]!.model.fTest('C(g)[T.b] = 0, C(g)[T.c] = 0').pvalue;
    expect(steps[0]!.pvalue).toBeGreaterThanOrEqual(g);
    // An interaction keeps its parts, and rows that lack a value of the full formula stay out.
    const kept = backwardElimination(new OLS(), 'y ~ x*z', { ...holes, z: data.z }, { alpha: 0 });
    expect(kept.removed).toEqual(['x:z', ...kept.removed.slice(1)]);
    expect(kept.steps.map((step) => step.model.nobs)).toEqual(kept.steps.map(() => 22));
  });
});

describe('least squares, errors', () => {
  const fit = () => new OLS({ addConstant: true }).fit([[1], [2], [4], [3]], [1, 2, 3, 5]);

  it('of options', () => {
    expectError(
      () => new OLS({ covType: 'HC4' as never }),
      OptionError,
      "OLS: covType must be 'nonrobust', 'HC0', 'HC1', 'HC2', 'HC3', 'HAC' or 'cluster', got 'HC4'",
    );
    expectError(() => new OLS({ maxlags: -1 }), OptionError, 'OLS: maxlags must be an integer ≥ 0, got -1');
    expectError(() => fit().confInt(0), OptionError, 'OLS: alpha must be a number > 0 and < 1, got 0');
    expectError(
      () => fit().summary({ date: new Date(Number.NaN) }),
      OptionError,
      'OLS: date must be a valid Date, got a Date',
    );
    expectError(() => fit().summary({ xname: ['a'] }), ShapeError, 'OLS: xname has 1 names for 2 coefficients');
    expectError(() => fit().coefficient('b'), OptionError, "OLS: there is no coefficient 'b'; they are const, x1");
    expectError(
      () => fit().infoCriteria('aicd' as never),
      OptionError,
      "OLS: criterion must be 'aic', 'aicc', 'bic' or 'hqic', got 'aicd'",
    );
  });

  it('of groups', () => {
    const cluster = (groups?: never) =>
      new OLS({ covType: 'cluster' }).fit([[1], [2], [4]], [1, 2, 3], groups === undefined ? {} : { groups });
    expectError(() => cluster(), OptionError, "OLS: covType 'cluster' needs groups, the group of each row");
    expectError(() => cluster([1, 2] as never), ShapeError, 'OLS: groups has 2 rows, but x has 3');
    expectError(() => cluster([1, 1, 1] as never), DataError, 'OLS: groups must hold at least 2 groups, got 1');
    expectError(() => cluster([1, null, 2] as never), DataError, 'OLS: groups[1] is null; each row needs a group');
    expectError(
      () => cluster('abc' as never),
      OptionError,
      "OLS: groups must be an array with a group for each row, got 'abc'",
    );
  });

  it('of robust covariances without a value', () => {
    const rows = { y: [1, 2, 4], g: ['a', 'a', 'b'] };
    expectError(
      () => new OLS({ covType: 'HC3' }).fit('y ~ g', rows),
      DataError,
      'OLS: row 2 has leverage 1, so HC3 has no value; use HC0 or HC1',
    );
    expectError(
      () =>
        new OLS({ covType: 'HC1' }).fit(
          [
            [1, 2],
            [3, 5],
          ],
          [1, 2],
        ),
      DataError,
      'OLS: there are no more rows than parameters, so HC1 has no value; use HC0',
    );
  });

  it('of hypotheses', () => {
    const at = (text: string, offset: number, sentence: string) =>
      `OLS: the constraints at offset ${offset}: ${sentence}\n  ${text}\n  ${' '.repeat(offset)}^`;
    const cases: [string, number, string][] = [
      ['x2 = 0', 0, "there is no coefficient 'x2'; did you mean x1?"],
      ['x1 = ', 5, 'a coefficient or a number was expected'],
      ['x1 * const = 0', 5, 'coefficients can only be multiplied by numbers'],
      ['3 = 2', 0, 'this says nothing about a coefficient'],
      ['(x1 = 0', 4, "')' was expected"],
      ['x1 = 0 const', 7, "an operator, '=' or ',' was expected"],
    ];
    for (const [text, offset, sentence] of cases)
      expectError(() => fit().tTest(text), OptionError, at(text, offset, sentence));
    expectError(
      () => fit().tTest([1]),
      ShapeError,
      'OLS: constraint 0 has 1 numbers, but the model has 2 coefficients',
    );
    expectError(() => fit().tTest({ r: [[1, 0]], q: [1, 2] }), ShapeError, 'OLS: q has 2 numbers for 1 constraints');
    expectError(() => fit().tTest([[Number.NaN, 1]]), DataError, 'OLS: constraints must hold finite numbers');
    const exact = new OLS({ addConstant: true }).fit([[1], [2]], [1, 2]);
    expectError(
      () => exact.fTest('x1 = 0'),
      DataError,
      'OLS: the coefficients have no standard errors, so nothing can be tested',
    );
  });

  it('of a loaded model, which has no rows', () => {
    const loaded = RegressionModel.fromJSON(JSON.parse(JSON.stringify(fit())));
    const without = (what: string) =>
      `OLS: ${what} needs the rows that the model was fitted to, which a saved model does not keep; fit it again`;
    expectError(() => loaded.resid, DataError, without('resid'));
    expectError(() => loaded.getInfluence(), DataError, without('getInfluence'));
    expectError(() => loaded.getRobustcovResults({ covType: 'HC1' }), DataError, without("covType 'HC1'"));
    expectClose(loaded.getPrediction([[2]]).seMean, fit().getPrediction([[2]]).seMean);
    expectClose(anovaLm(loaded).rows[0]!.fvalue, fit().fvalue);
  });

  it('of analyses of variance and selections', () => {
    const [small, large] = [new OLS().fit('y ~ x', data), new OLS().fit('y ~ x + z', data)];
    expectError(() => compareModels(small), OptionError, 'compareModels: at least 2 models are needed, got 1');
    expectError(
      () => compareModels(large, small),
      OptionError,
      'compareModels: each model must have more terms than the one before it, but model 1 leaves 22 degrees of freedom after 21',
    );
    expectError(
      () => compareModels(new OLS().fit('y ~ x', holes), large),
      DataError,
      'compareModels: the models must be fitted to the same response on the same rows, but model 0 has 22 rows and the last 24',
    );
    expectError(
      () => anovaLm(new OLS().fit('y ~ x + I(2*x)', data)),
      DataError,
      'anovaLm: the columns are linearly dependent (rank 2 of 3), so single terms cannot be tested',
    );
    expectError(() => anovaLm(3 as never), OptionError, 'anovaLm: models must be fitted by OLS or WLS, got 3');
    expectError(() => anovaLm(small, { robust: 'HC3' }), OptionError, 'anovaLm: robust needs typ 2 or 3');
    expectError(
      () => backwardElimination(new OLS(), 'y ~ x', data, { keep: ['w'] }),
      OptionError,
      "backwardElimination: keep names the term 'w', but the terms are Intercept, x",
    );
    expectError(
      () => hetBreuschpagan([1, 2, 3], [[1], [2], [4]]),
      DataError,
      'hetBreuschpagan: exog must have a constant column, since the test is about the mean of squares',
    );
    expectError(
      () => hetWhite([1, 2, 3], [[1], [1], [1]]),
      ShapeError,
      'hetWhite: exog must have 2 columns or more, one of them constant, got 1',
    );
    expect([...varianceInflation(new OLS().fit('y ~ x + I(2*x)', data)).vif]).toEqual([
      expect.any(Number),
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });
});

describe('least squares, laws', () => {
  const number = fc.integer({ min: -500, max: 500 }).map((v) => v / 100);
  const problem = fc
    .integer({ min: 6, max: 15 })
    .chain((n) =>
      fc.tuple(
        fc.array(fc.tuple(number, number), { minLength: n, maxLength: n }),
        fc.array(number, { minLength: n, maxLength: n }),
      ),
    );
  const fitOf = (x: number[][], y: number[]) => new OLS({ addConstant: true }).fit(x, y);

  it('residuals are orthogonal to the columns, and sums of squares add up', () => {
    fc.assert(
      fc.property(problem, ([x, y]) => {
        const model = fitOf(x, y);
        for (let j = 0; j < 3; j++) {
          const along = model.resid.reduce((sum, e, i) => sum + e * (j === 0 ? 1 : x[i]![j - 1]!), 0);
          expect(Math.abs(along)).toBeLessThan(1e-10);
        }
        expectClose(model.ess + model.ssr, model.centeredTss, { rtol: 1e-12, atol: 1e-12 });
      }),
    );
  });

  it('shifts and scales of y change coefficients alone', () => {
    fc.assert(
      fc.property(problem, ([x, y]) => {
        const model = fitOf(x, y);
        fc.pre(model.rank === 3 && model.ssr > 1e-6);
        const moved = fitOf(
          x,
          y.map((v) => 3 * v - 7),
        );
        expectClose(moved.params, [3 * model.params[0]! - 7, 3 * model.params[1]!, 3 * model.params[2]!], {
          rtol: 1e-7,
          atol: 1e-9,
        });
        expectClose(
          moved.bse,
          model.bse.map((v) => 3 * v),
          { rtol: 1e-7 },
        );
      }),
    );
  });

  it('the sum of leverages is the rank, and a row left out is predicted with its PRESS residual', () => {
    fc.assert(
      fc.property(problem, ([x, y]) => {
        const model = fitOf(x, y);
        fc.pre(model.rank === 3 && model.conditionNumber < 1e4);
        const { hatMatrixDiag, residPress } = model.getInfluence();
        expectClose(
          hatMatrixDiag.reduce((sum, h) => sum + h, 0),
          3,
          { rtol: 1e-9 },
        );
        fc.pre(hatMatrixDiag[0]! < 0.99);
        const rest = fitOf(x.slice(1), y.slice(1));
        fc.pre(rest.rank === 3);
        expectClose(y[0]! - rest.predictOne(x[0]!), residPress[0], { rtol: 1e-6, atol: 1e-8 });
      }),
    );
  });

  it('weights are roots on both sides', () => {
    fc.assert(
      fc.property(problem, ([x, y]) => {
        const weights = y.map((_, i) => 0.5 + (i % 4));
        const weighted = new WLS().fit(x, y, { sampleWeight: weights });
        const whitened = new OLS().fit(
          x.map((row, i) => row.map((v) => v * Math.sqrt(weights[i]!))),
          y.map((v, i) => v * Math.sqrt(weights[i]!)),
        );
        expectClose(weighted.params, whitened.params, { rtol: 1e-7, atol: 1e-9 });
        fc.pre(whitened.rank === 2 && whitened.ssr > 1e-9);
        expectClose(weighted.bse, whitened.bse, { rtol: 1e-7 });
        expectClose(weighted.getInfluence().cooksDistance, whitened.getInfluence().cooksDistance, {
          rtol: 1e-5,
          atol: 1e-9,
        });
      }),
    );
  });
});

describe('least squares, regressions', () => {
  it('a fit holds at most three copies of its input beside what its model keeps', () => {
    const [n, d] = [4000, 10];
    const x = { data: Float64Array.from({ length: n * d }, (_, i) => Math.sin(i * i)), shape: [n, d] };
    const y = Float64Array.from({ length: n }, (_, i) => Math.sin(3 * i));
    const columns: DataColumns = Object.fromEntries([
      ['y', y],
      ...Array.from({ length: d }, (_, j) => [`x${j}`, y.map((v, i) => v * Math.cos(i * (j + 2)))]),
    ]);
    const scaled = `y ~ ${Array.from({ length: d }, (_, j) => `scale(x${j})`).join(' + ')}`;
    const input = n * d;
    const kept = input + 2 * n;
    for (const fit of [
      () => new OLS({ addConstant: true }).fit(x, y),
      () => new OLS({ addConstant: true, covType: 'HC3' }).fit(x, y),
      () => new WLS({ addConstant: true }).fit(x, y, { sampleWeight: y.map((v) => v + 2) }),
      () => new OLS().fit(scaled, columns),
    ]) {
      expect(allocated(fit) - kept).toBeLessThanOrEqual(3 * input);
    }
  });

  it('a constant beside a category without its own is found in the sum of its columns', () => {
    const model = new OLS().fit('y ~ g - 1', { y: [1, 2, 4, 4.5], g: ['a', 'a', 'b', 'b'] });
    expect([model.kConstant, model.dfModel]).toEqual([1, 1]);
    const robust = model.getRobustcovResults({ covType: 'HC0' });
    expect(robust.warnings).toContain(
      'the constant is a sum of columns: F, which with a robust covariance leaves the constant out, is NaN',
    );
  });

  it('the README has the table of what the estimators promise', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(traitsTable(traits as Record<string, Traits>));
  });
});

/** How many numbers float64 arrays take that `run` makes, be they collected meanwhile or not: no less than what is held at once. */
function allocated(run: () => unknown): number {
  const Plain = globalThis.Float64Array;
  const { slice, map } = Plain.prototype;
  const counting = { total: 0, on: true };
  const counted = <T extends { length: number }>(array: T): T => {
    if (counting.on) counting.total += array.length;
    return array;
  };
  const Counting = new Proxy(Plain, {
    construct: (target, args) => {
      const array = Reflect.construct(target, args) as Float64Array;
      // Views of memory that is there already are no arrays of their own.
      return args[0] instanceof ArrayBuffer ? array : counted(array);
    },
    get: (target, key) =>
      key === 'from' ? (...args: [ArrayLike<number>]) => counted(Plain.from(...args)) : Reflect.get(target, key),
  });
  try {
    globalThis.Float64Array = Counting;
    Plain.prototype.slice = function (this: Float64Array, ...args) {
      return counted(slice.apply(this, args));
    } as typeof slice;
    Plain.prototype.map = function (this: Float64Array, ...args: Parameters<typeof map>) {
      return counted(map.apply(this, args));
    } as typeof map;
    run();
  } finally {
    globalThis.Float64Array = Plain;
    Plain.prototype.slice = slice;
    Plain.prototype.map = map;
    counting.on = false;
  }
  return counting.total;
}
