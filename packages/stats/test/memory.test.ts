/** @module-tag node */
import { Random } from '@maru-ml/base';
import { memoryInUse } from '@maru-ml/kernels/memory';
import { peakOf } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { GLM, Logit, OLS, WLS } from '../src/index.ts';

describe('a fit takes at most three copies of x beyond its result', () => {
  const [n, d] = [8000, 32];
  const random = new Random(1);
  const data = Float64Array.from({ length: n * d }, () => random.normal());
  const x = { data, shape: [n, d] } as const;
  const y = Float64Array.from({ length: n }, (_, i) => data[i * d]! + random.normal());
  const counts = y.map((value) => Math.floor(Math.exp(value / 2)));
  const labels = Array.from(y, (value) => value > 0);

  it.each<[string, () => unknown]>([
    ['OLS', () => new OLS({ addConstant: true }).fit(x, y)],
    ['OLS with HC3', () => new OLS({ addConstant: true, covType: 'HC3' }).fit(x, y)],
    ['WLS', () => new WLS({ addConstant: true }).fit(x, y, { sampleWeight: y.map((value) => value * value + 1) })],
    ['GLM', () => new GLM({ addConstant: true, family: 'poisson' }).fit(x, counts)],
    ['Logit', () => new Logit({ addConstant: true }).fit(x, labels)],
  ])('%s', (_, fit) => {
    const { bytes, kept } = peakOf(fit, memoryInUse);
    expect((bytes - kept) / data.byteLength).toBeLessThanOrEqual(3);
  });
});
