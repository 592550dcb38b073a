import { readFileSync } from 'node:fs';
import { expectClose } from '@maru-ml/tooling/testing';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  avgPool2d,
  avgPool2dBackward,
  type ConvGeometry,
  conv2d,
  conv2dBackwardInput,
  conv2dBackwardWeight,
  maxPool2d,
  maxPool2dBackward,
  type PoolGeometry,
} from '../src/conv.ts';
import { memory, memoryInUse } from '../src/memory.ts';
import { choice } from '../src/module.ts';

interface Convolution {
  geometry: ConvGeometry;
  x: number[];
  w: number[];
  out: number[];
  gOut: number[];
  dx: number[];
  dw: number[];
}

interface Pooling {
  geometry: PoolGeometry;
  x: number[];
  gOut: number[];
  max: { out: number[]; indices: number[]; dx: number[] };
  mean?: { out: number[]; dx: number[] };
  meanInside?: { out: number[]; dx: number[] };
}

const fixture: { convolutions: Convolution[]; poolings: Pooling[] } = JSON.parse(
  readFileSync(new URL('fixtures/conv.json', import.meta.url), 'utf8'),
);

const modes = ['js', 'wasm'] as const;
const types = [Float32Array, Float64Array];

afterEach(() => {
  choice().mode = 'auto';
});

/** Stride 1 and equal sides. */
function plain(n: number, c: number, size: number, o: number, kernel: number, pad: number): ConvGeometry {
  const out = size + 2 * pad - kernel + 1;
  const unit = { strideH: 1, strideW: 1, dilationH: 1, dilationW: 1, groups: 1 };
  return { n, c, h: size, w: size, o, kh: kernel, kw: kernel, oh: out, ow: out, padH: pad, padW: pad, ...unit };
}

