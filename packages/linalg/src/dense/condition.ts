import { type LuFactors, luSolve } from './lu.ts';
import { solveLower, solveUpper } from './triangular.ts';

/**
 * The reciprocal 1 / (‖B‖₁ ‖B⁻¹‖₁) of the condition of a matrix, nearly, where B is the matrix with its rows and then its
 * columns divided by their largest numbers, so that units of measurement do not count. 0 if it is singular. Cost: O(n²).
 * W. Hager, "Condition estimates", SIAM J. Sci. Stat. Comput. 5 (1984); N. Higham, ACM TOMS 14 (1988).
 *
 * @param a [n, n]
 * @param f its factors
 */
export function reciprocalCondition(a: Float64Array, n: number, f: LuFactors): number {
  if (n === 0) return 1;
  if (f.singular) return 0;
  const rows = new Float64Array(n);
  const columns = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) rows[i] = Math.max(rows[i]!, Math.abs(a[i * n + j]!));
    for (let j = 0; j < n; j++) columns[j] = Math.max(columns[j]!, Math.abs(a[i * n + j]!) / rows[i]!);
  }
  const sums = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) sums[j]! += Math.abs(a[i * n + j]!) / rows[i]! / columns[j]!;
  }
  const norm = sums.reduce((largest, value) => Math.max(largest, value), 0);
  // B⁻¹ = C A⁻¹ R
  const times = (x: Float64Array) => {
    const y = luSolve(
      f,
      n,
      x.map((value, i) => value * rows[i]!),
      1,
    );
    return y.map((value, j) => value * columns[j]!);
  };
  const transposedTimes = (x: Float64Array) => {
    const y = solveTransposed(
      f,
      n,
      x.map((value, j) => value * columns[j]!),
    );
    return y.map((value, i) => value * rows[i]!);
  };
  let estimate = 0;
  let x = new Float64Array(n).fill(1 / n);
  for (let step = 0; step < 5; step++) {
    const y = times(x);
    const size = y.reduce((sum, value) => sum + Math.abs(value), 0);
    if (!Number.isFinite(size)) return 0;
    if (size <= estimate) break;
    estimate = size;
    const z = transposedTimes(y.map((value) => (value < 0 ? -1 : 1)));
    let best = 0;
    for (let j = 1; j < n; j++) if (Math.abs(z[j]!) > Math.abs(z[best]!)) best = j;
    x = new Float64Array(n);
    x[best] = 1;
  }
  // A vector that alternates and grows is rarely deceived as well.
  const growing = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1 : -1) * (1 + i / Math.max(n - 1, 1)));
  const other = (2 * times(growing).reduce((sum, value) => sum + Math.abs(value), 0)) / (3 * n);
  return 1 / (norm * Math.max(estimate, other));
}

/** x of Aᵀ x = b. */
export function solveTransposed(f: LuFactors, n: number, b: Float64Array, k = 1): Float64Array {
  const y = solveLower(f.lu, n, solveUpper(f.lu, n, b, k, { transpose: true }), k, { transpose: true, unit: true });
  const x = new Float64Array(n * k);
  for (let i = 0; i < n; i++) x.set(y.subarray(i * k, (i + 1) * k), f.pivots[i]! * k);
  return x;
}
