import { bytes } from './generated/blas.ts';
import { type Exports, kernelModule } from './module.ts';

/** The products of `assembly/blas.ts`: `gemm`, and `offsets`, which writes a table of equal steps. */
export type GemmExports = Exports<'gemm' | 'offsets'>;

export const gemmKernels: () => GemmExports | null = /* @__PURE__ */ kernelModule<'gemm' | 'offsets'>('blas', bytes);

/** Bytes that `gemm` wants to work in for a product of m rows and k terms of `size` bytes each; a multiple of 16. */
export function gemmWork(m: number, k: number, size: number): number {
  const block = Math.min(m + 3, 260) * Math.min(k, 256) * size;
  return 192 + 256 * 32 + Math.ceil(block / 16) * 16;
}
