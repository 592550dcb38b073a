import { sortStepsBy } from '@maru-ml/base';

// The parts of isotonic regression, on flat arrays.

/** The value at x of a function with corners at xs, ascending; beyond the ends those of the ends. */
export function interpolated(xs: Float64Array, ys: Float64Array, x: number): number {
  const last = xs.length - 1;
  if (x <= xs[0]!) return ys[0]!;
  if (x >= xs[last]!) return ys[last]!;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle]! <= x) low = middle;
    else high = middle;
  }
  const width = xs[high]! - xs[low]!;
  // Halves or parts, where the distance of two finite numbers is not finite.
  const share =
    width < Number.POSITIVE_INFINITY ? (x - xs[low]!) / width : (x / 2 - xs[low]! / 2) / (xs[high]! / 2 - xs[low]! / 2);
  const rise = ys[high]! - ys[low]!;
  return Number.isFinite(rise) ? ys[low]! + share * rise : (1 - share) * ys[low]! + share * ys[high]!;
}

/** The corners of the fit of y to x that rises. It pauses between its parts. */
export function* isotonicCorners(
  x: Float64Array,
  y: Float64Array,
  weights: Float64Array | null,
): Generator<undefined, { x: Float64Array; y: Float64Array }, unknown> {
  const points = yield* merged(x, y, weights);
  yield;
  const fitted = pooled(points.y, points.weights, true);
  yield;
  return corners(points.x, fitted);
}

/** Rows in the order of x, those of equal x as one with their mean and weight; rows of weight 0 are left out. */
export function* merged(
  x: ArrayLike<number>,
  y: Float64Array,
  weights: Float64Array | null,
): Generator<undefined, Points, unknown> {
  const rows = new Int32Array(y.length).map((_, i) => i);
  const used = weights === null ? rows : rows.filter((i) => weights[i]! > 0);
  yield;
  const order = yield* sortStepsBy(used, (a, b) => x[a]! - x[b]! || y[a]! - y[b]!);
  const n = order.length;
  const out = { x: new Float64Array(n), y: new Float64Array(n), weights: new Float64Array(n) };
  let count = 0;
  for (let from = 0; from < n; from += STRETCH) {
    count = addPoints(x, y, weights, order.subarray(from, from + STRETCH), out, count);
    yield;
  }
  for (let j = 0; j < count; j++) out.y[j]! /= out.weights[j]!;
  return { x: out.x.subarray(0, count), y: out.y.subarray(0, count), weights: out.weights.subarray(0, count) };
}

/** Rows that are merged between two pauses. */
const STRETCH = 2 ** 14;

interface Points {
  x: Float64Array;
  y: Float64Array;
  weights: Float64Array;
}

/** Adds rows in the order of x to the sums of so many points, and returns how many there are then. */
function addPoints(
  x: ArrayLike<number>,
  y: Float64Array,
  weights: Float64Array | null,
  order: Int32Array,
  sums: Points,
  count: number,
): number {
  let k = count - 1;
  for (let at = 0; at < order.length; at++) {
    const i = order[at]!;
    const weight = weights === null ? 1 : weights[i]!;
    if (k < 0 || x[i] !== sums.x[k]) sums.x[++k] = x[i]!;
    sums.y[k]! += weight * y[i]!;
    sums.weights[k]! += weight;
  }
  return k + 1;
}

/** Pools adjacent violators: blocks of equal values, each the weighted mean of its members. */
export function pooled(y: Float64Array, weights: Float64Array, increasing: boolean): Float64Array {
  const n = y.length;
  const at = (i: number) => (increasing ? i : n - 1 - i);
  const means = new Float64Array(n);
  const totals = new Float64Array(n);
  const ends = new Int32Array(n);
  let blocks = 0;
  for (let i = 0; i < n; i++) {
    means[blocks] = y[at(i)]!;
    totals[blocks] = weights[at(i)]!;
    ends[blocks] = i + 1;
    while (blocks > 0 && means[blocks - 1]! >= means[blocks]!) {
      const [a, b] = [totals[blocks - 1]!, totals[blocks]!];
      means[blocks - 1]! += (b / (a + b)) * (means[blocks]! - means[blocks - 1]!);
      totals[blocks - 1] = a + b;
      ends[blocks - 1] = ends[blocks]!;
      blocks--;
    }
    blocks++;
  }
  const out = new Float64Array(n);
  for (let block = 0, i = 0; block < blocks; block++) for (; i < ends[block]!; i++) out[at(i)] = means[block]!;
  return out;
}

/** Puts values beyond the bounds on them, in place. */
export function clip(values: Float64Array, low: number | null, high: number | null): void {
  for (let i = 0; i < values.length; i++) {
    if (low !== null && values[i]! < low) values[i] = low;
    if (high !== null && values[i]! > high) values[i] = high;
  }
}

/** Leaves out the points whose value is that of both neighbors. */
export function corners(x: Float64Array, y: Float64Array): { x: Float64Array; y: Float64Array } {
  const last = y.length - 1;
  const kept = (_: number, i: number) => i === 0 || i === last || y[i] !== y[i - 1] || y[i] !== y[i + 1];
  return { x: x.filter(kept), y: y.filter(kept) };
}

/** The sign of Spearman's correlation is that of the covariance of ranks. */
export function* correlation(x: ArrayLike<number>, y: Float64Array): Generator<undefined, number, unknown> {
  const [a, b] = [yield* ranks(x), yield* ranks(y)];
  const middle = (y.length + 1) / 2;
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += (a[i]! - middle) * (b[i]! - middle);
  return sum;
}

/** Ranks from 1; equals have the mean of theirs. */
function* ranks(values: ArrayLike<number>): Generator<undefined, Float64Array, unknown> {
  const n = values.length;
  const order = yield* sortStepsBy(
    new Int32Array(n).map((_, i) => i),
    (a, b) => values[a]! - values[b]!,
  );
  const out = new Float64Array(n);
  for (let from = 0; from < n; ) {
    let to = from;
    while (to < n && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) out[order[i]!] = (from + to + 1) / 2;
    from = to;
  }
  return out;
}
