import { bytes } from './generated/kmeans.ts';
import type { FloatArray } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';
import { squaredDistance } from './pair.ts';

export { squaredDistance } from './pair.ts';

const kernels = /* @__PURE__ */ kernelModule<'label' | 'gain' | 'adopt'>('kmeans', bytes);

/** Squares below which the twin is faster than the kernel. */
const SMALL = 400;

/** 2⁻⁵⁰: more than what rounding can add to a difference. */
const ROUNDING = 8.881784197001252e-16;

/** How far the centers have moved since the last labels: number `mover` by `moverDrift`, the others at most by `drift`. */
export interface Drift {
  mover: number;
  moverDrift: number;
  drift: number;
}

/**
 * Labels each row with its nearest center, of equals the first, and adds up the rows of each. A row whose center is proved to
 * be still the nearest is not compared with the others (Hamerly's bounds); the labels are those of a full comparison all the
 * same. Cost: O(n · d) for rows that are proved, O(n · k · d) for others.
 *
 * G. Hamerly, "Making k-means even faster", SDM (2010).
 *
 * @param x [n, d]
 * @param centers [k, d]
 * @param weights [n]; null for 1 each
 * @param labels [n], those of the last time, or 0
 * @param distances [n], the squared distances
 * @param lower [n], what was left here the last time, or 0
 * @param half [k], at most half of the distance of a center from the nearest other one; 0 if not known
 * @param sums [k, d], to which Σ w x of the rows of each center is added
 * @param totals [k], to which Σ w is added
 * @param result [2]: Σ w · distance, and how many labels changed
 */
export function labelRows<T extends FloatArray>(
  x: T,
  centers: T,
  n: number,
  k: number,
  d: number,
  weights: Float64Array | null,
  labels: Int32Array,
  distances: T,
  lower: Float64Array,
  half: Float64Array,
  { mover, moverDrift, drift }: Drift,
  sums: Float64Array,
  totals: Float64Array,
  result: Float64Array,
): void {
  // A squared distance is off by a factor of at most 1 ± (d + 3) ε / 2.
  const slack = 1 + 8 * (d + 8) * epsilon(x);
  const shrink = 1 - 4 * (d + 8) * epsilon(x);
  const kernel = enough(n * k * d) ? kernels() : null;
  const arrays = [result, distances, sums, totals, labels, lower, x, centers, half, weights ?? half];
  const run: Run = (
    atResult,
    atDistances,
    atSums,
    atTotals,
    atLabels,
    atLower,
    atX,
    atCenters,
    atHalf,
    atWeights,
    work,
  ) => {
    const weighted = weights === null ? 0 : 1;
    kernel!.label(
      x.BYTES_PER_ELEMENT,
      atResult!,
      atSums!,
      atTotals!,
      atLabels!,
      atDistances!,
      atLower!,
      atX!,
      atCenters!,
      atHalf!,
      atWeights!,
      n,
      k,
      d,
      weighted,
      mover,
      moverDrift,
      drift,
      slack,
      shrink,
      work!,
    );
  };
  if (kernel !== null && withAddresses(arrays, 6, run, 2, workBytes(x, k, d))) return;

  let inertia = 0;
  let changed = 0;
  for (let i = 0; i < n; i++) {
    let c = labels[i]!;
    let own = squaredDistance(x, i * d, centers, c * d, d);
    let bound = lower[i]!;
    bound = bound - (c === mover ? moverDrift : drift) - bound * ROUNDING;
    const safe = Math.max(bound, half[c]!);
    if (!(own * slack < safe * safe)) {
      let [best, second, nearest] = [Infinity, Infinity, 0];
      for (let j = 0; j < k; j++) {
        const distance = squaredDistance(x, i * d, centers, j * d, d);
        if (distance < best) {
          second = best;
          best = distance;
          nearest = j;
        } else if (distance < second) second = distance;
      }
      if (nearest !== c) changed++;
      c = nearest;
      own = best;
      labels[i] = c;
      bound = Math.min(Math.sqrt(second) * shrink, Number.MAX_VALUE);
    }
    distances[i] = own;
    lower[i] = bound;
    const weight = weights === null ? 1 : weights[i]!;
    inertia += weight * own;
    totals[c]! += weight;
    for (let l = 0; l < d; l++) sums[c * d + l]! += weight * x[i * d + l]!;
  }
  result[0] = inertia;
  result[1] = changed;
}

