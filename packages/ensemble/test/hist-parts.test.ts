import { DataError, Random, runSteps } from '@maru-ml/base';
import { BINS } from '@maru-ml/kernels/histogram';
import { encodeArray } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { toBins } from '../src/hist/bin-mapper.ts';
import { Block } from '../src/hist/block.ts';
import { orderCategories } from '../src/hist/categories.ts';
import { type Split, type Splittable, scan } from '../src/hist/split.ts';
import { HistGradientBoostingRegressor, HistGradientBoostingRegressorModel } from '../src/index.ts';

const none = (): Split => ({ gain: 0, column: 0, order: null, last: 0, fromRight: 0, g: 0, h: 0 });
const options = { minSamplesLeaf: 1, l2Regularization: 0 };
const free = { value: 0, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

describe('the best split', () => {
  // Six rows in two columns: the first in bins 0 0 1 1 2 2, the second in 1 0 1 0 1 0; with these gradients, and hessians of 1.
  const gradients = [1, 2, -1, -2, 4, 5];
  const sums = new Float64Array(4 * BINS);
  const counts = new Int32Array(2 * BINS);
  for (const [row, g] of gradients.entries()) {
    for (const bin of [row >> 1, BINS + 1 - (row % 2)]) {
      sums[2 * bin]! += g;
      sums[2 * bin + 1]! += 1;
      counts[bin]! += 1;
    }
  }
  const node = { size: 6, g: 9, h: 6, ...free, value: -1.5 };

  it.each([
    ['counts', counts],
    ['hessians', sums],
  ])('is found by hand, rows told by %s', (_, rows) => {
    // First column: 0 | 12: 0 + 3 · 3 / 2 + 6 · 6 / 4; 01 | 2: 0 + 9 · 9 / 2; second: 5 · 5 / 3 + 4 · 4 / 3.
    const best = none();
    scan(node, options, sums, rows, 0, null, 2, 0, 0, best);
    scan(node, options, sums, rows, 1, null, 1, 0, 0, best);
    expectClose(best.gain, 40.5 - 13.5, { atol: 1e-12 });
    expect(best).toMatchObject({ column: 0, last: 1, fromRight: 0, g: 0, h: 4 });
    // Values must not fall with the first column: then it is the second one.
    const other = none();
    scan(node, options, sums, rows, 0, null, 2, 0, 1, other);
    scan(node, options, sums, rows, 1, null, 1, 0, 0, other);
    expect(other).toMatchObject({ column: 1, last: 0, g: 5, h: 3 });
    const many = none();
    scan(node, { ...options, minSamplesLeaf: 4 }, sums, rows, 0, null, 2, 0, 0, many);
    expect(many).toEqual(none());
  });

  it('sends missing values where they help', () => {
    // Bins 0, 1 and missing, of which the rows with missing values are like those of bin 0.
    const own = new Float64Array(2 * BINS);
    own.set([2, 2, -2, 2]);
    own.set([2, 2], 2 * (BINS - 1));
    const all = { size: 6, g: 2, h: 6, ...free };
    const best = none();
    scan(all, options, own, own, 0, null, 2, 0, 0, best);
    scan(all, options, own, own, 0, null, 1, 1, 0, best);
    expect(best).toMatchObject({ last: 0, fromRight: 1, g: -2, h: 2 });
    expectClose(best.gain, 16 / 4 + 4 / 2, { atol: 1e-12 });
  });

  it('is none that is passed over without a division', () => {
    const random = new Random(1);
    for (let trial = 0; trial < 300; trial++) {
      const own = new Float64Array(2 * BINS);
      const l2 = trial % 3;
      let [g, h] = [0, 0];
      for (let bin = 0; bin < BINS; bin++) {
        own.set([random.normal(), random.uniform()], 2 * bin);
        g += own[2 * bin]!;
        h += own[2 * bin + 1]!;
      }
      const whole: Splittable = { size: h, g, h, ...free, value: -g / (h + l2 + 1e-15) };
      const found = none();
      scan(whole, { minSamplesLeaf: 1, l2Regularization: l2 }, own, own, 0, null, BINS - 1, 0, 0, found);
      let [most, last, sumG, sumH] = [0, 0, 0, 0];
      for (let bin = 0; bin < BINS - 1; bin++) {
        sumG += own[2 * bin]!;
        sumH += own[2 * bin + 1]!;
        const [left, right] = [-sumG / (sumH + l2 + 1e-15), -(g - sumG) / (h - sumH + l2 + 1e-15)];
        const gain = g * whole.value - left * sumG - right * (g - sumG);
        if (sumH >= 1 && h - sumH >= 1 && gain > most) [most, last] = [gain, bin];
      }
      expect([found.gain, found.last]).toEqual([most, last]);
    }
  });

  it('parts categories in the order of their gradients, without rare ones', () => {
    // Σ gradient over Σ hessian + 10: -1/2, 1/4, -1/8; the last category has too few rows.
    const own = new Float64Array(2 * BINS);
    own.set([-15, 20, 10, 30, -5, 30, -9, 5]);
    const all = { size: 85, g: -19, h: 85, ...free };
    expect(Array.from(orderCategories(all, own, 0, [0, 1, 2, 3]))).toEqual([0, 2, 1]);
  });
});

it('rows are put into bins', () => {
  const inf = Number.POSITIVE_INFINITY;
  const columns = [
    { thresholds: Float64Array.of(1, 2, 3), categories: null },
    { thresholds: new Float64Array(0), categories: Float64Array.of(-2, 0, 5) },
  ];
  const data = Float64Array.of(1, -2, 1.5, 0, 3, 5, 99, Number.NaN, -inf, 4, 3.5, -0);
  const block = new Block(12);
  const missing = runSteps(toBins({ data, rows: 6, columns: 2 }, columns, block), undefined);
  expect(Array.from(block.view(Uint8Array, 12))).toEqual([0, 0, 1, 1, 2, 2, 3, 255, 0, 255, 3, 1]);
  expect(Array.from(missing)).toEqual([0, 1]);
  block.free();
});

it('saved trees must be whole', () => {
  const x = Array.from({ length: 60 }, (_, i) => [i % 3, i]);
  const y = x.map(([a, b]) => (a === 1 ? 5 : 0) + b! / 60);
  const options = { maxIter: 2, minSamplesLeaf: 5, categoricalFeatures: [0], earlyStopping: false };
  const model = new HistGradientBoostingRegressor(options).fit(x, y);
  const owner = 'HistGradientBoostingRegressorModel.fromJSON';
  type Saved = { trees: { nodes: { data: Int32Array } }[]; categories: unknown[] };
  const damaged = (change: (saved: Saved) => void) => () => {
    const saved = model.toJSON() as unknown as Saved;
    change(saved);
    return HistGradientBoostingRegressorModel.fromJSON(JSON.parse(JSON.stringify(saved)));
  };
  const whole = `${owner}: trees must be whole, with children behind their parents`;
  const { nodes } = (model.toJSON() as unknown as Saved).trees[0]!;
  expect([nodes.data[0], nodes.data[3]]).toEqual([0, 2]);
  const changed = (place: number, value: number) =>
    damaged(({ trees }) =>
      Object.assign(trees[0]!, { nodes: encodeArray(nodes.data.map((own, i) => (i === place ? value : own))) }),
    );
  expect(changed(0, 0)().predict(x)).toEqual(model.predict(x));
  // The column, the set, and where the left child is.
  for (const column of [1, 2]) expectError(changed(0, column), DataError, whole);
  for (const set of [-1, 1e9]) expectError(changed(1, set), DataError, whole);
  for (const step of [0, -4, 6, 1e6]) expectError(changed(2, step), DataError, whole);
  expectError(
    damaged((saved) => saved.trees.splice(0)),
    DataError,
    whole,
  );
  expectError(
    damaged((saved) => saved.categories.pop()),
    DataError,
    `${owner}: categories must have one of each of 2 columns, got 1`,
  );
});
