import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { iris } from '@maru-ml/datasets/iris';
import { tensor } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { checkClassifier, type Spec, type Traits } from '@maru-ml/tooling/testing/conformance';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiscreteModel, GLM, Logit, type MargeffOptions, MNLogit, Probit } from '../src/index.ts';
import traits from '../traits.json' with { type: 'json' };

/** Groups that are not separated: five rows of general position stand once more among those of the next group. */
function overlapping(groups: number): Spec['adapt'] {
  return ({ x, y }) => {
    const labels = y.map((group) => Math.min(group, groups - 1));
    const thrice = [...x.keys(), ...x.keys(), ...x.keys()];
    const rows = thrice.map((i) => [...x[i]!]);
    const all = thrice.map((i) => labels[i]!);
    for (let group = 0; group + 1 < groups; group++) {
      const own = [...x.keys()].filter((i) => labels[i] === group).slice(0, 5);
      for (const i of own) {
        rows.push([...x[i]!]);
        all.push(group + 1);
      }
    }
    return { x: rows, y: all };
  };
}

const spec = {
  Model: DiscreteModel,
  tensor: (rows: number[][], dtype: 'float32' | 'float64') => tensor(rows, { dtype }),
  options: { addConstant: true },
};
for (const [name, Estimator] of Object.entries({ Logit, Probit, MNLogit })) {
  const own = traits[name as 'Logit'] as Traits;
  checkClassifier({ ...spec, name, Estimator, traits: own, adapt: overlapping(own.groups ?? 3)! });
}

interface Case {
  kind: 'Logit' | 'Probit' | 'MNLogit';
  offset: boolean;
  covType: 'nonrobust' | 'HC0' | 'cluster';
  params: number[];
  bse: number[];
  pvalues: number[];
  low: number[];
  numbers: Record<string, number>;
  predict: number[] | number[][];
  resid?: Record<string, number[]>;
  predTable?: number[][];
  margins: { options: MargeffOptions; margeff: number[]; se: number[] }[];
  page?: string;
  html?: string;
}

const path = new URL('./fixtures/discrete.json', import.meta.url);
const fixture = JSON.parse(readFileSync(path, 'utf8')) as {
  x: number[][];
  y: number[];
  y3: number[];
  offset: number[];
  groups: number[];
  new: number[][];
  cases: Case[];
  iris: { page: string; params: number[]; accuracy: number; margins: string };
};
const date = new Date(2024, 5, 11, 9, 5, 3);
const ESTIMATORS = { Logit, Probit, MNLogit };

describe('Logit, Probit and MNLogit, as statsmodels', () => {
  for (const c of fixture.cases) {
    it(`${c.kind} ${c.covType}${c.offset ? ' with an offset' : ''}`, () => {
      const { x, offset, groups } = fixture;
      const y = c.kind === 'MNLogit' ? fixture.y3 : fixture.y;
      const options = { ...(c.offset && { offset }), ...(c.covType === 'cluster' && { groups }) };
      const fit = (tol: number) => new ESTIMATORS[c.kind]({ covType: c.covType, tol }).fit(x, y, options);
      const model = fit(1e-12);
      expectClose(model.params, c.params, { rtol: 1e-8, atol: 1e-10, name: 'params' });
      const { bse, pvalues } = model;
      const { low } = model.confInt(0.1);
      const wanted = { bse: c.bse, pvalues: c.pvalues, low: c.low };
      expectClose({ bse, pvalues, low }, wanted, { rtol: 1e-8, atol: 1e-10 });
      for (const [name, value] of Object.entries(c.numbers)) {
        // statsmodels finds the likelihood of the constant by a search.
        expectClose(model[name as 'llf'], value, { rtol: name === 'llf' ? 1e-10 : 1e-7, name });
      }
      const probabilities = model.predictProba(fixture.new).toArray();
      expectClose(c.kind === 'MNLogit' ? probabilities : probabilities.map((p) => p[1]!), c.predict, { rtol: 1e-9 });
      if (c.predTable !== undefined) expect(model.predTable().toArray()).toEqual(c.predTable);
      for (const [name, values] of Object.entries(c.resid ?? {})) {
        expectClose(model[name as 'residDev'].slice(0, 5), values, { rtol: 1e-8, name });
      }
      for (const { options: margeff, margeff: effects, se } of c.margins) {
        const margins = model.getMargeff(margeff);
        const name = JSON.stringify(margeff);
        expectClose(margins.margeff, effects, { rtol: 1e-8, atol: 1e-11, name });
        // For Probit statsmodels takes differences.
        expectClose(margins.margeffSe, se, { rtol: c.kind === 'Logit' ? 1e-8 : 1e-6, atol: 1e-9, name: `se ${name}` });
      }
      if (c.page === undefined) return;
      const page = fit(1e-8).summary({ date });
      expect(String(page)).toBe(c.page);
      if (c.html !== undefined) expect(page.toHTML()).toBe(c.html);
      const loaded = DiscreteModel.fromJSON(JSON.parse(JSON.stringify(model)));
      expect(String(loaded.summary())).toBe(String(model.summary()));
    });
  }

  it('iris, versicolor and virginica: accuracy .98 and the whole page', () => {
    const { x, y } = iris();
    const [rows, d] = x.shape;
    const kept = Array.from({ length: rows }, (_, i) => i).filter((i) => y[i]! > 0);
    const column = (j: number) => Float64Array.from(kept, (i) => x.data[i * d + j]!);
    const [sepal_length, sepal_width, petal_length, petal_width] = [0, 1, 2, 3].map(column);
    const virginica = Float64Array.from(kept, (i) => y[i]! - 1);
    const data = { sepal_length, sepal_width, petal_length, petal_width, virginica } as Record<string, Float64Array>;
    const model = new Logit().fit('virginica ~ sepal_length + sepal_width + petal_length + petal_width', data);
    expectClose(model.params, fixture.iris.params, { rtol: 1e-8 });
    expect(String(model.summary({ date }))).toBe(fixture.iris.page);
    expect(model.score(data)).toBe(fixture.iris.accuracy);
    expect(model.score(data)).toBe(0.98);
    expect(String(model.getMargeff().summary())).toBe(fixture.iris.margins);
  });
});
