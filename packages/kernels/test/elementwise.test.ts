import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as e from '../src/elementwise.ts';
import type { NumberArray } from '../src/memory.ts';
import { describeBoth } from './both.ts';

type Binary = (a: NumberArray, b: NumberArray, out: NumberArray) => void;
type Unary = (x: NumberArray, out: NumberArray) => void;
type FloatType = Float32ArrayConstructor | Float64ArrayConstructor;

const FLOATS: FloatType[] = [Float32Array, Float64Array];
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

function binary(f: Binary, a: number[], b: number[], Type: FloatType = Float32Array): number[] {
  const out = new Type(Math.max(a.length, b.length));
  f(Type.from(a), Type.from(b), out);
  return [...out];
}

function unary(f: Unary, x: number[], Type: FloatType = Float32Array): number[] {
  const out = new Type(x.length);
  f(Type.from(x), out);
  return [...out];
}

describeBoth('worked by hand', () => {
  it('adds, subtracts, multiplies, divides', () => {
    expect(binary(e.add, [1, 2, 3], [10, 20, 30])).toEqual([11, 22, 33]);
    expect(binary(e.sub, [1, 2, 3], [10, 20, 30])).toEqual([-9, -18, -27]);
    expect(binary(e.mul, [1, 2, 3], [10, 20, 30])).toEqual([10, 40, 90]);
    expect(binary(e.div, [1, -1, 0, 6], [0, 0, 0, 4])).toEqual([inf, -inf, nan, 1.5]);
  });

  it('repeats the shorter operand', () => {
    expect(binary(e.add, [1, 2, 3, 4], [10])).toEqual([11, 12, 13, 14]);
    expect(binary(e.sub, [10], [1, 2, 3])).toEqual([9, 8, 7]);
    expect(binary(e.mul, [1, 2, 3, 4, 5, 6], [1, 10, 100])).toEqual([1, 20, 300, 4, 50, 600]);
    expect(binary(e.div, [6, 12], [1, 2, 3, 4])).toEqual([6, 6, 2, 3]);
  });

  it('rounds float32 after each operation', () => {
    expect(binary(e.add, [2 ** 24], [1])).toEqual([2 ** 24]);
    expect(binary(e.div, [1], [3])).toEqual([Math.fround(1 / 3)]);
    expect(binary(e.div, [1], [3], Float64Array)).toEqual([1 / 3]);
  });

  it('takes the larger and the smaller, and NaN if there is one', () => {
    expect(binary(e.maximum, [1, -1, nan, 2, -0, 0], [2, -2, 1, nan, 0, -0])).toEqual([2, -1, nan, nan, 0, 0]);
    expect(binary(e.minimum, [1, -1, nan, 2, -0, 0], [2, -2, 1, nan, 0, -0])).toEqual([1, -2, nan, nan, -0, -0]);
  });

  it('gives remainders the sign of the divisor', () => {
    // From Python: 7 % -3 is -2, -7 % 3 is 2.
    expect(binary(e.remainder, [7, -7, 7, -7, 6, 5.5], [-3, 3, 3, -3, 3, 2])).toEqual([-2, 2, 1, -1, 0, 1.5]);
    expect(binary(e.remainder, [1, inf, -5], [0, 2, inf])).toEqual([nan, nan, inf]);
    const out = new Int32Array(3);
    e.remainder(Int32Array.of(7, -7, 5), Int32Array.of(-3, 3, 0), out);
    expect([...out]).toEqual([-2, 2, 0]);
  });

  const one: [name: string, f: Unary, x: number[], y: number[]][] = [
    ['neg', e.neg, [1, -0, 0, nan, inf], [-1, 0, -0, nan, -inf]],
    ['abs', e.abs, [-1, -0, nan, -inf], [1, 0, nan, inf]],
    ['sign', e.sign, [-3, -0, 0, 0.5, nan, -inf], [-1, 0, 0, 1, nan, -1]],
    ['sqrt', e.sqrt, [4, -0, -1, inf], [2, -0, nan, inf]],
    ['square', e.square, [-3, -0, nan], [9, 0, nan]],
    ['reciprocal', e.reciprocal, [4, 0, -0, inf], [0.25, inf, -inf, 0]],
    ['relu', e.relu, [-3, 2, -0, 0, nan, -inf, inf], [0, 2, -0, 0, nan, 0, inf]],
    ['floor', e.floor, [1.5, -1.5, -0, nan, 2 ** 40], [1, -2, -0, nan, 2 ** 40]],
    ['ceil', e.ceil, [1.5, -0.5, nan], [2, -0, nan]],
    ['trunc', e.trunc, [1.7, -1.7, -0.3, nan], [1, -1, -0, nan]],
    ['round', e.round, [0.5, 1.5, 2.5, -0.5, -1.5, 2.4, -0, nan, -inf], [0, 2, 2, -0, -2, 2, -0, nan, -inf]],
  ];
  it.each(one)('%s', (_, f, x, y) => {
    for (const Type of FLOATS) expect(unary(f, x, Type)).toEqual(y);
  });

  it('rounds halves to even up to the last fraction of float64', () => {
    const x = [2 ** 51 + 0.5, 2 ** 51 + 1.5, 2 ** 52 - 0.5, -(2 ** 51) - 0.5, 0.49999999999999994];
    expect(unary(e.round, x, Float64Array)).toEqual([2 ** 51, 2 ** 51 + 2, 2 ** 52, -(2 ** 51), 0]);
  });

  it('clamps', () => {
    const clamp: Unary = (x, out) => e.clamp(x, -1, 2, out);
    for (const Type of FLOATS) expect(unary(clamp, [-3, 0.5, 3, nan, inf], Type)).toEqual([-1, 0.5, 2, nan, 2]);
  });

  it('leaks', () => {
    const leaky: Unary = (x, out) => e.leakyRelu(x, 0.25, out);
    for (const Type of FLOATS) expect(unary(leaky, [-4, 3, nan, -0], Type)).toEqual([-1, 3, nan, -0]);
    const slope: Unary = (x, out) => e.leakyRelu(x, 0.1, out);
    expect(unary(slope, [-3])).toEqual([Math.fround(Math.fround(0.1) * -3)]);
  });

  it('lets gradients through where x was positive', () => {
    expect(binary(e.reluBackward, [-1, 0, 2, nan], [5, 6, 7, 8])).toEqual([0, 0, 7, 0]);
  });

  it('adds a multiple in place', () => {
    for (const Type of FLOATS) {
      const y = Type.from([1, 2, 3]);
      e.axpy(-2, Type.from([1, 10, 100]), y);
      expect([...y]).toEqual([-1, -18, -197]);
    }
  });

  const comparisons: [name: string, f: (a: NumberArray, b: NumberArray, out: Uint8Array) => void, y: number[]][] = [
    ['equal', e.equal, [0, 1, 0, 1, 0, 0]],
    ['notEqual', e.notEqual, [1, 0, 1, 0, 1, 1]],
    ['less', e.less, [1, 0, 0, 0, 0, 0]],
    ['lessEqual', e.lessEqual, [1, 1, 0, 1, 0, 0]],
    ['greater', e.greater, [0, 0, 1, 0, 0, 0]],
    ['greaterEqual', e.greaterEqual, [0, 1, 1, 1, 0, 0]],
  ];
  it.each(comparisons)('%s', (_, f, y) => {
    for (const Type of FLOATS) {
      const out = new Uint8Array(6);
      f(Type.from([1, 2, 3, -0, nan, nan]), Type.from([2, 2, 2, 0, nan, 1]), out);
      expect([...out]).toEqual(y);
    }
    const out = new Uint8Array(4);
    f(Float32Array.of(1, 2, 3, 2), Float32Array.of(2), out);
    expect([...out]).toEqual([y[0], y[1], y[2], y[1]]);
    f(Float32Array.of(2), Float32Array.of(3, 2, 1, 2), out);
    expect([...out]).toEqual([y[0], y[1], y[2], y[1]]);
  });

  it('chooses by a condition', () => {
    for (const Type of [Float32Array, Float64Array, Int32Array, Uint8Array] as FloatType[]) {
      const out = new Type(5);
      const condition = Uint8Array.of(1, 0, 2, 0, 255);
      e.where(condition, Type.from([1, 2, 3, 4, 5]), Type.from([6, 7, 8, 9, 10]), out);
      expect([...out]).toEqual([1, 7, 3, 9, 5]);
      e.where(condition, Type.from([1, 2, 3, 4, 5]), Type.from([0]), out);
      expect([...out]).toEqual([1, 0, 3, 0, 5]);
      e.where(condition, Type.from([1]), Type.from([0]), out);
      expect([...out]).toEqual([1, 0, 1, 0, 1]);
    }
  });

  it('wraps integers around and truncates their quotients', () => {
    const out = new Int32Array(2);
    e.add(Int32Array.of(2 ** 31 - 1, 5), Int32Array.of(1, -7), out);
    expect([...out]).toEqual([-(2 ** 31), -2]);
    e.mul(Int32Array.of(65537, -3), Int32Array.of(65537, 5), out);
    expect([...out]).toEqual([131073, -15]);
    e.div(Int32Array.of(7, -7), Int32Array.of(2, 2), out);
    expect([...out]).toEqual([3, -3]);
    e.div(Int32Array.of(7, -7), Int32Array.of(0), out);
    expect([...out]).toEqual([0, 0]);
    const bytes = new Uint8Array(2);
    e.sub(Uint8Array.of(1, 200), Uint8Array.of(2, 100), bytes);
    expect([...bytes]).toEqual([255, 100]);
    e.neg(Uint8Array.of(1, 0), bytes);
    expect([...bytes]).toEqual([255, 0]);
    e.square(Int32Array.of(65537, -3), out);
    expect([...out]).toEqual([131073, 9]);
  });

  it('casts', () => {
    const x = Float64Array.of(1.9, -1.9, 300.5, nan, inf, -1, 2 ** 31);
    const integers = new Int32Array(7);
    e.cast(x, integers);
    expect([...integers]).toEqual([1, -1, 300, 0, 0, -1, -(2 ** 31)]);
    const bytes = new Uint8Array(7);
    e.cast(x, bytes);
    expect([...bytes]).toEqual([1, 255, 44, 0, 0, 255, 0]);
    const single = new Float32Array(1);
    e.cast(Float64Array.of(1e300), single);
    expect(single[0]).toBe(inf);
  });

  it('fills, repeats along an axis and swaps axes', () => {
    const out = new Float32Array(6);
    e.fill(out, 2.5);
    expect([...out]).toEqual([2.5, 2.5, 2.5, 2.5, 2.5, 2.5]);
    // [2, 1] to [2, 3, 1]; [1, 2] to [1, 3, 2]; nothing to nothing.
    e.expand(Float32Array.of(1, 2), 2, 3, 1, out);
    expect([...out]).toEqual([1, 1, 1, 2, 2, 2]);
    e.expand(Float32Array.of(1, 2), 1, 3, 2, out);
    expect([...out]).toEqual([1, 2, 1, 2, 1, 2]);
    e.expand(Float32Array.of(1, 2), 1, 0, 2, new Float32Array(0));
    e.transpose(Float32Array.of(1, 2, 3, 4, 5, 6), 1, 2, 3, out);
    expect([...out]).toEqual([1, 4, 2, 5, 3, 6]);
    e.transpose(Float32Array.of(1, 2, 3, 4, 5, 6), 3, 2, 1, out);
    expect([...out]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describeBoth('laws', () => {
  const numbers = fc.float64Array({ maxLength: 100 });

  it('an operand may be the result', () => {
    fc.assert(
      fc.property(numbers, fc.double(), (x, value) => {
        for (const Type of FLOATS) {
          const a = Type.from(x);
          const b = Type.from(x).map((v) => v / 3);
          const scalar = Type.of(value);
          for (const f of [e.add, e.sub, e.mul, e.div, e.maximum, e.minimum]) {
            const [out, left, right, single] = [new Type(a.length), a.slice(), b.slice(), a.slice()];
            f(a, b, out);
            f(left, b, left);
            f(a, right, right);
            expect(left).toEqual(out);
            expect(right).toEqual(out);
            if (a.length === 0) continue;
            f(a, scalar, out);
            f(single, scalar, single);
            expect(single).toEqual(out);
          }
        }
      }),
    );
  });

  it('adding and taking away, flooring and splitting off', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true, noDefaultInfinity: true, maxLength: 100 }), (x) => {
        const [low, rest, whole] = [x.slice(), x.slice(), x.slice()];
        e.floor(x, low);
        e.sub(x, low, rest);
        expect(rest.every((v) => v >= 0 && v <= 1)).toBe(true);
        e.neg(x, whole);
        e.add(x, whole, whole);
        expect(whole.every((v) => v === 0)).toBe(true);
      }),
    );
  });

  it('transposing twice changes nothing', () => {
    fc.assert(
      fc.property(fc.nat(3), fc.nat(40), fc.nat(40), (batch, rows, columns) => {
        for (const Type of [Float32Array, Float64Array, Int32Array, Uint8Array] as FloatType[]) {
          const x = new Type(batch * rows * columns).map((_, i) => i % 251);
          const [once, twice] = [x.slice(), x.slice()];
          e.transpose(x, batch, rows, columns, once);
          e.transpose(once, batch, columns, rows, twice);
          expect(twice).toEqual(x);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('sizes', () => {
  // Where kernels start, where copies start to pay, pieces of the scratch space, long rows that repeat.
  it.each([
    [63, 63],
    [64, 1],
    [255, 255],
    [256, 4],
    [5000, 5000],
    [40001, 40001],
    [40000, 1],
    [40000, 10],
    [12000, 3000],
    [13000, 3000],
    [50000, 25000],
  ])('%d numbers of the heap and %d that repeat', (n, period) => {
    for (const Type of FLOATS) {
      const a = new Type(n).map((_, i) => i % 1009);
      const b = new Type(period).map((_, i) => (i % 13) - 6);
      const [out, back] = [new Type(n), new Type(n)];
      e.sub(a, b, out);
      expect(out.every((v, i) => v === (i % 1009) - (((i % period) % 13) - 6))).toBe(true);
      e.sub(b, a, back);
      expect(back.every((v, i) => v === -out[i]! || v === 0)).toBe(true);
      const less = new Uint8Array(n);
      e.less(a, b, less);
      expect(less.every((v, i) => v === +(a[i]! < b[i % period]!))).toBe(true);
    }
  });
});
