import { expect, it } from 'vitest';
import * as steps from '../src/steps.ts';
import { describeBoth } from './both.ts';

type FloatType = Float32ArrayConstructor | Float64ArrayConstructor;
const FLOATS: FloatType[] = [Float32Array, Float64Array];

// Steps with numbers that floats hold exactly. Runs of many steps are compared with PyTorch's in @maru-ml/optim.
describeBoth('one step worked by hand', () => {
  const plain = { lr: 0.5, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, first: false };

  it('gradient descent', () => {
    for (const Type of FLOATS) {
      const p = Type.of(1, 2, 3, 4, 5);
      steps.sgdStep(p, Type.of(2, 4, -2, 0, 1), null, plain);
      expect([...p]).toEqual([0, 0, 4, 4, 4.5]);
      // d = g + p / 2.
      steps.sgdStep(p, Type.of(0, 0, 1, 0, 0), null, { ...plain, weightDecay: 0.5 });
      expect([...p]).toEqual([0, 0, 2.5, 3, 3.375]);
    }
  });

  it('with momentum: v = g at first, then v = v / 2 + 3/4 g', () => {
    for (const Type of FLOATS) {
      const p = Type.of(1, 2, 3);
      const v = Type.of(77, 77, 77);
      const options = { ...plain, momentum: 0.5, dampening: 0.25 };
      steps.sgdStep(p, Type.of(2, 4, 8), v, { ...options, first: true });
      expect([...v, ...p]).toEqual([2, 4, 8, 0, 0, -1]);
      steps.sgdStep(p, Type.of(4, 0, -8), v, options);
      expect([...v, ...p]).toEqual([4, 2, -2, -2, -1, 0]);
    }
  });

  it("with Nesterov's momentum: g + v / 2", () => {
    for (const Type of FLOATS) {
      const p = Type.of(10);
      const v = Type.of(4);
      steps.sgdStep(p, Type.of(2), v, { ...plain, momentum: 0.5, nesterov: true });
      expect([...v, ...p]).toEqual([4, 8]);
    }
  });

  it('Adam: the first step goes by the rate against the sign of the gradient', () => {
    const adam = { lr: 0.25, beta1: 0.5, beta2: 0.75, eps: 0, weightDecay: 0, decoupled: false, step: 1 };
    for (const Type of FLOATS) {
      const [p, m, v] = [Type.of(1, 1, 1), new Type(3), new Type(3)];
      steps.adamStep(p, Type.of(4, -2, 0.5), m, v, adam);
      expect([...m, ...v]).toEqual([2, -1, 0.25, 4, 1, 0.0625]);
      expect([...p]).toEqual([0.75, 1.25, 0.75]);
    }
  });

  it('Adam and AdamW decay weights in their own ways', () => {
    const adam = { lr: 0.25, beta1: 0.5, beta2: 0.75, eps: 0, weightDecay: 2, decoupled: false, step: 1 };
    for (const Type of FLOATS) {
      const [p, m, v] = [Type.of(2), new Type(1), new Type(1)];
      // The gradient becomes 4 + 2 · 2.
      steps.adamStep(p, Type.of(4), m, v, adam);
      expect([...m, ...v, ...p]).toEqual([4, 16, 1.75]);
      const [q, n, w] = [Type.of(2), new Type(1), new Type(1)];
      // The parameter is halved first.
      steps.adamStep(q, Type.of(4), n, w, { ...adam, decoupled: true });
      expect([...n, ...w, ...q]).toEqual([2, 4, 0.75]);
    }
  });

  it('AdaGrad, RMSProp, AdaDelta', () => {
    for (const Type of FLOATS) {
      const [p, sum] = [Type.of(1), Type.of(7)];
      steps.adagradStep(p, Type.of(3), sum, { lr: 0.5, eps: 0, weightDecay: 0 });
      expect([...sum, ...p]).toEqual([16, 0.625]);

      const rms = { lr: 0.5, alpha: 0.5, eps: 0, weightDecay: 0, momentum: 0.5, nesterov: false };
      const [q, square, buffer, mean] = [Type.of(1), Type.of(14), Type.of(2), Type.of(0)];
      steps.rmspropStep(q, Type.of(2), square, null, null, rms);
      expect([...square, ...q]).toEqual([9, Type.of(1 - 1 / 3)[0]]);
      const [r, spread] = [Type.of(1), Type.of(16)];
      // The square is 10, the mean 1: √(10 - 1) = 3, and the buffer 2 / 2 + 2 / 3.
      steps.rmspropStep(r, Type.of(2), spread, buffer, mean, rms);
      expect([...spread, ...mean]).toEqual([10, 1]);
      expect(r[0]).toBeCloseTo(1 - 0.5 * (1 + 2 / 3), 6);

      const [s, v, u] = [Type.of(1), Type.of(7), Type.of(4)];
      // v = (7 + 9) / 2; the step is √(4 / 8) · 3.
      steps.adadeltaStep(s, Type.of(3), v, u, { lr: 1, rho: 0.5, eps: 0, weightDecay: 0 });
      expect(v[0]).toBe(8);
      expect(u[0]).toBeCloseTo(2 + 0.5 * 4.5, 6);
      expect(s[0]).toBeCloseTo(1 - 3 * Math.SQRT1_2, 6);
    }
  });

  it('NAdam', () => {
    for (const Type of FLOATS) {
      const [p, m, v] = [Type.of(1), Type.of(0), Type.of(0)];
      const options = { lr: 0.5, beta1: 0.5, beta2: 0.75, eps: 0, weightDecay: 0, step: 1 };
      // m = 2, v = 4, √(v / (1 - 3/4)) = 4; 1/2 (1 - 1/2) / (1 - 1/2) · 4 / 4 + 1/2 · 1/2 / (1 - 1/4) · 2 / 4.
      steps.nadamStep(p, Type.of(4), m, v, { ...options, mu: 0.5, muNext: 0.5, muProduct: 0.5 });
      expect([...m, ...v]).toEqual([2, 4]);
      expect(p[0]).toBeCloseTo(1 - 0.5 - 1 / 6, 6);
    }
  });
});
