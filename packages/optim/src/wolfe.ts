import { runSteps, type Steps } from '@maru-ml/base';

/** A function along a line, φ(α) = f(x + αd): its value and slope. */
export interface LinePoint {
  alpha: number;
  value: number;
  slope: number;
}

export interface WolfeOptions {
  /** Sufficient decrease: φ(α) ≤ φ(0) + c₁αφ'(0); 1e-4. */
  c1?: number;
  /** Curvature: |φ'(α)| ≤ c₂|φ'(0)|; .9. */
  c2?: number;
  /** The most evaluations; 25. */
  maxEvaluations?: number;
}

/**
 * Finds a step that satisfies the strong Wolfe conditions: first steps that grow until an interval holds one, then smaller
 * intervals, with cubic interpolation. Returns the best point found; `alpha` 0 where no step decreases the function.
 *
 * Source: J. Nocedal and S. Wright, "Numerical Optimization", 2nd ed., 2006, algorithms 3.5 and 3.6.
 */
export function strongWolfe(
  phi: (alpha: number) => LinePoint,
  start: LinePoint,
  first: number,
  options: WolfeOptions = {},
): LinePoint {
  // biome-ignore lint/correctness/useYield: a plain function has no place to pause
  const steps = function* (alpha: number): Steps<LinePoint> {
    return phi(alpha);
  };
  return runSteps(strongWolfeSteps(steps, start, first, options));
}

/** The same for a function whose evaluation may pause; what else its points hold comes back with the one that is chosen. */
export function* strongWolfeSteps<P extends LinePoint>(
  phi: (alpha: number) => Steps<P>,
  start: P,
  first: number,
  { c1 = 1e-4, c2 = 0.9, maxEvaluations = 25 }: WolfeOptions = {},
): Steps<P> {
  const decreases = (p: LinePoint) => p.value <= start.value + c1 * p.alpha * start.slope;
  const isFlat = (p: LinePoint) => Math.abs(p.slope) <= -c2 * start.slope;
  let evaluations = 0;
  const evaluate = (alpha: number) => {
    evaluations++;
    return phi(alpha);
  };

  /** Algorithm 3.6: `low` has the smaller value of those that decrease enough, and the minimum lies towards `high`. */
  const zoom = function* (low: P, high: P): Steps<P> {
    while (evaluations < maxEvaluations && Math.abs(high.alpha - low.alpha) > 1e-12 * Math.max(1, low.alpha)) {
      const trial = yield* evaluate(interpolate(low, high));
      if (!decreases(trial) || !(trial.value < low.value)) {
        high = trial;
        continue;
      }
      if (isFlat(trial)) return trial;
      if (trial.slope * (high.alpha - low.alpha) >= 0) high = low;
      low = trial;
    }
    return low;
  };

  let before = start;
  let alpha = first;
  while (evaluations < maxEvaluations) {
    const trial = yield* evaluate(alpha);
    if (!Number.isFinite(trial.value) || !Number.isFinite(trial.slope)) {
      // Out of the function's domain: come back towards the start.
      alpha = before.alpha + (alpha - before.alpha) / 10;
      continue;
    }
    if (!decreases(trial) || (before !== start && trial.value >= before.value)) return yield* zoom(before, trial);
    if (isFlat(trial)) return trial;
    if (trial.slope >= 0) return yield* zoom(trial, before);
    before = trial;
    alpha *= 2;
  }
  return before;
}

/** The minimum of the cubic through two points and their slopes, kept a tenth away from the ends; else the middle. */
function interpolate(a: LinePoint, b: LinePoint): number {
  const width = b.alpha - a.alpha;
  const d1 = a.slope + b.slope - (3 * (b.value - a.value)) / width;
  const square = d1 * d1 - a.slope * b.slope;
  if (Number.isFinite(square) && square >= 0) {
    const d2 = Math.sign(width) * Math.sqrt(square);
    const share = 1 - (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
    if (share > 0.1 && share < 0.9) return a.alpha + share * width;
  }
  return a.alpha + width / 2;
}
