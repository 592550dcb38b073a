import { bytes } from './generated/histogram.ts';
import { longExp } from './lanes.ts';
import { addressOf, type NumberArray } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';

const kernels = /* @__PURE__ */ kernelModule<'add' | 'subtract' | 'split' | 'partition' | 'bin' | 'logistic'>(
  'histogram',
  bytes,
);

/** Bins of a column; the last is for missing values. */
export const BINS: number = 256;

/** Bytes above which arrays of the heap are not copied for a kernel: the twin is faster then. */
const COPIED = 65536;

/**
 * Adds rows to the histograms of all columns: to each bin the gradient and hessian of the rows that are in it. O(n · d).
 *
 * @param pairs [d, 256, 2]: Σ gradient and Σ hessian of each bin
 * @param counts [d, 256]: rows of each bin; null where all hessians are 1, so that their sums are the counts
 * @param bins [rows in all, d]
 * @param gradients [rows in all, 2]: gradient and hessian of each row
 * @param rows [n]: which rows to add
 */
export function addRows(
  pairs: Float64Array,
  counts: Int32Array | null,
  bins: Uint8Array,
  gradients: Float32Array,
  rows: Int32Array,
  d: number,
): void {
  const n = rows.length;
  const kernel = usable(bins, gradients) ? kernels() : null;
  const arrays = counts === null ? [pairs, bins, gradients, rows] : [pairs, counts, bins, gradients, rows];
  if (kernel !== null) {
    const run = (...at: number[]) => {
      const [p, c, b, g, r] = counts === null ? [at[0]!, 0, at[1]!, at[2]!, at[3]!] : at;
      kernel.add(p!, c!, b!, g!, r!, n, d, counts === null ? 0 : 1);
    };
    if (withAddresses(arrays, counts === null ? 1 : 2, run)) return;
  }
  for (let i = 0; i < n; i++) {
    const row = rows[i]!;
    const gradient = gradients[2 * row]!;
    const hessian = gradients[2 * row + 1]!;
    for (let j = 0, at = row * d, base = 0; j < d; j++, at++, base += BINS) {
      const bin = base + bins[at]!;
      pairs[2 * bin]! += gradient;
      pairs[2 * bin + 1]! += hessian;
      if (counts !== null) counts[bin]! += 1;
    }
  }
}

/** Takes the histograms of a child from those of its parent, which become those of the other child. O(256 d). */
export function subtractHistogram(
  pairs: Float64Array,
  counts: Int32Array | null,
  childPairs: Float64Array,
  childCounts: Int32Array | null,
  d: number,
): void {
  const kernel = usable(pairs, childPairs) ? kernels() : null;
  if (kernel !== null) {
    const counted = counts !== null && childCounts !== null;
    const arrays = counted ? [pairs, counts, childPairs, childCounts] : [pairs, childPairs];
    const run = (...at: number[]) => {
      if (counted) kernel.subtract(at[0]!, at[1]!, at[2]!, at[3]!, d, 1);
      else kernel.subtract(at[0]!, 0, at[1]!, 0, d, 0);
    };
    if (withAddresses(arrays, counted ? 2 : 1, run)) return;
  }
  for (let i = 0; i < 2 * BINS * d; i++) pairs[i]! -= childPairs[i]!;
  if (counts !== null) for (let i = 0; i < BINS * d; i++) counts[i]! -= childCounts![i]!;
}

/**
 * The best split of the ordered columns by the fall of the loss, G v - (G_left v_left + G_right v_right) with the values
 * v = -G / (H + l2) held within bounds; of equals the first. Each column is scanned from the left, with missing values to
 * the right, and if it has some from the right as well. O(256 d).
 *
 * @param pairs [d, 256, 2] and `counts` [d, 256], as `addRows` makes them
 * @param columns [d, 3]: bins in use, whether there are missing values, and the constraint: 1 rises, -1 falls, 0 is free, 2 is skipped
 * @param node [8]: Σ gradient, Σ hessian, rows, value, lowest and highest value of a child, l2, least Σ hessian of a child
 * @param leastRows the least rows of a child
 * @param out [8]: the gain, 0 if there is no split; column; last bin to the left; whether missing goes left; Σ gradient and
 *   Σ hessian of the left child, then of the right one
 */
