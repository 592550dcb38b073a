import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { LinearSVC, LinearSVR, OneClassSVM, SVR } from '../src/index.ts';
import { machineFixture } from './fixtures/svm-fixture.ts';

const fitOptions = (weight: number[] | null) => (weight === null ? {} : { sampleWeight: weight });

// LIBSVM rounds kernel values to float32.
const rounded = { rtol: 1e-5, atol: 1e-5 };

describe('SVR, as scikit-learn', () => {
  for (const c of machineFixture.svr) {
    it(c.name, () => {
      const model = new SVR(c.options).fit(c.x, c.y, fitOptions(c.weight));
      const { C } = c.options as { C: number };
      expect(model.converged).toBe(true);
      expect([...model.support]).toEqual(c.support);
      expectClose(model.dualCoef, c.dualCoef, { rtol: 1e-5, atol: 1e-4 * C });
      expectClose(model.intercept, c.intercept, { rtol: 1e-5, atol: 1e-5 * C });
      expectClose(model.predict(c.fresh), c.predict, rounded);
      expectClose(model.score(c.x, c.y), c.score, rounded);
      // ½ βᵀKβ - yᵀβ + ε Σ |β|, where Kβ at the support vectors is what the model answers there less b.
      const answers = model.predict(model.supportVectors);
      const { epsilon } = c.options as { epsilon: number };
      let objective = 0;
      for (const [s, i] of model.support.entries()) {
        const b = model.dualCoef[s]!;
        objective += b * (0.5 * (answers[s]! - model.intercept) - c.y[i]!) + epsilon * Math.abs(b);
      }
      expectClose(objective, c.objective, { rtol: 1e-6 });
    });
  }
});

describe('OneClassSVM, as scikit-learn', () => {
  for (const c of machineFixture.oneClass) {
    it(c.name, () => {
      const model = new OneClassSVM(c.options).fit(c.x, fitOptions(c.weight));
      expect(model.converged).toBe(true);
      if (c.name !== 'linear') {
        // Forty rows in three columns have many multipliers with the same w.
        expect([...model.support]).toEqual(c.support);
        expectClose(model.dualCoef, c.dualCoef, rounded);
      }
      expectClose([model.intercept, model.offset], [c.intercept, c.offset], rounded);
      expect([...model.predict(c.fresh)]).toEqual(c.predict);
      expectClose(model.decisionFunction(c.fresh), c.decision, { rtol: 1e-5, atol: 1e-4 });
      expectClose(model.scoreSamples(c.fresh), c.samples, rounded);
    });
  }
});

describe('LinearSVC, as scikit-learn', () => {
  for (const c of machineFixture.linearSvc) {
    it(c.name, () => {
      const model = new LinearSVC({ ...c.options, maxIter: 1e6, seed: 0 }).fit(c.x, c.y, fitOptions(c.weight));
      expect(model.converged).toBe(true);
      expectClose(model.coef, c.coef, { rtol: 1e-7, atol: 1e-8 });
      expectClose(model.intercept, c.intercept, { rtol: 1e-7, atol: 1e-8 });
      expect(model.predict(c.fresh)).toEqual(c.predict);
      expectClose(model.decisionFunction(c.fresh), c.decision, { rtol: 1e-7, atol: 1e-8 });
      expect(model.score(c.x, c.y)).toBeCloseTo(c.score, 12);
    });
  }
});

describe('LinearSVR, as scikit-learn', () => {
  for (const c of machineFixture.linearSvr) {
    it(c.name, () => {
      const model = new LinearSVR({ ...c.options, maxIter: 1e6, seed: 0 }).fit(c.x, c.y, fitOptions(c.weight));
      expect(model.converged).toBe(true);
      expectClose(model.coef, c.coef, { rtol: 1e-7, atol: 1e-8 });
      expectClose(model.intercept, c.intercept, { rtol: 1e-7, atol: 1e-8 });
      expectClose(model.predict(c.fresh), c.predict, { rtol: 1e-7 });
      expectClose(model.score(c.x, c.y), c.score, { rtol: 1e-7 });
    });
  }
});
