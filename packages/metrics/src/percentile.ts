import { argsort } from './order.ts';

/** The q quantile of numbers, linear between the two nearest of them. O(n log n). */
export function percentile(values: Float64Array, q: number): number {
  const sorted = values.slice().sort();
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  const rest = place - below;
  // From the nearer end, so that the ends themselves come out exactly.
  return rest < 0.5 ? low + (high - low) * rest : high - (high - low) * (1 - rest);
}

/** The smallest of the numbers such that it and the smaller ones have at least the share q of the weight. O(n log n). */
export function weightedPercentile(values: Float64Array, weights: Float64Array, q: number): number {
  const order = argsort(values);
  let total = 0;
  for (const i of order) total += weights[i]!;
  const wanted = q * total;
  let sum = 0;
  for (const i of order) {
    sum += weights[i]!;
    // For q = 0 those that weigh nothing do not count.
    if (wanted === 0 ? sum > 0 : sum >= wanted) return values[i]!;
  }
  return values[order[order.length - 1]!]!;
}
