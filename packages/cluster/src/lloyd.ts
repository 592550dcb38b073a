import type { Progress, Steps } from '@maru-ml/base';
import { labelRows, SLACK, squaredDistance } from '@maru-ml/kernels/kmeans';
import { type Points, rowsAtOnce } from './points.ts';
import { checkFinite } from './variance.ts';

/** What a start led to. */
export interface Run {
  centers: Float64Array;
  labels: Int32Array;
  inertias: Float64Array;
  nIter: number;
  converged: boolean;
  /** Whether `onProgress` put an end to it. */
  stopped: boolean;
}

/** What the algorithm is told. */
export interface LloydOptions {
  maxIter: number;
  /** Stop when the squared shifts of the centers add up to at most this. */
  tolerance: number;
  /** What becomes of a center without rows: it starts anew at the row that is farthest from its own, or is removed. */
  emptyCluster: 'reinit' | 'remove';
  /** What an iteration is reported as. */
  tell: (inertia: number, shift: number) => Progress;
}

/** Lloyd's algorithm from these centers. The rows may be labeled with them already; else their labels are 0. */
export function* lloyd(
  points: Points,
  start: Float64Array,
  { maxIter, tolerance, emptyCluster, tell }: LloydOptions,
): Steps<Run> {
  const inertias: number[] = [];
  let centers = start;
  let drift = 0;
  let emptied = true; // the first centers are no means of rows
  points.rows().lower.fill(0);
  for (let nIter = 1; ; nIter++) {
    let cells = yield* label(points, centers, drift);
    inertias.push(cells.inertia);
    const repeated = cells.changed === 0 && !emptied;
    emptied = cells.weights.includes(0);
    if (emptied && emptyCluster === 'remove') cells = withoutEmpty(points, cells);
    else if (emptied) emptied = startAnew(points, cells);
    // If no label has changed, the centers are the means of their rows already.
    const settled = repeated && !emptied;
    centers = means(points, cells);
    const { shift, farthest } = shiftsOf(cells.centers, centers, points.d);
    drift = Math.sqrt(farthest) * SLACK;

    const converged = settled || (!emptied && shift <= tolerance);
    const stopped = (yield tell(cells.inertia, shift)) === false;
    if (!converged && !stopped && nIter < maxIter) continue;
    // The labels are to fit the last centers.
    while (!settled) {
      cells = yield* label(points, centers, drift);
      inertias.push(cells.inertia);
      if (emptyCluster === 'reinit' || !cells.weights.includes(0)) break;
      centers = withoutEmpty(points, cells).centers;
      drift = 0;
    }
    const labels = points.rows().labels.slice();
    return { centers, labels, inertias: Float64Array.from(inertias), nIter, converged, stopped };
  }
}

/** What the rows that are nearest to each center add up to. */
interface Cells {
  /** [k, d] */
  centers: Float64Array;
  /** Σ wᵢ xᵢ of the rows of each center [k, d]. */
  sums: Float64Array;
  /** Σ wᵢ of the rows of each center [k]. */
  weights: Float64Array;
  inertia: number;
  /** How many labels are others than before. */
  changed: number;
}

/** Labels each row with its nearest center, and adds up the rows of each. */
function* label(points: Points, centers: Float64Array, drift: number): Steps<Cells> {
  const { n, d } = points;
  const k = centers.length / d;
  const sums = new Float64Array(k * d);
  const totals = new Float64Array(k);
  const half = halfways(centers, n, k, d);
  const result = new Float64Array(2);
  let [inertia, changed] = [0, 0];
  const most = rowsAtOnce(k * d);
  for (let from = 0; from < n; from += most) {
    const to = Math.min(n, from + most);
    const { x, weights, labels, distances, lower } = points.rows(from, to);
    labelRows(x, centers, to - from, k, d, weights, labels, distances, lower, drift, half, sums, totals, result);
    inertia += result[0]!;
    changed += result[1]!;
    yield;
  }
  checkFinite(inertia);
  return { centers, sums, weights: totals, inertia, changed };
}

/** Half of the distance of each center from the nearest other one; 0, which is no help, where that is dear to know. */
function halfways(centers: Float64Array, n: number, k: number, d: number): Float64Array {
  const half = new Float64Array(k);
  if (k * k > 4 * n || k * k * d > 2 ** 24) return half;
  half.fill(Number.POSITIVE_INFINITY);
  for (let c = 1; c < k; c++) {
    for (let other = 0; other < c; other++) {
      const distance = Math.sqrt(squaredDistance(centers, c * d, centers, other * d, d));
      half[c] = Math.min(half[c]!, distance);
      half[other] = Math.min(half[other]!, distance);
    }
  }
  return half.map((distance) => Math.min(distance / (2 * SLACK), Number.MAX_VALUE));
}

/** The squared distances that the centers have moved: their sum and the largest. */
function shiftsOf(before: Float64Array, after: Float64Array, d: number): { shift: number; farthest: number } {
  let [shift, farthest] = [0, 0];
  for (let at = 0; at < before.length; at += d) {
    const square = squaredDistance(after, at, before, at, d);
    shift += square;
    farthest = Math.max(farthest, square);
  }
  return { shift, farthest };
}

/** The means of the rows of each center, in the rows' type; a center without rows stays where it is. */
function means(points: Points, { centers, sums, weights }: Cells): Float64Array {
  const mean = (value: number, at: number) => {
    const weight = weights[Math.floor(at / points.d)]!;
    return weight === 0 ? value : sums[at]! / weight;
  };
  return points.rounded(centers.map(mean));
}

/**
 * Gives each center without rows the row that is farthest from its own center, which leaves that one. No row is taken that
 * lies on its center, or is the only one there. Tells whether any was taken.
 */
function startAnew(points: Points, { sums, weights: totals }: Cells): boolean {
  const { n, d } = points;
  const { x, labels, distances, weights } = points.rows();
  const taken = new Set<number>();
  for (let c = 0; c < totals.length; c++) {
    if (totals[c] !== 0) continue;
    let farthest = -1;
    let distance = 0;
    for (let i = 0; i < n; i++) {
      const weight = weights === null ? 1 : weights[i]!;
      if (!(distances[i]! > distance) || weight === 0 || totals[labels[i]!]! <= weight || taken.has(i)) continue;
      farthest = i;
      distance = distances[i]!;
    }
    if (farthest === -1) break;
    taken.add(farthest);
    const weight = weights === null ? 1 : weights[farthest]!;
    const left = labels[farthest]!;
    totals[c] = weight;
    totals[left]! -= weight;
    for (let j = 0; j < d; j++) {
      const part = weight * x[farthest * d + j]!;
      sums[c * d + j] = part;
      sums[left * d + j]! -= part;
    }
  }
  return taken.size > 0;
}

/** The cells of the centers that have rows. The labels become their new places. */
function withoutEmpty(points: Points, cells: Cells): Cells {
  const { n, d } = points;
  const { labels, lower } = points.rows();
  const { centers, sums, weights } = cells;
  const kept = [...weights.keys()].filter((c) => weights[c]! > 0);
  for (let i = 0; i < n; i++) {
    const place = kept.indexOf(labels[i]!);
    // Rows that weigh nothing may have been with an empty center: they are compared with all others next.
    labels[i] = Math.max(place, 0);
    if (place < 0) lower[i] = 0;
  }
  const rowsOf = (array: Float64Array) => array.filter((_, at) => weights[Math.floor(at / d)]! > 0);
  return { ...cells, centers: rowsOf(centers), sums: rowsOf(sums), weights: weights.filter((weight) => weight > 0) };
}
