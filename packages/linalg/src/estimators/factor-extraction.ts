import type { Progress, Steps } from '@maru-ml/base';
import { log } from '@maru-ml/kernels/scalar';
import { cholesky, choleskySolve } from '../dense/cholesky.ts';
import { symmetricEigenSteps } from '../dense/symmetric-eigen.ts';

/** Factors of variables of variance 1. */
export interface Factors {
  /** [k, d]: how variables depend on the factors. */
  components: Float64Array;
  /** [d]: what of each variable's variance is its own. */
  uniquenesses: Float64Array;
  /** The log-likelihood after each iteration; of the principal method none. */
  loglike: number[];
  nIter: number;
  converged: boolean;
}

export interface ExtractionOptions {
  /** The number of factors. */
  k: number;
  tol: number;
  maxIter: number;
}

/** What of a variance is left at least, as a share of it. */
const LEAST = 1e-12;

/**
 * Maximum likelihood by the iteration of Bishop's section 12.2.4, as in scikit-learn: given the uniquenesses ψ, the best factors
 * are the leading eigenvectors of the covariance of x / √ψ; given factors, ψ is the variance that they leave.
 *
 * @param r the correlations [d, d]; rows and columns of zeros for constant variables
 * @param start the first uniquenesses [d]
 * @param n the number of rows
 * @param logVolume Σ log of the variances, with which likelihoods are those of x
 */
export function* maximumLikelihood(
  r: Float64Array,
  start: Float64Array,
  n: number,
  logVolume: number,
  { k, tol, maxIter }: ExtractionOptions,
): Steps<Factors> {
  const d = start.length;
  let uniquenesses = start.map((value) => Math.max(value, LEAST));
  const components = new Float64Array(k * d);
  const loglike: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let nIter = 1; ; nIter++) {
    const roots = uniquenesses.map(Math.sqrt);
    const scaled = r.map((value, at) => value / roots[Math.floor(at / d)]! / roots[at % d]!);
    const { values, vectors } = yield* symmetricEigenSteps(scaled, d);
    let [trace, volume, likely] = [0, 0, 0];
    for (let j = 0; j < d; j++) trace += scaled[j * d + j]!;
    for (let j = 0; j < d; j++) volume += log(uniquenesses[j]!);
    for (let c = 0; c < k; c++) {
      const value = values[d - 1 - c]!;
      // A direction that varies less than its noise carries no factor, and only adds its variance.
      likely += value > 1 ? log(value) + 1 - value : 0;
      const length = Math.sqrt(Math.max(value - 1, 0));
      for (let j = 0; j < d; j++) components[c * d + j] = length * vectors[j * d + d - 1 - c]! * roots[j]!;
    }
    const likelihood = (-n / 2) * (d * log(2 * Math.PI) + volume + logVolume + trace + likely);
    loglike.push(likelihood);
    const converged = likelihood - last < tol;
    const goOn = yield tell(nIter, maxIter, { logLikelihood: likelihood });
    if (converged) return { components, uniquenesses, loglike, nIter, converged };
    last = likelihood;
    uniquenesses = uniquenesses.map((_, j) => Math.max(r[j * d + j]! - communality(components, d, k, j), LEAST));
    if (nIter === maxIter || goOn === false) return { components, uniquenesses, loglike, nIter, converged };
  }
}

/**
 * Iterated principal factors, as in statsmodels: the diagonal of the correlations is replaced by the communalities, at first the
 * squared multiple correlations 1 - 1 / (R⁻¹)_jj, the leading eigenvectors times √λ are the loadings, and the sums of their
 * squares the next communalities.
 */
export function* principalFactors(r: Float64Array, { k, tol, maxIter }: ExtractionOptions): Steps<Factors> {
  const d = Math.sqrt(r.length);
  let communalities = firstCommunalities(r, d);
  const components = new Float64Array(k * d);
  const reduced = r.slice();
  for (let nIter = 1; ; nIter++) {
    for (let j = 0; j < d; j++) reduced[j * d + j] = communalities[j]!;
    const { values, vectors } = yield* symmetricEigenSteps(reduced, d);
    // An eigenvalue of the size of rounding errors is 0: its vector may lie along a constant variable.
    const least = 4 * d * Number.EPSILON * values[d - 1]!;
    for (let c = 0; c < k; c++) {
      const value = values[d - 1 - c]!;
      const length = value > least ? Math.sqrt(value) : 0;
      for (let j = 0; j < d; j++) components[c * d + j] = length * vectors[j * d + d - 1 - c]!;
    }
    let change = 0;
    communalities = communalities.map((before, j) => {
      const now = communality(components, d, k, j);
      change += (now - before) * (now - before);
      // More than a variable has (a Heywood case) is cut off.
      return Math.min(now, r[j * d + j]! * (1 - LEAST));
    });
    change = Math.sqrt(change);
    const converged = change < tol;
    const goOn = yield tell(nIter, maxIter, { change });
    if (converged || nIter === maxIter || goOn === false) {
      const uniquenesses = communalities.map((value, j) => Math.max(r[j * d + j]! - value, LEAST));
      return { components, uniquenesses, loglike: [], nIter, converged };
    }
  }
}

function firstCommunalities(r: Float64Array, d: number): Float64Array {
  const l = cholesky(r, d);
  const least = 8 * d * Number.EPSILON;
  if (l !== null && Array.from({ length: d }, (_, j) => l[j * d + j]! ** 2).every((pivot) => pivot > least)) {
    const identity = new Float64Array(d * d);
    for (let j = 0; j < d; j++) identity[j * d + j] = 1;
    const inverse = choleskySolve(l, d, identity, d);
    return Float64Array.from({ length: d }, (_, j) => 1 - 1 / inverse[j * d + j]!);
  }
  // Without an inverse: the largest correlation with another variable.
  return Float64Array.from({ length: d }, (_, j) => {
    let largest = 0;
    for (let i = 0; i < d; i++) if (i !== j) largest = Math.max(largest, Math.abs(r[j * d + i]!));
    return Math.min(largest, r[j * d + j]!);
  });
}

/** Σ_c of the squared loadings of variable j. */
function communality(components: Float64Array, d: number, k: number, j: number): number {
  let sum = 0;
  for (let c = 0; c < k; c++) sum += components[c * d + j]! * components[c * d + j]!;
  return sum;
}

function tell(step: number, total: number, metrics: Record<string, number>): Progress {
  return { step, total, unit: 'iteration', metrics };
}