function normal(length: number, seed: number): Float32Array {
  let state = seed + 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float32Array.from({ length }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

describe('convolutions, by hand', () => {
  it.each(modes)('slides the filter without turning it, in %s', (mode) => {
    choice().mode = mode;
    const out = new Float32Array(4);
    const g = plain(1, 1, 3, 1, 2, 0);
    conv2d(new Float32Array([1, 2, 3, 4, 5, 6, 7, 8, 9]), new Float32Array([1, 10, 100, 1000]), out, g);
    expect(Array.from(out)).toEqual([5421, 6532, 8754, 9865]);
  });
});

describe.each(modes)("convolutions against PyTorch's, exactly, in %s", (mode) => {
  it.each(fixture.convolutions)('$geometry', ({ geometry, x, w, out, gOut, dx, dw }) => {
    choice().mode = mode;
    for (const Type of types) {
      const result = new Type(out.length).fill(7);
      conv2d(new Type(x), new Type(w), result, geometry);
      expect(Array.from(result)).toEqual(out);
      const forX = new Type(x.length).fill(7);
      conv2dBackwardInput(new Type(gOut), new Type(w), forX, geometry);
      expect(Array.from(forX)).toEqual(dx);
      const forW = new Type(w.length).fill(7);
      conv2dBackwardWeight(new Type(x), new Type(gOut), forW, geometry);
      expect(Array.from(forW)).toEqual(dw);
    }
  });
});

describe("Winograd's method", () => {
  // Chunks of several images with a rest, bands of an image with a rest, and paddings of every size.
  it.each([
    plain(3, 64, 16, 32, 3, 1),
    plain(1, 16, 36, 16, 3, 1),
    plain(19, 16, 8, 20, 3, 1),
    plain(2, 17, 10, 19, 3, 0),
    plain(1, 64, 14, 32, 5, 2),
    plain(1, 16, 44, 16, 5, 2),
    plain(19, 16, 8, 16, 5, 2),
    plain(2, 20, 12, 16, 5, 4),
  ])('agrees with the definition in float64 to 1e-5, and with its twin to the last bit: $n $c $h $o $kh $padH', (g) => {
    const x = normal(g.n * g.c * g.h * g.w, 1);
    const scale = 1 / Math.sqrt(g.c * g.kh * g.kw);
    const w = normal(g.o * g.c * g.kh * g.kw, 2).map((value) => value * scale);
    const gOut = normal(g.n * g.o * g.oh * g.ow, 3);
    const runs = {
      out: { length: gOut.length, run: conv2d<Float32Array | Float64Array>, left: x, right: w },
      dx: { length: x.length, run: conv2dBackwardInput<Float32Array | Float64Array>, left: gOut, right: w },
    };
    for (const [name, { length, run, left, right }] of Object.entries(runs)) {
      const exact = new Float64Array(length);
      choice().mode = 'auto';
      run(Float64Array.from(left), Float64Array.from(right), exact, g);
      const [kernel, twin] = [new Float32Array(length), new Float32Array(length)];
      choice().mode = 'wasm';
      run(left, right, kernel, g);
      choice().mode = 'js';
      run(left, right, twin, g);
      expect(kernel).toEqual(twin);
      const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const worst = kernel.reduce((most, value, i) => Math.max(most, Math.abs(value - exact[i]!)), 0);
      expect(worst / largest, name).toBeLessThan(1e-5);
      // The rounding of float32 alone leaves a difference: the result is no copy of the other.
      expect(worst).toBeGreaterThan(0);
    }
  });
});

describe('convolutions, laws', () => {
  it('⟨conv(x, w), g⟩ = ⟨x, backwardInput(g, w)⟩ = ⟨w, backwardWeight(x, g)⟩', () => {
    const small = fc.integer({ min: 1, max: 3 });
    const sizes = fc.record({
      n: small,
      groups: small,
      c: small,
      o: small,
      kh: small,
      kw: small,
      oh: small,
      ow: small,
    });
    const steps = fc.record({ strideH: small, strideW: small, dilationH: small, dilationW: small });
    const pads = fc.record({ padH: fc.integer({ min: 0, max: 2 }), padW: fc.integer({ min: 0, max: 2 }) });
    fc.assert(
      fc.property(sizes, steps, pads, fc.constantFrom(...modes), (size, step, pad, mode) => {
        choice().mode = mode;
        const h = (size.oh - 1) * step.strideH + (size.kh - 1) * step.dilationH + 1 - 2 * pad.padH;
        const w = (size.ow - 1) * step.strideW + (size.kw - 1) * step.dilationW + 1 - 2 * pad.padW;
        fc.pre(h > 0 && w > 0);
        const g = { ...size, ...step, ...pad, h, w, c: size.c * size.groups, o: size.o * size.groups };
        const x = Float64Array.from(normal(g.n * g.c * h * w, 1));
        const weights = Float64Array.from(normal(g.o * size.c * g.kh * g.kw, 2));
        const gradient = Float64Array.from(normal(g.n * g.o * g.oh * g.ow, 3));
        const [out, dx, dw] = [gradient.slice(), x.slice(), weights.slice()];
        conv2d(x, weights, out, g);
        conv2dBackwardInput(gradient, weights, dx, g);
        conv2dBackwardWeight(x, gradient, dw, g);
        const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
        expectClose(dot(x, dx), dot(out, gradient), { atol: 1e-10 });
        expectClose(dot(weights, dw), dot(out, gradient), { atol: 1e-10 });
      }),
    );
  });
});

describe('convolutions and memory', () => {
  it('gives the same when WebAssembly memory is exhausted, and leaves no block behind', { tags: ['wasm'] }, () => {
    const g = plain(2, 16, 8, 16, 3, 1);
    const [x, w, gOut] = [normal(2048, 1), normal(2304, 2), normal(2048, 3)];
    const run = () => {
      const results = [new Float32Array(2048), new Float32Array(2048), new Float32Array(2304)] as const;
      conv2d(x, w, results[0], g);
      conv2dBackwardInput(gOut, w, results[1], g);
      conv2dBackwardWeight(x, gOut, results[2], g);
      return results;
    };
    const used = memoryInUse();
    const expected = run();
    expect(memoryInUse()).toBe(used);
    const { top, free } = memory()!;
    const kept = new Map(free);
    try {
      free.clear();
      // Beyond what memory can grow to.
      memory()!.top = 2 ** 32;
      const calls = choice().calls;
      expect(run()).toEqual(expected);
      expect(choice().calls).toBe(calls);
    } finally {
      memory()!.top = top;
      for (const [size, list] of kept) free.set(size, list);
    }
  });
});

describe.each(modes)("poolings against PyTorch's, in %s", (mode) => {
  it.each(fixture.poolings)('$geometry', ({ geometry, x, gOut, max, mean, meanInside }) => {
    choice().mode = mode;
    for (const Type of types) {
      const largest = new Type(gOut.length).fill(7);
      const indices = new Int32Array(gOut.length).fill(7);
      maxPool2d(new Type(x), largest, indices, geometry);
      expect(Array.from(largest)).toEqual(max.out);
      expect(Array.from(indices)).toEqual(max.indices);
      const dx = new Type(x.length).fill(7);
      maxPool2dBackward(new Type(gOut), indices, dx, geometry);
      expect(Array.from(dx)).toEqual(max.dx);
      for (const [countIncludePad, expected] of [
        [true, mean],
        [false, meanInside],
      ] as const) {
        if (expected === undefined) continue;
        const g = { ...geometry, countIncludePad };
        const tolerance = { rtol: Type === Float32Array ? 1e-6 : 1e-14, atol: Type === Float32Array ? 1e-6 : 1e-14 };
        avgPool2d(new Type(x), largest, g);
        expectClose(Array.from(largest), expected.out, tolerance);
        avgPool2dBackward(new Type(gOut), dx, g);
        expectClose(Array.from(dx), expected.dx, tolerance);
      }
    }
  });

  it('takes the first of equals, and NaN before all', () => {
    choice().mode = mode;
    const g = { n: 1, c: 1, h: 2, w: 16, kh: 2, kw: 2, oh: 1, ow: 8, strideH: 2, strideW: 2, padH: 0, padW: 0 };
    const x = new Float32Array(32).fill(-1);
    x.set([5, 5], 0); // equals: the first
    x.set([NaN], 2);
    x.set([9, 9], 18); // beside NaN
    x.set([-Infinity, -Infinity], 4);
    x.set([-Infinity, -Infinity], 20);
    x.set([0, -0], 6);
    x.set([-0, 0], 22);
    const out = new Float32Array(8);
    const indices = new Int32Array(8);
    maxPool2d(x, out, indices, g);
    expect(Array.from(out)).toEqual([5, NaN, -Infinity, 0, -1, -1, -1, -1]);
    expect(Array.from(indices)).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
  });

  it('gives a window in the padding -∞, no place and no gradient', () => {
    choice().mode = mode;
    const size = { n: 1, c: 1, h: 1, w: 1, kh: 2, kw: 2, oh: 1, ow: 1, strideH: 1, strideW: 1, padH: 1, padW: 1 };
    const g = { ...size, dilationH: 2, dilationW: 2 };
    const out = new Float64Array(1);
    const indices = new Int32Array(1);
    maxPool2d(new Float64Array([3]), out, indices, g);
    expect([out[0], indices[0]]).toEqual([-Infinity, -1]);
    const dx = new Float64Array([7]);
    maxPool2dBackward(new Float64Array([5]), indices, dx, g);
    expect(dx[0]).toBe(0);
  });
});
