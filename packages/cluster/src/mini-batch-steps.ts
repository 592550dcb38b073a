import { choose, type RandomStream, type Steps } from '@maru-ml/base';
import { labelRows, squaredDistance } from '@maru-ml/kernels/kmeans';
import type { Matrix } from '@maru-ml/tensor';
import { plusPlusRows } from './kmeans-steps.ts';
import type { MiniBatchKMeansSettings } from './mini-batch-kmeans.ts';

/** What a fit led to. */
export interface MiniBatchRun {
  /** [k, d] */
  centers: Float64Array;
  /** The weight of the rows that each center ever got [k]. */
  counts: Float64Array;
  nSteps: number;
  nIter: number;
  converged: boolean;
}

/** Rows of a matrix, with their weights. */
interface Batch {
  data: Float32Array | Float64Array;
  rows: number;
  columns: number;
  weights: Float64Array | null;
}

/** Steps with batches until nothing improves. */
export function* miniBatchSteps(
  x: Matrix,
  weights: Float64Array | null,
  settings: MiniBatchKMeansSettings,
  random: RandomStream,
): Steps<MiniBatchRun> {
  const { nClusters: k, maxIter, tol, maxNoImprovement, reassignmentRatio } = settings;
  const { rows: n, columns: d } = x;
  const batchSize = Math.min(settings.batchSize, n);
  let centers = yield* startOf(x, weights, settings, batchSize, random.fork());
  const tolerance = tol === 0 ? 0 : tol * meanVariance(x);
  const counts = new Float64Array(k);
  const total = Math.max(1, Math.floor((maxIter * n) / batchSize));
  // The running mean of J a row, its least value, and the batches since.
  const smoothing = Math.min(1, (2 * batchSize) / (n + 1));
  let [mean, least, without, sinceAnew] = [Number.NaN, Number.POSITIVE_INFINITY, 0, 0];
  for (let step = 1; ; step++) {
    const batch = take(
      x,
      weights,
      Int32Array.from({ length: batchSize }, () => random.integer(n)),
    );
    const before = centers.slice();
    const inertia = absorb(batch, centers, counts);
    sinceAnew += batchSize;
    if (counts.includes(0) || sinceAnew >= 10 * k) {
      sinceAnew = 0;
      if (reassignmentRatio > 0) startAnew(batch, centers, counts, reassignmentRatio, random);
    }
    let shift = 0;
    for (let c = 0; c < k; c++) shift += squaredDistance(centers, c * d, before, c * d, d);
    let converged = tolerance > 0 && shift <= tolerance;
    // The first batch tells of the start.
    if (step > 1) {
      const own = inertia / batchSize;
      mean = Number.isNaN(mean) ? own : mean * (1 - smoothing) + own * smoothing;
      without = mean < least ? 0 : without + 1;
      least = Math.min(least, mean);
      converged ||= maxNoImprovement !== null && without >= maxNoImprovement;
    }
    const stopped = (yield { step, total, unit: 'batch', metrics: { inertia: inertia / batchSize, shift } }) === false;
    if (!converged && !stopped && step < total) continue;
    centers = centers.slice();
    return { centers, counts, nSteps: step, nIter: Math.ceil((step * batchSize) / n), converged };
  }
}

/** Moves the centers to the means of all rows they ever got, those of the batch among them; returns the batch's J before. */
export function absorb(
  { data, rows, columns: d, weights }: Batch,
  centers: Float64Array,
  counts: Float64Array,
): number {
  const k = counts.length;
  const [labels, distances, lower] = [new Int32Array(rows), new Float64Array(rows), new Float64Array(rows)];
  const [half, sums] = [new Float64Array(k), new Float64Array(k * d)];
  const [totals, result] = [new Float64Array(k), new Float64Array(2)];
  labelRows(data, centers, rows, k, d, weights, labels, distances, lower, 0, half, sums, totals, result);
  for (let c = 0; c < k; c++) {
    if (totals[c] === 0) continue;
    const count = counts[c]! + totals[c]!;
    for (let at = c * d; at < (c + 1) * d; at++) centers[at] = (centers[at]! * counts[c]! + sums[at]!) / count;
    counts[c] = count;
  }
  return result[0]!;
}

