import { readFileSync } from 'node:fs';
import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { boston } from '@maru-ml/datasets/boston';
import { tensor } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkRegressor, type Spec, type Traits, traitsTable } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DataColumns, OLS, type OLSOptions, RegressionModel, WLS } from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

const spec: Omit<Spec, 'name' | 'Estimator' | 'traits'> = {
  Model: RegressionModel,
  tensor: (rows, dtype) => tensor(rows, { dtype }),
  options: { addConstant: true },
};
checkRegressor({ ...spec, name: 'OLS', Estimator: OLS, traits: traits.OLS as Traits });
checkRegressor({ ...spec, name: 'WLS', Estimator: WLS, traits: traits.WLS as Traits });

const read = (name: string) => JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));

type Numbers = Record<string, number | number[] | number[][] | null>;
interface Case extends Numbers {
  name: never;
}

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
    expectClose(ours, whole(value), { rtol: 1e-9, atol: key === 'ess' ? 1e-12 : 0, name: key });
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
