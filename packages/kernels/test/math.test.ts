import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as math from '../src/math.ts';
import { describeBoth } from './both.ts';

const TYPES: (Float32ArrayConstructor | Float64ArrayConstructor)[] = [Float32Array, Float64Array];

type Unary = (x: Float32Array | Float64Array, out: Float32Array | Float64Array) => void;
const unary = math as unknown as Record<string, Unary>;

const values = (
  name: string,
  x: number[],
  Type: typeof Float32Array | typeof Float64Array = Float64Array,
): number[] => {
  const out = new Type(x.length);
  unary[name]!(Type.from(x), out);
  return [...out];
};

describeBoth('worked by hand', () => {
  // What IEEE 754 and C's Annex F ask for; -0 is not 0 here.
  const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
  const cases: [name: string, x: number[], y: number[]][] = [
    ['exp', [0, -0, inf, -inf, nan, 710, -746], [1, 1, inf, 0, nan, inf, 0]],
    ['expm1', [0, -0, inf, -inf, nan, 710, -100], [0, -0, inf, -1, nan, inf, -1]],
    ['log', [1, 0, -0, inf, -1, -inf, nan], [0, -inf, -inf, inf, nan, nan, nan]],
    ['log1p', [0, -0, -1, -2, inf, -inf, nan], [0, -0, -inf, nan, inf, nan, nan]],
    ['sin', [0, -0, inf, -inf, nan], [0, -0, nan, nan, nan]],
    ['cos', [0, -0, inf, -inf, nan], [1, 1, nan, nan, nan]],
    ['tan', [0, -0, inf, -inf, nan], [0, -0, nan, nan, nan]],
    ['asin', [0, -0, 1.5, -1.5, inf, nan], [0, -0, nan, nan, nan, nan]],
    ['acos', [1, 1.5, -1.5, -inf, nan], [0, nan, nan, nan, nan]],
    ['atan', [0, -0, nan], [0, -0, nan]],
    ['sinh', [0, -0, inf, -inf, nan, 800], [0, -0, inf, -inf, nan, inf]],
    ['cosh', [0, -0, inf, -inf, nan, -800], [1, 1, inf, inf, nan, inf]],
    ['tanh', [0, -0, inf, -inf, nan, 100, -100], [0, -0, 1, -1, nan, 1, -1]],
    ['sigmoid', [0, -0, inf, -inf, nan, 100, -800], [0.5, 0.5, 1, 0, nan, 1, 0]],
    ['logSigmoid', [inf, -inf, nan, -800], [-0, -inf, nan, -800]],
    ['softplus', [inf, -inf, nan, 800], [inf, 0, nan, 800]],
    ['silu', [0, -0, inf, -inf, nan, 900, -900], [0, -0, inf, -0, nan, 900, -0]],
    ['gelu', [0, -0, inf, -inf, nan, 50], [0, -0, inf, -0, nan, 50]],
    ['erf', [0, -0, inf, -inf, nan, 7], [0, -0, 1, -1, nan, 1]],
    ['erfc', [0, -0, inf, -inf, nan, 40, -7], [1, 1, 0, 2, nan, 0, 2]],
    ['rsqrt', [4, 0, -0, inf, -1, nan], [0.5, inf, -inf, 0, nan, nan]],
  ];
  it.each(cases)('%s of special numbers', (name, x, y) => {
    expect(values(name, x)).toEqual(y);
    expect(values(name, x, Float32Array)).toEqual(y);
  });

  it('is exact where the answer is simple', () => {
    const { PI } = Math;
    expect(values('asin', [1, -1])).toEqual([PI / 2, -PI / 2]);
    expect(values('acos', [-1, 0])).toEqual([PI, PI / 2]);
    expect(values('atan', [1, Number.POSITIVE_INFINITY, -1e300])).toEqual([PI / 4, PI / 2, -PI / 2]);
    expect(values('exp', [1, -1])).toEqual([Math.E, 0.36787944117144233]);
    expect(values('log', [2, 0.5, Math.E])).toEqual([Math.LN2, -Math.LN2, 1]);
  });

  it('keeps the smallest numbers', () => {
    const small = [5e-324, -5e-324, 1e-310, -2.2250738585072014e-308];
    for (const name of ['expm1', 'log1p', 'sin', 'tan', 'asin', 'atan', 'sinh', 'tanh']) {
      expect(values(name, small), name).toEqual(small);
    }
    expect(values('log', [5e-324, 2.2250738585072014e-308])).toEqual([-744.4400719213812, -708.3964185322641]);
    expect(values('exp', [-745])).toEqual([5e-324]);
    const small32 = [2 ** -149, -(2 ** -149), 2 ** -130];
    for (const name of ['expm1', 'log1p', 'sin', 'tan', 'asin', 'atan', 'sinh', 'tanh']) {
      expect(values(name, small32, Float32Array), name).toEqual(small32);
    }
    expect(values('exp', [-103.9], Float32Array)).toEqual([2 ** -149]);
    expect(values('log', [2 ** -149], Float32Array)).toEqual([Math.fround(-149 * Math.LN2)]);
  });

  const powers: [x: number, y: number, z: number][] = [
    [2, 10, 1024],
    [3, 2, 9],
    [10, 15, 1e15],
    [-2, 3, -8],
    [-2, 2, 4],
    [-8, 1 / 3, nan],
    [0, 0, 1],
    [nan, 0, 1],
    [1, nan, 1],
    [nan, 1, nan],
    [2, nan, nan],
    [1, inf, 1],
    [-1, inf, 1],
    [-1, -inf, 1],
    [0.5, inf, 0],
    [0.5, -inf, inf],
    [2, -inf, 0],
    [-2, inf, inf],
    [inf, -1, 0],
    [inf, 0.5, inf],
    [-inf, 3, -inf],
    [-inf, 0.5, inf],
    [-inf, -3, -0],
    [0, -1, inf],
    [-0, -1, -inf],
    [-0, -2, inf],
    [-0, 3, -0],
    [-0, 0.5, 0],
    [2, -1074, 5e-324],
    [2, 1e300, inf],
    [1 + 2 ** -52, 1e300, inf],
    [-3, 2 ** 53, inf],
    [-1, 2 ** 53 - 1, -1],
  ];
  it.each(powers)('pow(%d, %d) is %d', (x, y, z) => {
    const out = new Float64Array(1);
    math.pow(Float64Array.of(x), Float64Array.of(y), out);
    expect(out[0]).toBe(z);
    const pair = new Float64Array(2);
    math.pow(Float64Array.of(x, x), Float64Array.of(y, y), pair);
    expect([...pair]).toEqual([z, z]);
    if (Math.fround(y) !== y || Math.fround(x) !== x) return;
    const out32 = new Float32Array(2);
    math.pow(Float32Array.of(x, x), Float32Array.of(y, y), out32);
    expect([...out32]).toEqual([Math.fround(z), Math.fround(z)]);
  });

  it('repeats the shorter operand of a power', () => {
    const out = new Float32Array(4);
    math.pow(Float32Array.of(1, 2, 3, 4), Float32Array.of(2), out);
    expect([...out]).toEqual([1, 4, 9, 16]);
    math.pow(Float32Array.of(1, 2, 3, 4), Float32Array.of(-1, 3), out);
    expect([...out]).toEqual([1, 8, Math.fround(1 / 3), 64]);
    math.pow(Float32Array.of(2), Float32Array.of(0, 1, 2, 3), out);
    expect([...out]).toEqual([1, 2, 4, 8]);
  });

  it('wraps powers of integers around', () => {
    const out = new Int32Array(5);
    math.pow(Int32Array.of(3, -2, 10, -1, 7), Int32Array.of(4, 31, 10, -3, -2), out);
    expect([...out]).toEqual([81, -(2 ** 31), 1410065408, -1, 0]);
  });

  it('multiplies gradients through tanh and the sigmoid', () => {
    const out = new Float64Array(3);
    math.tanhBackward(Float64Array.of(0, 0.5, -1), Float64Array.of(2, 4, 8), out);
    expect([...out]).toEqual([2, 3, 0]);
    math.sigmoidBackward(Float64Array.of(0.5, 0.25, 1), Float64Array.of(2, 16, 8), out);
    expect([...out]).toEqual([0.5, 3, 0]);
  });
});

