import { bytes } from './generated/histogram.ts';
import { addressOf, type NumberArray } from './memory.ts';
import { choice, type Exports, kernelModule } from './module.ts';

type Name = 'add' | 'subtract' | 'split' | 'partition' | 'bin';
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
 * Copies bins of a column in an order of their own to a column of a histogram of two columns. O(bins).
 *
 * @param bins which bins, in the order in which they are to stand
 * @param out a histogram of two columns, with counts if `histogram` has them
 * @param to the column of `out`
 */
export function orderBins(
  histogram: Float64Array,
  d: number,
  column: number,
  bins: readonly number[],
  out: Float64Array,
  to: number,
): void {
  const [counts, outCounts] = [countsOf(histogram, d), countsOf(out, 2)];
  for (const [i, bin] of bins.entries()) {
    const [from, at] = [column * BINS + bin, to * BINS + i];
    out.set(histogram.subarray(2 * from, 2 * from + 2), 2 * at);
    if (counts.length > 0) outCounts[at] = counts[from]!;
  }
}

/**
 * The best split of columns whose bins are in order by the fall of the loss, G v - (G_left v_left + G_right v_right) with the
 * values v = -G / (H + l2) held within bounds; of equals the first. Each column is scanned from the left, with missing values
 * to the right, and if it has some from the right as well. O(256 d).
 *
 * @param columns [d, 3]: bins in use, whether there are missing values, and the constraint: 1 rises, -1 falls, 0 is free, 2 is skipped
 * @param node [9]: Σ gradient, Σ hessian, rows, value, lowest and highest value of a child, l2, least Σ hessian and least rows of
 *   a child
 * @param out [6]: the gain, 0 if there is no split; column; last bin to the left; whether the right child was scanned, so that
 *   missing values go left; Σ gradient and Σ hessian of the child that was scanned
 */
export function bestSplit(histogram: Float64Array, columns: Int32Array, node: Float64Array, out: Float64Array): void {
  const d = columns.length / 3;
  const kernel = kernelsFor(histogram, columns, node, out);
  if (kernel !== null) {
    const counted = isCounted(histogram, d);
    kernel.split(out.byteOffset, histogram.byteOffset, columns.byteOffset, node.byteOffset, d, counted);
    return;
  }
  const counts = countsOf(histogram, d);
  const [g, h, n, value, low, high, l2, leastHessian, leastRows] = node as unknown as Node;
  const loss = g * value;
  const clipped = (v: number) => Math.min(high, Math.max(v, low));
  out[0] = 0;
  for (let j = 0; j < d; j++) {
    const [used, missing, constraint] = [columns[3 * j]!, columns[3 * j + 1]!, columns[3 * j + 2]!];
    if (constraint === 2) continue;
    for (let side = 0; side <= missing; side++) {
      const steps = side === 1 ? used - 1 : used - 1 + missing;
      let [sumG, sumH, rows] = [0, 0, 0];
      for (let i = 0; i < steps; i++) {
        const bin = side === 1 ? used - 1 - i : i;
        const at = j * BINS + bin;
        const hessian = histogram[2 * at + 1]!;
        rows += counts.length > 0 ? counts[at]! : hessian;
        sumG += histogram[2 * at]!;
        sumH += hessian;
        if (rows < leastRows) continue;
        if (n - rows < leastRows) break;
        const restH = h - sumH;
        if (sumH < leastHessian) continue;
        if (restH < leastHessian) break;
        const restG = g - sumG;
        const own = clipped(-sumG / (sumH + l2 + 1e-15));
        const other = clipped(-restG / (restH + l2 + 1e-15));
        if (constraint !== 0 && (side === 1 ? own - other : other - own) * constraint < 0) continue;
        const gain = side === 1 ? loss - other * restG - own * sumG : loss - own * sumG - other * restG;
        if (gain > out[0]!) out.set([gain, j, bin - side, side, sumG, sumH]);
      }
    }
  }
}

type Node = [number, number, number, number, number, number, number, number, number];

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

/**
 * The bins of rows: how many edges of its column are below a number, 255 for NaN. O(n · d).
 *
 * @param bins [n, d]
 * @param x [n, d]
 * @param edges [d, 256], of each column in ascending order, infinite after the last one
 */
export function binRows(bins: Uint8Array, x: Float64Array, edges: Float64Array, d: number): void {
  const n = bins.length / d;
  const kernel = kernelsFor(bins, x, edges);
  if (kernel !== null) {
    kernel.bin(bins.byteOffset, x.byteOffset, edges.byteOffset, n, d);
    return;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      const value = x[i * d + j]!;
      let place = j * BINS;
      for (let step = 128; step > 0; step >>= 1) if (edges[place + step - 1]! < value) place += step;
      bins[i * d + j] = Number.isNaN(value) ? BINS - 1 : place - j * BINS;
    }
  }
}
