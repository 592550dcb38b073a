import { type GemmExports, type Lattice, line, type Product, prepare, tableBytes, workBytes } from './blasGemm.ts';
import { type ConvExports, clearFrame, type Frame, frameBytes, framed } from './convFrame.ts';
import { type ConvGeometry, imagesAtOnce } from './convGeometry.ts';
import type { FloatArray } from './memory.ts';
import { withAddresses } from './module.ts';

// Convolutions as products of matrices. The left operand is the weights or the gradients as they lie; the right one is
// images in which a tap (channel, i, j) is a row and a position (image, y, x) a column, or the other way round. No matrix
// of patches is written: the product finds its operands by tables of offsets, and all those are lattices.

/** A convolution, carried out by chunks of images. Steps and places count numbers of the array. */
interface Convolution {
  images: number;
  chunk: number;
  /** The planes of an image of the right operand, and their margins. */
  planes: number;
  frame: Frame;
  /** From one image to the next; 0 where all share one: then the chunks' results are summed up. */
  leftStep: number;
  outStep: number;
  /** The products for so many images. */
  parts: (images: number) => Part[];
}

/** A product that is carried out at several places (of the left operand, the right operand, the result): the groups. */
interface Part {
  product: Product;
  places: (readonly [left: number, right: number, out: number])[];
}

/** out[o, position] = Σ over taps of w[o, tap] · x[tap, position]. */
export function gemmConv2d(
  gemm: GemmExports,
  conv: ConvExports,
  x: FloatArray,
  w: FloatArray,
  out: FloatArray,
  g: ConvGeometry,
): boolean {
  const frame = inputFrame(g);
  const { outputs, taps, plane, framePlane } = groupSizes(g, frame);
  const parts = (images: number): Part[] => [
    {
      product: {
        a: [line(outputs, taps), line(taps, 1)],
        b: [tapLattice(g, frame), positionLattice(g, frame, images)],
        c: [line(outputs, plane), [images, g.o * plane, 1, 0, plane, 1]],
      },
      places: groups(g, (q) => [q * outputs * taps, q * framePlane, q * outputs * plane]),
    },
  ];
  const steps = { leftStep: 0, outStep: g.o * plane };
  const convolution = { images: g.n, chunk: imagesAtOnce(g), planes: g.c, frame, ...steps, parts };
  return convolve(gemm, conv, w, x, out, convolution);
}

/** dw[o, tap] = Σ over positions of gOut[o, position] · x[tap, position]. */
export function gemmConv2dBackwardWeight(
  gemm: GemmExports,
  conv: ConvExports,
  x: FloatArray,
  gOut: FloatArray,
  dw: FloatArray,
  g: ConvGeometry,
): boolean {
  const frame = inputFrame(g);
  const { outputs, taps, plane, framePlane } = groupSizes(g, frame);
  const parts = (images: number): Part[] => [
    {
      product: {
        a: [line(outputs, plane), [images, g.o * plane, 1, 0, plane, 1]],
        b: [positionLattice(g, frame, images), tapLattice(g, frame)],
        c: [line(outputs, taps), line(taps, 1)],
      },
      places: groups(g, (q) => [q * outputs * plane, q * framePlane, q * outputs * taps]),
    },
  ];
  const steps = { leftStep: g.o * plane, outStep: 0 };
  const convolution = { images: g.n, chunk: imagesAtOnce(g), planes: g.c, frame, ...steps, parts };
  return convolve(gemm, conv, gOut, x, dw, convolution);
}

/**
 * dx[c, y, x] = Σ over o, i, j of w[o, c, i, j] · gOut[o, (y + pad - i · dilation) / stride, …], where that is whole. Which
 * taps it is whole for depends on y and x modulo the strides only: each such phase is a convolution of its own.
 */
export function gemmConv2dBackwardInput(
  gemm: GemmExports,
  conv: ConvExports,
  gOut: FloatArray,
  w: FloatArray,
  dx: FloatArray,
  g: ConvGeometry,
): boolean {
  const rows = phasesOf(g.h, g.kh, g.oh, g.strideH, g.padH, g.dilationH);
  const columns = phasesOf(g.w, g.kw, g.ow, g.strideW, g.padW, g.dilationW);
  const width = g.ow + columns.before + columns.after;
  const height = g.oh + rows.before + rows.after;
  const frame = { h: g.oh, w: g.ow, top: rows.before, left: columns.before, height, width };
  const inputs = g.c / g.groups;
  const outputs = g.o / g.groups;
  const filter = g.kh * g.kw;
  const parts = (images: number): Part[] =>
    rows.phases.flatMap((y) =>
      columns.phases.map((x) => {
        const places = groups(g, (q): Part['places'][number] => [
          q * outputs * inputs * filter + y.tap * g.kw + x.tap,
          (q * outputs * height + rows.before + y.shift) * width + columns.before + x.shift,
          (q * inputs * g.h + y.first) * g.w + x.first,
        ]);
        const product: Product = {
          a: [line(inputs, filter), [outputs, inputs * filter, y.taps, y.tapStep * g.kw, x.taps, x.tapStep]],
          b: [
            [outputs, height * width, y.taps, y.shiftStep * width, x.taps, x.shiftStep],
            [images, g.o * height * width, y.count, width, x.count, 1],
          ],
          c: [line(inputs, g.h * g.w), [images, g.c * g.h * g.w, y.count, g.strideH * g.w, x.count, g.strideW]],
        };
        return { product, places };
      }),
    );
  const steps = { leftStep: 0, outStep: g.c * g.h * g.w };
  const convolution = { images: g.n, chunk: imagesAtOnce(g), planes: g.o, frame, ...steps, parts };
  return convolve(gemm, conv, w, gOut, dx, convolution);
}

