import type { RandomStream, Steps } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';
import { cumulate, firstAbove, trialsOf } from './kmeans-start.ts';
import { blocksAtOnce } from './points.ts';

// k-means for methods that begin or end with it. They find the nearest centers by what they bring along, so that their bundles go
// without the kernels of `KMeans`. Squares of numbers stay in the range, as callers have checked.

const MAX_ITER = 300;
const TOL = 1e-4;

/**
 * Finds the nearest of `centers` [k, d] to each of the rows `from` to `to`: its place, of equals the first, and its squared distance,
 * in arrays that hold until the next call.
 */
export type Nearest = (
  centers: Float64Array,
  from: number,
  to: number,
) => { places: Float64Array; distances: Float64Array };

/** Where greedy k-means++ finds `k` rows far apart, as `spreadRows` does. */
export function* spreadPlaces(
  x: Matrix<Float64Array>,
  k: number,
  random: RandomStream,
  nearest: Nearest,
): Steps<number[]> {
  const { rows: n, columns: d } = x;
  // The distances of the rows from their closest centers: as they are, with the best candidate so far, and with another one.
  let closest = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  let [best, tried] = [new Float64Array(n), new Float64Array(n)];
  const cumulative = new Float64Array(n);
  const most = blocksAtOnce(d);
  const chosen: number[] = [];
  while (chosen.length < k) {
    const known = chosen.length > 0 ? closest : null;
    const total = cumulate(known, null, cumulative) || cumulate(null, null, cumulative);
    let [place, least] = [0, Number.POSITIVE_INFINITY];
    for (let trial = known === null ? 1 : trialsOf(k); trial > 0; trial--) {
      const candidate = firstAbove(cumulative, random.uniform() * total);
      const center = copiesOf(x, [candidate]);
      let sum = 0;
      for (let from = 0; from < n; from += most) {
        const { distances } = nearest(center, from, Math.min(from + most, n));
        sum += lowered(closest.subarray(from), distances, tried.subarray(from));
        yield;
      }
      if (sum >= least) continue;
      [place, least] = [candidate, sum];
      [best, tried] = [tried, best];
    }
    [closest, best] = [best, closest];
    chosen.push(place);
  }
  return chosen;
}

/** Writes the lesser ones of two distances of each row to `out`; returns their sum. */
function lowered(closest: Float64Array, distances: Float64Array, out: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < distances.length; i++) {
    out[i] = Math.min(closest[i]!, distances[i]!);
    sum += out[i]!;
  }
  return sum;
}

/** The rows at these places [k, d]. */
export function copiesOf({ data, columns: d }: Matrix<Float64Array>, places: readonly number[]): Float64Array {
  const copies = new Float64Array(places.length * d);
  for (const [c, place] of places.entries()) copies.set(data.subarray(place * d, (place + 1) * d), c * d);
  return copies;
}

/** What a start of Lloyd's algorithm led to. */
interface Partition {
  /** The nearest center of each row [n], and its squared distance [n]. */
  labels: Int32Array;
  distances: Float64Array;
}

/**
 * Lloyd's algorithm from these centers, which are moved.
 * @param centers [k, d]
 */
export function* partition(
  { data: x, rows: n, columns: d }: Matrix<Float64Array>,
  centers: Float64Array,
  nearest: Nearest,
): Steps<Partition> {
  const k = centers.length / d;
  const most = blocksAtOnce(k * d);
  const labels = new Int32Array(n);
  const distances = new Float64Array(n);
  let variance = 0;
  for (let j = 0; j < d; j++) {
    variance += varianceOf(x, d, j) / d;
    yield;
  }
  let shift = Number.POSITIVE_INFINITY;
  for (let left = MAX_ITER; ; left--) {
    const counts = new Int32Array(k);
    for (let from = 0; from < n; from += most) {
      const found = nearest(centers, from, Math.min(from + most, n));
      label(found.places, labels.subarray(from), counts);
      distances.set(found.distances, from);
      yield;
    }
    if (left === 0 || shift <= TOL * variance) break;
    startAnew(labels, distances, counts);
    const sums = new Float64Array(k * d);
    for (let from = 0; from < n; from += most) {
      addRows(x.subarray(from * d), labels.subarray(from, from + most), sums, d);
      yield;
    }
    shift = moveCenters(sums, counts, centers);
    if (shift === 0) break;
  }
  return { labels, distances };
}

/** The variance of column j of x [n, d]. It need not be exact, so that differences from any row will do. */
function varianceOf(x: Float64Array, d: number, j: number): number {
  let [sum, squares] = [0, 0];
  for (let at = j; at < x.length; at += d) {
    const apart = x[at]! - x[j]!;
    sum += apart;
    squares += apart * apart;
  }
  const n = x.length / d;
  return (squares - (sum * sum) / n) / n;
}

/** Labels rows with the places of their centers, and counts the rows of each. */
function label(places: Float64Array, labels: Int32Array, counts: Int32Array): void {
  for (let i = 0; i < places.length; i++) {
    labels[i] = places[i]!;
    counts[labels[i]!]! += 1;
  }
}

/** Gives each center without rows the row that is farthest from its own one, and not alone there. */
function startAnew(labels: Int32Array, distances: Float64Array, counts: Int32Array): void {
  for (let c = counts.indexOf(0); c >= 0; c = counts.indexOf(0, c + 1)) {
    let [place, farthest] = [-1, 0];
    for (const [i, distance] of distances.entries()) {
      if (distance > farthest && counts[labels[i]!]! > 1) [place, farthest] = [i, distance];
    }
    if (place < 0) return;
    counts[labels[place]!]! -= 1;
    counts[c] = 1;
    labels[place] = c;
  }
}

/** Adds each row to the sums of its center [k, d]. */
function addRows(x: Float64Array, labels: Int32Array, sums: Float64Array, d: number): void {
  for (let i = 0; i < labels.length; i++) {
    let to = labels[i]! * d;
    for (let at = i * d; at < (i + 1) * d; at++) sums[to++]! += x[at]!;
  }
}

/** Moves the centers that have rows to their means; returns the sum of the squares of how far they moved. */
function moveCenters(sums: Float64Array, counts: Int32Array, centers: Float64Array): number {
  const d = centers.length / counts.length;
  let shift = 0;
  for (let at = 0; at < sums.length; at++) {
    const count = counts[Math.floor(at / d)]!;
    const mean = count === 0 ? centers[at]! : sums[at]! / count;
    shift += (mean - centers[at]!) ** 2;
    centers[at] = mean;
  }
  return shift;
}
