import { DataError, type Steps } from '@maru-ml/base';
import { addScaled, dot, LbfgsHistory, largest } from './history.ts';
import { strongWolfeSteps } from './wolfe.ts';

/** A function to minimize whose evaluation may be long, and pauses by yielding: its value at x [n] and the gradient [n] there. */
export type ObjectiveSteps = (x: Float64Array) => Steps<{ value: number; gradient: Float64Array }>;

export interface MinimizeResult {
  /** The point reached [n]. */
  x: Float64Array;
  /** The function's value there. */
  value: number;
  /** The gradient there [n]. */
  gradient: Float64Array;
  /** Whether a tolerance was reached; if not, `message` says what stopped it. */
  converged: boolean;
  nIter: number;
  /** How often the function was evaluated. */
  evaluations: number;
  message: string;
}

/** Where to go from a point, given the gradient there. */
export type Direction = (gradient: Float64Array, x: Float64Array) => Steps<Float64Array>;

/** What has been reached when a step lowers the value by `drop` and moves by Σ |Δx|; null if nothing. */
export type Stop = (drop: number, moved: number, scale: number) => string | null;

/**
 * L-BFGS for estimators: `minimize` without its checks, so that a page that fits one loads little else.
 * @throws DataError if the function is not finite at `x0`
 */
export function lbfgsSteps(
  f: ObjectiveSteps,
  x0: Float64Array,
  { maxIter, gtol, ftol, memory = 10 }: { maxIter: number; gtol: number; ftol: number; memory?: number },
): Steps<MinimizeResult> {
  const history = new LbfgsHistory(memory);
  // biome-ignore lint/correctness/useYield: the direction takes no time
  const direction: Direction = function* (gradient) {
    return history.direction(gradient);
  };
  const isSmall: Stop = (drop, _moved, scale) => (drop <= ftol * scale ? 'the decrease is within ftol' : null);
  return descentSteps(f, x0, { maxIter, gtol, direction, isSmall, history });
}

/** Goes along directions with steps that satisfy the strong Wolfe conditions; `history` learns from each. */
export function* descentSteps(
  f: ObjectiveSteps,
  x0: Float64Array,
  options: { maxIter: number; gtol: number; direction: Direction; isSmall: Stop; history: LbfgsHistory | null },
): Steps<MinimizeResult> {
  const { maxIter, gtol, isSmall, history } = options;
  let x = x0;
  let evaluations = 0;
  const evaluate = (point: Float64Array) => {
    evaluations++;
    return f(point);
  };
  let { value, gradient } = yield* evaluate(x);
  if (!Number.isFinite(value) || !gradient.every(Number.isFinite)) {
    throw new DataError(`minimize: the function or its gradient is not finite at the start (value ${value})`);
  }
  gradient = gradient.slice();
  const end = (nIter: number, converged: boolean, message: string): MinimizeResult => ({
    x,
    value,
    gradient,
    converged,
    nIter,
    evaluations,
    message,
  });

  for (let nIter = 0; ; nIter++) {
    if (largest(gradient) <= gtol) return end(nIter, true, 'the gradient is within gtol');
    if (nIter === maxIter) return end(nIter, false, `maxIter = ${maxIter} was reached`);
    const direction = yield* options.direction(gradient, x);
    const slope = dot(gradient, direction);
    // Without a history the gradient's length says nothing about a good step.
    const first = history?.size === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const at = function* (alpha: number) {
      const point = addScaled(x, alpha, direction);
      const there = yield* evaluate(point);
      const gradient = there.gradient.slice();
      return { alpha, point, value: there.value, gradient, slope: dot(gradient, direction) };
    };
    const step = yield* strongWolfeSteps(at, { alpha: 0, point: x, value, gradient, slope }, first);
    if (step.alpha === 0) {
      if (history?.size) {
        // The remembered curvature has misled: try once more along the gradient.
        history.clear();
        continue;
      }
      return end(
        nIter,
        false,
        'the line search found no lower point; the gradient may be wrong or precision is exhausted',
      );
    }
    history?.add(addScaled(step.point, -1, x), addScaled(step.gradient, -1, gradient));
    const drop = value - step.value;
    const scale = Math.max(Math.abs(value), Math.abs(step.value), 1);
    const moved = step.point.reduce((sum, v, i) => sum + Math.abs(v - x[i]!), 0);
    ({ point: x, value, gradient } = step);
    const go = yield { step: nIter + 1, total: maxIter, unit: 'iteration', metrics: { value } };
    if (go === false) return end(nIter + 1, false, 'stopped by onProgress');
    const reached = isSmall(drop, moved, scale);
    if (reached !== null) return end(nIter + 1, true, reached);
  }
}
