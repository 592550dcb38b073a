import { bytes } from './generated/convPool.ts';
import type { FloatArray } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';

/** The sizes of a pooling of x [n, c, h, w] into out [n, c, oh, ow]. A window may reach past the padding below and right. */
export interface PoolGeometry {
  n: number;
  c: number;
  h: number;
  w: number;
  kh: number;
  kw: number;
  oh: number;
  ow: number;
  strideH: number;
  strideW: number;
  padH: number;
  padW: number;
  /** For the largest only; default 1. */
  dilationH?: number;
  dilationW?: number;
  /** Whether means count the padding; default true. */
  countIncludePad?: boolean;
}

const kernels = /* @__PURE__ */ kernelModule<'pool' | 'spread' | 'spreadMean'>(bytes);

/** Numbers in all windows below which the twin is faster than the kernel. */
const SMALL = 250;

/**
 * The largest number of each window: of equals the first; NaN if there is one. Padding does not take part.
 * @param x [n, c, h, w]
 * @param out [n, c, oh, ow]
 * @param indices [n, c, oh, ow], where in its plane each lies: row · w + column; -1 where a window is all padding
 */
export function maxPool2d<T extends FloatArray>(x: T, out: T, indices: Int32Array, g: PoolGeometry): void {
  const k = isSmall(g) ? null : kernels();
  const { dilationH = 1, dilationW = 1 } = g;
  const run = (atOut: number, atIndices: number, atX: number) => {
    k!.pool(out.BYTES_PER_ELEMENT, 0, atX, atOut, atIndices, ...sizes(g), dilationH, dilationW);
  };
  if (k === null || !withAddresses([out, indices, x], 2, run as Run, 2)) plainMaxPool2d(x, out, indices, g);
}

/**
 * The gradient of `maxPool2d` for its input: each gradient goes where the largest number was.
 * @param gOut [n, c, oh, ow]
 * @param indices [n, c, oh, ow], from `maxPool2d`
 * @param dx [n, c, h, w]
 */
export function maxPool2dBackward<T extends FloatArray>(gOut: T, indices: Int32Array, dx: T, g: PoolGeometry): void {
  const k = isSmall(g) ? null : kernels();
  const planes = g.n * g.c;
  const area = g.h * g.w;
  const outArea = g.oh * g.ow;
  dx.fill(0);
  const run = (atX: number, atOut: number, atIndices: number) => {
    k!.spread(dx.BYTES_PER_ELEMENT, atOut, atIndices, atX, planes, area, outArea);
  };
  if (k !== null && withAddresses([dx, gOut, indices], 1, run as Run)) return;
  for (let p = 0, at = 0; p < planes; p++) {
    for (let i = 0; i < outArea; i++, at++) {
      // A window that lies in the padding altogether has no place.
      if (indices[at]! >= 0) dx[p * area + indices[at]!]! += gOut[at]!;
    }
  }
}

/**
 * The mean of each window, over the padding too unless `countIncludePad` is false.
 * @param x [n, c, h, w]
 * @param out [n, c, oh, ow]
 */
export function avgPool2d<T extends FloatArray>(x: T, out: T, g: PoolGeometry): void {
  const k = isSmall(g) ? null : kernels();
  const run = (atOut: number, atX: number) => {
    k!.pool(out.BYTES_PER_ELEMENT, g.countIncludePad === false ? 1 : 2, atX, atOut, 0, ...sizes(g), 1, 1);
  };
  if (k === null || !withAddresses([out, x], 1, run as Run, 1)) plainAvgPool2d(x, out, g);
}

/**
 * The gradient of `avgPool2d` for its input: each gradient is shared out evenly over its window.
 * @param gOut [n, c, oh, ow]
 * @param dx [n, c, h, w]
 */
