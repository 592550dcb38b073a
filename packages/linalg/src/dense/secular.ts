import { DataError } from '@maru-ml/base';

/** Steps for one root before we give up; three to six are usual. */
const MOST_STEPS = 120;

const HALF_EPSILON = 2 ** -53;

/** Steps after which the interval is halved, come what may. */
const PATIENCE = 30;

/** The poles of a secular equation and what stands over them. */
export interface Secular {
  /** How many poles there are. */
  count: number;
  /** The poles, or their roots if `squared`: ascending, all different. */
  poles: Float64Array;
  /** Whether the poles are the squares of the numbers in `poles`. */
  squared: boolean;
  /** z, none of it 0. */
  z: Float64Array;
  /** ρ > 0. */
  rho: number;
  /** Becomes p_j - λ_i in row i and column j [count, count], each to almost full relative accuracy. */
  differences: Float64Array;
  /** Becomes the roots λ, or √λ if `squared`, ascending. */
  roots: Float64Array;
}

/**
 * Solves the secular equation 1/ρ + Σ_j z_j² / (p_j - λ) = 0, whose roots are the eigenvalues of diag(p) + ρ z zᵀ, one to the
 * right of each pole p_j. Each is sought as a distance from the nearer of the poles around it, by a rational function that has
 * the values and slopes of the sums over the poles on either side; where that leads astray, by halving. Cost: O(count²).
 * J. Bunch, C. Nielsen and D. Sorensen, "Rank-one modification of the symmetric eigenproblem", Numer. Math. 31 (1978);
 * R.-C. Li, "Solving secular equations stably and efficiently", LAPACK Working Note 89 (1993).
 */
export function solveSecular({ count, poles, squared, z, rho, differences, roots }: Secular): void {
  const squares = new Float64Array(count);
  let norm = 0;
  for (let j = 0; j < count; j++) {
    squares[j] = z[j]! * z[j]!;
    norm += squares[j]!;
  }
  for (let i = 0; i < count; i++) {
    const row = differences.subarray(i * count, (i + 1) * count);
    const mu =
      i + 1 < count
        ? between(i, count, poles, squared, squares, 1 / rho, row)
        : beyond(count, poles, squared, squares, 1 / rho, rho * norm, row);
    const origin = mu < 0 ? i + 1 : i;
    const p = poles[origin]!;
    if (squared) roots[i] = p === 0 ? Math.sqrt(mu) : p + mu / (p + Math.sqrt(p * p + mu));
    else roots[i] = p + mu;
    for (let j = 0; j < count; j++) row[j]! -= mu;
  }
}

/**
 * The z for which the computed roots are exact: with it the eigenvectors z_j / (p_j - λ_i) are orthogonal to working accuracy
 * however close the roots lie. M. Gu and S. Eisenstat, "A stable and efficient algorithm for the rank-one modification of the
 * symmetric eigenproblem", SIAM J. Matrix Anal. Appl. 15 (1994).
 */
export function exactWeights({ count, poles, squared, z, rho, differences }: Secular, out: Float64Array): void {
  for (let j = 0; j < count; j++) out[j] = -differences[j * count + j]! / rho;
  for (let i = 0; i < count; i++) {
    const p = poles[i]!;
    const row = i * count;
    for (let j = 0; j < i; j++) {
      const q = poles[j]!;
      out[j]! *= differences[row + j]! / (squared ? (q - p) * (q + p) : q - p);
    }
    for (let j = i + 1; j < count; j++) {
      const q = poles[j]!;
      out[j]! *= differences[row + j]! / (squared ? (q - p) * (q + p) : q - p);
    }
  }
  for (let j = 0; j < count; j++) {
    const size = Math.sqrt(Math.abs(out[j]!));
    out[j] = z[j]! < 0 ? -size : size;
  }
}

/** Puts p_j - p_origin into `row`. */
function shift(origin: number, count: number, poles: Float64Array, squared: boolean, row: Float64Array): void {
  const p = poles[origin]!;
  for (let j = 0; j < count; j++) {
    const q = poles[j]!;
    row[j] = squared ? (q - p) * (q + p) : q - p;
  }
}

/** The sums over the poles up to `split` and after it, with slopes, at μ; from the far to the near ones. */
interface Sums {
  psi: number;
  psiSlope: number;
  phi: number;
  phiSlope: number;
  /** A bound on the rounding of the sums, in units of 2⁻⁵³. */
  error: number;
}

function evaluate(row: Float64Array, squares: Float64Array, count: number, split: number, mu: number, out: Sums): void {
  let psi = 0;
  let psiSlope = 0;
  let error = 0;
  for (let j = 0; j <= split; j++) {
    const inverse = 1 / (row[j]! - mu);
    const term = squares[j]! * inverse;
    psi += term;
    psiSlope += term * inverse;
    error -= psi;
  }
  let phi = 0;
  let phiSlope = 0;
  for (let j = count - 1; j > split; j--) {
    const inverse = 1 / (row[j]! - mu);
    const term = squares[j]! * inverse;
    phi += term;
    phiSlope += term * inverse;
    error += Math.abs(phi);
  }
  out.psi = psi;
  out.psiSlope = psiSlope;
  out.phi = phi;
  out.phiSlope = phiSlope;
  out.error = error + 8 * (Math.abs(phi) + Math.abs(psi));
}

