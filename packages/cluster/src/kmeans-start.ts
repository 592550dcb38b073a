import { choose, drawWeighted, type RandomStream, type Steps } from '@maru-ml/base';
import { triedColumns, tryCandidates } from '@maru-ml/kernels/kmeans';
import { type Points, rowsAtOnce } from './points.ts';
import { checkFinite } from './variance.ts';

/** How many candidates greedy k-means++ draws for each of k centers. */
export function trialsOf(k: number): number {
  return 2 + Math.floor(Math.log(k));
}

/** `k` different rows, drawn with a probability proportional to their weights [k, d]. */
export function randomRows(points: Points, k: number, random: RandomStream): Float64Array {
  const { weights } = points.rows();
  return copiesOf(points, weights === null ? choose(random, points.n, k) : weightedChoice(weights, k, random));
}

/**
 * Greedy k-means++: `k` rows far apart [k, d]. The first is drawn as in `randomRows`. For each further one a few candidates
 * are drawn with a probability proportional to wᵢ D²(xᵢ), where D is the distance from the nearest center so far, and the one
 * that lowers Σ wᵢ D²(xᵢ) most is kept. The rows are labeled with the centers on the way.
 */
export function* spreadRows(points: Points, k: number, random: RandomStream): Steps<Float64Array> {
  const cumulative = new Float64Array(points.n);
  const chosen: number[] = [];
  points.rows().distances.fill(Number.POSITIVE_INFINITY);
  for (let c = 0; c < k; c++) {
    const candidates = drawRows(points, c > 0, c > 0 ? trialsOf(k) : 1, cumulative, random);
    const best = yield* bestOf(points, candidates);
    takeIn(points, triedColumns(candidates.length), best, c);
    chosen.push(candidates[best]!);
    yield;
  }
  return copiesOf(points, chosen);
}

/** `count` rows, drawn with a probability proportional to wᵢ, times D²(xᵢ) if that is known and not 0 everywhere. */
function drawRows(
  points: Points,
  spread: boolean,
  count: number,
  cumulative: Float64Array,
  random: RandomStream,
): number[] {
  const { weights, distances } = points.rows();
  const total = cumulate(spread ? distances : null, weights, cumulative);
  checkFinite(total);
  if (total === 0) return drawRows(points, false, count, cumulative, random);
  return Array.from({ length: count }, () => firstAbove(cumulative, random.uniform() * total));
}

/** The running sums of wᵢ D²(xᵢ), where a missing factor is 1; returns the last. */
export function cumulate(squares: Float64Array | null, weights: Float64Array | null, sums: Float64Array): number {
  let total = 0;
  for (let i = 0; i < sums.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    sums[i] = total += squares === null ? weight : weight * squares[i]!;
  }
  return total;
}

/** Which of the candidates lowers Σ wᵢ D²(xᵢ) most. Leaves the squared distances from all of them in `tried`. */
function* bestOf(points: Points, candidates: readonly number[]): Steps<number> {
  const { n, d } = points;
  const k = candidates.length;
  const centers = copiesOf(points, candidates);
  const gains = new Float64Array(k);
  const most = rowsAtOnce(k * d);
  for (let from = 0; from < n; from += most) {
    const to = Math.min(n, from + most);
    const { x, weights, distances, tried } = points.rows(from, to);
    tryCandidates(x, centers, to - from, k, d, weights, distances, tried, gains);
    yield;
  }
  // The first center comes alone: there is no distance to lower yet, and ∞ times a weight of 0 is no gain to compare.
  return k === 1 ? 0 : gains.indexOf(Math.max(...gains));
}

/** Labels the rows that are nearer to candidate `best`, the new center c, than to those before it. */
function takeIn(points: Points, columns: number, best: number, c: number): void {
  const { labels, distances, tried } = points.rows();
  for (let i = 0; i < labels.length; i++) {
    const distance = tried[i * columns + best]!;
    if (distance >= distances[i]!) continue;
    distances[i] = distance;
    labels[i] = c;
  }
}

/** The rows at these places. */
function copiesOf(points: Points, places: ArrayLike<number>): Float64Array {
  const { d } = points;
  const { x } = points.rows();
  const copies = new Float64Array(places.length * d);
  for (let c = 0; c < places.length; c++) copies.set(x.subarray(places[c]! * d, (places[c]! + 1) * d), c * d);
  return copies;
}

function weightedChoice(weights: Float64Array, k: number, random: RandomStream): number[] {
  const left = weights.slice();
  return Array.from({ length: k }, () => {
    const row = drawWeighted(random, left);
    left[row] = 0;
    return row;
  });
}

/** The first place whose value is above `limit`, or equals the last value if that is not above it. */
export function firstAbove(ascending: Float64Array, limit: number): number {
  let [low, high] = [0, ascending.length - 1];
  if (limit >= ascending[high]!) return ascending.indexOf(ascending[high]!);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
