import { DataError, Random } from '@maru-ml/base';
import { expectError, expectNoGarbage } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  KNeighborsClassifier,
  KNeighborsRegressor,
  RadiusNeighborsClassifier,
  RadiusNeighborsRegressor,
} from '../src/index.ts';

describe('serving', () => {
  const random = new Random(1);
  const x = Array.from({ length: 40 }, () => Array.from({ length: 3 }, () => random.normal()));
  const y = x.map(([a, b]) => (a! + b! > 1 ? 3 : a! > b! ? 2 : 0));
  const searches = [
    { algorithm: 'brute', metric: 'cosine' },
    { algorithm: 'kdTree', leafSize: 8, weights: 'distance' },
    { algorithm: 'ballTree', leafSize: 8, metric: 'manhattan' },
    { algorithm: 'brute' },
    { algorithm: 'kdTree', metric: 'chebyshev' },
    { algorithm: 'ballTree', leafSize: 8, p: 3, weights: 'distance' },
  ] as const;

  it('answers single rows without allocating', { tags: ['node'] }, async () => {
    const row = Float64Array.from(x[0]!);
    for (const search of searches.slice(0, 3)) {
      for (const model of [
        new KNeighborsClassifier(search).fit(x, y),
        new RadiusNeighborsClassifier({ ...search, radius: 4.5 }).fit(x, y),
        new KNeighborsRegressor(search).fit(x, y),
        new RadiusNeighborsRegressor({ ...search, radius: 4.5 }).fit(x, y),
      ]) {
        await expectNoGarbage((i) => {
          row[0] = x[i % 40]![0]!;
          model.predictOne(row);
        });
      }
    }
  });

  it('answers single rows as it answers all, whatever was asked before', () => {
    for (const search of searches) {
      for (const radius of [0.4, 4.5]) {
        const settings = { ...search, radius };
        const classes = new RadiusNeighborsClassifier({ ...settings, outlierLabel: 7 }).fit(x, y);
        const numbers = new RadiusNeighborsRegressor(settings).fit(x, y);
        expect(x.map((row) => classes.predictOne(row))).toEqual(classes.predict(x));
        expect(x.map((row) => numbers.predictOne(row))).toEqual([...numbers.predict(x)]);
      }
    }
    const message = (name: string, more: string) => `${name}: the row has no neighbors within 1; enlarge radius${more}`;
    expectError(
      () => new RadiusNeighborsClassifier().fit(x, y).predictOne([90, 0, 0]),
      DataError,
      message('RadiusNeighborsClassifier', ', or set outlierLabel'),
    );
    expectError(
      () => new RadiusNeighborsRegressor().fit(x, y).predictOne([90, 0, 0]),
      DataError,
      message('RadiusNeighborsRegressor', ''),
    );
  });
});
