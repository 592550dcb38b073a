import { checkKnown, checkNumber, DataError } from '@maru-ml/base';
import { squaredDistances } from '@maru-ml/kernels/distance';
import { exp, pow, tanh } from '@maru-ml/kernels/math';
import { type MatrixLike, Table } from '@maru-ml/tensor';
import { distanceRows } from './distances.ts';
import { finiteTable, pairOf } from './pair.ts';
import { OVERFLOW, products } from './similarities.ts';

// Kernel functions of all pairs of rows. Each takes x [n, d] and y [m, d], which is x itself if left out, and returns a table
// [n, m]. They cost O(n m d) and throw a ShapeError where columns differ and a DataError for numbers that are not finite or too large.

export interface GammaOptions {
  /** γ; 1 / d. */
  gamma?: number;
}

export interface SigmoidKernelOptions extends GammaOptions {
  /** c; 1. */
  coef0?: number;
}

export interface PolynomialKernelOptions extends SigmoidKernelOptions {
  /** p, > 0; 3. */
  degree?: number;
}

/** The Gaussian kernel exp(-γ ‖a - b‖²). */
export function rbfKernel(x: MatrixLike, y?: MatrixLike | null, options: GammaOptions = {}): Table {
  const owner = 'rbfKernel';
  checkKnown(owner, options, ['gamma']);
  const { x: a, y: b, n, m, d } = pairOf(owner, x, y);
  const gamma = gammaOf(owner, options, d);
  const out = new Float64Array(n * m);
  squaredDistances(a, b, n, m, d, out);
  return exponentials(owner, out, gamma, n, m);
}

/** The Laplace kernel exp(-γ Σ|a - b|). */
export function laplacianKernel(x: MatrixLike, y?: MatrixLike | null, options: GammaOptions = {}): Table {
  const owner = 'laplacianKernel';
  checkKnown(owner, options, ['gamma']);
  const pair = pairOf(owner, x, y);
  const { n, m, d } = pair;
  const gamma = gammaOf(owner, options, d);
  const out = new Float64Array(n * m);
  distanceRows(owner, pair, 'manhattan', 1)(0, n, out);
  return exponentials(owner, out, gamma, n, m);
}

/** The polynomial kernel (γ a·b + c)ᵖ. @throws DataError where a negative base has a power that is no integer */
export function polynomialKernel(x: MatrixLike, y?: MatrixLike | null, options: PolynomialKernelOptions = {}): Table {
  const owner = 'polynomialKernel';
  checkKnown(owner, options, ['gamma', 'coef0', 'degree']);
  const degree = checkNumber(owner, 'degree', options.degree ?? 3, { above: 0 });
  const { out, n, m } = affine(owner, x, y, options);
  if (!Number.isInteger(degree)) {
    const bad = out.findIndex((value) => value < 0);
    if (bad >= 0) {
      const place = `[${Math.floor(bad / m)}, ${bad % m}]`;
      throw new DataError(
        `${owner}: at ${place} γ a·b + c is ${out[bad]}, which has no power ${degree}; use an integer degree`,
      );
    }
  }
  pow(out, Float64Array.of(degree), out);
  return finiteTable(owner, out, n, m, OVERFLOW);
}

/** The sigmoid kernel tanh(γ a·b + c). */
export function sigmoidKernel(x: MatrixLike, y?: MatrixLike | null, options: SigmoidKernelOptions = {}): Table {
  checkKnown('sigmoidKernel', options, ['gamma', 'coef0']);
  const { out, n, m } = affine('sigmoidKernel', x, y, options);
  tanh(out, out);
  return new Table(out, n, m);
}

/** The exponential χ² kernel exp(-γ Σ (a - b)² / (a + b)) for histograms: all numbers ≥ 0. γ is 1 by default. */
export function chi2Kernel(x: MatrixLike, y?: MatrixLike | null, options: GammaOptions = {}): Table {
  const owner = 'chi2Kernel';
  checkKnown(owner, options, ['gamma']);
  const gamma = checkNumber(owner, 'gamma', options.gamma ?? 1);
  const { out, n, m } = chi2(owner, x, y);
  return exponentials(owner, out, gamma, n, m);
}

/** The additive χ² kernel -Σ (a - b)² / (a + b) for histograms: all numbers ≥ 0; terms 0 / 0 are 0. */
export function additiveChi2Kernel(x: MatrixLike, y?: MatrixLike | null): Table {
  const { out, n, m } = chi2('additiveChi2Kernel', x, y);
  for (let i = 0; i < out.length; i++) out[i] = 0 - out[i]!;
  return new Table(out, n, m);
}

function gammaOf(owner: string, { gamma }: GammaOptions, d: number): number {
  return gamma === undefined ? 1 / d : checkNumber(owner, 'gamma', gamma);
}

/** exp(-γ distance). */
function exponentials(owner: string, distances: Float64Array, gamma: number, n: number, m: number): Table {
  finiteTable(owner, distances, n, m, 'distances overflow; divide x by a constant first');
  for (let i = 0; i < distances.length; i++) distances[i]! *= -gamma;
  exp(distances, distances);
  return finiteTable(owner, distances, n, m, 'the kernel overflows; make gamma larger');
}

/** γ a·b + c. */
function affine(
  owner: string,
  x: MatrixLike,
  y: MatrixLike | null | undefined,
  options: SigmoidKernelOptions,
): { out: Float64Array; n: number; m: number } {
  const pair = pairOf(owner, x, y);
  const gamma = gammaOf(owner, options, pair.d);
  const coef0 = checkNumber(owner, 'coef0', options.coef0 ?? 1);
  const out = products(pair);
  for (let i = 0; i < out.length; i++) out[i] = gamma * out[i]! + coef0;
  finiteTable(owner, out, pair.n, pair.m, OVERFLOW);
  return { out, n: pair.n, m: pair.m };
}

function chi2(
  owner: string,
  x: MatrixLike,
  y: MatrixLike | null | undefined,
): { out: Float64Array; n: number; m: number } {
  const { x: a, y: b, n, m, d } = pairOf(owner, x, y);
  for (const [name, values] of Object.entries({ x: a, y: b })) {
    const bad = values.findIndex((value) => value < 0);
    if (bad < 0) continue;
    const place = `${name}[${Math.floor(bad / d)}, ${bad % d}]`;
    throw new DataError(`${owner}: ${place} must be ≥ 0, as counts are, got ${values[bad]}`);
  }
  const out = new Float64Array(n * m);
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let l = 0; l < d; l++) {
        const [left, right] = [a[i * d + l]!, b[j * d + l]!];
        const difference = left - right;
        if (left + right > 0) sum += difference * (difference / (left + right));
      }
      out[at++] = sum;
    }
  }
  return { out, n, m };
}
