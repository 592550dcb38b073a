import { bytes } from './generated/kmeans.ts';
import type { FloatArray } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';

const kernels = /* @__PURE__ */ kernelModule<'label' | 'attempt'>(bytes);

/** Squares below which the twin is faster than the kernel. */
const SMALL = 400;

/** 2⁻⁵⁰: more than what rounding can add to a difference. */
const ROUNDING = 8.881784197001252e-16;

/** ‖x - y‖² of the d numbers from places i and j on, in float64: a sum over the columns in order, as everywhere in k-means. */
export function squaredDistance(x: FloatArray, i: number, y: FloatArray, j: number, d: number): number {
  let sum = 0;
  for (let l = 0; l < d; l++) {
    const difference = x[i + l]! - y[j + l]!;
    sum += difference * difference;
  }
  return sum;
}

/** What a distance is stretched by before a conclusion is drawn from it: more than rounding can do, up to millions of columns. */
export const SLACK: number = 1.00000001;

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
 * @param drift how far a center has moved since the last time, at most
 * @param half [k], at most half of the distance of a center from the nearest other one; 0 if not known
 * @param sums [k, d], to which Σ w x of the rows of each center is added
 * @param totals [k], to which Σ w is added
 * @param result [2]: Σ w · distance, and how many labels changed
 */
export function labelRows(
  x: FloatArray,
  centers: Float64Array,
  n: number,
  k: number,
  d: number,
  weights: Float64Array | null,
  labels: Int32Array,
  distances: Float64Array,
  lower: Float64Array,
  drift: number,
  half: Float64Array,
  sums: Float64Array,
  totals: Float64Array,
  result: Float64Array,
): void {
  const kernel = enough(n * k * d) ? kernels() : null;
  if (kernel !== null) {
    const arrays = [result, distances, sums, totals, labels, lower, x, centers, half, weights ?? half];
    const run: Run = (...at) => {
      kernel.label(x.BYTES_PER_ELEMENT, ...at.slice(0, 10), n, k, d, weights === null ? 0 : 1, drift, at[10]!);
    };
    if (withAddresses(arrays, 6, run, 2, workBytes(k, d))) return;
  }

  let inertia = 0;
  let changed = 0;
  for (let i = 0; i < n; i++) {
    let c = labels[i]!;
    let own = squaredDistance(x, i * d, centers, c * d, d);
    let bound = lower[i]!;
    bound = bound - drift - bound * ROUNDING;
    const safe = Math.max(bound, half[c]!);
    if (!(own * SLACK < safe * safe)) {
      own = Infinity;
      let second = Infinity;
      let nearest = 0;
      for (let j = 0; j < k; j++) {
        const distance = squaredDistance(x, i * d, centers, j * d, d);
        if (distance < own) {
          second = own;
          own = distance;
          nearest = j;
        } else if (distance < second) second = distance;
      }
      bound = Math.min(Math.sqrt(second) / SLACK, Number.MAX_VALUE);
      if (nearest !== c) changed++;
      c = nearest;
      labels[i] = c;
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
 * The squared distances of each row from k candidates for a center, and by how much each would lower Σ w · closest. Cost:
 * O(n · k · d).
 * @param x [n, d]
 * @param candidates [k, d]
 * @param weights [n]; null for 1 each
 * @param closest [n], the squared distances of the rows from their nearest centers
 * @param tried [n, `triedColumns(k)`], the squared distances from the candidates
 * @param gains [k], added to
 */
export function tryCandidates(
  x: FloatArray,
  candidates: Float64Array,
  n: number,
  k: number,
  d: number,
  weights: Float64Array | null,
  closest: Float64Array,
  tried: Float64Array,
  gains: Float64Array,
): void {
  const kernel = enough(n * k * d) ? kernels() : null;
  if (kernel !== null) {
    const arrays = [gains, tried, x, candidates, closest, weights ?? closest];
    const run: Run = (...at) => {
      kernel.attempt(x.BYTES_PER_ELEMENT, ...at.slice(0, 6), n, k, d, weights === null ? 0 : 1, at[6]!);
    };
    if (withAddresses(arrays, 2, run, 0, workBytes(k, d))) return;
  }

  const columns = triedColumns(k);
  const falls = new Float64Array(k);
  tried.fill(Infinity, 0, n * columns);
  for (let i = 0; i < n; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    for (let j = 0; j < k; j++) {
      const distance = squaredDistance(x, i * d, candidates, j * d, d);
      tried[i * columns + j] = distance;
      falls[j]! += weight * Math.max(closest[i]! - distance, 0);
    }
  }
  for (let j = 0; j < k; j++) gains[j]! += falls[j]!;
}

/** How many columns there are for k candidates: a multiple of 4. */
export function triedColumns(k: number): number {
  return (k + 3) & ~3;
}

type Run = (...addresses: number[]) => void;

function enough(squares: number): boolean {
  return squares >= (choice().mode === 'wasm' ? 1 : SMALL);
}

/** Room for k rows in groups of four, four more, and some numbers of each. */
function workBytes(k: number, d: number): number {
  return Math.ceil(k / 4) * 32 * (d + 1) + 32 * (d + 1) + 128;
}
