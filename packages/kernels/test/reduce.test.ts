import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FloatArray, NumberArray } from '../src/memory.ts';
import * as r from '../src/reduce.ts';
import { describeBoth } from './both.ts';

type FloatType = Float32ArrayConstructor | Float64ArrayConstructor;
type Along = (x: FloatArray, outer: number, n: number, inner: number, out: NumberArray) => void;

const FLOATS: FloatType[] = [Float32Array, Float64Array];
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

function along(f: Along, x: number[], [outer, n, inner]: number[], Type: FloatType): number[] {
  const out = new Type(outer! * inner!);
  f(Type.from(x), outer!, n!, inner!, out);
  return [...out];
}

function rows(f: (x: FloatArray, rows: number, n: number, out: FloatArray) => void, x: number[], n: number): number[] {
  const out = new Float64Array(x.length);
  f(Float64Array.from(x), x.length / n, n, out);
  return [...out];
}

describeBoth('worked by hand', () => {
  const x = [1, 2, 3, 4, 5, 6];

  it('sums, multiplies and finds extrema along an axis', () => {
    for (const Type of FLOATS) {
      // [2, 3, 1], [1, 2, 3] and [1, 6, 1].
      expect(along(r.sum, x, [2, 3, 1], Type)).toEqual([6, 15]);
      expect(along(r.sum, x, [1, 2, 3], Type)).toEqual([5, 7, 9]);
      expect(along(r.sum, x, [1, 6, 1], Type)).toEqual([21]);
      expect(along(r.prod, x, [2, 3, 1], Type)).toEqual([6, 120]);
      expect(along(r.prod, x, [1, 2, 3], Type)).toEqual([4, 10, 18]);
      expect(along(r.max, [3, 1, 2, -5, -7, -6], [2, 3, 1], Type)).toEqual([3, -5]);
      expect(along(r.min, [3, 1, 2, -5, -7, -6], [1, 2, 3], Type)).toEqual([-5, -7, -6]);
    }
  });

  it('of nothing', () => {
    for (const Type of FLOATS) {
      expect(along(r.sum, [], [2, 0, 1], Type)).toEqual([0, 0]);
      expect(along(r.prod, [], [1, 0, 2], Type)).toEqual([1, 1]);
      expect(along(r.max, [], [1, 0, 1], Type)).toEqual([-inf]);
      expect(along(r.min, [], [1, 0, 2], Type)).toEqual([inf, inf]);
      expect(along(r.sum, [], [0, 3, 2], Type)).toEqual([]);
      expect(along(r.logSumExp as Along, [], [1, 0, 1], Type)).toEqual([-inf]);
      expect(r.dot(new Type(0), new Type(0))).toBe(0);
    }
  });

  it('NaN comes through extrema, and wins in their places', () => {
    for (const Type of FLOATS) {
      expect(along(r.max, [1, nan, 3, 1, 2, 3], [2, 3, 1], Type)).toEqual([nan, 3]);
      expect(along(r.min, [1, nan, 3, 1, 2, 3], [1, 2, 3], Type)).toEqual([1, nan, 3]);
      const place = new Int32Array(2);
      r.argmax(Type.from([1, 5, 5, nan, 9, nan]), 2, 3, 1, place);
      expect([...place]).toEqual([1, 0]);
      r.argmin(Type.from([4, 2, 2, 3, nan, nan]), 2, 3, 1, place);
      expect([...place]).toEqual([1, 1]);
      const columns = new Int32Array(3);
      r.argmax(Type.from([1, 5, 0, 1, 9, -0]), 1, 2, 3, columns);
      expect([...columns]).toEqual([0, 1, 0]);
    }
  });

  it('sums float32 in float64', () => {
    // One by one in float32, 2²⁴ + 1 would be 2²⁴ again and again.
    const ones = new Float32Array(101).fill(1);
    ones[0] = 2 ** 24;
    expect(along(r.sum, [...ones], [1, 101, 1], Float32Array)).toEqual([2 ** 24 + 100]);
    const twice = Float32Array.from([...ones].flatMap((v) => [v, v]));
    expect(along(r.sum, [...twice], [1, 101, 2], Float32Array)).toEqual([2 ** 24 + 100, 2 ** 24 + 100]);
    expect(r.dot(ones, ones)).toBe(2 ** 48 + 100);
  });

  it('wraps sums and products of integers around', () => {
    const out = new Int32Array(1);
    r.sum(Int32Array.of(2 ** 31 - 1, 1, 5), 1, 3, 1, out);
    expect(out[0]).toBe(-(2 ** 31) + 5);
    r.prod(Int32Array.of(65537, 65537, 3), 1, 3, 1, out);
    expect(out[0]).toBe(393219);
    r.max(Int32Array.of(3, -4), 1, 2, 1, out);
    expect(out[0]).toBe(3);
  });

  it('means and variances', () => {
    for (const Type of FLOATS) {
      const [mean, variance] = [new Type(2), new Type(2)];
      r.meanVariance(Type.from([1, 2, 3, 4, 10, 10, 10, 10]), 2, 4, 1, mean, variance);
      expect([...mean, ...variance]).toEqual([2.5, 10, 1.25, 0]);
      r.meanVariance(Type.from([1, 10, 2, 10, 3, 10, 4, 10]), 1, 4, 2, mean, variance);
      expect([...mean, ...variance]).toEqual([2.5, 10, 1.25, 0]);
    }
    // A large mean: E[x²] - E[x]² in float64 would give 0 or less.
    const [mean, variance] = [new Float64Array(1), new Float64Array(1)];
    r.meanVariance(Float64Array.of(1e9 + 1, 1e9 + 2, 1e9 + 3), 1, 3, 1, mean, variance);
    expect([mean[0], variance[0]]).toEqual([1e9 + 2, 2 / 3]);
  });

  it('softmax and its logarithm', () => {
    expect(rows(r.softmax, [0, 0, 0, 0, 1000, 1000, -inf, 0], 2)).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0, 1]);
    const third = rows(r.softmax, [1, 1, 1], 3);
    expect(third).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(rows(r.logSoftmax, [0, 0, 1000, 1000], 2)).toEqual([-Math.LN2, -Math.LN2, -Math.LN2, -Math.LN2]);
    expect(rows(r.softmax, [-inf, -inf, nan, 1, inf, 1], 2)).toEqual([nan, nan, nan, nan, nan, nan]);
  });

  it('the logarithm of a sum of exponentials', () => {
    for (const Type of FLOATS) {
      const ln2 = Type.of(Math.LN2)[0]!;
      const f = r.logSumExp as Along;
      expect(along(f, [0, 0, -inf, -inf, inf, 1], [3, 2, 1], Type)).toEqual([ln2, -inf, inf]);
      expect(along(f, [0, -inf, nan, 0, -inf, 1], [1, 2, 3], Type)).toEqual([ln2, -inf, nan]);
      expect(along(f, [1000, 1000], [1, 2, 1], Type)).toEqual([Type.of(1000 + Math.LN2)[0]]);
    }
  });

  it('gradients of softmax', () => {
    // y = [1/4, 3/4], g = [4, 8]: Σ y g = 7.
    for (const Type of FLOATS) {
      const out = new Type(2);
      r.softmaxBackward(Type.of(0.25, 0.75), Type.of(4, 8), 1, 2, out);
      expect([...out]).toEqual([-0.75, 0.75]);
      // ln 1 = 0, e^(-∞) = 0: g - e^y Σ g.
      r.logSoftmaxBackward(Type.of(0, -inf), Type.of(4, 8), 1, 2, out);
      expect([...out]).toEqual([-8, 8]);
    }
  });

  it('running sums', () => {
    for (const Type of FLOATS) {
      const out = new Type(6);
      r.cumsum(Type.from(x), 2, 3, 1, out);
      expect([...out]).toEqual([1, 3, 6, 4, 9, 15]);
      const inPlace = Type.from(x);
      r.cumsum(inPlace, 1, 3, 2, inPlace);
      expect([...inPlace]).toEqual([1, 2, 4, 6, 9, 12]);
    }
  });
});

