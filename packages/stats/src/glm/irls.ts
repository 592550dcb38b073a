import { DataError, type Steps } from '@maru-ml/base';
import {
  type Basis,
  coefficientsOf,
  linearPredictor,
  projected,
  solveSymmetric,
  squaresInSteps,
} from '../likelihood/basis.ts';
import { Drift, growingNames, largestMove, separated, separates } from '../likelihood/separation.ts';
import type { Family } from './families.ts';
import type { Link } from './links.ts';

/** What the fit is told. */
export interface IrlsProblem {
  readonly owner: string;
  readonly family: Family;
  readonly link: Link;
  readonly basis: Basis;
  /** Whether the columns span a constant. */
  readonly hasConstant: boolean;
  /** X [n, k] and the names of its columns, for errors. */
  readonly x: Float64Array;
  readonly names: readonly string[];
  readonly y: Float64Array;
  /** What divides φ, times how often each row counts [n]. */
  readonly weights: Float64Array;
  readonly offset: Float64Array | null;
  /** Σ of how often rows count - rank: what an estimated scale divides by. */
  readonly dfResid: number;
  /** A given scale, or how it is estimated. */
  readonly scale: number | 'x2' | 'dev';
  readonly maxIter: number;
  readonly tol: number;
  readonly tolCriterion: 'deviance' | 'params';
}

/** Where it ended. */
export interface IrlsFit {
  readonly gamma: Float64Array;
  readonly eta: Float64Array;
  readonly mu: Float64Array;
  /** 1 - μ [n]. */
  readonly q: Float64Array;
  /** Zᵀ W Z [r, r] of the last step. */
  readonly squares: Float64Array;
  readonly deviance: number;
  readonly scale: number;
  readonly nIter: number;
  readonly converged: boolean;
}

/** Linear predictors with what follows from them. */
interface Point {
  readonly eta: Float64Array;
  readonly mu: Float64Array;
  readonly q: Float64Array;
  /** NaN where a mean is impossible. */
  readonly deviance: number;
}

/** Where a step has led. */
interface State {
  readonly point: Point;
  readonly gamma: Float64Array;
  readonly squares: Float64Array;
  /** By how much the step has lowered the deviance. */
  readonly gain: number;
  /** The largest move of a linear predictor. */
  readonly shift: number;
  /** The step of γ; null in the first one. */
  readonly move: Float64Array | null;
}

/**
 * Iteratively reweighted least squares, which is Fisher's scoring: from means μ, with slopes s = dμ/dη,
 *
 *   b ← argmin Σ wᵢ sᵢ² / V(μᵢ) (ηᵢ + (yᵢ - μᵢ) / sᵢ - xᵢ b)²
 *
 * until the deviance over the scale (or each coefficient) changes by at most `tol`, as in statsmodels, where it is the scale before the step.
 * A step to impossible means is halved, as in R, and from the eleventh on one that raises the deviance.
 *
 * @throws DataError where no coefficients give possible means, and where the likelihood has no maximum
 */
export function* irls(problem: IrlsProblem): Steps<IrlsFit> {
  const { basis, maxIter, tol, tolCriterion } = problem;
  const start = startOf(problem);
  yield;
  let state = null as State | null;
  let scale = scaleOf(problem, start);
  let criterion = start.deviance;
  const drift = new Drift();
  for (let nIter = 1; ; nIter++) {
    state = yield* advance(problem, state?.point ?? start, state?.gamma ?? null, nIter > FREE_STEPS);
    checkSeparation(problem, state, drift);
    const { deviance } = state.point;
    const before: number = criterion;
    criterion = deviance / scale;
    scale = scaleOf(problem, state.point);
    const settled =
      tolCriterion === 'deviance'
        ? Math.abs(criterion - before) <= tol
        : state.move !== null && hasSettled(coefficientsOf(basis, state.move), coefficientsOf(basis, state.gamma), tol);
    const converged = settled || deviance <= EXACT * start.deviance;
    if (converged) yield* probe(problem, state, drift);
    const metrics = { deviance, shift: state.shift };
    const stopped = (yield { step: nIter, total: maxIter, unit: 'iteration', metrics }) === false;
    if (!converged && !stopped && nIter < maxIter) continue;
    const { point, gamma, squares } = state;
    return { ...point, gamma, squares, scale, nIter, converged };
  }
}

