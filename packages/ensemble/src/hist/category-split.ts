import { BINS, bestSplit, histogramLength, orderBins } from '@maru-ml/kernels/histogram';

/** The least rows, by their share of Σ hessian, that a category must have to go left; what smooths its place in the order. */
const SUPPORT = 10;

/**
 * Finds the best split of a categorical column: categories (and missing values as one of them) are ordered by Σ gradient over
 * Σ hessian, among which the best parting is one of the order (Fisher 1958), and scanned from both ends to the middle.
 * Categories of less than `SUPPORT` rows go right. O(k log k).
 *
 * W. D. Fisher, "On grouping for maximum homogeneity", JASA 53 (1958).
 *
 * @param bins those that the column uses
 * @param node and `out` as for `bestSplit`
 * @returns the bins in the order in which they were scanned when the best split was found
 */
export function scanCategories(
  histogram: Float64Array,
  d: number,
  column: number,
  bins: readonly number[],
  node: Float64Array,
  out: Float64Array,
): readonly number[] {
  const at = column * BINS;
  const hessian = (bin: number) => histogram[2 * (at + bin) + 1]!;
  const ratio = (bin: number) => histogram[2 * (at + bin)]! / (hessian(bin) + SUPPORT);
  const factor = node[2]! / node[1]!;
  const used = bins.filter((bin) => hessian(bin) * factor >= SUPPORT).sort((a, b) => ratio(a) - ratio(b) || a - b);
  // Two columns of their own, with the bins in this order and the other way.
  const orders = [used, [...used].reverse()];
  const ordered = new Float64Array(histogramLength(2, histogram.length > histogramLength(d, false)));
  for (const [i, order] of orders.entries()) orderBins(histogram, d, column, order, ordered, i);
  const half = used.length > 1 ? (used.length + 1) >> 1 : 0;
  bestSplit(ordered, Int32Array.of(half + 1, 0, 0, half, 0, 0), node, out);
  return orders[out[1]!] ?? used;
}
