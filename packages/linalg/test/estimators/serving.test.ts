import { Random } from '@maru-ml/base';
import { expectNoGarbage } from '@maru-ml/tooling/testing';
import { describe, it } from 'vitest';
import {
  FactorAnalysis,
  HebbianPCA,
  LinearDiscriminantAnalysis,
  PCA,
  QuadraticDiscriminantAnalysis,
  TruncatedSVD,
} from '../../src/index.ts';

describe('serving', () => {
  const random = new Random(1);
  const x = Array.from({ length: 60 }, (_, i) => Array.from({ length: 6 }, () => random.normal() + 4 * (i % 3)));
  const row = Float64Array.from(x[0]!);
  const out = new Float64Array(2);

  it('transforms single rows without allocating', { tags: ['node'] }, async () => {
    for (const model of [
      new PCA({ nComponents: 2 }).fit(x),
      new PCA({ nComponents: 2, whiten: true }).fit(x),
      new TruncatedSVD({ nComponents: 2, seed: 1 }).fit(x),
      new FactorAnalysis({ nComponents: 2 }).fit(x),
      new HebbianPCA({ nComponents: 2, seed: 1 }).fit(x),
    ]) {
      await expectNoGarbage((i) => {
        row[0] = (i % 90) / 7;
        model.transformOne(row, out);
      });
    }
  });

  it('tells the classes of single rows without allocating', { tags: ['node'] }, async () => {
    for (const k of [2, 3]) {
      const y = x.map((_, i) => i % k);
      for (const model of [
        new LinearDiscriminantAnalysis().fit(x, y),
        new LinearDiscriminantAnalysis({ solver: 'lsqr' }).fit(x, y),
        new LinearDiscriminantAnalysis({ solver: 'eigen' }).fit(x, y),
        new QuadraticDiscriminantAnalysis().fit(x, y),
      ]) {
        await expectNoGarbage((i) => {
          row[0] = (i % 90) / 7;
          model.predictOne(row);
        });
      }
    }
  });
});
