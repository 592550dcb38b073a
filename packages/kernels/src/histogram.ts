import { bytes } from './generated/histogram.ts';
import { addressOf, type NumberArray } from './memory.ts';
import { choice, type Exports, kernelModule } from './module.ts';

type Name = 'add' | 'subtract' | 'partition';
const kernels = /* @__PURE__ */ kernelModule<Name>(bytes);

/** The kernels, if all arrays lie in their memory; else null: copying arrays of the heap would take longer than the twin. */
function kernelsFor(...arrays: readonly ArrayBufferView[]): Exports<Name> | null {
  const exports = (arrays as readonly NumberArray[]).every(addressOf) ? kernels() : null;
  if (exports !== null) choice().calls++;
  return exports;
}

/** Bins of a column; the last is for missing values. */
export const BINS: number = 256;

/**
 * The length of a histogram of d columns in float64: of each column and bin Σ gradient and Σ hessian [d, 256, 2] and, if wanted,
 * as int32 behind them the number of rows [d, 256]. Where all hessians are 1, their sums are these numbers.
 */
export function histogramLength(d: number, counted: boolean): number {
  return d * BINS * (counted ? 2.5 : 2);
}

/** The numbers of rows [d, 256]; empty where they are not counted. */
function countsOf(histogram: Float64Array, d: number): Int32Array {
  return new Int32Array(histogram.buffer, histogram.byteOffset + 16 * BINS * d, 2 * isCounted(histogram, d));
}

function isCounted(histogram: Float64Array, d: number): number {
  return histogram.length - 2 * BINS * d;
}

/**
 * Adds rows to a histogram: to each bin the gradient and hessian of the rows that are in it. O(n · d).
 *
 * @param bins [rows in all, d]
 * @param gradients [n, 2]: gradient and hessian of each row that is added
 * @param rows [n]: which rows to add
 */
export function addRows(
  histogram: Float64Array,
  bins: Uint8Array,
  gradients: Float32Array,
  rows: Uint16Array,
  d: number,
): void {
  const n = rows.length;
  const kernel = kernelsFor(histogram, bins, gradients, rows);
  if (kernel !== null) {
    const counted = isCounted(histogram, d);
    kernel.add(histogram.byteOffset, bins.byteOffset, gradients.byteOffset, rows.byteOffset, n, d, counted);
    return;
  }
  const counts = countsOf(histogram, d);
  for (let i = 0; i < n; i++) {
    const [gradient, hessian] = [gradients[2 * i]!, gradients[2 * i + 1]!];
    for (let j = 0, at = rows[i]! * d; j < d; j++, at++) {
      const bin = j * BINS + bins[at]!;
      histogram[2 * bin]! += gradient;
      histogram[2 * bin + 1]! += hessian;
      if (counts.length > 0) counts[bin]! += 1;
    }
  }
}

/** Takes the histogram of a child from that of its parent, which becomes that of the other child. O(256 d). */
export function subtractHistogram(histogram: Float64Array, child: Float64Array, d: number): void {
  const kernel = kernelsFor(histogram, child);
  if (kernel !== null) {
    kernel.subtract(histogram.byteOffset, child.byteOffset, d, isCounted(histogram, d));
    return;
  }
  const [counts, less] = [countsOf(histogram, d), countsOf(child, d)];
  for (let i = 0; i < 2 * BINS * d; i++) histogram[i]! -= child[i]!;
  for (let i = 0; i < counts.length; i++) counts[i]! -= less[i]!;
}

/**
 * Puts the rows whose bin goes left before the others, each in the order in which they are, and returns how many go left. O(n).
 *
 * @param rows [n], changed in place
 * @param work [n + 1]: room for those that go right
 * @param bins [rows in all, d]
 * @param left [256]: 1 for the bins of column `j` that go left, else 0
 */
export function partitionRows(
  rows: Uint16Array,
  work: Uint16Array,
  bins: Uint8Array,
  left: Uint8Array,
  d: number,
  j: number,
): number {
  const n = rows.length;
  const kernel = kernelsFor(rows, work, bins, left);
  if (kernel !== null) {
    return kernel.partition(rows.byteOffset, work.byteOffset, bins.byteOffset, left.byteOffset, n, d, j);
  }
  let [count, rest] = [0, 0];
  for (let i = 0; i < n; i++) {
    const row = rows[i]!;
    const goes = left[bins[row * d + j]!]!;
    rows[count] = row;
    work[rest] = row;
    count += goes;
    rest += 1 - goes;
  }
  rows.set(work.subarray(0, rest), count);
  return count;
}
