import {
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  DataError,
  type OnProgress,
  OptionError,
  runSteps,
  type Steps,
  show,
} from '@maru-ml/base';
import { addScaled, dot, LbfgsHistory, largest } from './history.ts';
import { strongWolfeSteps } from './wolfe.ts';

/** A function to minimize: its value at x [n] and the gradient [n] there. */
export type Objective = (x: Float64Array) => { value: number; gradient: Float64Array };

/** The same for an evaluation that is long, and pauses by yielding. */
export type ObjectiveSteps = (x: Float64Array) => Steps<{ value: number; gradient: Float64Array }>;

export interface MinimizeOptions {
  /** 'lbfgs' needs the gradient only; 'newton-cg' also `hessianProduct`; 'lbfgs'. */
  method?: 'lbfgs' | 'newton-cg';
  /** The most iterations; 15,000 for lbfgs, 200 n for newton-cg. */
  maxIter?: number;
  /** Stop when the largest element of the gradient is at most this; 1e-5. */
  gtol?: number;
  /** lbfgs: stop when an iteration lowers the value by at most this share of it; 2.2e-9. */
  ftol?: number;
  /** lbfgs: how many steps it remembers; 10. */
  memory?: number;
  /** newton-cg: stop when the step is at most this for each element on average; 1e-8. */
  xtol?: number;
  /** newton-cg: the product of the Hessian at x with a vector; it may pause. */
  hessianProduct?: (x: Float64Array, vector: Float64Array) => Float64Array | Steps<Float64Array>;
  onProgress?: OnProgress;
}

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

/**
 * Finds a local minimum of a smooth function from `x0` [n].
 *
 * 'lbfgs': a quasi-Newton direction from the last steps, O(n · memory) an iteration (D. Liu and J. Nocedal, "On the limited
 * memory BFGS method for large scale optimization", Mathematical Programming 45, 1989). 'newton-cg': Newton's direction by
 * conjugate gradients, cut off where the curvature is negative (J. Nocedal and S. Wright, "Numerical Optimization", 2006,
 * algorithm 7.1). Both search the line with the strong Wolfe conditions.
 *
 * @throws OptionError for options out of range; DataError if the function is not finite at `x0`
 */
export function minimize(f: Objective, x0: ArrayLike<number>, options: MinimizeOptions = {}): MinimizeResult {
  const { onProgress, ...rest } = options;
  return runSteps(minimizeSteps(f, x0, rest), onProgress);
}

/**
 * The steps of `minimize`, one an iteration, for estimators whose `fit` and `fitAsync` are built on it. A function that is
 * evaluated in steps may pause within them.
 */