/** Whether no coefficient has moved by more than `tol`, times its size where that is above 1. */
function hasSettled(steps: Float64Array, params: Float64Array, tol: number): boolean {
  return steps.every((step, j) => Math.abs(step) <= tol * Math.max(1, Math.abs(params[j]!)));
}

/** A deviance of this part of that of the start is rounding. */
const EXACT = 1e-26;

/** Steps that may raise the deviance, as they do in statsmodels; later ones are halved, so that a fit cannot go round for ever. */
const FREE_STEPS = 10;

/** One step. @param descend whether it must not raise the deviance */
function* advance(problem: IrlsProblem, from: Point, gamma: Float64Array | null, descend: boolean): Steps<State> {
  const { family, basis } = problem;
  const squares = new Float64Array(basis.rank ** 2);
  yield;
  const { w, response } = workingRows(problem, from);
  yield;
  yield* squaresInSteps(basis, w, squares);
  let wanted = solved(basis, w, response, squares);
  yield;
  let point = pointAt(problem, wanted);
  const most = descend ? from.deviance * (1 + 1e-12) : Number.MAX_VALUE;
  for (let halvings = 0; !(point.deviance <= most); halvings++) {
    const base = gamma ?? constantStart(problem);
    if (halvings > 40 && point.deviance < Number.POSITIVE_INFINITY) break;
    if (base === null || halvings > 40) {
      throw new DataError(
        `${problem.owner}: no coefficients were found that give means that the ${family.title} family knows; use a link that keeps them there`,
      );
    }
    wanted = wanted.map((value, a) => (value + base[a]!) / 2);
    point = pointAt(problem, wanted);
    yield;
  }
  yield;
  const shift = largestMove(from.eta, point.eta);
  const move = gamma === null ? null : wanted.map((value, a) => value - gamma[a]!);
  return { point, gamma: wanted, squares, gain: from.deviance - point.deviance, shift, move };
}

/** The weights [n] and responses [n] of the weighted least squares; a response of weight 0 is 0. */
function workingRows({ family, link, y, weights, offset }: IrlsProblem, { eta, mu, q }: Point) {
  const w = new Float64Array(y.length);
  const response = new Float64Array(y.length);
  for (let i = 0; i < y.length; i++) {
    const slope = link.slope(eta[i]!);
    const weight = (weights[i]! * slope * slope) / family.variance(mu[i]!, q[i]!);
    // A mean at the border of what is possible says nothing.
    if (!(weight < Number.POSITIVE_INFINITY) || weight === 0) continue;
    w[i] = weight;
    response[i] = eta[i]! - (offset === null ? 0 : offset[i]!) + difference(y[i]!, mu[i]!, q[i]!) / slope;
  }
  return { w, response };
}

/** γ of the weighted least squares. */
function solved(basis: Basis, w: Float64Array, response: Float64Array, squares: Float64Array): Float64Array {
  const n = basis.rows;
  const weighted = new Float64Array(n);
  for (let i = 0; i < n; i++) weighted[i] = w[i]! * response[i]!;
  const gamma = solveSymmetric(squares, basis.rank, projected(basis, weighted), 1);
  // Once more with what is left, since squares of unequal weights lose digits.
  const fitted = new Float64Array(n);
  linearPredictor(basis, gamma, null, fitted);
  for (let i = 0; i < n; i++) weighted[i] = w[i]! * (response[i]! - fitted[i]!);
  const rest = solveSymmetric(squares, basis.rank, projected(basis, weighted), 1);
  return gamma.map((value, a) => value + rest[a]!);
}

/** y - μ, which near 1 is exact by 1 - μ. */
export function difference(y: number, mu: number, q: number): number {
  return mu > 0.5 && mu <= 1 ? y - 1 + q : y - mu;
}

