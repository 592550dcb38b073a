/**
 * The arithmetic mean, (Σ xᵢ) / n; NaN if there are no values. O(n).
 *
 * @example
 * ```ts
 * import { mean } from '@maru-ml/neighbors';
 *
 * console.log(mean([1, 2, 6])); // 3
 * ```
 */
export function mean(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]!;
  return sum / x.length;
}
