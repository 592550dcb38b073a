import { readFileSync } from 'node:fs';
import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { boston } from '@maru-ml/datasets/boston';
import { tensor } from '@maru-ml/tensor';
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
  hetBreuschpagan,
  hetWhite,
  OLS,
  type OLSOptions,
  RegressionModel,
  varianceInflation,
  WLS,
} from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

const spec: Omit<Spec, 'name' | 'Estimator' | 'traits'> = {
  Model: RegressionModel,
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
