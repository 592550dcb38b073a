import { type GemmExports, line, type Product, prepare, tableBytes, workBytes } from './blasGemm.ts';
import { type ConvExports, clearFrame, type Frame, frameBytes, framed } from './convFrame.ts';
import type { ConvGeometry } from './convGeometry.ts';
import { bytes } from './generated/convWinograd.ts';
import type { FloatArray } from './memory.ts';
import { kernelModule, withAddresses } from './module.ts';

// The Winograd convolution F(2×2, 3×3): each tile of 2×2 outputs needs 16 products in place of 36 (A. Lavin and S. Gray,
// "Fast algorithms for convolutional neural networks", CVPR 2016). Filters and tiles of 4×4 inputs are transformed, the
// transforms' 16 elements are multiplied and summed over channels by 16 products of matrices, and the sums transformed
// back. Errors are of the size of the direct method's.

const kernels = /* @__PURE__ */ kernelModule<'filters' | 'inputs' | 'outputs'>('convWinograd', bytes);

/** Tiles that are taken at once, about. */
const TILES = 256;

/** A 3×3 convolution of stride 1 of x [images, inputs, h, w] into out [images, outputs, high, wide]. */
export interface Winograd {
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
  const frame = { h: g.h, w: g.w, top: g.padH, left: g.padW, height: g.oh + 2, width: g.ow + 2 };
  return { images: g.n, inputs: g.c, outputs: g.o, frame, outputStep: g.c * 9, inputStep: 9, flip: false };
}

/** The gradient of the input: the convolution of the output's gradient with the filters turned round. */
export function winogradBackwardInput(g: ConvGeometry): Winograd | null {
  if (!applies(g) || !pays(g.h, g.w)) return null;
  const frame = { h: g.oh, w: g.ow, top: 2 - g.padH, left: 2 - g.padW, height: g.h + 2, width: g.w + 2 };
  return { images: g.n, inputs: g.o, outputs: g.c, frame, outputStep: 9, inputStep: g.c * 9, flip: true };
}

function applies(g: ConvGeometry): boolean {
  const plain = g.strideH === 1 && g.strideW === 1 && g.dilationH === 1 && g.dilationW === 1 && g.groups === 1;
  return plain && g.kh === 3 && g.kw === 3 && g.padH <= 2 && g.padW <= 2 && Math.min(g.c, g.o) >= 8;
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
  { images: n, inputs, outputs, frame, outputStep, inputStep, flip }: Winograd,
): boolean {
  const transforms = kernels();
  if (transforms === null) return false;
  const high = (frame.height - 2) / 2;
  const wide = (frame.width - 2) / 2;
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
  // The 16 elements do not lie a power of two apart, so that they do not compete for the same lines of a cache.
  const filterStep = outputs * inputs * 4 + 64;
  const inStep = inputs * band * wide * 4 + 64;
  const outStep = outputs * band * wide * 4 + 64;
  return withAddresses(
    [out, x, w],
    1,
    (atOut, atX, atW, atWork) => {
      const atFrames = atWork! + work + tables;
      const atFilters = atFrames + frames;
      const atIn = atFilters + 16 * filterStep;
      const atSums = atIn + 16 * inStep;
      clearFrame(frame, chunk * inputs, 4, atFrames);
      transforms.filters(atW!, outputs, 4 * outputStep, inputs, 4 * inputStep, +flip, atFilters, filterStep);
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
          transforms.inputs(planes, inputs, inputs * plane, plane, frame.width * 4, ...rows, atIn, inStep);
          for (let e = 0; e < 16; e++)
            multiply(atFilters + e * filterStep, atIn + e * inStep, atSums + e * outStep, false);
          transforms.outputs(atSums, outStep, outputs, ...rows, target);
        }
      }
    },
    1,
    work + tables + frames + 16 * (filterStep + inStep + outStep),
  );
}

