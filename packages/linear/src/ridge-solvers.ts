import type { Steps } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { choleskySolve, choleskySteps, svdSteps } from '@maru-ml/linalg/dense';
import type { SparseRows } from '@maru-ml/tensor';
import { type Centered, checkSize, largestSize, rowsAtOnce, sumOf, weightedMean } from './centered.ts';
import { addScaled, dot } from './dot.ts';

/** Coefficients, and how a solver that goes step by step has ended. */
export interface RidgeSolution {
  coef: Float64Array;
  nIter: number;
  converged: boolean;
}

/**
 * w = (Xᵀ X + α I)⁻¹ Xᵀ y, or the same as Xᵀ (X Xᵀ + α I)⁻¹ y where rows are fewer than columns. Null where the matrix is not
 * positive definite but for rounding. O(n d min(n, d)).
 */
export function* byCholesky({ x, y, n, d }: Centered, alpha: number): Steps<Float64Array | null> {
  const wide = d > n;
  const size = wide ? n : d;
  const gram = new Float64Array(size * size);
  if (wide) matmul(x, x, gram, { m: n, n, k: d, transB: true });
  else {
    // A few milliseconds' worth, and no large part of x.
    const most = Math.max(16, Math.floor(Math.min(2 ** 24 / d, 2 ** 16) / d));
    for (let from = 0; from < n; from += most) {
      const k = Math.min(most, n - from);
      const part = x.subarray(from * d, (from + k) * d);
      matmul(part, part, gram, { m: d, n: d, k, transA: true, accumulate: true });
      yield;
    }
  }
  let largest = 0;
  for (let j = 0; j < size; j++) largest = Math.max(largest, gram[j * size + j]!);
  // So little an α does not make up for dependent columns, whose digits the products have lost.
  if (alpha <= 1e-10 * largest) return null;
  for (let j = 0; j < size; j++) gram[j * size + j]! += alpha;
  const factor = yield* choleskySteps(gram, size);
  if (factor === null) return null;
  if (!wide) return choleskySolve(factor, d, yield* transposeTimes(x, y, n, d), 1);
  return yield* transposeTimes(x, choleskySolve(factor, n, y, 1), n, d);
}

/** w = V diag(s / (s² + α)) Uᵀ y; singular values that are nothing but rounding count as 0. O(n d min(n, d)). */
export function* bySvd({ x, y, n, d }: Centered, alpha: number): Steps<Float64Array> {
  const { u, s, vt } = yield* svdSteps(x, n, d);
  const k = s.length;
  const shares = yield* transposeTimes(u, y, n, k);
  const cut = Math.max(n, d) * Number.EPSILON * s[0]!;
  for (let i = 0; i < k; i++) shares[i] = s[i]! > cut ? shares[i]! / (s[i]! + alpha / s[i]!) : 0;
  return yield* transposeTimes(vt, shares, k, d);
}

/** Xᵀ y. */
function* transposeTimes(x: Float64Array, y: Float64Array, n: number, d: number): Steps<Float64Array> {
  const out = new Float64Array(d);
  const most = rowsAtOnce(4 * d);
  for (let i = 0; i < n; i++) {
    addScaled(y[i]!, x, i * d, out, 0, d);
    if (i % most === most - 1) yield;
  }
  return out;
}

/** The products that conjugate gradients need of centered, weighted rows. */
export interface Rows {
  readonly n: number;
  readonly d: number;
  readonly means: Float64Array;
  readonly yMean: number;
  /** Xᵀ X [d, d]'s diagonal. */
  readonly squares: Float64Array;
  /** Xᵀ y. */
  readonly target: Float64Array;
  /** Xᵀ X p. */
  normal(p: Float64Array): Float64Array;
}