export function avgPool2dBackward<T extends FloatArray>(gOut: T, dx: T, g: PoolGeometry): void {
  const k = isSmall(g) ? null : kernels();
  dx.fill(0);
  const run = (atX: number, atOut: number) => {
    k!.spreadMean(dx.BYTES_PER_ELEMENT, g.countIncludePad === false ? 1 : 2, atOut, atX, ...sizes(g));
  };
  if (k === null || !withAddresses([dx, gOut], 1, run as Run)) plainAvgPool2dBackward(gOut, dx, g);
}

type Run = (...addresses: number[]) => void;

function isSmall({ n, c, oh, ow, kh, kw }: PoolGeometry): boolean {
  return n * c * oh * ow * kh * kw < SMALL && choice().mode !== 'wasm';
}

function sizes({ n, c, h, w, oh, ow, kh, kw, strideH, strideW, padH, padW }: PoolGeometry): number[] {
  return [n * c, h, w, oh, ow, kh, kw, strideH, strideW, padH, padW];
}

function plainMaxPool2d(x: FloatArray, out: FloatArray, indices: Int32Array, g: PoolGeometry): void {
  const { dilationH = 1, dilationW = 1 } = g;
  let at = 0;
  for (let p = 0; p < g.n * g.c; p++) {
    const plane = p * g.h * g.w;
    for (let oy = 0; oy < g.oh; oy++) {
      for (let ox = 0; ox < g.ow; ox++) {
        let best = -Infinity;
        let place = -1;
        for (let i = 0; i < g.kh; i++) {
          const y = oy * g.strideH - g.padH + i * dilationH;
          if (y < 0 || y >= g.h) continue;
          for (let j = 0; j < g.kw; j++) {
            const z = ox * g.strideW - g.padW + j * dilationW;
            if (z < 0 || z >= g.w) continue;
            const value = x[plane + y * g.w + z]!;
            if (place < 0 || value > best || Number.isNaN(value)) {
              best = value;
              place = y * g.w + z;
            }
          }
        }
        out[at] = best;
        indices[at++] = place;
      }
    }
  }
}

function plainAvgPool2d(x: FloatArray, out: FloatArray, g: PoolGeometry): void {
  const single = out instanceof Float32Array;
  let at = 0;
  for (let p = 0; p < g.n * g.c; p++) {
    for (let oy = 0; oy < g.oh; oy++) {
      for (let ox = 0; ox < g.ow; ox++) {
        const { top, bottom, left, right, count } = windowOf(g, oy, ox);
        let sum = 0;
        for (let y = top; y < bottom; y++) {
          for (let z = left; z < right; z++) {
            sum += x[(p * g.h + y) * g.w + z]!;
            if (single) sum = Math.fround(sum);
          }
        }
        out[at++] = sum / count;
      }
    }
  }
}

function plainAvgPool2dBackward(gOut: FloatArray, dx: FloatArray, g: PoolGeometry): void {
  const single = dx instanceof Float32Array;
  let at = 0;
  for (let p = 0; p < g.n * g.c; p++) {
    for (let oy = 0; oy < g.oh; oy++) {
      for (let ox = 0; ox < g.ow; ox++) {
        const { top, bottom, left, right, count } = windowOf(g, oy, ox);
        const quotient = gOut[at++]! / count;
        const part = single ? Math.fround(quotient) : quotient;
        for (let y = top; y < bottom; y++) {
          for (let z = left; z < right; z++) dx[(p * g.h + y) * g.w + z]! += part;
        }
      }
    }
  }
}

/** What of a window lies inside the plane, and how many numbers its mean is taken over. */
function windowOf(
  { h, w, kh, kw, strideH, strideW, padH, padW, countIncludePad }: PoolGeometry,
  oy: number,
  ox: number,
) {
  const y = oy * strideH - padH;
  const z = ox * strideW - padW;
  const [top, bottom] = [Math.max(y, 0), Math.min(y + kh, h)];
  const [left, right] = [Math.max(z, 0), Math.min(z + kw, w)];
  const padded = (Math.min(y + kh, h + padH) - y) * (Math.min(z + kw, w + padW) - z);
  return { top, bottom, left, right, count: countIncludePad === false ? (bottom - top) * (right - left) : padded };
}
