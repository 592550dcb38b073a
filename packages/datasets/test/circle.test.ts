import { describe, expect, test } from 'vitest';
import { onCircle } from '../src/generators/circle.ts';

describe('points on a circle', () => {
  test('are where sine and cosine are', () => {
    for (let i = -2000; i <= 2000; i++) {
      for (const t of [i / 100, i * Math.PI * 0.25, i * 37.7]) {
        const [x, y] = onCircle(t);
        expect(Math.abs(x - Math.cos(t))).toBeLessThan(4e-16);
        expect(Math.abs(y - Math.sin(t))).toBeLessThan(4e-16);
      }
    }
    expect(onCircle(0)).toEqual([1, 0]);
  });

  test('have the same bits on every engine', () => {
    let hash = 0;
    for (let i = 0; i < 1000; i++) {
      const words = new Uint32Array(Float64Array.from(onCircle(i * 0.0237)).buffer);
      for (const word of words) hash = Math.imul(hash ^ word, 0x01000193) >>> 0;
    }
    expect(hash).toBe(3_493_502_108);
  });
});
