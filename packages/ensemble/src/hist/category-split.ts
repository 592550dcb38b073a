import { BINS } from '@maru-ml/kernels/histogram';
import { MISSING } from './bin-mapper.ts';
import type { Split } from './grower.ts';

/** The least rows, by their share of Σ hessian, that a category must have to go left; what smooths its place in the order. */
const SUPPORT = 10;

/**
 * The best split of a categorical column: categories (and missing values as one of them) are ordered by Σ gradient over
 * Σ hessian, among which the best parting is one of the order (Fisher 1958), and scanned from both ends to the middle.
 * Categories of less than `SUPPORT` rows go right. O(k log k).
 *
 * W. D. Fisher, "On grouping for maximum homogeneity", JASA 53 (1958).
 *
 * @param node as for `bestSplit`
 */
export function categorySplit(
  pairs: Float64Array,
  counts: Int32Array | null,
  column: number,
  categories: number,
  missing: boolean,
  node: Float64Array,
  leastRows: number,
): Split | null {
  const [g, h, n, value, low, high, l2, leastHessian] = Array.from(node) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const at = column * BINS;
  const gradient = (bin: number) => pairs[2 * (at + bin)]!;
  const hessian = (bin: number) => pairs[2 * (at + bin) + 1]!;
  const factor = n / h;
  const bins = Array.from({ length: categories }, (_, bin) => bin);
  if (missing) bins.push(MISSING);
  const ratio = (bin: number) => gradient(bin) / (hessian(bin) + SUPPORT);
  const used = bins.filter((bin) => hessian(bin) * factor >= SUPPORT).sort((a, b) => ratio(a) - ratio(b) || a - b);
  if (used.length <= 1) return null;
  const clipped = (v: number) => Math.min(high, Math.max(low, v));
  let best: Split | null = null;
  const half = (used.length + 1) >> 1;
  for (const direction of [1, -1]) {
    let [leftG, leftH, rows] = [0, 0, 0];
    for (let i = 0; i < (direction === 1 ? half : half - 1); i++) {
      const bin = direction === 1 ? used[i]! : used[used.length - 1 - i]!;
      rows += counts === null ? hessian(bin) : counts[at + bin]!;
      leftG += gradient(bin);
      leftH += hessian(bin);
      const [rightG, rightH] = [g - leftG, h - leftH];
      if (rows < leastRows || leftH < leastHessian) continue;
      if (n - rows < leastRows || rightH < leastHessian) break;
      const left = clipped(-leftG / (leftH + l2 + 1e-15));
      const right = clipped(-rightG / (rightH + l2 + 1e-15));
      const gain = g * value - left * leftG - right * rightG;
      if (gain <= 0 || (best !== null && gain <= best.gain)) continue;
      const goesLeft = new Uint8Array(BINS);
      for (let k = 0; k <= i; k++) goesLeft[direction === 1 ? used[k]! : used[used.length - 1 - k]!] = 1;
      const missingLeft = goesLeft[MISSING] === 1;
      best = { gain, column, bin: 0, missingLeft, leftG, leftH, rightG, rightH, categories: goesLeft };
    }
  }
  return best;
}
