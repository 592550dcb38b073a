/** @module-tag node */
import { Random } from '@maru-ml/base';
import { memoryInUse } from '@maru-ml/kernels/memory';
import { peakOf } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import { HistGradientBoostingClassifier, HistGradientBoostingRegressor } from '../src/index.ts';

const [n, d] = [20_000, 28];
const random = new Random(1);
const data = Float64Array.from({ length: n * d }, () => random.normal());
const x = { data, shape: [n, d] } as const;
const y = Float64Array.from({ length: n }, (_, i) => data[i * d]! + random.normal());
const labels = Int32Array.from(y, (value) => Number(value > 0));
const options = { maxIter: 3, maxLeafNodes: 4, seed: 0 };

// An eighth of x are its bins, a tenth the histograms of leaves that can still be split; rows held out are not copied.
it.each<[string, () => unknown]>([
  ['classes', () => new HistGradientBoostingClassifier(options).fit(x, labels)],
  ['numbers', () => new HistGradientBoostingRegressor(options).fit(x, y)],
])('histogram boosting of %s takes less than half of x, with rows held out', (_, fit) => {
  const { bytes, kept } = peakOf(fit, memoryInUse);
  expect((bytes - kept) / data.byteLength).toBeLessThanOrEqual(0.45);
});
