import { Random } from '@maru-ml/base';
import { expectNoGarbage } from '@maru-ml/tooling/testing';
import { describe, it } from 'vitest';
import { FuzzyCMeans, FuzzyKMeans, GaussianMixture, MiniBatchKMeans } from '../src/index.ts';

describe('serving', () => {
  const random = new Random(1);
  const x = Array.from({ length: 60 }, (_, i) => Array.from({ length: 6 }, () => random.normal() + 4 * (i % 3)));

  it('answers single rows without allocating', { tags: ['node'] }, async () => {
    const row = Float64Array.from(x[0]!);
    const out = new Float64Array(3);
    const miniBatch = new MiniBatchKMeans({ nClusters: 3, seed: 1 }).fit(x);
    await expectNoGarbage((i) => {
      row[0] = i / 7;
      miniBatch.predictOne(row);
      miniBatch.transformOne(row, out);
    });
    for (const covarianceType of ['full', 'tied', 'diag', 'spherical'] as const) {
      const model = new GaussianMixture({ nComponents: 3, covarianceType, seed: 1 }).fit(x);
      await expectNoGarbage((i) => {
        row[0] = (i % 90) / 7;
        model.predictOne(row);
      });
    }
  });

  it('makes no arrays for memberships of single rows', { tags: ['node'] }, async () => {
    const row = Float64Array.from(x[0]!);
    for (const estimator of [
      new FuzzyKMeans({ nClusters: 3, beta: 0.1, seed: 1 }),
      new FuzzyCMeans({ nClusters: 3, m: 1.7, seed: 1 }),
    ]) {
      const model = estimator.fit(x);
      await expectNoGarbage((i) => {
        row[0] = (i % 90) / 7;
        model.predictOne(row);
      });
    }
  });
});
