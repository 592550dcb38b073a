import { readFileSync } from 'node:fs';
import { DataError } from '@maru-ml/base';
import { encodeArray } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { LogisticRegression, LogisticRegressionModel, type LogisticRegressionOptions } from '../src/index.ts';

interface Case {
  name: string;
  data: string;
  options: LogisticRegressionOptions;
  weights: number[] | null;
  coef: number[][];
  intercept: number[];
  fresh: number[][];
  predict: number[];
  proba: number[][];
  logProba: number[][];
  decision: number[] | number[][];
  score: number;
}

describe('LogisticRegression, as scikit-learn', () => {
  const path = new URL('./fixtures/logistic.json', import.meta.url);
  const { sets, cases } = JSON.parse(readFileSync(path, 'utf8')) as {
    sets: Record<string, { x: number[][]; y: number[] }>;
    cases: Case[];
  };
  for (const c of cases) {
    const { x, y } = sets[c.data]!;
    const smooth = c.options.penalty === 'l2' || c.options.penalty === null;
    const solvers = smooth ? (['newton-cholesky', 'lbfgs', 'coordinate'] as const) : (['coordinate'] as const);
    for (const solver of solvers) {
      it(`${c.name}, by ${solver}`, () => {
        const options = c.weights === null ? {} : { sampleWeight: c.weights };
        const model = new LogisticRegression({ ...c.options, solver }).fit(x, y, options);
        expect(model.warning).toBe('');
        expect(model.converged).toBe(true);
        // scikit-learn's saga is what is less exact here.
        const close = { rtol: 1e-6, atol: smooth ? 1e-7 : 1e-6 };
        expectClose(model.coef, c.coef, close);
        expectClose(model.intercept, c.intercept, close);
        expect(model.predict(c.fresh)).toEqual(c.predict);
        expectClose(model.predictProba(c.fresh), c.proba, close);
        expectClose(model.predictLogProba(c.fresh), c.logProba, { rtol: 1e-5, atol: 1e-6 });
        expectClose(model.decisionFunction(c.fresh), c.decision, { rtol: 1e-5, atol: 1e-6 });
        expectClose(model.score(x, y), c.score);
      });
    }
  }
});

describe('a damaged file', () => {
  it('with one class, a NaN or an option that is none is refused', () => {
    const saved = JSON.parse(JSON.stringify(new LogisticRegression().fit([[1], [2], [3]], ['a', 'b', 'b'])));
    expectError(
      () => LogisticRegressionModel.fromJSON({ ...saved, classes: ['a'] }),
      DataError,
      "LogisticRegressionModel.fromJSON: classes must be at least 2 different labels of one type, got ['a']",
    );
    const intercept = JSON.parse(JSON.stringify(encodeArray(Float64Array.of(Number.NaN))));
    expectError(
      () => LogisticRegressionModel.fromJSON({ ...saved, intercept }),
      DataError,
      'LogisticRegressionModel.fromJSON: intercept must be finite, got NaN at place 0',
    );
  });
});
