import { Random } from '@maru-ml/base';
import { describe, expect, it } from 'vitest';
import { RandomForestRegressor } from '../src/index.ts';

/** The mean of what the trees say of each row, one after the other. */
function byHand(model: ReturnType<RandomForestRegressor['fit']>, x: readonly number[][]): number[] {
  return x.map((row) => {
    const sum = model.trees.reduce((total, tree) => total + tree.value[tree.leafOf(row, 0)]!, 0);
    return sum / model.trees.length;
  });
}

describe('the mean of a forest', () => {
  const random = new Random(4);
  const rows = (n: number, d: number) =>
    Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));

  // Eight rows go down a tree together where its nodes and up to 4,096 columns are counted by one number.
  for (const [what, d] of [
    ['few columns', 3],
    ['the most columns that go together', 4096],
    ['more columns', 4097],
  ] as const) {
    it(`is that of its trees, with ${what} and any number of rows`, () => {
      const x = rows(40, d);
      // The last columns are those that tell.
      const y = x.map((row) => row[d - 1]! + 0.5 * row[d - 2]!);
      const model = new RandomForestRegressor({ nEstimators: 5, seed: 1 }).fit(x, y);
      expect(model.trees.some((tree) => tree.feature.includes(d - 1))).toBe(true);
      for (const n of [1, 7, 8, 17]) {
        const some = rows(n, d);
        expect([...model.predict(some)]).toEqual(byHand(model, some));
      }
      const gaps = rows(9, d);
      gaps[3]![d - 1] = Number.NaN;
      expect([...model.predict(gaps)]).toEqual(byHand(model, gaps));
    });
  }
});
