import type { Steps } from '@maru-ml/base';
import { LbfgsHistory } from '@maru-ml/optim';
import { softThreshold } from './coordinate-descent.ts';
import { addScaled, dot } from './dot.ts';
import type { LogisticObjective } from './logistic-objective.ts';

export interface NewtonResult {
  nIter: number;
  converged: boolean;
  /** The largest number that is missing to a gradient of 0. */
  violation: number;
}

/**
 * Minimizes f(v) + Σ λ₁ⱼ |vⱼ| from v, which it changes in place, by Newton's method with a line search. Without λ₁ a step
 * solves H Δ = -g by Cholesky factors; these are kept while steps are quick, and corrected by what each step has shown (BFGS).
 * With λ₁, coordinate descent minimizes the same quadratic model plus the penalty (proximal Newton), over the coefficients that
 * are not 0 or should not be (active set). O(n m²) for the Hessian of m of those, O(n m) for a step without a new one.
 *
 * J. Lee, Y. Sun and M. Saunders, "Proximal Newton-type methods for minimizing composite functions", SIAM Journal on
 * Optimization 24 (2014). G.-X. Yuan, C.-H. Ho and C.-J. Lin, "An improved GLMNET for L1-regularized logistic regression",
 * JMLR 13 (2012).
 */
export function* newton(
  objective: LogisticObjective,
  v: Float64Array,
  { tol, maxIter }: { tol: number; maxIter: number },
): Steps<NewtonResult> {
  const { size } = objective;
  const gradient = new Float64Array(size);
  const point = new Float64Array(size);
  const sparse = objective.l1.some((weight) => weight > 0);
  let value = (yield* objective.evaluate(v, gradient)) + norm1(objective, v);
  const history = new LbfgsHistory(Number.POSITIVE_INFINITY);
  let hessian: Float64Array = new Float64Array(0);
  let factor: Float64Array | null = null;
  let before = Number.POSITIVE_INFINITY;
  let lastMove = before;
  for (let nIter = 1; ; nIter++) {
    const violation = largestViolation(objective, v, gradient);
    const end = (converged: boolean): NewtonResult => ({ nIter: nIter - 1, converged, violation });
    // What is not a number never is within the tolerance.
    if (!(violation < Number.POSITIVE_INFINITY)) return end(false);
    // After a step as small as this nothing that counts is left of the error.
    if (violation <= tol && lastMove <= TINY_STEP * (1 + largest(v))) return end(true);
    const places = sparse ? activePlaces(objective, v, gradient) : Int32Array.from({ length: size }, (_, i) => i);
    // While steps leave a fraction of the gradient, an earlier Hessian with what was learned since does nearly as well.
    if (sparse || factor === null || !(violation < QUICK * before)) {
      hessian = yield* objective.hessian(places);
      if (!sparse) factor = factorOf(hessian, size);
      history.clear();
    }
    before = violation;
    const step = sparse
      ? descend(objective, v, gradient, places, hessian, Math.min(ENOUGH, violation))
      : history.direction(gradient, (q) => solve(factor!, q));
    const old = gradient.slice();
    const move = (share: number) => {
      point.set(v);
      for (let i = 0; i < places.length; i++) point[places[i]!]! += share * step[i]!;
    };
    move(1);
    let slope = norm1(objective, point) - norm1(objective, v);
    for (let i = 0; i < places.length; i++) slope += gradient[places[i]!]! * step[i]!;

    // The last step is taken on trust: near the minimum it squares the error, and differences of f are rounding.
    const last = violation <= tol;
    const moved = largest(step);
    let next: number;
    for (let t = 1; ; t /= 2) {
      if (t < 1e-10) return end(false);
      move(t);
      next = (yield* objective.evaluate(point, gradient)) + norm1(objective, point);
      if (last || next <= value + 1e-4 * t * slope + ROUNDING * Math.abs(value)) break;
    }
    if (last) {
      const better = largestViolation(objective, point, gradient);
      if (better <= violation) v.set(point);
      // Where coefficients go on growing the gradient vanishes, but the steps do not.
      return { nIter, converged: moved <= SMALL_STEP * (1 + largest(v)), violation: Math.min(better, violation) };
    }
    if (!sparse) history.add(difference(point, v), difference(gradient, old));
    v.set(point);
    value = next;
    lastMove = moved;
    const goOn = yield { step: nIter, total: maxIter, unit: 'iteration', metrics: { loss: value, violation } };
    if (goOn === false || nIter === maxIter) {
      const left = largestViolation(objective, v, gradient);
      return { nIter, converged: left <= tol, violation: left };
    }
  }
}

/** Differences of f below this share of it are rounding. */
const ROUNDING = 1e-14;

/** The share of the gradient that a step may leave for the Hessian to be kept. */
const QUICK = 0.6;

/** A step, relative to the coefficients, below which there is nothing to gain. */
const TINY_STEP = 1e-7;

/** What a Newton step may be, relative to the coefficients, where the gradient is within the tolerance. */
const SMALL_STEP = 1e-2;

/** Σ λ₁ⱼ |vⱼ|. */
function norm1({ l1, design: { p } }: LogisticObjective, v: Float64Array): number {
  return v.reduce((sum, value, i) => sum + l1[i % p]! * Math.abs(value), 0);
}

