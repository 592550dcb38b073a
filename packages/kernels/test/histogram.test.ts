import { expect, it } from 'vitest';
import { addRows, BINS, histogramLength, partitionRows, subtractHistogram } from '../src/histogram.ts';
import { allocate, type NumberArray, uint8View } from '../src/memory.ts';
import { choice } from '../src/module.ts';
import { describeBoth } from './both.ts';

/** The array where the kernels under test take it: in their memory, or as it is for the twins. */
function placed<T extends NumberArray | Uint16Array>(array: T): T {
  const address = choice().mode === 'wasm' ? allocate(array.byteLength) : 0;
  if (address === 0) return array;
  const { buffer } = uint8View(address, array.byteLength);
  const own = new (array.constructor as new (buffer: ArrayBuffer, from: number, length: number) => T)(
    buffer,
    address,
    array.length,
  );
  own.set(array as never);
  return own;
}

/** The numbers of rows behind the sums of d columns [d, 256]. */
const countsOf = (histogram: Float64Array, d: number) =>
  new Int32Array(histogram.buffer, histogram.byteOffset + 16 * BINS * d, BINS * d);

describeBoth('histograms', () => {
  // Two columns of six rows: the first in bins 0 0 1 1 2 2, the second in 1 0 1 0 1 0.
  const table = Uint8Array.of(0, 1, 0, 0, 1, 1, 1, 0, 2, 1, 2, 0);
  const gradients = [1, 2, -1, -2, 4, 5];
  const filled = (which: number[], counted = false) => {
    const histogram = placed(new Float64Array(histogramLength(2, counted)));
    const pairs = placed(Float32Array.from(which.flatMap((row) => [gradients[row]!, 1])));
    addRows(histogram, placed(table), pairs, placed(Uint16Array.from(which)), 2);
    return histogram;
  };
  const rows = [0, 1, 2, 3, 4, 5];

  it('add up gradients and hessians by bin', () => {
    const histogram = filled(rows);
    expect(Array.from(histogram.subarray(0, 6))).toEqual([3, 2, -3, 2, 9, 2]);
    expect(Array.from(histogram.subarray(2 * BINS, 2 * BINS + 4))).toEqual([5, 3, 4, 3]);
    const counts = countsOf(filled([0, 0, 4], true), 2);
    expect(Array.from(counts.subarray(0, 3))).toEqual([2, 0, 1]);
    expect(Array.from(counts.subarray(BINS, BINS + 2))).toEqual([0, 3]);
  });

  it('add up an odd number of columns', () => {
    const histogram = placed(new Float64Array(histogramLength(3, true)));
    const bins = placed(Uint8Array.of(0, 1, 255, 7, 1, 0));
    addRows(histogram, bins, placed(Float32Array.of(1, 2, 4, 8)), placed(Uint16Array.of(1, 0)), 3);
    const sums = (column: number, bin: number) =>
      Array.from(histogram.subarray(2 * (column * BINS + bin)).subarray(0, 2));
    expect([sums(0, 0), sums(0, 7), sums(1, 1)]).toEqual([
      [4, 8],
      [1, 2],
      [5, 10],
    ]);
    expect([sums(2, 0), sums(2, 255)]).toEqual([
      [1, 2],
      [4, 8],
    ]);
    expect(countsOf(histogram, 3)[2 * BINS + 255]).toBe(1);
  });

  it.each([false, true])('less one child are the other child, with counts: %s', (counted) => {
    const histogram = filled(rows, counted);
    subtractHistogram(histogram, filled([0, 5], counted), 2);
    expect(Array.from(histogram)).toEqual(Array.from(filled([1, 2, 3, 4], counted)));
  });

  it('are parted in order', () => {
    const order = placed(Uint16Array.of(5, 4, 3, 2, 1, 0));
    const left = placed(new Uint8Array(BINS));
    left[1] = 1;
    expect(partitionRows(order, placed(new Uint16Array(7)), placed(table), left, 2, 1)).toBe(3);
    expect(Array.from(order)).toEqual([4, 2, 0, 5, 3, 1]);
  });
});