export function* denseRows({ x, y, n, d, means, yMean }: Centered): Steps<Rows> {
  const squares = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) squares[j]! += x[i * d + j]! ** 2;
  yield;
  const normal = (p: Float64Array) => {
    const out = new Float64Array(d);
    for (let i = 0; i < n; i++) addScaled(dot(x, i * d, p, 0, d), x, i * d, out, 0, d);
    return out;
  };
  return { n, d, means, yMean, squares, target: yield* transposeTimes(x, y, n, d), normal };
}

/** Sparse rows are not centered, as that would fill them: what the means would take off is taken off the products. */
export function sparseRowsOf(
  owner: string,
  { data, indices, indptr, shape }: SparseRows,
  y: Float64Array,
  weights: Float64Array | null,
  fitIntercept: boolean,
): Rows {
  const [n, d] = shape;
  const total = weights === null ? n : sumOf(weights);
  const weightOf = (i: number) => (weights === null ? 1 : weights[i]!);
  const means = new Float64Array(d);
  const squares = new Float64Array(d);
  const target = new Float64Array(d);
  const yMean = fitIntercept ? weightedMean(y, weights) : 0;
  checkSize(owner, 'x', largestSize(data));
  checkSize(owner, 'y', largestSize(y));
  for (let i = 0; i < n; i++) {
    for (let at = indptr[i]!; at < indptr[i + 1]!; at++) {
      const j = indices[at]!;
      const value = data[at]! * weightOf(i);
      if (fitIntercept) means[j]! += value / total;
      squares[j]! += value * data[at]!;
      target[j]! += value * (y[i]! - yMean);
    }
  }
  for (let j = 0; j < d; j++) squares[j] = Math.max(0, squares[j]! - total * means[j]! * means[j]!);
  const normal = (p: Float64Array) => {
    const shift = dot(means, 0, p, 0, d);
    const out = new Float64Array(d);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      let value = -shift;
      for (let at = indptr[i]!; at < indptr[i + 1]!; at++) value += data[at]! * p[indices[at]!]!;
      value *= weightOf(i);
      sum += value;
      for (let at = indptr[i]!; at < indptr[i + 1]!; at++) out[indices[at]!]! += value * data[at]!;
    }
    addScaled(-sum, means, 0, out, 0, d);
    return out;
  };
  return { n, d, means, yMean, squares, target, normal };
}

/**
 * Solves (Xᵀ X + α I) w = Xᵀ y by conjugate gradients, preconditioned by the diagonal. Products are its steps.
 * M. Hestenes and E. Stiefel, "Methods of conjugate gradients for solving linear systems" (1952).
 *
 * @param tol what may be left of ‖residual‖, as a share of ‖Xᵀ y‖
 */
export function* byConjugateGradients(rows: Rows, alpha: number, tol: number, maxIter: number): Steps<RidgeSolution> {
  const { d, squares, target, normal } = rows;
  const w = new Float64Array(d);
  const residual = target.slice();
  const scaled = new Float64Array(d);
  const precondition = () => {
    for (let j = 0; j < d; j++) scaled[j] = residual[j]! / (squares[j]! + alpha || 1);
    return dot(residual, 0, scaled, 0, d);
  };
  const goal = tol * Math.sqrt(dot(target, 0, target, 0, d));
  let product = precondition();
  const p = scaled.slice();
  for (let nIter = 0; ; nIter++) {
    const size = Math.sqrt(dot(residual, 0, residual, 0, d));
    if (size <= goal) return { coef: w, nIter, converged: true };
    if (nIter === maxIter) return { coef: w, nIter, converged: false };
    const image = normal(p);
    addScaled(alpha, p, 0, image, 0, d);
    const curvature = dot(p, 0, image, 0, d);
    if (!(curvature > 0)) return { coef: w, nIter, converged: false };
    const step = product / curvature;
    addScaled(step, p, 0, w, 0, d);
    addScaled(-step, image, 0, residual, 0, d);
    const next = precondition();
    for (let j = 0; j < d; j++) p[j] = scaled[j]! + (next / product) * p[j]!;
    product = next;
    yield;
  }
}
