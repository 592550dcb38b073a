/**
 * The quantile q of numbers. Without weights between neighbors by line, as NumPy does; with weights the smallest number up to which
 * at least q of all weight lies, as in scikit-learn. O(n log n).
 */
export function weightedQuantile(values: Float64Array, weights: Float64Array | null, q: number): number {
  return weights === null ? plainQuantile(values, q) : quantileByWeight(values, weights, q);
}

/** The quantile q of numbers between neighbors by line. O(n log n). */
export function plainQuantile(values: Float64Array, q: number): number {
  const n = values.length;
  const sorted = Float64Array.from(values).sort();
  const place = q * (n - 1);
  const low = Math.floor(place);
  const [a, b] = [sorted[low]!, sorted[Math.min(low + 1, n - 1)]!];
  const share = place - low;
  // From the nearer end, as NumPy does; of two halves the mean, whose sum must not overflow.
  return share < 0.5 ? a + (b - a) * share : b - (b - a) * (1 - share);
}

/**
 * The smallest number up to which at least q of all weight lies. O(n log n).
 *
 * @param order where the places of the numbers are sorted [n]; with it, nothing is allocated
 */
export function quantileByWeight(
  values: Float64Array,
  weights: Float64Array,
  q: number,
  order: Int32Array = new Int32Array(values.length),
): number {
  sortPlaces(values, order);
  return quantileInOrder(values, weights, q, order);
}

/** The same where `order` [n] holds the places of the numbers in ascending order. O(n). */
export function quantileInOrder(values: Float64Array, weights: Float64Array, q: number, order: Int32Array): number {
  const n = values.length;
  let total = 0;
  for (let at = 0; at < n; at++) total += weights[order[at]!]!;
  const wanted = Math.max(q * total, Number.MIN_VALUE);
  let sum = 0;
  for (let at = 0; at < n; at++) {
    sum += weights[order[at]!]!;
    if (sum >= wanted) return values[order[at]!]!;
  }
  return values[order[n - 1]!]!;
}

/** The places of the numbers in ascending order, of equal numbers the first first, by heaps: in place. J. Williams (1964). */
function sortPlaces(values: Float64Array, order: Int32Array): void {
  const n = order.length;
  for (let i = 0; i < n; i++) order[i] = i;
  for (let root = (n >> 1) - 1; root >= 0; root--) sink(values, order, root, n);
  for (let end = n - 1; end > 0; end--) {
    const last = order[end]!;
    order[end] = order[0]!;
    order[0] = last;
    sink(values, order, 0, end);
  }
}

/** Moves the place at `root` down to where both below it are of smaller numbers. */
function sink(values: Float64Array, order: Int32Array, root: number, end: number): void {
  const place = order[root]!;
  let at = root;
  for (let child = 2 * at + 1; child < end; child = 2 * at + 1) {
    if (child + 1 < end && isAfter(values, order[child + 1]!, order[child]!)) child++;
    if (!isAfter(values, order[child]!, place)) break;
    order[at] = order[child]!;
    at = child;
  }
  order[at] = place;
}

function isAfter(values: Float64Array, i: number, j: number): boolean {
  return values[i]! > values[j]! || (values[i] === values[j] && i > j);
}