/** The twin, tile by tile. */
export function plainWinograd(
  x: FloatArray,
  w: FloatArray,
  out: FloatArray,
  { images, inputs, outputs, frame, outputStep, inputStep, flip }: Winograd,
): void {
  const wide = frame.width - 2;
  const high = frame.height - 2;
  const filters = new Float32Array(outputs * inputs * 16);
  for (let o = 0; o < outputs; o++) {
    for (let c = 0; c < inputs; c++) {
      transformFilter(w, o * outputStep + c * inputStep, flip, filters, (o * inputs + c) * 16);
    }
  }
  const tiles = new Float32Array(inputs * 16);
  const sums = new Float32Array(16);
  for (let n = 0; n < images; n++) {
    for (let top = 0; top < high; top += 2) {
      for (let left = 0; left < wide; left += 2) {
        for (let c = 0; c < inputs; c++) {
          const plane = (n * inputs + c) * frame.h * frame.w;
          transformInput(x, plane, frame, top - frame.top, left - frame.left, tiles, c * 16);
        }
        for (let o = 0; o < outputs; o++) {
          sums.fill(0);
          for (let c = 0; c < inputs; c++) {
            const filter = (o * inputs + c) * 16;
            for (let e = 0; e < 16; e++) sums[e]! += Math.fround(filters[filter + e]! * tiles[c * 16 + e]!);
          }
          transformSums(sums, out, ((n * outputs + o) * high + top) * wide + left, wide);
        }
      }
    }
  }
}

/** U = G g Gᵀ, G = [1 0 0; ½ ½ ½; ½ -½ ½; 0 0 1]. */
function transformFilter(w: FloatArray, start: number, flip: boolean, to: Float32Array, at: number): void {
  const half = new Float32Array(12);
  for (let j = 0; j < 3; j++) {
    const [a, b, c] = [0, 3, 6].map((i) => w[start + (flip ? 8 - i - j : i + j)]!) as [number, number, number];
    const outer = Math.fround(a + c);
    half[j] = a;
    half[j + 3] = 0.5 * Math.fround(outer + b);
    half[j + 6] = 0.5 * Math.fround(outer - b);
    half[j + 9] = c;
  }
  for (let i = 0; i < 4; i++) {
    const [a, b, c] = half.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    const outer = Math.fround(a + c);
    to[at + 4 * i] = a;
    to[at + 4 * i + 1] = 0.5 * Math.fround(outer + b);
    to[at + 4 * i + 2] = 0.5 * Math.fround(outer - b);
    to[at + 4 * i + 3] = c;
  }
}

/** V = Bᵀ d B, Bᵀ = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1], of the 4×4 numbers at a row and column of a framed plane. */
function transformInput(
  x: FloatArray,
  plane: number,
  { h, w }: Frame,
  row: number,
  column: number,
  to: Float32Array,
  at: number,
): void {
  for (let j = 0; j < 4; j++) {
    const z = column + j;
    const d = (i: number) => {
      const y = row + i;
      return y >= 0 && y < h && z >= 0 && z < w ? x[plane + y * w + z]! : 0;
    };
    to[at + j] = d(0) - d(2);
    to[at + j + 4] = d(1) + d(2);
    to[at + j + 8] = d(2) - d(1);
    to[at + j + 12] = d(1) - d(3);
  }
  for (let i = at; i < at + 16; i += 4) {
    const [a, b, c, d] = [to[i]!, to[i + 1]!, to[i + 2]!, to[i + 3]!];
    to[i] = a - c;
    to[i + 1] = b + c;
    to[i + 2] = c - b;
    to[i + 3] = b - d;
  }
}

/** Y = Aᵀ M A, Aᵀ = [1 1 1 0; 0 1 -1 -1]. */
function transformSums(m: Float32Array, out: FloatArray, at: number, wide: number): void {
  const f = Math.fround;
  for (let i = 0; i < 4; i++) {
    const [a, b, c, d] = [m[i]!, m[i + 4]!, m[i + 8]!, m[i + 12]!];
    m[i] = f(a + b) + c;
    m[i + 4] = f(b - c) - d;
  }
  for (let i = 0; i < 2; i++) {
    const [a, b, c, d] = [m[4 * i]!, m[4 * i + 1]!, m[4 * i + 2]!, m[4 * i + 3]!];
    out[at + i * wide] = f(a + b) + c;
    out[at + i * wide + 1] = f(b - c) - d;
  }
}
