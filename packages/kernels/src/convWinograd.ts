import { type GemmExports, line, type Product, prepare, tableBytes, workBytes } from './blasGemm.ts';
import { type ConvExports, clearFrame, type Frame, frameBytes, framed } from './convFrame.ts';
import type { ConvGeometry } from './convGeometry.ts';
import { bytes } from './generated/convWinograd.ts';
import type { FloatArray } from './memory.ts';
import { kernelModule, withAddresses } from './module.ts';

// The Winograd convolutions F(2×2, 3×3) and F(2×2, 5×5): each tile of 2×2 outputs needs 16 products in place of 36, or 36 in
// place of 100 (A. Lavin and S. Gray, "Fast algorithms for convolutional neural networks", CVPR 2016). Filters and tiles
// of inputs are transformed to squares of alpha = 4 or 6 elements a side, the elements multiplied and summed over channels
// by alpha² products of matrices, and the sums transformed back. Errors are of the size of the direct method's.

const kernels = /* @__PURE__ */ kernelModule<'filters' | 'inputs' | 'outputs'>(bytes);

/** Tiles that are taken at once, about. */
const TILES = 256;

/** A convolution of stride 1 of x [images, inputs, h, w] into out [images, outputs, high, wide]. */
export interface Winograd {
  /** The side of a transformed square: that of a filter and 1. */
  alpha: number;
  images: number;
  inputs: number;
  outputs: number;
  frame: Frame;
  /** Numbers from the filter of one output channel to that of the next, and from one input channel to the next. */
  outputStep: number;
  inputStep: number;
  /** Whether filters are turned by 180 degrees. */
  flip: boolean;
}

/** The convolution itself as a Winograd convolution, or null where that does not apply or does not pay. */
export function winogradForward(g: ConvGeometry): Winograd | null {
  if (!applies(g) || !pays(g.oh, g.ow)) return null;
  const [reach, area] = [g.kh - 1, g.kh * g.kw];
  const frame = { h: g.h, w: g.w, top: g.padH, left: g.padW, height: g.oh + reach, width: g.ow + reach };
  const layout = { outputStep: g.c * area, inputStep: area, flip: false };
  return { alpha: g.kh + 1, images: g.n, inputs: g.c, outputs: g.o, frame, ...layout };
}

/** The gradient of the input: the convolution of the output's gradient with the filters turned round. */
export function winogradBackwardInput(g: ConvGeometry): Winograd | null {
  if (!applies(g) || !pays(g.h, g.w)) return null;
  const [reach, area] = [g.kh - 1, g.kh * g.kw];
  const margins = { top: reach - g.padH, left: reach - g.padW };
  const frame = { h: g.oh, w: g.ow, ...margins, height: g.h + reach, width: g.w + reach };
  const layout = { outputStep: area, inputStep: g.c * area, flip: true };
  return { alpha: g.kh + 1, images: g.n, inputs: g.o, outputs: g.c, frame, ...layout };
}

function applies(g: ConvGeometry): boolean {
  const plain = g.strideH === 1 && g.strideW === 1 && g.dilationH === 1 && g.dilationW === 1 && g.groups === 1;
  const square = g.kh === g.kw && (g.kh === 3 || g.kh === 5);
  return plain && square && g.padH < g.kh && g.padW < g.kw && Math.min(g.c, g.o) >= 16;
}

/** Whether the results have whole tiles, four of them side by side. */
function pays(height: number, width: number): boolean {
  return height % 2 === 0 && width % 2 === 0 && width >= 8;
}

