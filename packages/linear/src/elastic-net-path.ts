import type { Steps } from '@maru-ml/base';
import { exp, log } from '@maru-ml/kernels/scalar';
import { coordinateDescent, type DescentSettings } from './coordinate-descent.ts';
import { type Problem, penaltyOf } from './elastic-net-fit.ts';

/** The solutions for a list of α, in its order. */
export interface Path {
  /** Coefficients [nAlphas, d]. */
  readonly coefs: Float64Array;
  /** Duality gaps [nAlphas], of the objective with its 1 / (2 n). */
  readonly gaps: Float64Array;
  /** Sweeps [nAlphas]. */
  readonly sweeps: Int32Array;
  /** Whether the gap came within the tolerance. */
  readonly converged: boolean[];
}

/**
 * The path of solutions for descending α, each from the one before (warm starts), which costs little more than the last of
 * them alone.
 */
export function* elasticNetPath(
  problem: Problem,
  alphas: Float64Array,
  penalty: { l1Ratio: number; positive: boolean },
  settings: DescentSettings,
): Steps<Path> {
  const { residual, n } = problem;
  const { d } = residual;
  const w = new Float64Array(d);
  const coefs = new Float64Array(alphas.length * d);
  const gaps = new Float64Array(alphas.length);
  const sweeps = new Int32Array(alphas.length);
  const converged: boolean[] = [];
  for (let i = 0; i < alphas.length; i++) {
    const steps = coordinateDescent(residual, w, penaltyOf({ ...penalty, alpha: alphas[i]! }, n), settings);
    const found = yield* quietly(steps);
    coefs.set(w, i * d);
    gaps[i] = found.gap / n;
    sweeps[i] = found.nIter;
    converged.push(found.converged);
  }
  return { coefs, gaps, sweeps, converged };
}

/**
 * `count` values of α, from the smallest with which all coefficients are 0 down to `eps` times that, evenly on the scale of
 * logarithms.
 */
export function* alphaGrid({ residual, n }: Problem, l1Ratio: number, eps: number, count: number): Steps<Float64Array> {
  const correlations = new Float64Array(residual.d);
  const none = new Float64Array(residual.d);
  residual.reset(none);
  yield* residual.summary(none, correlations);
  const largest = correlations.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / (n * l1Ratio);
  // Where y is constant any α will do; this is scikit-learn's.
  if (largest <= 1e-15) return new Float64Array(count).fill(1e-15);
  return Float64Array.from({ length: count }, (_, i) => largest * exp((log(eps) * i) / Math.max(1, count - 1)));
}

/** The steps without their progress: only places to pause. */
function* quietly<T>(steps: Steps<T>): Steps<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    yield;
  }
}
