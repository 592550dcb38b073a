import { describe, expect, it } from 'vitest';
import { type Stroke, toDigit } from '../src/handwriting.ts';
import { drawings } from './drawings.ts';

const sum = (values: Float32Array) => values.reduce((a, b) => a + b, 0);
const inked = (ink: Float32Array, axis: 'rows' | 'columns') =>
  Array.from({ length: 8 }, (_, i) => ink.some((v, at) => v > 0 && i === (axis === 'rows' ? at >> 3 : at % 8)));

describe('a drawing in the form of the data', () => {
  it('is null for nothing', () => {
    expect(toDigit([])).toBe(null);
  });

  it('of a line upwards is a thick line in the middle, as ones are in the data', () => {
    const { ink } = toDigit([
      [
        [0.5, 0.2],
        [0.5, 0.8],
      ],
    ])!;
    for (let row = 2; row < 6; row++)
      expect([...ink.subarray(8 * row, 8 * row + 8)]).toEqual([0, 0, 8, 16, 16, 8, 0, 0]);
  });

  it('has as much ink as the data in the mean, over the full height', () => {
    for (const [digit, strokes] of drawings.entries()) {
      const { ink } = toDigit(strokes)!;
      expect(Math.max(...ink), `ink of ${digit}`).toBeLessThanOrEqual(16);
      expect(Math.abs(sum(ink) - 312), `ink of ${digit}`).toBeLessThan(32);
      expect(inked(ink, 'rows'), `rows of ${digit}`).toEqual(Array(8).fill(true));
    }
  });

  it('is the same wherever and however large it was drawn', () => {
    for (const [digit, strokes] of drawings.entries()) {
      const moved = strokes.map((stroke) => stroke.map(([x, y]): [number, number] => [0.1 + x / 4, 0.6 + y / 4]));
      expect(toDigit(moved)!.ink, String(digit)).toEqual(toDigit(strokes)!.ink);
    }
  });

  it('is no wider than the data are, however wide it was drawn', () => {
    const wide: Stroke = [
      [0.1, 0.4],
      [0.9, 0.4],
      [0.9, 0.6],
      [0.1, 0.6],
      [0.1, 0.4],
    ];
    expect(inked(toDigit([wide])!.ink, 'columns')).toEqual([true, true, true, true, true, true, true, true]);
    expect(
      toDigit([wide])!
        .ink.filter((_, at) => at % 8 === 0 || at % 8 === 7)
        .every((v) => v <= 4),
    ).toBe(true);
  });

  it('of a dot is a dot in the middle', () => {
    const { ink, frame } = toDigit([[[0.25, 0.75]]])!;
    expect(sum(ink.filter((_, at) => [27, 28, 35, 36].includes(at)))).toBe(64);
    expect(sum(ink.filter((_, at) => at % 8 < 2 || at % 8 > 5))).toBe(0);
    expect([frame.x + frame.width / 2, frame.y + frame.height / 2]).toEqual([0.25, 0.75]);
  });

  it('knows where it lies on the drawing area', () => {
    const { frame } = toDigit([
      [
        [0.4, 0.2],
        [0.4, 0.7],
      ],
    ])!;
    expect(frame.x + frame.width / 2).toBeCloseTo(0.4, 12);
    expect(frame.y).toBeLessThan(0.2);
    expect(frame.y + frame.height).toBeGreaterThan(0.7);
  });
});
