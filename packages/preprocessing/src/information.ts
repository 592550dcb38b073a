import { log } from '@maru-ml/kernels/scalar';
import { digamma } from '@maru-ml/special';

// Estimates of mutual information from distances to neighbors, for one column. All are at least 0.

/**
 * Of two columns of numbers, by Kraskov's first estimator: ψ(n) + ψ(k) - ⟨ψ(n_x) + ψ(n_y)⟩, where n_x and n_y count the values within the distance
 * of the k-th neighbor in both, themselves included.
 */
export function informationOfNumbers(x: Float64Array, y: Float64Array, neighbors: number): number {
  const n = x.length;
  const order = Int32Array.from(x.keys()).sort((a, b) => x[a]! - x[b]!);
  const sortedX = Float64Array.from(order, (i) => x[i]!);
  const sortedY = y.slice().sort();
  const nearest = new Float64Array(neighbors);
  let total = 0;
  for (let place = 0; place < n; place++) {
    const i = order[place]!;
    nearest.fill(Number.POSITIVE_INFINITY);
    // Outward on both sides, as long as x alone is not farther than the k-th neighbor so far.
    let [left, right] = [place - 1, place + 1];
    while (left >= 0 || right < n) {
      const toLeft = left >= 0 ? x[i]! - sortedX[left]! : Number.POSITIVE_INFINITY;
      const toRight = right < n ? sortedX[right]! - x[i]! : Number.POSITIVE_INFINITY;
      if (Math.min(toLeft, toRight) >= nearest[neighbors - 1]!) break;
      const other = order[toLeft <= toRight ? left-- : right++]!;
      insert(nearest, Math.max(Math.abs(x[other]! - x[i]!), Math.abs(y[other]! - y[i]!)));
    }
    const radius = below(nearest[neighbors - 1]!);
    total += digamma(countWithin(sortedX, x[i]!, radius)) + digamma(countWithin(sortedY, y[i]!, radius));
  }
  return Math.max(0, digamma(n) + digamma(neighbors) - total / n);
}

/**
 * Of a column of numbers and classes, by Ross' estimator: ψ(n) + ⟨ψ(k)⟩ - ⟨ψ(n_c)⟩ - ⟨ψ(m)⟩, where m counts the values within the distance of
 * the k-th neighbor of the own class, of n_c values. Classes of one value are left out.
 */
export function informationOfClasses(x: Float64Array, codes: Int32Array, classes: number, neighbors: number): number {
  const groups = Array.from({ length: classes }, (): number[] => []);
  for (let i = 0; i < x.length; i++) groups[codes[i]!]!.push(x[i]!);
  const used = groups.filter((group) => group.length > 1).map((group) => Float64Array.from(group).sort());
  const all = Float64Array.from(used.flatMap((group) => [...group])).sort();
  let [within, sizes, reached] = [0, 0, 0];
  for (const group of used) {
    const k = Math.min(neighbors, group.length - 1);
    for (let place = 0; place < group.length; place++) {
      const radius = below(distanceOfNeighbor(group, place, k));
      within += digamma(k);
      sizes += digamma(group.length);
      reached += digamma(countWithin(all, group[place]!, radius));
    }
  }
  const n = all.length;
  return n === 0 ? 0 : Math.max(0, digamma(n) + (within - sizes - reached) / n);
}

/** Of two columns of categories: Σ p log(p / (p_a p_b)) over the pairs of categories that come. */
export function informationOfCategories(a: Int32Array, b: Int32Array): number {
  const n = a.length;
  const [pairs, ofA, ofB] = [new Map<string, number>(), new Map<number, number>(), new Map<number, number>()];
  for (let i = 0; i < n; i++) {
    const pair = `${a[i]} ${b[i]}`;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    ofA.set(a[i]!, (ofA.get(a[i]!) ?? 0) + 1);
    ofB.set(b[i]!, (ofB.get(b[i]!) ?? 0) + 1);
  }
  let total = 0;
  for (const [pair, count] of pairs) {
    const [codeA, codeB] = pair.split(' ').map(Number) as [number, number];
    total += (count / n) * log((count / ofA.get(codeA)!) * (n / ofB.get(codeB)!));
  }
  return Math.max(0, total);
}

/** Puts a distance into the list of the smallest, ascending. */
function insert(nearest: Float64Array, distance: number): void {
  let at = nearest.length - 1;
  if (distance >= nearest[at]!) return;
  while (at > 0 && nearest[at - 1]! > distance) {
    nearest[at] = nearest[at - 1]!;
    at--;
  }
  nearest[at] = distance;
}

/** The distance from a value to its k-th neighbor in a sorted list. */
function distanceOfNeighbor(sorted: Float64Array, place: number, k: number): number {
  let [left, right, distance] = [place - 1, place + 1, 0];
  for (let step = 0; step < k; step++) {
    const toLeft = left >= 0 ? sorted[place]! - sorted[left]! : Number.POSITIVE_INFINITY;
    const toRight = right < sorted.length ? sorted[right]! - sorted[place]! : Number.POSITIVE_INFINITY;
    distance = Math.min(toLeft, toRight);
    if (toLeft <= toRight) left--;
    else right++;
  }
  return distance;
}

/** How many values of a sorted list lie within a distance of x. */
function countWithin(sorted: Float64Array, x: number, radius: number): number {
  return (
    firstWhere(sorted, (value) => value > x && value - x > radius) -
    firstWhere(sorted, (value) => value > x || x - value <= radius)
  );
}

/** The first place of a sorted list from which on a condition holds. */
function firstWhere(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The next number towards 0, so that the neighbor itself is not counted. */
function below(distance: number): number {
  if (distance === 0) return 0;
  const bits = new BigInt64Array(Float64Array.of(distance).buffer);
  bits[0]! -= 1n;
  return new Float64Array(bits.buffer)[0]!;
}
