import { BINS } from '@maru-ml/kernels/histogram';

/** A node, as far as its split depends on it. */
export interface Splittable {
  /** Its number of rows, and their Σ gradient and Σ hessian. */
  size: number;
  g: number;
  h: number;
  value: number;
  /** Bounds of the values below, from constraints. */
  low: number;
  high: number;
}

/** The best split of a node so far. */
export interface Split {
  /** By how much the loss falls; 0, if there is none. */
  gain: number;
  column: number;
  /** Bins in the order in which they were scanned; null, by number. */
  order: Uint8Array | null;
  /** The place in this order of the last bin of the child that was scanned. */
  last: number;
  /** 1 if that is the right child, so that missing values go left; else 0. */
  fromRight: number;
  /** Its Σ gradient and Σ hessian. */
  g: number;
  h: number;
}

/** What splits depend on besides. */
export interface SplitOptions {
  readonly minSamplesLeaf: number;
  readonly l2Regularization: number;
}

/** Least Σ hessian of a child. */
export const LEAST_HESSIAN = 1e-3;

/**
 * Scans bins of a column in an order and keeps in `best` where parting them makes the loss fall most, by
 * G v - (G_left v_left + G_right v_right) with the values v of the node and its children; of equals the first. O(steps).
 *
 * @param counts the numbers of rows by bin; `sums`, where all hessians are 1
 * @param order null, by number, from the left or from the right
 * @param steps how many bins may be the last one of the child that is scanned
 * @param constraint 1 rises, -1 falls, 0 is free
 */
export function scan(
  node: Splittable,
  { minSamplesLeaf, l2Regularization }: SplitOptions,
  sums: Float64Array,
  counts: Int32Array | Float64Array,
  column: number,
  order: Uint8Array | null,
  steps: number,
  fromRight: number,
  constraint: number,
  best: Split,
): void {
  const { size, g, h, low, high } = node;
  const loss = g * node.value;
  const most = size - minSamplesLeaf;
  const from = column * BINS;
  // Without counts, their place is that of Σ hessian in a pair.
  const stride = counts === sums ? 2 : 1;
  const penalty = l2Regularization + 1e-15;
  const total = h + 2 * penalty;
  // Without bounds the gain is loss + g² / total + lead² total / (weight (total - weight)): where lead² is below bound · weight ·
  // (total - weight), it is too small by more than rounding. So most bins need no division. With bounds there is no such bound.
  const free = low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY;
  const scale = free ? 1 - 1e-9 : Number.NaN;
  // From the right, the bin behind the last step comes first.
  const way = 1 - 2 * fromRight;
  const start = from + (fromRight === 1 ? steps : 0);
  const mean = g / total;
  let { gain } = best;
  let bound = (scale * (gain - loss) - g * mean) / total;
  let last = -1;
  let lastG = 0;
  let lastH = 0;
  let sumG = 0;
  let sumH = 0;
  let rows = 0;
  for (let i = 0; i < steps; i++) {
    const at = order === null ? start + way * i : from + order[i]!;
    rows += counts[stride * at + stride - 1]!;
    sumG += sums[2 * at]!;
    sumH += sums[2 * at + 1]!;
    if (rows < minSamplesLeaf) continue;
    if (rows > most) break;
    const weight = sumH + penalty;
    const lead = sumG - mean * weight;
    if (lead * lead < bound * weight * (total - weight)) continue;
    const restG = g - sumG;
    const restH = h - sumH;
    if (sumH < LEAST_HESSIAN) continue;
    if (restH < LEAST_HESSIAN) break;
    // Written out, since the engine makes objects of numbers that it hands to a function that is seldom called.
    const own = Math.min(high, Math.max(low, -sumG / (sumH + l2Regularization + 1e-15)));
    const other = Math.min(high, Math.max(low, -restG / (restH + l2Regularization + 1e-15)));
    if ((fromRight === 1 ? own - other : other - own) * constraint < 0) continue;
    // The left side comes first.
    const fall = fromRight === 1 ? loss - other * restG - own * sumG : loss - own * sumG - other * restG;
    if (!(fall > gain)) continue;
    gain = fall;
    bound = (scale * (gain - loss) - g * mean) / total;
    last = i;
    lastG = sumG;
    lastH = sumH;
  }
  if (last >= 0) Object.assign(best, { gain, column, order, last, fromRight, g: lastG, h: lastH });
}
