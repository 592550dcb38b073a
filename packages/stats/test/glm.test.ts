import { readFileSync } from 'node:fs';
import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { tensor } from '@maru-ml/tensor';
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
  tensor: (rows, dtype) => tensor(rows, { dtype }),
  options: { addConstant: true },
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
