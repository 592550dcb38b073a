import { Random } from '@maru-ml/base';
import { breastCancer } from '@maru-ml/datasets/breast-cancer';
import { expect, test } from 'vitest';
import { growTree, prepare } from '../src/grow.ts';
import { DecisionTreeClassifier, DecisionTreeRegressor } from '../src/index.ts';
import reference from './fixtures/scores.json' with { type: 'json' };

const cells = breastCancer();
const [n, d] = cells.x.shape as [number, number];
const rows = Array.from({ length: n }, (_, i) => Array.from(cells.x.data.slice(i * d, (i + 1) * d)));
/** What is told from what: whether cells are malignant from all measures, or the largest radius from the means of ten. */
const targets: Record<string, { x: number[][]; y: number[] }> = {
  malignant: { x: rows, y: Array.from(cells.y as ArrayLike<number>) },
  radius: { x: rows.map((row) => row.slice(0, 10)), y: rows.map((row) => row[20]!) },
};
/** Every other row. */
const half = <T>(list: readonly T[], odd: number) => list.filter((_, i) => i % 2 === odd);

test.each(reference.cases)('$target with $options: mean scores of forty seeds as those of scikit-learn', (given) => {
  const { x, y } = targets[given.target]!;
  const Estimator = given.target === 'malignant' ? DecisionTreeClassifier : DecisionTreeRegressor;
  const scores = given.scores.map((_, seed) =>
    new Estimator({ ...(given.options as object), seed }).fit(half(x, 0), half(y, 0)).score(half(x, 1), half(y, 1)),
  );
  const [ours, theirs] = [statistics(scores), statistics(given.scores)];
  const error = Math.hypot(ours.error, theirs.error);
  expect(new Set(scores).size).toBeGreaterThan(5);
  expect(error).toBeLessThan(0.005);
  expect(Math.abs(ours.mean - theirs.mean) / error, `${ours.mean} against ${theirs.mean} ± ${error}`).toBeLessThan(2);
});

function statistics(values: number[]): { mean: number; error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

test('a seed gives the same tree again, and other seeds give others', () => {
  const { x, y } = breastCancer();
  const fit = (seed: number | Random) =>
    JSON.stringify(new DecisionTreeClassifier({ splitter: 'random', seed }).fit(x, y));
  expect(fit(3)).toBe(fit(3));
  expect(fit(new Random(3))).toBe(fit(3));
  expect(fit(4)).not.toBe(fit(3));
});

test('rows without weight are as if they were not there, also where columns are drawn', () => {
  const { x, y } = breastCancer();
  const random = new Random(5);
  const [n, d] = x.shape as [number, number];
  const weights = Float64Array.from({ length: n }, () => random.integer(3));
  const kept = Array.from({ length: n }, (_, i) => i).filter((i) => weights[i]! > 0);
  const codes = Int32Array.from(y as ArrayLike<number>);
  const part = {
    data: Float64Array.from(kept.flatMap((i) => Array.from(x.data.subarray(i * d, (i + 1) * d)))),
    rows: kept.length,
    columns: d,
  };
  for (const maxFeatures of [d, 5]) {
    const grow = (data: ReturnType<typeof prepare>, classes: Int32Array, w: Float64Array) =>
      growTree(data, { kind: 'classes', codes: classes, k: 2, criterion: 'gini' }, { maxFeatures }, w, new Random(1));
    const all = grow(prepare({ data: x.data as Float64Array, rows: n, columns: d }), codes, weights);
    const few = grow(
      prepare(part),
      codes.filter((_, i) => weights[i]! > 0),
      weights.filter((w) => w > 0),
    );
    expect(JSON.stringify(all.encode())).toBe(JSON.stringify(few.encode()));
  }
});

test('columns that do not vary in a node are passed over for others that do', () => {
  const x = Array.from({ length: 8 }, (_, i) => [1, 1, 1, i, 1, 1]);
  const y = x.map((_, i) => i);
  for (let seed = 0; seed < 10; seed++) {
    expect(new DecisionTreeRegressor({ maxFeatures: 1, seed }).fit(x, y).score(x, y)).toBe(1);
    expect(new DecisionTreeRegressor({ maxFeatures: 1, splitter: 'random', seed }).fit(x, y).score(x, y)).toBe(1);
  }
});
