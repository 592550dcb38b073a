import { readFileSync } from 'node:fs';
import { tensor, toSparse } from '@maru-ml/tensor';
import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { ElasticNet, ElasticNetCV, Lasso, LassoCV, LinearRegression, Ridge, RidgeCV } from '../src/index.ts';

interface Case {
  name: string;
  estimator: string;
  data: string;
  options: Record<string, unknown>;
  weights: number[] | null;
  coef: number[];
  intercept: number;
  predict: number[];
  score: number;
  rank?: number;
  singular?: number[];
  alpha?: number;
  alphas?: number[] | number[][];
  l1Ratio?: number;
  bestScore?: number;
  errors?: number[];
  msePath?: number[][] | number[][][];
}

const path = new URL('./fixtures/regression.json', import.meta.url);
const { sets, cases } = JSON.parse(readFileSync(path, 'utf8')) as {
  sets: Record<string, { x: number[][]; y: number[] }>;
  cases: Case[];
};
const closed = { rtol: 1e-9, atol: 1e-11 };
/** scikit-learn's descent ends a little before ours. */
const descended = { rtol: 1e-6, atol: 1e-7 };

describe('linear regressors, as scikit-learn', () => {
  for (const c of cases) {
    const { x, y } = sets[c.data]!;
    const fit = c.weights === null ? {} : { sampleWeight: c.weights };
    const fresh = x.slice(0, 6).map((row) => row.map((value) => value + 0.5));
    it(c.name, () => {
      if (c.estimator === 'LinearRegression') {
        const model = new LinearRegression(c.options).fit(x, y, fit);
        expectClose(model.coef, c.coef, closed);
        expectClose(model.intercept, c.intercept, closed);
        expectClose(model.predict(fresh), c.predict, closed);
        expectClose(model.score(x, y), c.score, closed);
        if (c.rank === undefined) return;
        expect(model.rank).toBe(c.rank);
        expectClose(model.singular, c.singular, { rtol: 1e-9, atol: 1e-9 });
      } else if (c.estimator === 'Ridge') {
        const { solver, ...options } = c.options;
        const model = new Ridge({ ...options, solver: (solver === 'sparse_cg' ? 'sparseCg' : solver) as 'svd' }).fit(
          x,
          y,
          fit,
        );
        expectClose(model.coef, c.coef, closed);
        expectClose(model.intercept, c.intercept, closed);
        expectClose(model.predict(fresh), c.predict, closed);
        expectClose(model.score(x, y), c.score, closed);
        // All ways lead to the same numbers.
        const sparse = toSparse(tensor(x, { dtype: 'float64' }));
        const inOtherWays = [
          new Ridge({ ...options, solver: 'svd' }).fit(x, y, fit),
          new Ridge({ ...options, solver: 'sparseCg' }).fit(x, y, fit),
          new Ridge(options).fit(sparse, y, fit),
        ];
        for (const other of inOtherWays) {
          expect(other.converged).toBe(true);
          expectClose(other.coef, c.coef, { rtol: 1e-8, atol: 1e-9 });
        }
      } else if (c.estimator === 'RidgeCV') {
        const model = new RidgeCV(c.options).fit(x, y, fit);
        expect(model.alpha).toBe(c.alpha);
        expectClose(model.coef, c.coef, closed);
        expectClose(model.intercept, c.intercept, closed);
        expectClose(model.bestScore, c.bestScore, closed);
        expectClose(model.errors, c.errors, closed);
        expectClose(model.predict(fresh), c.predict, closed);
        expectClose(model.score(x, y), c.score, closed);
      } else if (c.estimator === 'Lasso' || c.estimator === 'ElasticNet') {
        const { l1Ratio, ...rest } = c.options;
        const estimator = (more: object) =>
          c.estimator === 'Lasso' ? new Lasso({ ...rest, ...more }) : new ElasticNet({ ...c.options, ...more });
        const model = estimator({}).fit(x, y, fit);
        expectClose(model.coef, c.coef, descended);
        expect([...model.coef].map((w) => w === 0)).toEqual(c.coef.map((w) => w === 0));
        expectClose(model.intercept, c.intercept, descended);
        expectClose(model.predict(fresh), c.predict, descended);
        expectClose(model.score(x, y), c.score, descended);
        const sparse = toSparse(tensor(x, { dtype: 'float64' }));
        for (const other of [
          estimator({ selection: 'random', seed: 1 }).fit(x, y, fit),
          estimator({}).fit(sparse, y, fit),
        ]) {
          expect(other.converged).toBe(true);
          expectClose(other.coef, c.coef, descended);
        }
      } else {
        const { l1Ratio, ...rest } = c.options;
        const model = (c.estimator === 'LassoCV' ? new LassoCV(rest) : new ElasticNetCV(c.options)).fit(x, y, fit);
        expectClose(model.alpha, c.alpha, closed);
        expect(model.l1Ratio).toBe(c.l1Ratio ?? 1);
        expectClose(model.coef, c.coef, descended);
        expectClose(model.intercept, c.intercept, descended);
        expectClose(model.predict(fresh), c.predict, descended);
        const many = Array.isArray((c.msePath as number[][][])[0]![0]);
        const paths = (many ? c.msePath : [c.msePath]) as number[][][];
        const grids = (many ? c.alphas : [c.alphas]) as number[][];
        expect(model.curves).toHaveLength(paths.length);
        for (const [i, curve] of model.curves.entries()) {
          expectClose(curve.alphas, grids[i], closed);
          expectClose(curve.msePath, paths[i], descended);
        }
        expect(model.dualGaps.every((gap) => gap <= (1e-10 * y.reduce((s, v) => s + v * v, 0)) / y.length)).toBe(true);
      }
    });
  }
});
