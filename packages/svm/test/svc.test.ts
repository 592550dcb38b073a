import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { SVC, type SVCModel } from '../src/index.ts';
import { couple, fitSigmoid } from '../src/platt.ts';
import { svcFixture } from './fixtures/svm-fixture.ts';

describe('SVC, as scikit-learn', () => {
  for (const c of svcFixture.svc) {
    it(c.name, () => {
      const model = new SVC(c.options).fit(c.x, c.y, c.weight === null ? {} : { sampleWeight: c.weight });
      expect(model.converged).toBe(true);
      expect([...model.support]).toEqual(c.support);
      expect([...model.nSupport]).toEqual(c.nSupport);
      // LIBSVM rounds kernel values to float32.
      const tolerance = { rtol: 1e-5, atol: 1e-5 * c.options.C };
      expectClose(model.dualCoef, c.dualCoef, tolerance);
      expectClose(model.intercept, c.intercept, tolerance);
      expect(model.predict(c.fresh)).toEqual(c.predict);
      expectClose(model.decisionFunction(c.fresh), c.decision, tolerance);
      expect(model.score(c.x, c.y)).toBeCloseTo(c.score, 12);
      if (c.objective !== undefined) {
        expectClose(objectiveOf(model, c), c.objective, { rtol: 1e-6 });
        expectClose(model.margin, [c.margin!], { rtol: 1e-5 });
      }
      if (c.coef === undefined) expect(model.coef).toBeUndefined();
      else expectClose(model.coef!, c.coef, tolerance);
    });
  }
});

/** ½ βᵀKβ - yᵀβ of two classes, where Kβ at the support vectors is what the model answers there less b. */
function objectiveOf(model: SVCModel<number>, { y }: { y: number[] }): number {
  const beta = model.dualCoef.data;
  const answers = model.decisionFunction(model.supportVectors) as Float64Array;
  let sum = 0;
  for (const [s, i] of model.support.entries()) {
    sum += beta[s]! * (0.5 * (answers[s]! - model.intercept[0]!) - (y[i] === model.classes[1] ? 1 : -1));
  }
  return sum;
}

describe('probabilities', () => {
  it('fits the sigmoid of scikit-learn', () => {
    const { answers, signs, a, b } = svcFixture.sigmoid;
    const found = fitSigmoid(Float64Array.from(answers), Float64Array.from(signs));
    expectClose([found.a, found.b], [a, b], { rtol: 1e-9 });
  });

  it('couples pairs as the equations of Wu, Lin and Weng have it', () => {
    const { r, p } = svcFixture.coupling;
    const found = new Float64Array(4);
    couple(Float64Array.from(r.flat()), 4, found);
    expectClose(found, p, { rtol: 1e-9 });
  });

  it('is near to scikit-learn, whose folds are others', () => {
    const { x, y, fresh, p } = svcFixture.probability;
    const model = new SVC({ gamma: 0.2, probability: true, tol: 1e-6, seed: 0 }).fit(x, y);
    expectClose(model.predictProba!(fresh), p, { rtol: 0, atol: 0.08 });
  });
});
