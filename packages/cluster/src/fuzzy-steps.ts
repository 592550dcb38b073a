import { choose, DataError, type RandomStream, type Steps } from '@maru-ml/base';
import { squaredDistance } from '@maru-ml/kernels/kmeans';
import type { Matrix } from '@maru-ml/tensor';
import { plusPlusRows } from './kmeans-steps.ts';
import { type Membership, takeMemberships, weightOf } from './membership.ts';
import { rowsAtOnce } from './points.ts';

export interface FuzzyStepsOptions {
  membership: Membership;
  nClusters: number;
  init: 'k-means++' | 'random' | Float64Array;
  nInit: number;
  maxIter: number;
  tol: number;
}

/** What a start led to. */
export interface FuzzyRun {
  /** [k, d] */
  centers: Float64Array;
  /** [n, k] */
  memberships: Float64Array;
  objectives: number[];
  nIter: number;
  converged: boolean;
  stopped: boolean;
}

/** The best of some starts of alternating between memberships and centers. */
export function* bestFuzzy(
  x: Matrix<Float64Array>,
  weights: Float64Array | null,
  options: FuzzyStepsOptions,
  random: RandomStream | null,
): Steps<FuzzyRun> {
  const { init, nInit, nClusters: k, maxIter } = options;
  const tolerance = options.tol * varianceOf(x, weights);
  const starts = typeof init === 'string' ? nInit : 1;
  let best: FuzzyRun | null = null;
  const counter = { step: 0, total: starts * maxIter };
  for (let start = 1; start <= starts; start++) {
    let centers = typeof init === 'string' ? null : init;
    const own = random?.fork();
    if (own !== undefined) centers = init === 'random' ? anyRows(x, k, own) : yield* plusPlusRows(x, k, own, weights);
    const run = yield* alternate(x, weights, centers!, options, tolerance, start, counter);
    if (best === null || run.objectives.at(-1)! < best.objectives.at(-1)!) best = run;
    if (run.stopped) break;
  }
  return best!;
}

function* alternate(
  x: Matrix<Float64Array>,
  weights: Float64Array | null,
  first: Float64Array,
  { membership, maxIter }: FuzzyStepsOptions,
  tolerance: number,
  start: number,
  counter: { step: number; total: number },
): Steps<FuzzyRun> {
  const { data, rows: n, columns: d } = x;
  const k = first.length / d;
  const memberships = new Float64Array(n * k);
  const objectives: number[] = [];
  const most = rowsAtOnce(4 * k * (2 * d + 40));
  let centers = first;
  for (let nIter = 1; ; nIter++) {
    objectives.push(yield* join(x, weights, centers, membership, memberships));
    const sums = new Float64Array(k * d);
    const totals = new Float64Array(k);
    for (let from = 0; from < n; from += most) {
      const to = Math.min(n, from + most);
      for (let i = from; i < to; i++) {
        for (let c = 0; c < k; c++) {
          const u = weightOf(memberships[i * k + c]!, membership) * (weights === null ? 1 : weights[i]!);
          totals[c]! += u;
          for (let j = 0; j < d; j++) sums[c * d + j]! += u * data[i * d + j]!;
        }
      }
      yield;
    }
    // A center that no row belongs to stays.
    const next = centers.map((value, at) => {
      const total = totals[Math.floor(at / d)]!;
      return total > 0 ? sums[at]! / total : value;
    });
    let shift = 0;
    for (let c = 0; c < k; c++) shift += squaredDistance(next, c * d, centers, c * d, d);
    centers = next;
    const objective = objectives.at(-1)!;
    const converged = shift <= tolerance;
    const metrics = { start, objective, shift };
    const stopped = (yield { step: ++counter.step, total: counter.total, unit: 'iteration', metrics }) === false;
    if (!converged && !stopped && nIter < maxIter) continue;
    // The memberships are to fit the last centers.
    objectives.push(yield* join(x, weights, centers, membership, memberships));
    return { centers, memberships, objectives, nIter, converged, stopped };
  }
}

/** The memberships of the rows in the centers, to `out` [n, k]; returns the objective. */
export function* join(
  { data, rows: n, columns: d }: Matrix,
  weights: Float64Array | null,
  centers: Float64Array,
  membership: Membership,
  out: Float64Array,
): Steps<number> {
  const k = centers.length / d;
  let objective = 0;
  const most = rowsAtOnce(4 * k * (d + 40));
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < k; c++) out[i * k + c] = squaredDistance(data, i * d, centers, c * d, d);
    objective += takeMemberships(out, i * k, k, membership) * (weights === null ? 1 : weights[i]!);
    if (i % most === most - 1) yield;
  }
  return objective;
}

function anyRows({ data, rows: n, columns: d }: Matrix, k: number, random: RandomStream): Float64Array {
  const centers = new Float64Array(k * d);
  for (const [c, row] of choose(random, n, k).entries()) centers.set(data.subarray(row * d, (row + 1) * d), c * d);
  return centers;
}

/** The (weighted) variance of the columns, averaged over them: the scale of `tol`. */
function varianceOf({ data, rows: n, columns: d }: Matrix, weights: Float64Array | null): number {
  let total = 0;
  const means = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    total += weight;
    for (let j = 0; j < d; j++) means[j]! += weight * (data[i * d + j]! - data[j]!);
  }
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    for (let j = 0; j < d; j++) squares += weight * (data[i * d + j]! - data[j]! - means[j]! / total) ** 2;
  }
  return squares / total / d;
}

/** @throws DataError if there is no membership in this row */
export function checkMembership(owner: string, value: number, place: string): void {
  if (Number.isFinite(value)) return;
  throw new DataError(`${owner}: ${place} is too far from the centers: squared distances overflow`);
}
