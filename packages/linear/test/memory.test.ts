/** @module-tag node */
import { Random } from '@maru-ml/base';
import { memoryInUse } from '@maru-ml/kernels/memory';
import { peakOf } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  ElasticNet,
  ElasticNetCV,
  Lasso,
  LassoCV,
  LinearRegression,
  LogisticRegression,
  Perceptron,
  Ridge,
  RidgeCV,
  SGDClassifier,
  SGDRegressor,
} from '../src/index.ts';

describe('a fit takes at most three copies of x beyond its result', () => {
  const [n, d] = [8000, 32];
  const random = new Random(1);
  const data = Float64Array.from({ length: n * d }, () => random.normal());
  const x = { data, shape: [n, d] } as const;
  const y = Float64Array.from({ length: n }, (_, i) => data[i * d]! + random.normal());
  const labels = Array.from(y, (value) => value > 0);

  it.each<[string, () => unknown]>([
    ['LinearRegression', () => new LinearRegression().fit(x, y)],
    ['Ridge', () => new Ridge().fit(x, y)],
    ['RidgeCV', () => new RidgeCV().fit(x, y)],
    ['Lasso', () => new Lasso({ alpha: 0.1 }).fit(x, y)],
    ['ElasticNet', () => new ElasticNet({ alpha: 0.1 }).fit(x, y)],
    ['LassoCV', () => new LassoCV({ nAlphas: 5 }).fit(x, y)],
    ['ElasticNetCV', () => new ElasticNetCV({ nAlphas: 3, l1Ratio: [0.2, 0.8] }).fit(x, y)],
    ['LogisticRegression', () => new LogisticRegression().fit(x, labels)],
    ['LogisticRegression with l1', () => new LogisticRegression({ penalty: 'l1' }).fit(x, labels)],
    ['SGDClassifier', () => new SGDClassifier({ seed: 0 }).fit(x, labels)],
    ['SGDRegressor', () => new SGDRegressor({ seed: 0 }).fit(x, y)],
    ['Perceptron', () => new Perceptron({ seed: 0 }).fit(x, labels)],
  ])('%s', (_, fit) => {
    const { bytes, kept } = peakOf(fit, memoryInUse);
    expect((bytes - kept) / data.byteLength).toBeLessThanOrEqual(3);
  });

  it('which a copy of x shows in the measure', () => {
    const { bytes, kept } = peakOf(() => data.map((value) => value + 1).slice(), memoryInUse);
    expect([bytes, kept].map((value) => value / data.byteLength)).toEqual([2, 1]);
  });
});
