import type { Steps } from '@maru-ml/base';
import { type Basis, coefficientsOf, linearPredictor, projected, solveSymmetric, squaresInSteps } from './basis.ts';
import { largestMove } from './separation.ts';

/** A log-likelihood that is concave in the linear predictors of one or several equations. */
export interface Likelihood {
  /** The number of equations m. */
  readonly equations: number;
  /**
   * Σᵢ lᵢ at the linear predictors `eta` [m, n], with ∂lᵢ/∂ηₐ into `scores` [m, n] and -∂²lᵢ/∂ηₐ∂ηᵦ into `information` [m, m, n]. It
   * pauses now and then.
   */
  evaluate(eta: Float64Array, scores: Float64Array, information: Float64Array): Steps<number>;
}

/** What Newton's method is told. */
export interface NewtonOptions {
  readonly maxIter: number;
  /** Stop when no coefficient moves by more than this, times its size where that is above 1. */
  readonly tol: number;
  readonly offset: Float64Array | null;
  /** Called after each step; throws where there is no maximum. */
  readonly check: (step: NewtonStep) => void;
}

/** A step and where it has led. */
export interface NewtonStep {
  readonly eta: Float64Array;
  readonly llf: number;
  /** What it has won. */
  readonly gain: number;
  /** The largest move of a linear predictor. */
  readonly shift: number;
  /** The step of the coefficients [m, k]. */
  readonly move: Float64Array;
}

/** Where it ended. */
export interface NewtonFit {
  /** b of each equation in turn [m, k]. */
  readonly params: Float64Array;
  readonly eta: Float64Array;
  readonly llf: number;
  readonly scores: Float64Array;
  readonly information: Float64Array;
  readonly nIter: number;
  readonly converged: boolean;
}

/**
 * Newton's method from b = 0: b ← b + I⁻¹ s with the scores s and the observed information I, until no coefficient moves by more than
 * `tol` times its size (or 1, as in statsmodels); a step that lowers the likelihood is halved. O(n (m r)²) a step.
 */
export function* newton(basis: Basis, likelihood: Likelihood, options: NewtonOptions): Steps<NewtonFit> {
  const { maxIter, tol, offset, check } = options;
  const { equations: m } = likelihood;
  const { rows: n, rank: r } = basis;
  let gamma: Float64Array = new Float64Array(m * r);
  let eta = yield* predictors(basis, gamma, m, offset);
  const scores = new Float64Array(m * n);
  const information = new Float64Array(m * m * n);
  let llf = yield* likelihood.evaluate(eta, scores, information);
  yield;
  for (let nIter = 1; ; nIter++) {
    let step = yield* stepOf(basis, m, scores, information);
    let next = gamma.map((value, a) => value + step[a]!);
    let nextEta = yield* predictors(basis, next, m, offset);
    let value = yield* likelihood.evaluate(nextEta, scores, information);
    yield;
    for (let i = 0; i < 30 && !(value >= llf - 1e-9 * (Math.abs(llf) + 1)); i++) {
      step = step.map((part) => part / 2);
      next = gamma.map((before, a) => before + step[a]!);
      nextEta = yield* predictors(basis, next, m, offset);
      value = yield* likelihood.evaluate(nextEta, scores, information);
    }
    const shift = largestMove(eta, nextEta);
    const move = equationsOf(basis, step, m);
    const params = equationsOf(basis, next, m);
    const gain = value - llf;
    gamma = next;
    eta = nextEta;
    llf = value;
    yield;
    check({ eta, llf, gain, shift, move });
    const converged = move.every((part, a) => Math.abs(part) <= tol * Math.max(1, Math.abs(params[a]!)));
    const stopped = (yield { step: nIter, total: maxIter, unit: 'iteration', metrics: { llf, shift } }) === false;
    if (!converged && !stopped && nIter < maxIter) continue;
    return { params, eta, llf, scores, information, nIter, converged };
  }
}

/** Z γ + offset of each equation [m, n]. */
function* predictors(basis: Basis, gamma: Float64Array, m: number, offset: Float64Array | null): Steps<Float64Array> {
  const { rows: n, rank: r } = basis;
  const eta = new Float64Array(m * n);
  for (let e = 0; e < m; e++) {
    linearPredictor(basis, gamma.subarray(e * r, (e + 1) * r), offset, eta.subarray(e * n, (e + 1) * n));
    yield;
  }
  return eta;
}

function* stepOf(basis: Basis, m: number, scores: Float64Array, information: Float64Array): Steps<Float64Array> {
  const { rows: n, rank: r } = basis;
  const gradient = new Float64Array(m * r);
  for (let e = 0; e < m; e++) {
    gradient.set(projected(basis, scores.subarray(e * n, (e + 1) * n)), e * r);
    yield;
  }
  return solveSymmetric(yield* informationMatrix(basis, m, information), m * r, gradient, 1);
}

/** The information of γ [m r, m r]: in its blocks Zᵀ diag(I_ab) Z. */
export function* informationMatrix(basis: Basis, m: number, information: Float64Array): Steps<Float64Array> {
  const { rows: n, rank: r } = basis;
  const size = m * r;
  const matrix = new Float64Array(size * size);
  const block = new Float64Array(r * r);
  for (let a = 0; a < m; a++) {
    for (let b = 0; b <= a; b++) {
      yield* squaresInSteps(basis, information.subarray((a * m + b) * n, (a * m + b + 1) * n), block);
      for (let i = 0; i < r; i++) {
        for (let j = 0; j < r; j++) {
          matrix[(a * r + i) * size + b * r + j] = block[i * r + j]!;
          matrix[(b * r + j) * size + a * r + i] = block[i * r + j]!;
        }
      }
    }
  }
  return matrix;
}

/** b of each equation in turn [m, k]. */
function equationsOf(basis: Basis, gamma: Float64Array, m: number): Float64Array {
  const { rank: r, columns: k } = basis;
  const params = new Float64Array(m * k);
  for (let e = 0; e < m; e++) params.set(coefficientsOf(basis, gamma.subarray(e * r, (e + 1) * r)), e * k);
  return params;
}
