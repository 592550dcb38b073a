import { Random } from '@maru-ml/base';
import { expectNoGarbage } from '@maru-ml/tooling/testing';
import { describe, it } from 'vitest';
import { BernoulliNB, CategoricalNB, ComplementNB, GaussianNB, MultinomialNB } from '../src/index.ts';

describe('serving', () => {
  it('answers single rows without allocating', { tags: ['node'] }, async () => {
    const random = new Random(1);
    const counts = Array.from({ length: 60 }, () => Array.from({ length: 6 }, () => random.integer(4)));
    const shares = counts.map((row) => row.map((value) => value / 4));
    const y = counts.map(([a, b]) => (a! + b! > 3 ? 'up' : a === b ? 'even' : 'down'));
    for (const [model, rows] of [
      [new GaussianNB().fit(shares, y), shares],
      [new MultinomialNB().fit(shares, y), shares],
      [new ComplementNB().fit(shares, y), shares],
      [new BernoulliNB({ binarize: 0.3 }).fit(shares, y), shares],
      [new CategoricalNB().fit(counts, y), counts],
    ] as const) {
      const row = Float64Array.from(rows[0]!);
      await expectNoGarbage((i) => {
        row[0] = rows[i % 60]![0]!;
        model.predictOne(row);
      });
    }
  });
});