/** Centers with few rows start anew at any rows of the batch, with the count of the smallest other cluster. */
function startAnew(
  { data, rows, columns: d, weights }: Batch,
  centers: Float64Array,
  counts: Float64Array,
  ratio: number,
  random: RandomStream,
): void {
  const usable = Int32Array.from({ length: rows }, (_, i) => i).filter((i) => weights === null || weights[i]! > 0);
  const most = counts.reduce((high, count) => Math.max(high, count), 0);
  const few = [...counts.keys()].filter((c) => counts[c]! < ratio * most);
  // At most half as many as there are rows: those with the fewest.
  few.sort((a, b) => counts[a]! - counts[b]! || a - b).splice(Math.floor(usable.length / 2));
  if (few.length === 0) return;
  for (const [place, choice] of choose(random, usable.length, few.length).entries()) {
    const row = usable[choice]!;
    centers.set(data.subarray(row * d, (row + 1) * d), few[place]! * d);
  }
  const kept = counts.filter((_, c) => !few.includes(c));
  const least = kept.reduce((low, count) => Math.min(low, count), Number.POSITIVE_INFINITY);
  for (const c of few) counts[c] = least;
}

/** The best of some starts, which are drawn from and tried on some of the rows [k, d]. */
function* startOf(
  x: Matrix,
  weights: Float64Array | null,
  { init, nInit, nClusters: k, initSize }: MiniBatchKMeansSettings,
  batchSize: number,
  random: RandomStream,
): Steps<Float64Array> {
  if (typeof init !== 'string') return Float64Array.from(init.flat());
  const { rows: n, columns: d } = x;
  const wanted = initSize ?? 3 * batchSize;
  const size = Math.min(n, wanted < k ? 3 * k : wanted);
  const trial = take(
    x,
    weights,
    Int32Array.from({ length: size }, () => random.integer(n)),
  );
  let best = new Float64Array(0);
  let least = Number.POSITIVE_INFINITY;
  const starts = nInit !== 'auto' ? nInit : init === 'random' ? 3 : 1;
  for (let start = 0; start < starts; start++) {
    const some = take(x, weights, choose(random, n, size));
    const centers =
      init === 'random' ? some.data.slice(0, k * d) : yield* plusPlusRows(some, k, random, positive(some.weights));
    const inertia = absorb(trial, Float64Array.from(centers), new Float64Array(k));
    if (inertia < least || start === 0) [least, best] = [inertia, Float64Array.from(centers)];
    yield;
  }
  return best;
}

/** Weights that are not all 0; null for 1 each. */
function positive(weights: Float64Array | null): Float64Array | null {
  return weights?.some((weight) => weight > 0) ? weights : null;
}

function take({ data, columns: d }: Matrix, weights: Float64Array | null, places: Int32Array): Batch {
  const rows = places.length;
  const some = data instanceof Float32Array ? new Float32Array(rows * d) : new Float64Array(rows * d);
  for (let i = 0; i < rows; i++) some.set(data.subarray(places[i]! * d, (places[i]! + 1) * d), i * d);
  const own = weights === null ? null : Float64Array.from(places, (i) => weights[i]!);
  return { data: some, rows, columns: d, weights: own };
}

function meanVariance({ data, rows: n, columns: d }: Matrix): number {
  const means = new Float64Array(d);
  for (let at = 0; at < data.length; at++) means[at % d]! += (data[at]! - data[at % d]!) / n;
  let squares = 0;
  for (let at = 0; at < data.length; at++) squares += (data[at]! - data[at % d]! - means[at % d]!) ** 2;
  return squares / n / d;
}
