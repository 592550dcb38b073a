import { afterEach, describe, expect, it } from 'vitest';
import { nearest, squaredDistances } from '../src/distance.ts';
import { choice } from '../src/module.ts';

afterEach(() => {
  choice().mode = 'auto';
});

/** Quarters from -4 to 4, so that every sum is exact in either precision. */
function quarters<T extends Float32Array | Float64Array>(array: T, seed: number): T {
  let state = seed + 1;
  for (let i = 0; i < array.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    array[i] = ((state >>> 16) % 33) / 4 - 4;
  }
  return array;
}

function squared(x: ArrayLike<number>, y: ArrayLike<number>, i: number, j: number, d: number): number {
  let sum = 0;
  for (let l = 0; l < d; l++) sum += (x[i * d + l]! - y[j * d + l]!) ** 2;
  return sum;
}

describe.each(['js', 'wasm'] as const)('squared distances in %s', (mode) => {
  it('by hand', () => {
    choice().mode = mode;
    const out = new Float64Array(6);
    squaredDistances(new Float64Array([0, 0, 3, 4]), new Float64Array([0, 0, 1, 1, 3, 4]), 2, 3, 2, out);
    expect(Array.from(out)).toEqual([0, 2, 25, 25, 13, 0]);
  });

  it('of points that lie close together keep their digits', () => {
    choice().mode = mode;
    const out = new Float32Array(1);
    squaredDistances(new Float32Array([10000, 10000]), new Float32Array([10000.0625, 10000]), 1, 1, 2, out);
    expect(out[0]).toBe(0.0625 ** 2);
  });

  it('of all sizes, against the definition', () => {
    choice().mode = mode;
    for (const Type of [Float32Array, Float64Array]) {
      for (const [n, m, d] of [
        [1, 1, 1],
        [3, 7, 5],
        [4, 8, 4],
        [5, 9, 3],
        [9, 17, 13],
        [300, 3, 2],
        [2, 4, 100],
      ] as const) {
        const [x, y] = [quarters(new Type(n * d), 1), quarters(new Type(m * d), 2)];
        const out = new Type(n * m);
        squaredDistances(x, y, n, m, d, out);
        const expected = Array.from({ length: n * m }, (_, at) => squared(x, y, Math.floor(at / m), at % m, d));
        expect(Array.from(out), `${n} ${m} ${d}`).toEqual(expected);
      }
    }
  });
});

describe.each(['js', 'wasm'] as const)('nearest centers in %s', (mode) => {
  it('by hand; of equals the first', () => {
    choice().mode = mode;
    const labels = new Int32Array(4);
    const distances = new Float32Array(4);
    nearest(new Float32Array([0, 1, 2, 9]), new Float32Array([2, 0, 2]), 4, 3, 1, labels, distances);
    expect(Array.from(labels)).toEqual([1, 0, 0, 0]);
    expect(Array.from(distances)).toEqual([0, 1, 0, 49]);
  });

  it('of all sizes, against the definition', () => {
    choice().mode = mode;
    for (const Type of [Float32Array, Float64Array]) {
      for (const [n, k, d] of [
        [1, 1, 1],
        [7, 2, 3],
        [8, 4, 4],
        [9, 5, 10],
        [33, 13, 7],
        [5, 3, 300],
      ] as const) {
        const [x, centers] = [quarters(new Type(n * d), 1), quarters(new Type(k * d), 2)];
        const labels = new Int32Array(n);
        const distances = new Type(n);
        nearest(x, centers, n, k, d, labels, distances);
        for (let i = 0; i < n; i++) {
          const all = Array.from({ length: k }, (_, c) => squared(x, centers, i, c, d));
          const least = Math.min(...all);
          expect([labels[i], distances[i]], `${n} ${k} ${d}`).toEqual([all.indexOf(least), least]);
        }
      }
    }
  });
});
