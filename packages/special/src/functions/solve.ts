/** A tail as a function of z = log x (or the logarithm of odds): what a step of the search for a quantile needs. */
export interface Tail {
  /** The logarithm of the tail at x = exp(z). */
  logTail(x: number): number;
  /** The logarithm of the density of z there. */
  logDensity(x: number): number;
  /** The derivative of that logarithm. */
  slope(x: number): number;
}

/**
 * The x > 0 at which a tail has the logarithm `target`, from a first guess.
 *
 * As a function of z = log x, the logarithms of both tails of the gamma and F distributions are concave, since the density of z is
 * log-concave. So Newton's method converges from everywhere: after one step it stays on one side. Where the step is small, Halley's
 * correction makes its error the third power. What is known of the root's place keeps the steps within it.
 */
export function solveTail(tail: Tail, target: number, upper: boolean, guess: number): number {
  let x = Math.min(Math.max(guess, 5e-324), Number.MAX_VALUE);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 500; i++) {
    const log = tail.logTail(x);
    const rate = Math.exp(tail.logDensity(x) - log);
    const newton = upper ? (log - target) / rate : (target - log) / rate;
    if (newton === 0) return x;
    if (newton > 0) low = x;
    else high = x;
    const curvature = tail.slope(x) + (upper ? rate : -rate);
    const bend = newton * curvature;
    const step = Math.abs(newton) < 0.5 && Math.abs(bend) < 0.5 ? newton / (1 + 0.5 * bend) : newton;
    // The tail and its density are both beyond the numbers.
    if (Number.isNaN(step)) return Number.NaN;
    const before = x;
    x = stepFrom(x, step);
    if ((x <= low || x >= high) && low > 0 && high < Number.POSITIVE_INFINITY && Math.abs(step) > 1e-12) {
      x = Math.sqrt(low) * Math.sqrt(high);
    }
    if (x === before && Math.abs(step) > 1) return x > 1 ? Number.POSITIVE_INFINITY : 0;
    if (Math.abs(step) < 1e-5 && Math.abs(bend) < 1e-5) return x;
    if (x === before) return x;
  }
  return x;
}

/** x exp(step), kept within the positive numbers. */
function stepFrom(x: number, step: number): number {
  if (Math.abs(step) < 1e-3) return x + x * Math.expm1(step);
  const half = Math.exp(0.5 * Math.min(Math.max(step, -1400), 1400));
  return Math.min(Math.max(x * half * half, 5e-324), Number.MAX_VALUE);
}
