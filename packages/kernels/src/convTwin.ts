import { type ConvGeometry, imagesAtOnce } from './convGeometry.ts';
import type { FloatArray } from './memory.ts';

// The definitions of the convolution and its gradients. Padding takes part as zeros, as it does in the kernels.

/** out[n, o, y, x] = Σ over c, i, j of w[o, c, i, j] · x[n, c, y · stride - pad + i · dilation, …]. */
export function plainConv2d(x: FloatArray, w: FloatArray, out: FloatArray, g: ConvGeometry): void {
  const single = out instanceof Float32Array;
  const inputs = g.c / g.groups;
  const outputs = g.o / g.groups;
  let at = 0;
  for (let n = 0; n < g.n; n++) {
    for (let o = 0; o < g.o; o++) {
      const channel = n * g.c + Math.floor(o / outputs) * inputs;
      for (let y = 0; y < g.oh; y++) {
        for (let z = 0; z < g.ow; z++) {
          let sum = 0;
          let tap = o * inputs * g.kh * g.kw;
          for (let c = 0; c < inputs; c++) {
            for (let i = 0; i < g.kh; i++) {
              const row = y * g.strideH - g.padH + i * g.dilationH;
              const start = ((channel + c) * g.h + row) * g.w;
              for (let j = 0; j < g.kw; j++) {
                const column = z * g.strideW - g.padW + j * g.dilationW;
                const inside = row >= 0 && row < g.h && column >= 0 && column < g.w;
                const product = w[tap++]! * (inside ? x[start + column]! : 0);
                sum = single ? Math.fround(sum + Math.fround(product)) : sum + product;
              }
            }
          }
          out[at++] = sum;
        }
      }
    }
  }
}

/** dx[n, c, y, x] = Σ over o, i, j of w[o, c, i, j] · gOut[n, o, (y + pad - i · dilation) / stride, …], where that is whole. */
export function plainConv2dBackwardInput(gOut: FloatArray, w: FloatArray, dx: FloatArray, g: ConvGeometry): void {
  const single = dx instanceof Float32Array;
  const inputs = g.c / g.groups;
  const outputs = g.o / g.groups;
  let at = 0;
  for (let n = 0; n < g.n; n++) {
    for (let c = 0; c < g.c; c++) {
      const firstOutput = Math.floor(c / inputs) * outputs;
      for (let y = 0; y < g.h; y++) {
        for (let z = 0; z < g.w; z++) {
          let sum = 0;
          for (let o = firstOutput; o < firstOutput + outputs; o++) {
            const filter = (o * inputs + (c % inputs)) * g.kh * g.kw;
            for (let i = 0; i < g.kh; i++) {
              const row = (y + g.padH - i * g.dilationH) / g.strideH;
              if (row !== Math.floor(row)) continue;
              const start = ((n * g.o + o) * g.oh + row) * g.ow;
              for (let j = 0; j < g.kw; j++) {
                const column = (z + g.padW - j * g.dilationW) / g.strideW;
                if (column !== Math.floor(column)) continue;
                const inside = row >= 0 && row < g.oh && column >= 0 && column < g.ow;
                const product = w[filter + i * g.kw + j]! * (inside ? gOut[start + column]! : 0);
                sum = single ? Math.fround(sum + Math.fround(product)) : sum + product;
              }
            }
          }
          dx[at++] = sum;
        }
      }
    }
  }
}

/** dw[o, c, i, j] = Σ over n, y, x of gOut[n, o, y, x] · x[n, c, y · stride - pad + i · dilation, …], by chunks of images. */
export function plainConv2dBackwardWeight(x: FloatArray, gOut: FloatArray, dw: FloatArray, g: ConvGeometry): void {
  const single = dw instanceof Float32Array;
  const inputs = g.c / g.groups;
  const outputs = g.o / g.groups;
  const chunk = imagesAtOnce(g);
  let at = 0;
  for (let o = 0; o < g.o; o++) {
    for (let c = 0; c < inputs; c++) {
      const channel = Math.floor(o / outputs) * inputs + c;
      for (let i = 0; i < g.kh; i++) {
        for (let j = 0; j < g.kw; j++) {
          let total = 0;
          for (let first = 0; first < g.n; first += chunk) {
            const sum = chunkSum(first, Math.min(first + chunk, g.n), o, channel, i, j);
            total = first === 0 ? sum : single ? Math.fround(total + sum) : total + sum;
          }
          dw[at++] = total;
        }
      }
    }
  }

  function chunkSum(first: number, last: number, o: number, channel: number, i: number, j: number): number {
    let sum = 0;
    for (let n = first; n < last; n++) {
      let from = (n * g.o + o) * g.oh * g.ow;
      for (let y = 0; y < g.oh; y++) {
        const row = y * g.strideH - g.padH + i * g.dilationH;
        const start = ((n * g.c + channel) * g.h + row) * g.w;
        for (let z = 0; z < g.ow; z++) {
          const column = z * g.strideW - g.padW + j * g.dilationW;
          const inside = row >= 0 && row < g.h && column >= 0 && column < g.w;
          const product = gOut[from++]! * (inside ? x[start + column]! : 0);
          sum = single ? Math.fround(sum + Math.fround(product)) : sum + product;
        }
      }
    }
    return sum;
  }
}