export function* minimizeSteps(
  f: Objective | ObjectiveSteps,
  x0: ArrayLike<number>,
  options: Omit<MinimizeOptions, 'onProgress'> = {},
): Steps<MinimizeResult> {
  const owner = 'minimize';
  checkKnown(owner, options, ['method', 'maxIter', 'gtol', 'ftol', 'memory', 'xtol', 'hessianProduct', 'onProgress']);
  const method = checkOneOf(owner, 'method', options.method ?? 'lbfgs', ['lbfgs', 'newton-cg']);
  const gtol = checkNumber(owner, 'gtol', options.gtol ?? 1e-5, { min: 0 });
  const ftol = checkNumber(owner, 'ftol', options.ftol ?? 2.2e-9, { min: 0 });
  const xtol = checkNumber(owner, 'xtol', options.xtol ?? 1e-8, { min: 0 });
  const { hessianProduct } = options;
  if (method === 'newton-cg' && hessianProduct === undefined) {
    throw new OptionError("minimize: method 'newton-cg' needs hessianProduct, a function of x and a vector");
  }
  let x: Float64Array = Float64Array.from(x0);
  const maxIter = checkInteger(owner, 'maxIter', options.maxIter ?? (method === 'lbfgs' ? 15_000 : 200 * x.length), {
    min: 0,
  });
  const history = new LbfgsHistory(checkInteger(owner, 'memory', options.memory ?? 10, { min: 1 }));
  let evaluations = 0;
  const evaluate = (point: Float64Array) => {
    evaluations++;
    return finish(f(point));
  };
  const atStart = yield* evaluate(x);
  if (typeof atStart?.value !== 'number' || atStart.gradient?.length !== x.length) {
    throw new OptionError(
      `minimize: the function must return { value, gradient } with a gradient of ${x.length}, got ${show(atStart)}`,
    );
  }
  let { value, gradient } = atStart;
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
    const direction =
      method === 'lbfgs'
        ? history.direction(gradient)
        : yield* newtonDirection(gradient, (v) => finish(hessianProduct!(x, v)));
    const slope = dot(gradient, direction);
    // Without a history the gradient's length says nothing about a good step.
    const first = method === 'lbfgs' && history.size === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    let reached = { point: x, value, gradient };
    const step = yield* strongWolfeSteps(
      function* (alpha) {
        const point = addScaled(x, alpha, direction);
        const at = yield* evaluate(point);
        reached = { point, value: at.value, gradient: at.gradient.slice() };
        return { alpha, value: at.value, slope: dot(at.gradient, direction) };
      },
      { alpha: 0, value, slope },
      first,
    );
    if (step.alpha === 0) {
      if (history.size > 0) {
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
    if (step.value !== reached.value || dot(reached.gradient, direction) !== step.slope) {
      const point = addScaled(x, step.alpha, direction);
      const at = yield* evaluate(point);
      reached = { point, value: at.value, gradient: at.gradient.slice() };
    }
    history.add(addScaled(reached.point, -1, x), addScaled(reached.gradient, -1, gradient));
    const drop = value - reached.value;
    const scale = Math.max(Math.abs(value), Math.abs(reached.value), 1);
    const moved = reached.point.reduce((sum, v, i) => sum + Math.abs(v - x[i]!), 0);
    ({ point: x, value, gradient } = reached);
    const go = yield { step: nIter + 1, total: maxIter, unit: 'iteration', metrics: { value } };
    if (go === false) return end(nIter + 1, false, 'stopped by onProgress');
    if (method === 'lbfgs' && drop <= ftol * scale) return end(nIter + 1, true, 'the decrease is within ftol');
    if (method === 'newton-cg' && moved <= xtol * x.length) return end(nIter + 1, true, 'the step is within xtol');
  }
}

/** Solves Hd = -g by conjugate gradients, as far as is worth it; stops where the curvature is not positive. */
function* newtonDirection(
  gradient: Float64Array,
  hessianProduct: (v: Float64Array) => Steps<Float64Array>,
): Steps<Float64Array> {
  const norm = gradient.reduce((sum, g) => sum + Math.abs(g), 0);
  const tolerance = Math.min(0.5, Math.sqrt(norm)) * norm;
  let d: Float64Array = new Float64Array(gradient.length);
  let residual: Float64Array = gradient.slice();
  let p: Float64Array = addScaled(d, -1, residual);
  let squares = dot(residual, residual);
  for (let i = 0; i < 20 * gradient.length; i++) {
    if (residual.reduce((sum, r) => sum + Math.abs(r), 0) <= tolerance) break;
    const hp = yield* hessianProduct(p);
    const curvature = dot(p, hp);
    if (curvature <= 3 * Number.EPSILON * dot(p, p)) return i === 0 ? addScaled(d, -1, gradient) : d;
    const alpha = squares / curvature;
    d = addScaled(d, alpha, p);
    residual = addScaled(residual, alpha, hp);
    const next = dot(residual, residual);
    p = addScaled(addScaled(new Float64Array(p.length), -1, residual), next / squares, p);
    squares = next;
  }
  return d;
}

/** What was returned at once, or what steps end with. */
function* finish<T extends object>(result: T | Steps<T>): Steps<T> {
  const isSteps = typeof result === 'object' && result !== null && Symbol.iterator in result && 'next' in result;
  return isSteps ? yield* result : (result as T);
}
