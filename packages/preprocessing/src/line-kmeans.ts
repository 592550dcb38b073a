import type { Steps } from '@maru-ml/base';

/**
 * k-means on a line, as scikit-learn's KMeans finds it from given centers: Lloyd's algorithm until no label changes or the squared
 * shifts of the centers add up to at most 1e-4 of the variance, 300 iterations at most. A center without values moves to the value
 * that is farthest from its own. O(n + k log k) an iteration, as sorted values need only the bounds between centers; it pauses
 * within each.
 *
 * @param values [n], ascending
 * @param weights their weights [n], > 0; null for 1 each
 * @param start the centers [k]
 * @returns the centers, ascending
 */
export function* lineKMeans(
  values: Float64Array,
  weights: Float64Array | null,
  start: Float64Array,
): Steps<Float64Array> {
  const n = values.length;
  const mean = meanOf(values, weights);
  const sorted = values.map((value) => value - mean);
  let centers: Float64Array = start.map((center) => center - mean);
  const limit = 1e-4 * varianceOf(sorted, weights);
  let labels: Int32Array = new Int32Array(n).fill(-1);
  for (let iteration = 0; iteration < 300; iteration++) {
    const found = nearest(sorted, centers);
    yield;
    const moved = meansOf(sorted, weights, found, centers);
    const same = found.every((label, i) => label === labels[i]);
    let shift = 0;
    for (let c = 0; c < centers.length; c++) shift += (moved[c]! - centers[c]!) ** 2;
    centers = moved;
    labels = found;
    yield;
    if (same || shift <= limit) break;
  }
  return centers.map((center) => center + mean).sort();
}

/** The nearest center of each value, the first of equally near ones. */
function nearest(sorted: Float64Array, centers: Float64Array): Int32Array {
  const order = Int32Array.from(centers.keys()).sort((a, b) => centers[a]! - centers[b]! || a - b);
  // Of equal centers the first has all values.
  const different = order.filter((c, r) => r === 0 || centers[c] !== centers[order[r - 1]!]);
  const labels = new Int32Array(sorted.length);
  for (let i = 0, r = 0; i < sorted.length; i++) {
    while (r + 1 < different.length && isNearer(sorted[i]!, centers, different[r + 1]!, different[r]!)) r++;
    labels[i] = different[r]!;
  }
  return labels;
}

function isNearer(x: number, centers: Float64Array, a: number, b: number): boolean {
  const [toA, toB] = [Math.abs(x - centers[a]!), Math.abs(x - centers[b]!)];
  return toA < toB || (toA === toB && a < b);
}

function meansOf(
  sorted: Float64Array,
  weights: Float64Array | null,
  labels: Int32Array,
  centers: Float64Array,
): Float64Array {
  const k = centers.length;
  const [sums, totals] = [new Float64Array(k), new Float64Array(k)];
  for (let i = 0; i < sorted.length; i++) {
    const weight = weights?.[i] ?? 1;
    sums[labels[i]!]! += weight * sorted[i]!;
    totals[labels[i]!]! += weight;
  }
  const empty = [...totals.keys()].filter((c) => totals[c] === 0);
  if (empty.length > 0) {
    const distance = (i: number) => Math.abs(sorted[i]! - centers[labels[i]!]!);
    const farthest = Array.from(sorted.keys()).sort((a, b) => distance(b) - distance(a));
    for (const [e, c] of empty.entries()) {
      const i = farthest[e]!;
      const weight = weights?.[i] ?? 1;
      const from = labels[i]!;
      sums[from]! -= weight * sorted[i]!;
      totals[from]! -= weight;
      sums[c] = weight * sorted[i]!;
      totals[c] = weight;
    }
  }
  // A center whose only value moved away starts anew at 0, the mean of all values.
  for (let c = 0; c < k; c++) sums[c] = totals[c]! > 0 ? sums[c]! / totals[c]! : 0;
  return sums;
}

function meanOf(values: Float64Array, weights: Float64Array | null): number {
  let [total, sum] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    total += weights?.[i] ?? 1;
    sum += (weights?.[i] ?? 1) * values[i]!;
  }
  return sum / total;
}

/** Σ w x² / Σ w: the variance of values whose mean is 0. */
function varianceOf(values: Float64Array, weights: Float64Array | null): number {
  let [total, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const weight = weights?.[i] ?? 1;
    total += weight;
    squares += weight * values[i]! * values[i]!;
  }
  return squares / total;
}