export function bestSplit(
  pairs: Float64Array,
  counts: Int32Array | null,
  columns: Int32Array,
  node: Float64Array,
  leastRows: number,
  out: Float64Array,
): void {
  const d = columns.length / 3;
  const kernel = usable(pairs, pairs) ? kernels() : null;
  if (kernel !== null) {
    const arrays = counts === null ? [out, pairs, columns, node] : [out, pairs, counts, columns, node];
    const run = (...at: number[]) => {
      const [o, p, c, k, m] = counts === null ? [at[0]!, at[1]!, 0, at[2]!, at[3]!] : at;
      kernel.split(o!, p!, c!, k!, m!, d, counts === null ? 0 : 1, leastRows);
    };
    if (withAddresses(arrays, 1, run)) return;
  }

  const [g, h, n, value, low, high, l2, leastHessian] = node as unknown as number[] as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const loss = g * value;
  const clipped = (v: number) => Math.min(high, Math.max(v, low));
  let best = 0;
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
        const count = counts === null ? pairs[2 * at + 1]! : counts[at]!;
        rows += count;
        sumG += pairs[2 * at]!;
        sumH += pairs[2 * at + 1]!;
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
        if (gain > best) {
          best = gain;
          out[0] = gain;
          out[1] = j;
          out[2] = side === 1 ? bin - 1 : bin;
          out[3] = side;
          out[4] = side === 1 ? restG : sumG;
          out[5] = side === 1 ? restH : sumH;
          out[6] = side === 1 ? sumG : restG;
          out[7] = side === 1 ? sumH : restH;
        }
      }
    }
  }
}

/**
 * Puts the rows whose bin goes left before the others, each in the order in which they are, and returns how many go left. O(n).
 *
 * @param rows [n], changed in place
 * @param bins [rows in all, d]
 * @param left [256]: 1 for the bins of column `j` that go left, else 0
 * @param work [n + 1]: room for those that go right
 */
export function partitionRows(
  rows: Int32Array,
  bins: Uint8Array,
  left: Uint8Array,
  d: number,
  j: number,
  work: Int32Array,
): number {
  const n = rows.length;
  let count = 0;
  const kernel = usable(bins, rows) ? kernels() : null;
  if (kernel !== null) {
    const run = (r: number, w: number, b: number, l: number) => {
      count = kernel.partition(r, b, l, n, d, j, w);
    };
    if (withAddresses([rows, work, bins, left], 2, run as (...at: number[]) => void)) return count;
  }
  let rest = 0;
  for (let i = 0; i < n; i++) {
    const row = rows[i]!;
    const goes = left[bins[row * d + j]!]!;
    rows[count] = row;
    work[rest] = row;
    count += goes;
    rest += 1 - goes;
  }
  for (let i = 0; i < rest; i++) rows[count + i] = work[i]!;
  return count;
}

/**
 * The bins of rows: how many edges of its column are below a number, 255 for NaN. O(n · d).
 *
 * @param x [n, d]
 * @param edges [d, 256], of each column in ascending order, infinite after the last one
 * @param bins [n, d]
 */
export function binRows(x: Float64Array, edges: Float64Array, d: number, bins: Uint8Array): void {
  const n = bins.length / d;
  const kernel = usable(x, edges) ? kernels() : null;
  if (kernel !== null) {
    const run = (b: number, from: number, e: number) => void kernel.bin(b, from, e, n, d);
    if (withAddresses([bins, x, edges], 1, run as (...at: number[]) => void, 1)) return;
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

/**
 * First and second derivatives by f of the logistic loss log(1 + e^f) - y f, times the weights. O(n).
 *
 * @param y [n], 0 or 1
 * @param raw [n], the f
 * @param weights [n]; null for 1 each
 * @param gradients [n, 2]
 */
export function logisticGradients(
  y: Float64Array,
  raw: Float64Array,
  weights: Float64Array | null,
  gradients: Float32Array,
): void {
  const n = y.length;
  const kernel = n > 0 ? kernels() : null;
  if (kernel !== null) {
    const run = (out: number, r: number, t: number, w: number) =>
      void kernel.logistic(out, r, t, w, n, weights === null ? 0 : 1);
    if (withAddresses([gradients, raw, y, weights ?? y], 1, run as (...at: number[]) => void, 1)) return;
  }
  for (let i = 0; i < n; i++) {
    const f = raw[i]!;
    // From the side on which no digits are lost: the probability, or it less 1.
    const e = longExp(-Math.abs(f));
    const s = 1 / (1 + e);
    const gradient = y[i] === 1 ? (f >= 0 ? -(e * s) : -s) : f >= 0 ? s : e * s;
    const weight = weights === null ? 1 : weights[i]!;
    gradients[2 * i] = gradient * weight;
    gradients[2 * i + 1] = e * s * s * weight;
  }
}

/** Whether arrays lie where a kernel can take them, or are short enough to be copied. */
function usable(a: NumberArray, b: NumberArray): boolean {
  if (choice().mode === 'wasm') return true;
  return (addressOf(a) !== 0 && addressOf(b) !== 0) || a.byteLength + b.byteLength <= COPIED;
}
