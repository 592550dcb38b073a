/**
 * The quantile q of numbers. Without weights between neighbors by line, as NumPy does; with weights the smallest number up to which
 * at least q of all weight lies, as in scikit-learn. O(n log n).
 */
export function weightedQuantile(values: Float64Array, weights: Float64Array | null, q: number): number {
  const n = values.length;
  if (weights === null) {
    const sorted = Float64Array.from(values).sort();
    const place = q * (n - 1);
    const low = Math.floor(place);
    const [a, b] = [sorted[low]!, sorted[Math.min(low + 1, n - 1)]!];
    const share = place - low;
    // From the nearer end, as NumPy does; of two halves the mean, whose sum must not overflow.
    return share < 0.5 ? a + (b - a) * share : b - (b - a) * (1 - share);
  }
  return quantileByWeight(values, weights, q);
}

/** The smallest number up to which at least q of all weight lies. O(n log n). */
export function quantileByWeight(values: Float64Array, weights: Float64Array, q: number): number {
  const order = Array.from(values.keys()).sort((i, j) => values[i]! - values[j]! || i - j);
  let total = 0;
  for (const i of order) total += weights[i]!;
  const wanted = Math.max(q * total, Number.MIN_VALUE);
  let sum = 0;
  for (const i of order) {
    sum += weights[i]!;
    if (sum >= wanted) return values[i]!;
  }
  return values[order[order.length - 1]!]!;
}
