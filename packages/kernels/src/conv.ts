import { gemmKernels } from './blasGemm.ts';
import { convKernels } from './convFrame.ts';
import { gemmConv2d, gemmConv2dBackwardInput, gemmConv2dBackwardWeight } from './convGemm.ts';
import type { ConvGeometry } from './convGeometry.ts';
import { plainConv2d, plainConv2dBackwardInput, plainConv2dBackwardWeight } from './convTwin.ts';
import { plainWinograd, winograd, winogradBackwardInput, winogradForward } from './convWinograd.ts';
import type { FloatArray } from './memory.ts';
import { choice } from './module.ts';

export type { ConvGeometry } from './convGeometry.ts';
export { avgPool2d, avgPool2dBackward, maxPool2d, maxPool2dBackward, type PoolGeometry } from './convPool.ts';

/** Multiplications below which the twin is faster than the kernel. */
const SMALL = 500;

/**
 * The convolution (cross-correlation, as in neural networks): out[n, o, y, x] = Σ over c, i, j of
 * w[o, c, i, j] · x[n, c, y · strideH - padH + i · dilationH, x · strideW - padW + j · dilationW], zero outside of x.
 * Sums run in that order in the arrays' own precision; in float32, 3×3 and 5×5 filters of stride 1 on at least 16 channels are
 * computed by Winograd's method instead, if the output has even sides and at least 8 columns.
 * Cost: O(n · o · oh · ow · c / groups · kh · kw).
 * @param x [n, c, h, w]
 * @param w [o, c / groups, kh, kw]
 * @param out [n, o, oh, ow]
 */
export function conv2d<T extends FloatArray>(x: T, w: T, out: T, g: ConvGeometry): void {
  const plan = x instanceof Float32Array ? winogradForward(g) : null;
  const gemm = isSmall(g) ? null : gemmKernels();
  const conv = gemm && convKernels();
  if (plan !== null) {
    if (!gemm || !conv || !winograd(gemm, conv, x, w, out, plan)) plainWinograd(x, w, out, plan);
  } else if (!gemm || !conv || !gemmConv2d(gemm, conv, x, w, out, g)) plainConv2d(x, w, out, g);
}

/**
 * The gradient of `conv2d` for its input: dx from gOut.
 * @param gOut [n, o, oh, ow]
 * @param w [o, c / groups, kh, kw]
 * @param dx [n, c, h, w]
 */
export function conv2dBackwardInput<T extends FloatArray>(gOut: T, w: T, dx: T, g: ConvGeometry): void {
  const plan = gOut instanceof Float32Array ? winogradBackwardInput(g) : null;
  const gemm = isSmall(g) ? null : gemmKernels();
  const conv = gemm && convKernels();
  if (plan !== null) {
    if (!gemm || !conv || !winograd(gemm, conv, gOut, w, dx, plan)) plainWinograd(gOut, w, dx, plan);
  } else if (!gemm || !conv || !gemmConv2dBackwardInput(gemm, conv, gOut, w, dx, g)) {
    plainConv2dBackwardInput(gOut, w, dx, g);
  }
}

/**
 * The gradient of `conv2d` for its weights: dw from x and gOut, summed up over chunks of images.
 * @param x [n, c, h, w]
 * @param gOut [n, o, oh, ow]
 * @param dw [o, c / groups, kh, kw]
 */
export function conv2dBackwardWeight<T extends FloatArray>(x: T, gOut: T, dw: T, g: ConvGeometry): void {
  const gemm = isSmall(g) ? null : gemmKernels();
  const conv = gemm && convKernels();
  if (!gemm || !conv || !gemmConv2dBackwardWeight(gemm, conv, x, gOut, dw, g))
    plainConv2dBackwardWeight(x, gOut, dw, g);
}

function isSmall({ n, c, o, kh, kw, oh, ow, groups }: ConvGeometry): boolean {
  return (n * c * o * kh * kw * oh * ow) / groups < SMALL && choice().mode !== 'wasm';
}