// Values of mpmath, rounded to float64. Float32 results are to be within 1 unit in the last place and float64 results within 2.
describeBoth('against mpmath', () => {
  interface Points {
    x: number[];
    b?: number[];
    y: number[];
  }
  const fixture = JSON.parse(readFileSync(new URL('fixtures/math.json', import.meta.url), 'utf8'));

  describe.each(['float32', 'float64'] as const)('%s', (dtype) => {
    const Type = dtype === 'float32' ? Float32Array : Float64Array;
    it.each(Object.entries(fixture[dtype] as Record<string, Points>))('%s', (name, { x, b, y }) => {
      const out = new Type(x.length);
      if (b !== undefined) math.pow(Type.from(x), Type.from(b), out);
      else unary[name]!(Type.from(x), out);
      for (const [i, value] of out.entries()) {
        const distance = Math.abs(value - y[i]!) / unit(y[i]!, dtype);
        expect(distance, `${name}(${x[i]}${b ? `, ${b[i]}` : ''}) is ${y[i]}, got ${value}`).toBeLessThanOrEqual(
          dtype === 'float32' ? (name === 'rsqrt' ? 1.5 : 1) : 2,
        );
      }
    });
  });

  /** The unit in the last place of a number. */
  function unit(y: number, dtype: 'float32' | 'float64'): number {
    const [digits, least] = dtype === 'float32' ? [23, -126] : [52, -1022];
    let exponent = least;
    while (2 ** (exponent + 1) <= Math.abs(y)) exponent++;
    return dtype === 'float64' && exponent - digits < -1074 ? 2 ** -1074 : 2 ** (exponent - digits);
  }
});