function pointAt(problem: IrlsProblem, gamma: Float64Array): Point {
  const eta = new Float64Array(problem.basis.rows);
  linearPredictor(problem.basis, gamma, problem.offset, eta);
  return withMeans(problem, eta);
}

function withMeans({ family, link, y, weights }: IrlsProblem, eta: Float64Array): Point {
  const mu = new Float64Array(eta.length);
  const q = new Float64Array(eta.length);
  let deviance = 0;
  for (let i = 0; i < eta.length; i++) {
    mu[i] = link.mean(eta[i]!);
    // Digits near 1 count below it alone.
    q[i] = mu[i]! > 1 ? 1 - mu[i]! : link.complement(eta[i]!);
    // Probabilities may round to 0 and 1; where the row is the other one its deviance is infinite.
    const possible = family.allows(mu[i]!) || (family.title === 'Binomial' && (mu[i] === 0 || mu[i] === 1));
    deviance += possible ? weights[i]! * family.deviance(y[i]!, mu[i]!, q[i]!) : Number.NaN;
  }
  return { eta, mu, q, deviance };
}

function startOf(problem: IrlsProblem): Point {
  const { family, link, y } = problem;
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  return withMeans(
    problem,
    y.map((value) => link.of(family.start(value, mean))),
  );
}

/** γ near equal means, from which steps can be halved; null where even those are impossible. */
function constantStart(problem: IrlsProblem): Float64Array | null {
  const { link, y, basis, offset } = problem;
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const eta = y.map((_, i) => link.of(mean) - (offset === null ? 0 : offset[i]!));
  const gamma = projected(basis, eta);
  return pointAt(problem, gamma).deviance < Number.POSITIVE_INFINITY ? gamma : null;
}

function scaleOf({ family, y, weights, dfResid, scale }: IrlsProblem, { mu, q, deviance }: Point): number {
  if (typeof scale === 'number') return scale;
  // Nothing is left to estimate it from.
  if (dfResid <= 0) return 1;
  if (scale === 'dev') return deviance / dfResid;
  let pearson = 0;
  for (let i = 0; i < y.length; i++) {
    pearson += (weights[i]! * difference(y[i]!, mu[i]!, q[i]!) ** 2) / family.variance(mu[i]!, q[i]!);
  }
  return pearson / dfResid;
}

const REMEDY = 'drop or join columns, or add rows';

/** @throws DataError if the columns separate the classes, or the steps drift away */
function checkSeparation(problem: IrlsProblem, state: State, drift: Drift): void {
  const { owner, family } = problem;
  if (!family.fixedScale) return;
  if (isComplete(problem, state.gamma)) throw separated(owner, true, [], REMEDY);
  if (!drift.step(state.gain / 2, state.point.deviance / 2, state.shift)) return;
  const { x, basis, names } = problem;
  const steps = coefficientsOf(basis, state.move ?? state.gamma);
  throw separated(owner, false, growingNames(x, basis.rows, steps, names), REMEDY);
}

/** Where a linear predictor still moves, a few more steps show whether the likelihood has a maximum. */
function* probe(problem: IrlsProblem, from: State, drift: Drift): Steps<void> {
  if (!problem.family.fixedScale) return;
  let state = from;
  for (let i = 0; i < 6 && drift.isSuspicious(state.shift); i++) {
    state = yield* advance(problem, state.point, state.gamma, true);
    checkSeparation(problem, state, drift);
  }
}

/** Whether all linear predictors of ones are above those of zeros, or on their side of 0 where there is no constant. */
function isComplete({ family, link, y, basis, hasConstant, weights }: IrlsProblem, gamma: Float64Array): boolean {
  // The links 'log' and 'identity' bound the linear predictors.
  if (family.title !== 'Binomial' || link.mean(40) > 1) return false;
  const scores = new Float64Array(y.length);
  linearPredictor(basis, gamma, null, scores);
  return separates(scores, y, weights, hasConstant);
}
