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
      expect(model.decisionFunctionShape).toBe(c.options.decisionFunctionShape ?? 'ovr');
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

  it('learns the sigmoid from answers to each fifth row, those of a class in turn', () => {
    const two = [...svcFixture.probability.y.keys()].filter((i) => svcFixture.probability.y[i]! < 2);
    const [x, y] = [two.map((i) => svcFixture.probability.x[i]!), two.map((i) => svcFixture.probability.y[i]!)];
    const model = new SVC({ gamma: 0.2, probability: true, tol: 1e-6 }).fit(x, y);
    const rows = [0, 1].flatMap((label) => [...y.keys()].filter((i) => y[i] === label));
    const answers = new Float64Array(rows.length);
    for (let fold = 0; fold < 5; fold++) {
      const [held, rest] = [true, false].map((isHeld) => rows.filter((_, at) => (at % 5 === fold) === isHeld));
      const at = (list: number[]) => list.map((i) => x[i]!);
      const machine = new SVC({ gamma: 0.2, tol: 1e-6 }).fit(
        at(rest!),
        rest!.map((i) => y[i]!),
      );
      const found = machine.decisionFunction(at(held!)) as Float64Array;
      for (const [k, i] of held!.entries()) answers[rows.indexOf(i)] = found[k]!;
    }
    const { a, b } = fitSigmoid(
      answers,
      Float64Array.from(rows, (i) => (y[i] === 1 ? 1 : -1)),
    );
    const wanted = Array.from(
      model.decisionFunction(x) as Float64Array,
      (answer) => 1 / (1 + Math.exp(a * answer + b)),
    );
    expectClose(
      model.predictProba!(x)
        .toArray()
        .map((row) => row[1]!),
      wanted,
      { rtol: 1e-4 },
    );
  });

  it('is near to scikit-learn, whose folds are others', () => {
    const { x, y, fresh, p } = svcFixture.probability;
    const model = new SVC({ gamma: 0.2, probability: true, tol: 1e-6 }).fit(x, y);
    expectClose(model.predictProba!(fresh), p, { rtol: 0, atol: 0.08 });
  });
});