describeBoth('laws', () => {
  const shape = fc.tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 1, max: 9 }),
  );

  it('agrees with plain loops', () => {
    fc.assert(
      fc.property(shape, fc.infiniteStream(fc.integer({ min: -8, max: 8 })), ([outer, n, inner], stream) => {
        const x = new Float32Array(outer * n * inner);
        for (const i of x.keys()) x[i] = stream.next().value!;
        const [sums, most, least] = [0, 0, 0].map(() => new Float32Array(outer * inner)) as [
          Float32Array,
          Float32Array,
          Float32Array,
        ];
        const [first, last] = [new Int32Array(outer * inner), new Int32Array(outer * inner)];
        r.sum(x, outer, n, inner, sums);
        r.max(x, outer, n, inner, most);
        r.min(x, outer, n, inner, least);
        r.argmax(x, outer, n, inner, first);
        r.argmin(x, outer, n, inner, last);
        for (let o = 0; o < outer; o++) {
          for (let i = 0; i < inner; i++) {
            const line = Array.from({ length: n }, (_, j) => x[(o * n + j) * inner + i]!);
            const at = o * inner + i;
            expect(sums[at]).toBe(line.reduce((a, b) => a + b, 0));
            expect(most[at]).toBe(Math.max(...line));
            expect(least[at]).toBe(Math.min(...line));
            expect(first[at]).toBe(line.indexOf(Math.max(...line)));
            expect(last[at]).toBe(line.indexOf(Math.min(...line)));
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('rows of a softmax sum to 1 and its logarithm is the logarithm', () => {
    const row = fc.array(fc.double({ min: -700, max: 700, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(row, (x) => {
        for (const Type of FLOATS) {
          const epsilon = Type === Float32Array ? 1.2e-7 : 2.3e-16;
          const from = Type.from(x);
          const [y, logarithm, total] = [new Type(x.length), new Type(x.length), new Type(1)];
          r.softmax(from, 1, x.length, y);
          r.logSoftmax(from, 1, x.length, logarithm);
          r.logSumExp(from, 1, x.length, 1, total);
          expect(Math.abs([...y].reduce((a, b) => a + b) - 1)).toBeLessThanOrEqual(x.length * epsilon);
          for (const [i, v] of logarithm.entries()) {
            expect(Math.abs(v - (from[i]! - total[0]!))).toBeLessThanOrEqual(epsilon * 1500);
            expect(Math.abs(y[i]! - Math.exp(v))).toBeLessThanOrEqual(epsilon * (4 + Math.abs(v)) * y[i]! + 1e-38);
          }
        }
      }),
    );
  });

  it('gives the same for strided and contiguous numbers of a logSumExp', () => {
    const x = Float32Array.from({ length: 70 }, (_, i) => Math.fround(((i * 37) % 70) / 7 - 5));
    const turned = Float32Array.from({ length: 70 }, (_, i) => x[(i % 10) * 7 + Math.floor(i / 10)]!);
    const [a, b] = [new Float32Array(10), new Float32Array(10)];
    r.logSumExp(x, 10, 7, 1, a);
    r.logSumExp(turned, 1, 7, 10, b);
    expect(b).toEqual(a);
  });
});

describe('sizes', () => {
  it('sums more columns than the scratch space holds', () => {
    for (const inner of [2047, 2048, 2049, 5000]) {
      const x = Float32Array.from({ length: 3 * inner }, (_, i) => i % 97);
      const out = new Float32Array(inner);
      r.sum(x, 1, 3, inner, out);
      expect(out.every((v, j) => v === x[j]! + x[inner + j]! + x[2 * inner + j]!)).toBe(true);
      const [mean, variance] = [new Float64Array(inner), new Float64Array(inner)];
      r.meanVariance(Float64Array.from(x), 1, 3, inner, mean, variance);
      expect(mean.every((v, j) => Math.abs(v - out[j]! / 3) < 1e-13)).toBe(true);
    }
  });
});