/** The largest element of the subgradient that is nearest to 0. */
export function largestViolation(objective: LogisticObjective, v: Float64Array, gradient: Float64Array): number {
  let most = 0;
  for (let i = 0; i < v.length; i++) {
    const violation = violationAt(objective, v, gradient, i);
    // Written so that NaN comes through.
    if (!(violation <= most)) most = violation;
  }
  return most;
}

function violationAt(
  { l1, design: { p } }: LogisticObjective,
  v: Float64Array,
  gradient: Float64Array,
  i: number,
): number {
  const weight = l1[i % p]!;
  const slope = gradient[i]!;
  if (v[i] === 0) return Math.max(0, Math.abs(slope) - weight) + slope * 0;
  return Math.abs(slope + (v[i]! > 0 ? weight : -weight));
}

/** The places of coefficients that are not 0 or should not be; of the latter the worst, if there are many. */
function activePlaces(objective: LogisticObjective, v: Float64Array, gradient: Float64Array): Int32Array {
  const all = Array.from({ length: v.length }, (_, i) => i);
  const isHeld = (i: number) => v[i] !== 0 || objective.l1[i % objective.design.p] === 0;
  const worth = (i: number) => violationAt(objective, v, gradient, i);
  const held = all.filter(isHeld);
  const coming = all.filter((i) => !isHeld(i) && worth(i) > 0);
  coming.sort((i, j) => worth(j) - worth(i));
  return Int32Array.from([...held, ...coming.slice(0, Math.max(100, held.length))]).sort();
}

/** L of H = L Lᵀ, from the lower triangle. Where H is singular, a little is added to its diagonal. */
function factorOf(hessian: Float64Array, m: number): Float64Array {
  let scale = 0;
  for (let i = 0; i < m; i++) scale = Math.max(scale, hessian[i * m + i]!);
  for (let shift = 0; ; shift = shift === 0 ? 1e-10 : shift * 10) {
    const factor = hessian.slice();
    for (let i = 0; i < m; i++) factor[i * m + i]! += shift * scale;
    if (factorize(factor, m) || shift > 1) return factor;
  }
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]!);
}

/** x of L Lᵀ x = q, in place of q. */
function solve(factor: Float64Array, x: Float64Array): Float64Array {
  const m = x.length;
  for (let i = 0; i < m; i++) x[i] = (x[i]! - dot(factor, i * m, x, 0, i)) / factor[i * m + i]!;
  for (let i = m - 1; i >= 0; i--) {
    x[i]! /= factor[i * m + i]!;
    addScaled(-x[i]!, factor, i * m, x, 0, i);
  }
  return x;
}

/** L of H = L Lᵀ in place of the lower triangle; false where a pivot is nothing but rounding. */
function factorize(a: Float64Array, m: number): boolean {
  for (let i = 0; i < m; i++) {
    const whole = a[i * m + i]!;
    for (let j = 0; j <= i; j++) {
      let sum = a[i * m + j]!;
      for (let l = 0; l < j; l++) sum -= a[i * m + l]! * a[j * m + l]!;
      if (j < i) a[i * m + j] = sum / a[j * m + j]!;
      else if (!(sum > 1e-15 * whole)) return false;
      else a[i * m + i] = Math.sqrt(sum);
    }
  }
  return true;
}

/** The share of the first sweep's largest move at which a model far from the minimum counts as minimized: the next one is better anyway. */
const ENOUGH = 1e-2;

/** Δ that minimizes gᵀΔ + ½ ΔᵀHΔ + Σ λ₁ |v + Δ| over the places, by coordinate descent, until moves are `enough` of the first ones. */
function descend(
  objective: LogisticObjective,
  v: Float64Array,
  gradient: Float64Array,
  places: Int32Array,
  hessian: Float64Array,
  enough: number,
): Float64Array {
  const m = places.length;
  const { l1, design } = objective;
  for (let i = 0; i < m; i++) for (let j = 0; j < i; j++) hessian[j * m + i] = hessian[i * m + j]!;
  const step = new Float64Array(m);
  // The slope of the quadratic model, g + HΔ.
  const slopes = Float64Array.from(places, (place) => gradient[place]!);
  const all = Array.from({ length: m }, (_, i) => i);
  let held = all;
  let first = 0;
  for (let sweep = 0; sweep < 1000; sweep++) {
    let most = 0;
    for (const i of held) {
      const curvature = hessian[i * m + i]!;
      if (!(curvature > 0)) continue;
      const now = v[places[i]!]! + step[i]!;
      const wanted = softThreshold(curvature * now - slopes[i]!, l1[places[i]! % design.p]!) / curvature;
      const delta = wanted - now;
      if (delta === 0) continue;
      step[i] = wanted - v[places[i]!]!;
      for (let j = 0; j < m; j++) slopes[j]! += delta * hessian[i * m + j]!;
      most = Math.max(most, Math.abs(delta) * Math.sqrt(curvature));
    }
    if (sweep === 0) first = most;
    // Between sweeps of all those only which are not 0 are moved, until they stand.
    const isWhole = held === all;
    if (most <= enough * first) {
      if (isWhole) break;
      held = all;
    } else if (isWhole) held = all.filter((i) => v[places[i]!]! + step[i]! !== 0);
  }
  return step;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