/** Runs the convolution in WebAssembly; false, having done nothing, where it cannot. */
export function winograd(
  gemm: GemmExports,
  conv: ConvExports,
  x: FloatArray,
  w: FloatArray,
  out: FloatArray,
  { alpha, images: n, inputs, outputs, frame, outputStep, inputStep, flip }: Winograd,
): boolean {
  const transforms = kernels();
  if (transforms === null) return false;
  const high = (frame.height - alpha) / 2 + 1;
  const wide = (frame.width - alpha) / 2 + 1;
  const elements = alpha * alpha;
  // Some rows of tiles of an image, or some small images.
  const chunk = Math.min(n, Math.max(1, Math.floor(TILES / (high * wide))));
  const band = Math.min(chunk * high, Math.max(1, Math.floor(TILES / wide)));
  const product = (tiles: number): Product => ({
    a: [line(outputs, inputs), line(inputs, 1)],
    b: [line(inputs, tiles), line(tiles, 1)],
    c: [line(outputs, tiles), line(tiles, 1)],
  });
  const largest = product(band * wide);
  const work = workBytes(largest, 4);
  const tables = tableBytes(largest);
  const frames = frameBytes(frame, chunk * inputs, 4);
  // Elements do not lie a power of two apart, so that they do not compete for the same lines of a cache.
  const filterStep = outputs * inputs * 4 + 64;
  const inStep = inputs * band * wide * 4 + 64;
  const outStep = outputs * band * wide * 4 + 64;
  return withAddresses(
    [out, x, w],
    1,
    (atOut, atX, atW, atWork) => {
      const atFrames = atWork! + work + tables;
      const atFilters = atFrames + frames;
      const atIn = atFilters + elements * filterStep;
      const atSums = atIn + elements * inStep;
      clearFrame(frame, chunk * inputs, 4, atFrames);
      const [rowStep, columnStep] = [4 * outputStep, 4 * inputStep];
      transforms.filters(alpha, atW!, outputs, rowStep, inputs, columnStep, +flip, atFilters, filterStep, atWork!);
      let multiply = prepare(gemm, largest, 4, atWork! + work, atWork!);
      let prepared = band;
      const plane = frame.height * frame.width * 4;
      for (let first = 0; first < n; first += chunk) {
        const images = Math.min(chunk, n - first);
        const planes = framed(conv, frame, images * inputs, 4, atX! + first * inputs * frame.h * frame.w * 4, atFrames);
        const target = atOut! + first * outputs * high * wide * 16;
        for (let row = 0; row < images * high; row += band) {
          const end = Math.min(row + band, images * high);
          if (end - row !== prepared) {
            prepared = end - row;
            multiply = prepare(gemm, product(prepared * wide), 4, atWork! + work, atWork!);
          }
          const rows = [row, end, high, wide] as const;
          transforms.inputs(
            alpha,
            planes,
            inputs,
            inputs * plane,
            plane,
            frame.width * 4,
            ...rows,
            atIn,
            inStep,
            atWork!,
          );
          for (let e = 0; e < elements; e++) {
            multiply(atFilters + e * filterStep, atIn + e * inStep, atSums + e * outStep, false);
          }
          transforms.outputs(alpha, atSums, outStep, outputs, ...rows, target, atWork!);
        }
      }
    },
    1,
    work + tables + frames + elements * (filterStep + inStep + outStep),
  );
}

/** The twin, tile by tile. */
export function plainWinograd(
  x: FloatArray,
  w: FloatArray,
  out: FloatArray,
  { alpha, images, inputs, outputs, frame, outputStep, inputStep, flip }: Winograd,
): void {
  const high = frame.height - alpha + 2;
  const wide = frame.width - alpha + 2;
  const elements = alpha * alpha;
  const filters = new Float32Array(outputs * inputs * elements);
  for (let o = 0; o < outputs; o++) {
    for (let c = 0; c < inputs; c++) {
      const start = o * outputStep + c * inputStep;
      const filter = Array.from(w.subarray(start, start + (alpha - 1) ** 2));
      if (flip) filter.reverse();
      filters.set(square(filter, alpha - 1, transformFilter), (o * inputs + c) * elements);
    }
  }
  const tiles = new Float32Array(inputs * elements);
  const sums = new Float32Array(elements);
  for (let n = 0; n < images; n++) {
    for (let top = 0; top < high; top += 2) {
      for (let left = 0; left < wide; left += 2) {
        for (let c = 0; c < inputs; c++) {
          const tile = tileAt(x, (n * inputs + c) * frame.h * frame.w, frame, top, left, alpha);
          tiles.set(square(tile, alpha, transformInput), c * elements);
        }
        for (let o = 0; o < outputs; o++) {
          sums.fill(0);
          for (let c = 0; c < inputs; c++) {
            const filter = (o * inputs + c) * elements;
            for (let e = 0; e < elements; e++) sums[e]! += Math.fround(filters[filter + e]! * tiles[c * elements + e]!);
          }
          const at = ((n * outputs + o) * high + top) * wide + left;
          const [a, b, c, d] = square(sums, alpha, transformSums);
          out[at] = a!;
          out[at + 1] = b!;
          out[at + wide] = c!;
          out[at + wide + 1] = d!;
        }
      }
    }
  }
}

