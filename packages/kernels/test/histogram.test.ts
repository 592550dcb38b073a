import { expect, it } from 'vitest';
import {
  addRows,
  BINS,
  bestSplit,
  binRows,
  logisticGradients,
  partitionRows,
  subtractHistogram,
} from '../src/histogram.ts';
import { describeBoth } from './both.ts';

describeBoth('histograms', () => {
  // Two columns of six rows: the first in bins 0 0 1 1 2 2, the second in 1 0 1 0 1 0.
  const bins = Uint8Array.of(0, 1, 0, 0, 1, 1, 1, 0, 2, 1, 2, 0);
  const gradients = Float32Array.of(1, 1, 2, 1, -1, 1, -2, 1, 4, 1, 5, 1);
  const rows = Int32Array.of(0, 1, 2, 3, 4, 5);
  const filled = (which: Int32Array) => {
    const pairs = new Float64Array(2 * 2 * BINS);
    addRows(pairs, null, bins, gradients, which, 2);
    return pairs;
  };

  it('add up gradients and hessians by bin', () => {
    const pairs = filled(rows);
    expect(Array.from(pairs.subarray(0, 6))).toEqual([3, 2, -3, 2, 9, 2]);
    expect(Array.from(pairs.subarray(2 * BINS, 2 * BINS + 4))).toEqual([5, 3, 4, 3]);
    const counts = new Int32Array(2 * BINS);
    addRows(new Float64Array(2 * 2 * BINS), counts, bins, gradients, Int32Array.of(0, 0, 4), 2);
    expect(Array.from(counts.subarray(0, 3))).toEqual([2, 0, 1]);
    expect(Array.from(counts.subarray(BINS, BINS + 2))).toEqual([0, 3]);
  });

  it('less one child are the other child', () => {
    const pairs = filled(rows);
    subtractHistogram(pairs, null, filled(Int32Array.of(0, 5)), null, 2);
    expect(pairs).toEqual(filled(Int32Array.of(1, 2, 3, 4)));
  });

  it('find the best split by hand', () => {
    // Σ g = 9, n = 6. First column: 0 | 12: 0 + 3 · 3 / 2 + 6 · 6 / 4; 01 | 2: 0 + 9 · 9 / 2; second: 5 · 5 / 3 + 4 · 4 / 3.
    const out = new Float64Array(8);
    const node = Float64Array.of(9, 6, 6, -1.5, -Infinity, Infinity, 0, 1e-3);
    bestSplit(filled(rows), null, Int32Array.of(3, 0, 0, 2, 0, 0), node, 1, out);
    expect(out[0]).toBeCloseTo(40.5 - 13.5, 12);
    expect(Array.from(out.subarray(1))).toEqual([0, 1, 0, 0, 4, 9, 2]);
    // Values must not fall with the first column: then it is the second one.
    bestSplit(filled(rows), null, Int32Array.of(3, 0, 1, 2, 0, 0), node, 1, out);
    expect(Array.from(out.subarray(1))).toEqual([1, 0, 0, 5, 3, 4, 3]);
    bestSplit(filled(rows), null, Int32Array.of(3, 0, 0, 2, 0, 0), node, 4, out);
    expect(out[0]).toBe(0);
  });

  it('send missing values where they help', () => {
    // One column: bins 0, 1 and missing, of which the rows with missing values are like those of bin 0.
    const out = new Float64Array(8);
    const pairs = new Float64Array(2 * BINS);
    pairs.set([2, 2, -2, 2]);
    pairs.set([2, 2], 2 * (BINS - 1));
    bestSplit(pairs, null, Int32Array.of(2, 1, 0), Float64Array.of(2, 6, 6, 0, -Infinity, Infinity, 0, 0), 1, out);
    expect(out[0]).toBeCloseTo(16 / 4 + 4 / 2, 12);
    expect(Array.from(out.subarray(1))).toEqual([0, 0, 1, 4, 4, -2, 2]);
  });

  it('are parted in order', () => {
    const order = Int32Array.of(5, 4, 3, 2, 1, 0);
    const left = new Uint8Array(BINS);
    left[1] = 1;
    expect(partitionRows(order, bins, left, 2, 1, new Int32Array(7))).toBe(3);
    expect(Array.from(order)).toEqual([4, 2, 0, 5, 3, 1]);
  });

  it('number the bins of rows', () => {
    const edges = new Float64Array(2 * BINS).fill(Infinity);
    edges.set([1, 2, 3]);
    edges.set([-0.5], BINS);
    const bins = new Uint8Array(10);
    binRows(Float64Array.of(1, -1, 1.5, -0.5, 3, 0, 99, Number.NaN, -9, 7), edges, 2, bins);
    expect(Array.from(bins)).toEqual([0, 0, 1, 0, 2, 1, 3, 255, 0, 1]);
  });

  it('of classes begin with the derivatives of the logistic loss', () => {
    const gradients = new Float32Array(6);
    logisticGradients(
      Float64Array.of(0, 1, 1),
      Float64Array.of(0, Math.log(3), -800),
      Float64Array.of(2, 4, 1),
      gradients,
    );
    const expected = [1, 0.5, -1, 0.75, -1, 0];
    for (const [i, value] of expected.entries()) expect(gradients[i]).toBeCloseTo(value, 6);
  });
});
