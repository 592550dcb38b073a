import { matmul } from './blas.ts';
import { squaredDistances } from './distance.ts';
import { exp, tanh } from './exponential.ts';
import type { FloatArray } from './memory.ts';

export { rowGaussians, rowProduct, rowProducts } from './similarity.ts';

// Kernel functions of all pairs of rows, as support vector machines, kernel PCA and spectral clustering want them:
// out[i, j] = k(x_i, y_j) for `x` [n, d], `y` [m, d] and `out` [n, m], which is neither of them. All are made of products,
// distances and exponentials that have twins of the same bits, and of plain loops. Cost: O(n m d).

/** x · y. */
export function linearKernel<T extends FloatArray>(x: T, y: T, n: number, m: number, d: number, out: T): void {
  matmul(x, y, out, { m: n, n: m, k: d, transB: true });
}

/** (γ x · y + c)^p for a whole p ≥ 0; 0⁰ is 1. */
export function polynomialKernel<T extends FloatArray>(
  x: T,
  y: T,
  n: number,
  m: number,
  d: number,
  { gamma, coef0, degree }: { gamma: number; coef0: number; degree: number },
  out: T,
): void {
  linearKernel(x, y, n, m, d, out);
  for (let i = 0; i < out.length; i++) out[i] = wholePower(gamma * out[i]! + coef0, degree);
}

/** tanh(γ x · y + c), which is not positive semidefinite for all γ and c. */
export function sigmoidKernel<T extends FloatArray>(
  x: T,
  y: T,
  n: number,
  m: number,
  d: number,
  { gamma, coef0 }: { gamma: number; coef0: number },
  out: T,
): void {
  linearKernel(x, y, n, m, d, out);
  for (let i = 0; i < out.length; i++) out[i] = gamma * out[i]! + coef0;
  tanh(out, out);
}

/** exp(-γ ‖x - y‖²). */
export function rbfKernel<T extends FloatArray>(
  x: T,
  y: T,
  n: number,
  m: number,
  d: number,
  gamma: number,
  out: T,
): void {
  squaredDistances(x, y, n, m, d, out);
  exponential(gamma, out);
}

/** exp(-γ Σ |x_l - y_l|). */
export function laplacianKernel<T extends FloatArray>(
  x: T,
  y: T,
  n: number,
  m: number,
  d: number,
  gamma: number,
  out: T,
): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let l = 0; l < d; l++) sum += Math.abs(x[i * d + l]! - y[j * d + l]!);
      out[i * m + j] = sum;
    }
  }
  exponential(gamma, out);
}

/** exp(-γ Σ (x_l - y_l)² / (x_l + y_l)) for numbers ≥ 0; 0 / 0 counts as 0. */
export function chi2Kernel<T extends FloatArray>(
  x: T,
  y: T,
  n: number,
  m: number,
  d: number,
  gamma: number,
  out: T,
): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let l = 0; l < d; l++) {
        const [a, b] = [x[i * d + l]!, y[j * d + l]!];
        if (a + b > 0) sum += ((a - b) * (a - b)) / (a + b);
      }
      out[i * m + j] = sum;
    }
  }
  exponential(gamma, out);
}

/** x · y / (‖x‖ ‖y‖); 0 where one of them is 0. Rows are copied. */
export function cosineKernel<T extends FloatArray>(x: T, y: T, n: number, m: number, d: number, out: T): void {
  linearKernel(unitRows(x, n, d), unitRows(y, m, d), n, m, d, out);
}

/** out = e^(-γ out). */
function exponential(gamma: number, out: FloatArray): void {
  for (let i = 0; i < out.length; i++) out[i] = -gamma * out[i]!;
  exp(out, out);
}

/** By squaring and multiplying. */
function wholePower(base: number, degree: number): number {
  let result = 1;
  let square = base;
  for (let rest = degree; rest >= 1; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/** The rows divided by their lengths, which are taken in units of the largest element, so that no square is lost. */
function unitRows<T extends FloatArray>(x: T, n: number, d: number): T {
  const out = x.slice(0, n * d) as T;
  for (let i = 0; i < n; i++) {
    let largest = 0;
    for (let l = 0; l < d; l++) largest = Math.max(largest, Math.abs(x[i * d + l]!));
    if (largest === 0) continue;
    let squares = 0;
    for (let l = 0; l < d; l++) {
      const part = x[i * d + l]! / largest;
      squares += part * part;
    }
    const length = Math.sqrt(squares);
    for (let l = 0; l < d; l++) out[i * d + l] = x[i * d + l]! / largest / length;
  }
  return out;
}