/** The root between poles i and i + 1: its distance from the left one if not negative, else from the right one. */
function between(
  i: number,
  count: number,
  poles: Float64Array,
  squared: boolean,
  squares: Float64Array,
  inverseRho: number,
  row: Float64Array,
): number {
  shift(i, count, poles, squared, row);
  const gap = row[i + 1]!;
  const sums: Sums = { psi: 0, psiSlope: 0, phi: 0, phiSlope: 0, error: 0 };
  evaluate(row, squares, count, i, gap / 2, sums);
  const value = inverseRho + sums.psi + sums.phi;
  // First guess: the poles on both sides as they are, all others as a constant.
  const left = squares[i]!;
  const right = squares[i + 1]!;
  const c = value + (left - right) / (gap / 2);
  const fromLeft = value > 0;
  let mu: number;
  let low: number;
  let high: number;
  if (fromLeft) {
    const a = c * gap + left + right;
    const b = left * gap;
    const root = Math.sqrt(Math.abs(a * a - 4 * b * c));
    mu = a > 0 ? (2 * b) / (a + root) : (a - root) / (2 * c);
    low = 0;
    high = gap / 2;
  } else {
    shift(i + 1, count, poles, squared, row);
    const a = c * gap - left - right;
    const b = right * gap;
    // c μ² + a μ - b = 0 with the negative root.
    const root = Math.sqrt(Math.abs(a * a + 4 * b * c));
    mu = a < 0 ? (2 * b) / (a - root) : -(a + root) / (2 * c);
    low = -gap / 2;
    high = 0;
  }
  return refine(i, i + 1, mu, low, high, count, row, squares, inverseRho, sums);
}

/** The root right of the last pole: its distance from it. */
function beyond(
  count: number,
  poles: Float64Array,
  squared: boolean,
  squares: Float64Array,
  inverseRho: number,
  most: number,
  row: Float64Array,
): number {
  shift(count - 1, count, poles, squared, row);
  if (count === 1) return most;
  const sums: Sums = { psi: 0, psiSlope: 0, phi: 0, phiSlope: 0, error: 0 };
  // A little more than the bound, since it may have been rounded down and may be the root.
  const high = most * (1 + 4 * Number.EPSILON);
  return refine(count - 2, count - 1, most / 2, 0, high, count, row, squares, inverseRho, sums);
}

/** Improves μ between `low` and `high`, with poles `left` and `right` of the rational function. */
function refine(
  left: number,
  right: number,
  start: number,
  low: number,
  high: number,
  count: number,
  row: Float64Array,
  squares: Float64Array,
  inverseRho: number,
  sums: Sums,
): number {
  let mu = start > low && start < high ? start : (low + high) / 2;
  for (let step = 0; step < MOST_STEPS; step++) {
    evaluate(row, squares, count, left, mu, sums);
    const value = inverseRho + sums.psi + sums.phi;
    const slope = sums.psiSlope + sums.phiSlope;
    const error = sums.error + inverseRho + Math.abs(mu) * slope;
    if (Math.abs(value) <= HALF_EPSILON * error) return mu;
    if (value < 0) low = mu;
    else high = mu;
    // c + s / (δ_left - μ) + S / (δ_right - μ) with the values and slopes of both sums: a quadratic in the step.
    const d1 = row[left]! - mu;
    const d2 = row[right]! - mu;
    const c = value - d1 * sums.psiSlope - d2 * sums.phiSlope;
    const a = (d1 + d2) * value - d1 * d2 * slope;
    const b = d1 * d2 * value;
    const root = Math.sqrt(Math.abs(a * a - 4 * b * c));
    let next: number;
    // Beyond the last pole both lie to the left, and the other of the two solutions is meant.
    if (d2 < 0) next = a >= 0 ? (a + root) / (2 * c) : (2 * b) / (a - root);
    else next = a <= 0 ? (a - root) / (2 * c) : (2 * b) / (a + root);
    if (!(value * next < 0)) next = -value / slope;
    let at = mu + next;
    if (!(at > low && at < high) || step > PATIENCE) at = middle(low, high);
    if (at === mu || at === low || at === high) return mu;
    mu = at;
  }
  throw new DataError('secular equation: a root did not converge');
}

/** Between two numbers of one sign: halving their ratio where they differ much, so that tiny roots are reached as well. */
function middle(low: number, high: number): number {
  if (low === 0) return high / 16;
  if (high === 0) return low / 16;
  const ratio = high / low;
  return ratio > 0.25 && ratio < 4 ? (low + high) / 2 : Math.sign(low) * Math.sqrt(low * high);
}