/** The square of numbers of a framed plane whose first row and column are given. */
function tileAt(x: FloatArray, plane: number, { h, w, top, left }: Frame, row: number, column: number, side: number) {
  const tile = new Float32Array(side * side);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      const y = row - top + i;
      const z = column - left + j;
      if (y >= 0 && y < h && z >= 0 && z < w) tile[i * side + j] = x[plane + y * w + z]!;
    }
  }
  return tile;
}

/** T X Tᵀ for a square X, given what multiplies a vector by T. */
function square(x: ArrayLike<number>, side: number, transform: (vector: number[]) => number[]): number[] {
  const column = (j: number) => transform(Array.from({ length: side }, (_, i) => x[i * side + j]!));
  const columns = Array.from({ length: side }, (_, j) => column(j));
  return columns[0]!.flatMap((_, i) => transform(columns.map((numbers) => numbers[i]!)));
}

/** G g in float64. Rows of G are powers of the points 0, 1, -1 (and 1/2, -2), divided by their products of differences. */
function transformFilter([a, b, c, d, e]: number[]): number[] {
  const [g0, g1, g2] = [a!, b!, c!];
  if (d === undefined) return [g0, 0.5 * (g0 + g2 + g1), 0.5 * (g0 + g2 - g1), g2];
  const even = g0 + g2 + e!;
  const odd = g1 + d;
  const atHalf = (16 * g0 + 8 * g1 + 4 * g2 + 2 * d + e!) / -15;
  const atMinus2 = (g0 - 2 * g1 + 4 * g2 - 8 * d + 16 * e!) / 15;
  return [g0, (even + odd) / 3, (odd - even) / 3, atHalf, atMinus2, e!];
}

/** Bᵀ d. */
function transformInput([a, b, c, d, e, f]: number[]): number[] {
  const r = Math.fround;
  const [d0, d1, d2, d3] = [a!, b!, c!, d!];
  if (e === undefined) return [r(d0 - d2), r(d1 + d2), r(d2 - d1), r(d1 - d3)];
  const p = r(e - d2);
  const q = r(d3 - d1);
  return [
    r(r(r(d0 - d2) + p) + r(1.5 * q)),
    r(r(p + q) + r(1.5 * r(d2 + d3))),
    r(r(p - q) + r(1.5 * r(d3 - d2))),
    r(p + r(q + q)),
    r(p - r(0.5 * q)),
    r(r(r(f! - d3) - q) + r(1.5 * p)),
  ];
}

/** Aᵀ m. */
function transformSums([a, b, c, d, e, f]: number[]): number[] {
  const r = Math.fround;
  const [m0, m1, m2, m3] = [a!, b!, c!, d!];
  if (e === undefined) return [r(r(m0 + m1) + m2), r(r(m1 - m2) - m3)];
  const rest = r(r(0.5 * m3) - r(e + e));
  return [r(m0 + r(r(m1 + m2) + r(m3 + e))), r(r(r(m1 - m2) + rest) + f!)];
}
