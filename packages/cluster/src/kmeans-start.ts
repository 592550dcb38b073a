import type { Random, Steps } from '@maru-ml/base';
import { triedColumns, tryCandidates } from '@maru-ml/kernels/kmeans';
import { Block, type Points, part, rowsAtOnce } from './points.ts';

/** `k` different rows, drawn with a probability proportional to their weights [k, d]. */
export function randomRows(points: Points, k: number, random: Random): Float64Array {
  const { n, weights } = points;
  const centers = new Float64Array(k * points.d);
  const chosen = weights === null ? random.choose(n, k) : weightedChoice(weights, k, random);
  for (let c = 0; c < k; c++) copyRow(points, chosen[c]!, centers, c);
  return centers;
}

/**
 * Greedy k-means++: `k` rows far apart [k, d]. The first is drawn as in `randomRows`. For each further one a few candidates
 * are drawn with a probability proportional to wᵢ D²(xᵢ), where D is the distance from the nearest center so far, and the one
 * that lowers Σ wᵢ D²(xᵢ) most is kept. The rows are labeled with the centers on the way.
 */
export function* spreadRows(points: Points, k: number, random: Random): Steps<Float64Array> {
  const { n, d } = points;
  const centers = new Float64Array(k * d);
  const trials = 2 + Math.floor(Math.log(k));
  const cumulative = new Float64Array(n);
  const tried = new Block('float64', n * triedColumns(trials));
  points.distances.fill(Number.POSITIVE_INFINITY);
  try {
    for (let c = 0; c < k; c++) {
      const candidates = drawRows(points, c === 0 ? null : points.distances, c === 0 ? 1 : trials, cumulative, random);
      const best = yield* tryRows(points, candidates, tried);
      copyRow(points, candidates[best]!, centers, c);
      takeIn(points, tried.array as Float64Array, triedColumns(candidates.length), best, c);
      yield;
    }
  } finally {
    tried.free();
  }
  return centers;
}

/** `count` rows, drawn with a probability proportional to wᵢ D²(xᵢ), or to wᵢ where there is no D or it is 0 everywhere. */
function drawRows(
  points: Points,
  squares: Float64Array | null,
  count: number,
  cumulative: Float64Array,
  random: Random,
): number[] {
  const total = cumulate(squares, points.weights, cumulative);
  if (total === 0) return drawRows(points, null, count, cumulative, random);
  return Array.from({ length: count }, () => {
    let drawn = random.uniform() * total;
    while (drawn >= total) drawn = random.uniform() * total; // rounding may reach it
    return firstAbove(cumulative, drawn);
  });
}

/** The running sums of wᵢ D²(xᵢ), where a missing factor is 1; returns the last. */
function cumulate(squares: Float64Array | null, weights: Float64Array | null, sums: Float64Array): number {
  let total = 0;
  if (squares !== null && weights !== null) {
    for (let i = 0; i < sums.length; i++) sums[i] = total += weights[i]! * squares[i]!;
  } else {
    const factors = squares ?? weights;
    for (let i = 0; i < sums.length; i++) sums[i] = total += factors === null ? 1 : factors[i]!;
  }
  return total;
}

/** Which of the candidates lowers Σ wᵢ D²(xᵢ) most. Leaves the squared distances from all of them in `tried`. */
function* tryRows(points: Points, candidates: readonly number[], tried: Block): Steps<number> {
  const { n, d } = points;
  const count = candidates.length;
  const columns = triedColumns(count);
  const rows = new Float64Array(count * d);
  for (const [t, row] of candidates.entries()) copyRow(points, row, rows, t);
  const gains = new Float64Array(count);
  const most = rowsAtOnce(count * d);
  for (let from = 0; from < n; from += most) {
    const to = Math.min(n, from + most);
    const { x, weights, distances } = part(points, from, to);
    const out = (tried.array as Float64Array).subarray(from * columns, to * columns);
    tryCandidates(x, rows, to - from, count, d, weights, distances, out, gains);
    yield;
  }
  return gains.indexOf(Math.max(...gains));
}

/** Labels the rows that are nearer to candidate `best`, the new center c, than to those before it. */
function takeIn({ n, labels, distances }: Points, tried: Float64Array, columns: number, best: number, c: number): void {
  for (let i = 0; i < n; i++) {
    const distance = tried[i * columns + best]!;
    if (distance >= distances[i]!) continue;
    distances[i] = distance;
    labels[i] = c;
  }
}

function copyRow({ x, d }: Points, row: number, target: Float64Array, place: number): void {
  for (let j = 0; j < d; j++) target[place * d + j] = x[row * d + j]!;
}

function weightedChoice(weights: Float64Array, k: number, random: Random): number[] {
  const left = weights.slice();
  return Array.from({ length: k }, () => {
    const row = random.weighted(left);
    left[row] = 0;
    return row;
  });
}

/** The first place whose value is above `limit`, in ascending values of which the last is. */
function firstAbove(ascending: Float64Array, limit: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
