import { BINS } from '@maru-ml/kernels/histogram';
import type { Splittable } from './split.ts';

/** The least rows, by their share of Σ hessian, that a category must have to go left; what smooths its place in the order. */
const SUPPORT = 10;

/**
 * Categories (and missing values as one of them) ordered by Σ gradient over Σ hessian, among which the best parting is one of
 * the order (Fisher 1958). Those of less than `SUPPORT` rows are left out, and go right. O(k log k).
 *
 * W. D. Fisher, "On grouping for maximum homogeneity", JASA 53 (1958).
 *
 * @param bins those that the column uses
 */
export function orderCategories(
  { size, h }: Splittable,
  sums: Float64Array,
  column: number,
  bins: number[],
): Uint8Array {
  const hessian = (bin: number) => sums[2 * (column * BINS + bin) + 1]!;
  const ratio = (bin: number) => sums[2 * (column * BINS + bin)]! / (hessian(bin) + SUPPORT);
  const used = bins.filter((bin) => hessian(bin) * (size / h) >= SUPPORT);
  return Uint8Array.from(used.sort((a, b) => ratio(a) - ratio(b) || a - b));
}