describeBoth('laws', () => {
  const x = Float64Array.from({ length: 2001 }, (_, i) => (i - 1000) / 37);
  const of = (name: string, from: Float64Array): Float64Array => {
    const out = new Float64Array(from.length);
    unary[name]!(from, out);
    return out;
  };

  it('log undoes exp, and exp log', () => {
    const back = of('log', of('exp', x));
    for (const [i, v] of x.entries())
      expect(Math.abs(back[i]! - v)).toBeLessThanOrEqual(4e-15 * Math.max(1, Math.abs(v)));
    const positive = x.filter((v) => v > 0);
    const forth = of('exp', of('log', positive));
    for (const [i, v] of positive.entries()) expect(Math.abs(forth[i]! / v - 1)).toBeLessThanOrEqual(2e-15);
  });

  it('sin² + cos² is 1', () => {
    const angles = Float64Array.from(x, (v) => v * 1e12);
    const [s, c] = [of('sin', angles), of('cos', angles)];
    for (const i of x.keys()) expect(Math.abs(s[i]! ** 2 + c[i]! ** 2 - 1)).toBeLessThanOrEqual(5e-16);
  });

  it('odd functions are odd and even ones even, to the last bit', () => {
    const minus = x.map((v) => -v);
    for (const name of ['sin', 'tan', 'asin', 'atan', 'sinh', 'tanh', 'erf']) {
      expect(of(name, minus).map((v) => -v)).toEqual(of(name, x));
    }
    for (const name of ['cos', 'cosh']) expect(of(name, minus)).toEqual(of(name, x));
  });

  it('increasing functions increase, but for the last bit', () => {
    for (const name of ['exp', 'expm1', 'atan', 'sinh', 'tanh', 'sigmoid', 'logSigmoid', 'softplus', 'erf']) {
      const y = of(name, x);
      for (let i = 1; i < y.length; i++)
        expect(y[i], `${name}(${x[i]})`).toBeGreaterThanOrEqual(y[i - 1]! - 3e-16 * Math.abs(y[i]!));
    }
  });
});

describe('sizes', () => {
  // 15, 16: where kernels start; then pieces of the scratch space.
  it.each([0, 1, 15, 16, 17, 64, 385, 16384, 40001])('works on %d numbers of the heap', (n) => {
    for (const Type of TYPES) {
      const x = new Type(n).map((_, i) => (i % 97) / 10 - 4);
      const out = new Type(n);
      math.exp(x, out);
      const whole = new Type(97);
      math.exp(
        new Type(97).map((_, i) => i / 10 - 4),
        whole,
      );
      expect(out.every((v, i) => v === whole[i % 97])).toBe(true);
      math.exp(x, x);
      expect(x).toEqual(out);
    }
  });

  it('goes on after an angle that is too large for the kernel', () => {
    for (const Type of TYPES) {
      for (const [n, at] of [
        [1000, 0],
        [1000, 999],
        [1001, 1000],
        [1001, 500],
      ] as const) {
        const x = new Type(n).map((_, i) => i / 10);
        x[at] = 1e30;
        const out = new Type(n);
        math.sin(x, out);
        for (let i = 0; i < n; i++) {
          const single = new Type(1);
          math.sin(x.slice(i, i + 1), single);
          expect(out[i]).toBe(single[0]);
        }
      }
    }
  });
});
