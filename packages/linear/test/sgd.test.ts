import { readFileSync } from 'node:fs';
import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { Perceptron, SGDClassifier, SGDRegressor } from '../src/index.ts';

interface Case {
  name: string;
  estimator: 'SGDClassifier' | 'SGDRegressor' | 'Perceptron';
  target: 'two' | 'three' | 'numbers';
  options: object;
  weights: number[] | null;
  coef: number[][] | number[];
  intercept: number[];
  nIter: number;
  t: number;
  predict: number[];
  decision?: number[] | number[][];
  proba?: number[][];
  score: number;
  then?: number;
  coefThen?: number[][] | number[];
  interceptThen?: number[];
  tThen?: number;
}

describe('SGDClassifier, SGDRegressor and Perceptron, as scikit-learn without shuffling', () => {
  const path = new URL('./fixtures/sgd.json', import.meta.url);
  const { x, targets, cases } = JSON.parse(readFileSync(path, 'utf8')) as {
    x: number[][];
    targets: Record<string, number[]>;
    cases: Case[];
  };
  const close = { rtol: 1e-9, atol: 1e-11 };
  for (const c of cases) {
    it(c.name, () => {
      const y = targets[c.target]!;
      const options = c.weights === null ? {} : { sampleWeight: c.weights };
      const some = x.slice(0, 12);
      if (c.estimator === 'SGDRegressor') {
        const model = new SGDRegressor(c.options).fit(x, y, options);
        expectClose(model.coef, c.coef, close);
        expectClose(model.intercept, c.intercept[0], close);
        expect([model.nIter, model.t]).toEqual([c.nIter, c.t]);
        expectClose(model.predict(some), c.predict, close);
        expectClose(model.score(x, y), c.score, close);
        let later = model;
        for (let i = 0; i < (c.then ?? 0); i++) later = later.update(x.slice(20), y.slice(20));
        if (c.then === undefined) return;
        expectClose(later.coef, c.coefThen, close);
        expectClose(later.intercept, c.interceptThen![0], close);
        expect(later.t).toBe(c.tThen);
        return;
      }
      const Estimator = c.estimator === 'Perceptron' ? Perceptron : SGDClassifier;
      const model = new Estimator(c.options).fit(x, y, options);
      expectClose(model.coef, c.coef, close);
      expectClose(model.intercept, c.intercept, close);
      expect([model.nIter, model.t]).toEqual([c.nIter, c.t]);
      expect(model.predict(some)).toEqual(c.predict);
      expectClose(model.decisionFunction(some), c.decision, close);
      expectClose(model.score(x, y), c.score);
      if (c.proba !== undefined) expectClose(model.predictProba!(some), c.proba, close);
      else expect(model.predictProba).toBeUndefined();
      let later = model;
      for (let i = 0; i < (c.then ?? 0); i++) later = later.update(x.slice(20), y.slice(20));
      if (c.then === undefined) return;
      expectClose(later.coef, c.coefThen, close);
      expectClose(later.intercept, c.interceptThen, close);
      expect(later.t).toBe(c.tThen);
    });
  }
});
