import { DataError, type Steps, show } from '@maru-ml/base';
import {
  cosineKernel,
  laplacianKernel,
  linearKernel,
  polynomialKernel,
  rbfKernel,
  sigmoidKernel,
} from '@maru-ml/kernels/kernel-functions';
import type { Matrix } from '@maru-ml/tensor';

/** k(a, b) of two rows [d], which it must not change or keep. */
export type KernelFunction = (a: Float64Array, b: Float64Array) => number;

export const KERNELS = ['linear', 'poly', 'rbf', 'sigmoid', 'laplacian', 'cosine', 'precomputed', 'function'] as const;

export type KernelName = (typeof KERNELS)[number];

/** A kernel with its parameters. */
export interface KernelSettings {
  readonly kernel: KernelName;
  readonly gamma: number;
  readonly degree: number;
  readonly coef0: number;
  readonly kernelFunction: KernelFunction | null;
}

/** Values of the kernel of rows x [n, d] and y [m, d] in `out` [n, m]; precomputed ones are x themselves. */
export function kernelTable(
  settings: KernelSettings,
  x: Matrix<Float64Array>,
  out: Float64Array | null,
  y: Matrix<Float64Array>,
): Float64Array {
  const { kernel, gamma } = settings;
  const [n, m, d] = [x.rows, y.rows, x.columns];
  const table = out ?? new Float64Array(n * m);
  if (kernel === 'precomputed') table.set(x.data);
  else if (kernel === 'linear') linearKernel(x.data, y.data, n, m, d, table);
  else if (kernel === 'poly') polynomialKernel(x.data, y.data, n, m, d, settings, table);
  else if (kernel === 'sigmoid') sigmoidKernel(x.data, y.data, n, m, d, settings, table);
  else if (kernel === 'rbf') rbfKernel(x.data, y.data, n, m, d, gamma, table);
  else if (kernel === 'laplacian') laplacianKernel(x.data, y.data, n, m, d, gamma, table);
  else if (kernel === 'cosine') cosineKernel(x.data, y.data, n, m, d, table);
  else callFunction(settings.kernelFunction!, x, y, table);
  return table;
}

/** Values of a block of rows with all others. */
const BLOCK = 2 ** 18;

/** The kernel of the rows x [n, d] with one another [n, n], a block of rows at a time. */
export function* kernelTableSteps(settings: KernelSettings, x: Matrix<Float64Array>): Steps<Float64Array> {
  const [n, d] = [x.rows, x.columns];
  if (settings.kernel === 'precomputed') return kernelTable(settings, x, null, x);
  const table = new Float64Array(n * n);
  const most = Math.max(1, Math.ceil(BLOCK / n));
  for (let from = 0; from < n; from += most) {
    const to = Math.min(n, from + most);
    const block = { data: x.data.subarray(from * d, to * d), rows: to - from, columns: d };
    kernelTable(settings, block, table.subarray(from * n, to * n), x);
    if (to < n) yield;
  }
  return table;
}

function callFunction(k: KernelFunction, x: Matrix<Float64Array>, y: Matrix<Float64Array>, out: Float64Array): void {
  const d = x.columns;
  // Views of a copy, so that a function that writes to its arguments does no harm elsewhere.
  const copy = y.data.slice();
  const others = Array.from({ length: y.rows }, (_, j) => copy.subarray(j * d, (j + 1) * d));
  for (let i = 0; i < x.rows; i++) {
    const row = x.data.slice(i * d, (i + 1) * d);
    for (const [j, other] of others.entries()) {
      const value: unknown = k(row, other);
      if (typeof value !== 'number' || value - value !== 0) {
        throw new DataError(`KernelPCA: kernelFunction must give finite numbers, got ${show(value)}`);
      }
      out[i * y.rows + j] = value;
    }
  }
}