/**
 * By how much Σ w · closest would fall with each of k candidates for a center. Rows whose squared distance from their center
 * is at most `near` of it are passed over: no candidate can be nearer to them.
 * @param x [n, d]
 * @param candidates [k, d]
 * @param weights [n]; null for 1 each
 * @param closest [n], the squared distances of the rows from their centers
 * @param labels [n], their centers
 * @param near for each center at most a quarter of its squared distance from the nearest candidate
 * @param gains [k], added to
 */
export function gain<T extends FloatArray>(
  x: T,
  candidates: T,
  n: number,
  k: number,
  d: number,
  weights: Float64Array | null,
  closest: T,
  labels: Int32Array,
  near: Float64Array,
  gains: Float64Array,
): void {
  const kernel = enough(n * k * d) ? kernels() : null;
  const arrays = [gains, x, candidates, closest, labels, near, weights ?? near];
  const run: Run = (atGains, atX, atCandidates, atClosest, atLabels, atNear, atWeights, work) => {
    const weighted = weights === null ? 0 : 1;
    kernel!.gain(
      x.BYTES_PER_ELEMENT,
      atGains!,
      atX!,
      atCandidates!,
      atClosest!,
      atLabels!,
      atNear!,
      atWeights!,
      n,
      k,
      d,
      weighted,
      work!,
    );
  };
  if (kernel !== null && withAddresses(arrays, 1, run, 0, workBytes(x, k, d))) return;

  for (let i = 0; i < n; i++) {
    const distance = closest[i]!;
    if (distance <= near[labels[i]!]!) continue;
    const weight = weights === null ? 1 : weights[i]!;
    for (let j = 0; j < k; j++) {
      const fall = distance - squaredDistance(x, i * d, candidates, j * d, d);
      if (fall > 0) gains[j]! += weight * fall;
    }
  }
}

/**
 * Takes a center in: the rows that are nearer to it than to their own are labeled with its number.
 * @param x [n, d]
 * @param center [d]
 * @param c its number
 * @param closest [n], the squared distances of the rows from their centers
 * @param labels [n], their centers
 * @param near for each center at most a quarter of its squared distance from the new one
 */
export function adopt<T extends FloatArray>(
  x: T,
  center: T,
  n: number,
  d: number,
  c: number,
  closest: T,
  labels: Int32Array,
  near: Float64Array,
): void {
  const kernel = enough(n * d) ? kernels() : null;
  const run: Run = (atLabels, atClosest, atX, atCenter, atNear) => {
    kernel!.adopt(x.BYTES_PER_ELEMENT, atLabels!, atClosest!, atX!, atCenter!, atNear!, n, d, c);
  };
  if (kernel !== null && withAddresses([labels, closest, x, center, near], 2, run)) return;

  for (let i = 0; i < n; i++) {
    if (closest[i]! <= near[labels[i]!]!) continue;
    const distance = squaredDistance(x, i * d, center, 0, d);
    if (distance < closest[i]!) {
      closest[i] = distance;
      labels[i] = c;
    }
  }
}

type Run = (...addresses: number[]) => void;

function enough(squares: number): boolean {
  return squares >= (choice().mode === 'wasm' ? 1 : SMALL);
}

/** The relative distance of neighboring numbers. */
function epsilon(x: FloatArray): number {
  return x instanceof Float32Array ? 2 ** -23 : 2 ** -52;
}

/** Room for k rows in groups of two vectors, and for a number of each. */
function workBytes(x: FloatArray, k: number, d: number): number {
  return Math.ceil((k * x.BYTES_PER_ELEMENT) / 32) * 32 * (d + 1);
}
