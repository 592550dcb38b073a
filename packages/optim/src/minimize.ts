import {
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  type OnProgress,
  OptionError,
  runSteps,
  type Steps,
  show,
} from '@maru-ml/base';
import {
  type Direction,
  descentSteps,
  lbfgsSteps,
  type MinimizeResult,
  type ObjectiveSteps,
  type Stop,
} from './descent.ts';
import { addScaled, dot } from './history.ts';

/** A function to minimize: its value at x [n] and the gradient [n] there. */
export type Objective = (x: Float64Array) => { value: number; gradient: Float64Array };

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
  if (typeof x0 !== 'object' || typeof x0?.length !== 'number') {
    throw new OptionError(`minimize: the start must be an array of numbers, got ${show(x0)}`);
  }
  const x = Float64Array.from(x0);
  const most = options.maxIter ?? (method === 'lbfgs' ? 15_000 : 200 * x.length);
  const maxIter = checkInteger(owner, 'maxIter', most, { min: 0 });
  const memory = checkInteger(owner, 'memory', options.memory ?? 10, { min: 1 });
  // Checked once: what a plain function gives may be anything.
  let isChecked = false;
  const evaluate = function* (point: Float64Array) {
    const at = yield* finish(f(point));
    if (!isChecked && (typeof at?.value !== 'number' || at.gradient?.length !== x.length)) {
      const gradient = typeof at?.value === 'number' ? show(at.gradient) : null;
      const came = gradient === null ? show(at) : `a value and the gradient ${gradient}`;
      const length = `${x.length} ${x.length === 1 ? 'number' : 'numbers'}`;
      throw new OptionError(
        `minimize: the function must return { value, gradient } with a gradient of ${length}, got ${came}`,
      );
    }
    isChecked = true;
    return at;
  };
  if (method === 'lbfgs') return yield* lbfgsSteps(evaluate, x, { maxIter, gtol, ftol, memory });
  const direction: Direction = (gradient, point) => newtonDirection(gradient, (v) => finish(hessianProduct!(point, v)));
  const isSmall: Stop = (_drop, moved) => (moved <= xtol * x.length ? 'the step is within xtol' : null);
  return yield* descentSteps(evaluate, x, { maxIter, gtol, direction, isSmall, history: null });
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
