import { drawNormal, type RandomStream, type Steps } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { log } from '@maru-ml/kernels/scalar';
import { jacobiEigenSteps } from '@maru-ml/linalg/dense';
import type { Graph } from './affinity.ts';

/** The largest eigenvalues, descending, and their eigenvectors. */
export interface TopEigen {
  values: Float64Array;
  /** [count, n] */
  vectors: Float64Array;
  converged: boolean;
}

/** Up to so many rows all eigenvectors are found at once, in some milliseconds. */
const FEW = 64;

/** The highest degree of the filter, the most times it is applied, and how far from an eigenvector a vector may be. */
const DEGREE = 12;
const ROUNDS = 300;
const RESIDUAL = 1e-10;

/**
 * The eigenvectors of the largest eigenvalues of a scaled graph, which lie in [-1, 1], by subspace iteration: a block of more
 * vectors than are wanted is multiplied by a Chebyshev polynomial of the matrix, which stays small on the unwanted eigenvalues
 * and grows fast above them, then made orthonormal and rotated to the best approximations within the block (Rayleigh-Ritz),
 * until these are eigenvectors. Each round costs at most 13 products with the block, the last ones as few as it takes; it can
 * pause, unlike a whole decomposition.
 *
 * Y. Zhou, Y. Saad, M. Tiago and J. Chelikowsky, "Self-consistent-field calculations using Chebyshev-filtered subspace
 * iteration", Journal of Computational Physics 219 (2006).
 */
export function* topEigenvectors(graph: Graph, count: number, random: RandomStream): Steps<TopEigen> {
  const { n } = graph;
  const b = n <= FEW ? n : Math.min(n, Math.max(2 * count, count + 10));
  const v = new Float64Array(b * n);
  if (b === n) for (let i = 0; i < n; i++) v[i * n + i] = 1;
  else for (let at = 0; at < v.length; at++) v[at] = drawNormal(random);
  const product = new Float64Array(b * n);
  let cut = 0;
  let degree = DEGREE;
  for (let round = 1; ; round++) {
    if (b < n) {
      if (round === 1) yield* graph.multiply(v, b, product);
      yield* filter(graph, v, b, cut, degree, product);
      orthonormalize(v, b, n, random);
      yield;
    }
    yield* graph.multiply(v, b, product);
    const h = new Float64Array(b * b);
    matmul(v, product, h, { m: b, n: b, k: n, transB: true });
    // After the first round it is nearly diagonal.
    const { values, vectors } = yield* jacobiEigenSteps(h, b);
    // Rows of the rotated block, those of large values first.
    const rotation = new Float64Array(b * b);
    for (let i = 0; i < b; i++) for (let j = 0; j < b; j++) rotation[i * b + j] = vectors[j * b + (b - 1 - i)]!;
    rotate(rotation, v, b, n);
    yield;
    rotate(rotation, product, b, n);
    const top = values.slice().reverse();
    let residual = 0;
    for (let c = 0; c < count; c++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (product[c * n + i]! - top[c]! * v[c * n + i]!) ** 2;
      residual = Math.max(residual, Math.sqrt(sum));
    }
    yield;
    const converged = b === n || residual <= RESIDUAL;
    if (converged || round === ROUNDS) {
      return { values: top.slice(0, count), vectors: v.slice(0, count * n), converged };
    }
    cut = Math.max(-0.9, Math.min(top[b - 1]!, 1));
    degree = degreeFor(top[count - 1]!, cut, residual);
  }
}

/** The lowest degree with which the filter, on values up to `cut`, makes up for the residual of the eigenvalue `least`. */
function degreeFor(least: number, cut: number, residual: number): number {
  const arcosh = (x: number) => log(x + Math.sqrt(x * x - 1));
  const place = (2 * least + 1 - cut) / (cut + 1);
  if (!(place > 1)) return DEGREE;
  // T_m(x) = cosh(m arcosh x); ten times as much as is wanted.
  const wanted = arcosh((10 * residual) / RESIDUAL) / arcosh(place);
  return Math.max(2, Math.min(Math.ceil(wanted), DEGREE));
}

/**
 * v = T(N) v with the Chebyshev polynomial that stays small on [-1, cut], scaled to 1 at the eigenvalue 1.
 * @param product N v, which is overwritten
 */
function* filter(
  graph: Graph,
  v: Float64Array,
  b: number,
  cut: number,
  highest: number,
  product: Float64Array,
): Steps<void> {
  const half = (cut + 1) / 2;
  const center = (cut - 1) / 2;
  const first = half / (1 - center);
  let sigma = first;
  let before = v.slice();
  let now = v.map((value, at) => ((product[at]! - center * value) * sigma) / half);
  let next = new Float64Array(v.length);
  for (let degree = 2; degree <= highest; degree++) {
    const factor = 1 / (2 / first - sigma);
    yield* graph.multiply(now, b, product);
    for (let at = 0; at < v.length; at++) {
      next[at] = ((product[at]! - center * now[at]!) * 2 * factor) / half - sigma * factor * before[at]!;
    }
    [before, now, next] = [now, next, before];
    sigma = factor;
  }
  v.set(now);
}

/** Makes the rows orthonormal, by Gram and Schmidt twice over; one that depends on those before it is drawn anew. */
function orthonormalize(v: Float64Array, b: number, n: number, random: RandomStream): void {
  for (let c = 0; c < b; c++) {
    const row = v.subarray(c * n, (c + 1) * n);
    for (let pass = 0; pass < 2; ) {
      const length = norm(row);
      for (let other = 0; other < c; other++) {
        let dot = 0;
        for (let i = 0; i < n; i++) dot += v[other * n + i]! * row[i]!;
        for (let i = 0; i < n; i++) row[i]! -= dot * v[other * n + i]!;
      }
      const left = norm(row);
      if (left > 1e-10 * length) {
        for (let i = 0; i < n; i++) row[i]! /= left;
        pass++;
      } else {
        for (let i = 0; i < n; i++) row[i] = drawNormal(random);
        pass = 0;
      }
    }
  }
}

function norm(row: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += row[i]! * row[i]!;
  return Math.sqrt(sum);
}

function rotate(rotation: Float64Array, v: Float64Array, b: number, n: number): void {
  const out = new Float64Array(b * n);
  matmul(rotation, v, out, { m: b, n, k: b });
  v.set(out);
}