function convolve(
  gemm: GemmExports,
  conv: ConvExports,
  left: FloatArray,
  right: FloatArray,
  out: FloatArray,
  { images: n, chunk, planes, frame, leftStep, outStep, parts }: Convolution,
): boolean {
  const size = out.BYTES_PER_ELEMENT;
  const largest = parts(chunk);
  const work = Math.max(...largest.map(({ product }) => workBytes(product, size)));
  const tables = largest.reduce((sum, { product }) => sum + tableBytes(product), 0);
  const frames = frameBytes(frame, chunk * planes, size);
  const sums = outStep === 0 && n > chunk ? out.byteLength : 0;
  return withAddresses(
    [out, right, left],
    1,
    (atOut, atRight, atLeft, atWork) => {
      const atTables = atWork! + work;
      const atFrames = atTables + tables;
      const atSum = atFrames + frames;
      const prepareAll = (images: number) => {
        let next = atTables;
        return parts(images).map(({ product, places }) => {
          const multiply = prepare(gemm, product, size, next, atWork!);
          next += tableBytes(product);
          return { multiply, places };
        });
      };
      clearFrame(frame, chunk * planes, size, atFrames);
      let prepared = prepareAll(chunk);
      for (let first = 0; first < n; first += chunk) {
        const images = Math.min(chunk, n - first);
        if (images < chunk) prepared = prepareAll(images);
        const from = atRight! + first * planes * frame.h * frame.w * size;
        const image = framed(conv, frame, images * planes, size, from, atFrames);
        const target = sums > 0 && first > 0 ? atSum : atOut! + first * outStep * size;
        for (const { multiply, places } of prepared) {
          for (const [a, b, c] of places) {
            multiply(atLeft! + (first * leftStep + a) * size, image + b * size, target + c * size, false);
          }
        }
        if (target === atSum) conv.add(size, atSum, atOut!, sums);
      }
    },
    1,
    work + tables + frames + sums,
  );
}

function groups<T>(g: ConvGeometry, place: (group: number) => T): T[] {
  return Array.from({ length: g.groups }, (_, q) => place(q));
}

function groupSizes(g: ConvGeometry, frame: Frame) {
  const channels = g.c / g.groups;
  return {
    /** Output channels of a group. */
    outputs: g.o / g.groups,
    /** Weights of an output channel. */
    taps: channels * g.kh * g.kw,
    plane: g.oh * g.ow,
    /** Numbers in the framed planes of a group's input channels. */
    framePlane: channels * frame.height * frame.width,
  };
}

/** The input with its padding. */
function inputFrame({ h, w, padH, padW }: ConvGeometry): Frame {
  return { h, w, top: padH, left: padW, height: h + 2 * padH, width: w + 2 * padW };
}

function tapLattice(g: ConvGeometry, { height, width }: Frame): Lattice {
  return [g.c / g.groups, height * width, g.kh, g.dilationH * width, g.kw, g.dilationW];
}

function positionLattice(g: ConvGeometry, { height, width }: Frame, images: number): Lattice {
  return [images, g.c * height * width, g.oh, g.strideH * width, g.ow, g.strideW];
}

/** The rows (or columns) of the input that meet the same taps. */
interface Phase {
  /** The rows first, first + stride, … */
  first: number;
  count: number;
  /** The taps tap, tap + tapStep, … */
  tap: number;
  tapStep: number;
  taps: number;
  /** From the t-th such row, tap number u leads to row t + shift + u · shiftStep of the output. */
  shift: number;
  shiftStep: number;
}

/** The phases of one axis, and how many rows before the first and after the last of the output they reach for. */
function phasesOf(size: number, kernel: number, out: number, stride: number, pad: number, dilation: number) {
  const phases: Phase[] = [];
  let before = 0;
  let after = 0;
  for (let first = 0; first < Math.min(stride, size); first++) {
    const count = Math.ceil((size - first) / stride);
    const whole: number[] = [];
    for (let i = 0; i < kernel; i++) if ((first + pad - i * dilation) % stride === 0) whole.push(i);
    const shifts = whole.map((i) => (first + pad - i * dilation) / stride);
    for (const shift of shifts) {
      before = Math.max(before, -shift);
      after = Math.max(after, shift + count - out);
    }
    const [tap = 0, second = tap] = whole;
    const [shift = 0, nextShift = shift] = shifts;
    phases.push({ first, count, tap, tapStep: second - tap, taps: whole.length, shift, shiftStep: nextShift - shift });
  }
  return { phases, before, after };
}
