import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lines } from '../src/index.ts';
import { type Any, look, textOf } from './help.ts';

const rows = (...args: Parameters<typeof lines>): Any[] => look(lines(...args)).data.values;

describe('lines', () => {
  it('counts steps from 1', () => {
    const spec = look(lines([3, 2]));
    expect(spec.data.values).toEqual([
      { x: 1, y: 3 },
      { x: 2, y: 2 },
    ]);
    expect(spec.title.text).toBe('value by step');
    expect(spec.encoding).not.toHaveProperty('color');
  });

  it('takes x of all lines or of each, and one line as it is', () => {
    expect(rows({ x: [5, 6], y: [1, 2] })).toEqual([
      { x: 5, y: 1 },
      { x: 6, y: 2 },
    ]);
    expect(rows({ a: [1], b: { x: [9], y: [2] } }, { x: [7] })).toEqual([
      { line: 'a', x: 7, y: 1 },
      { line: 'b', x: 9, y: 2 },
    ]);
  });

  it('names a single line by its axis and several by a legend in their order', () => {
    expect(look(lines({ loss: [1, 2] }, { xLabel: 'epoch' })).title.text).toBe('loss by epoch');
    const { color } = look(lines({ b: [1], a: [2] }, { legend: 'run' })).encoding;
    expect(color).toMatchObject({ title: 'run', scale: { domain: ['b', 'a'] }, legend: { orient: 'bottom' } });
  });

  it('colors more than eight lines in a run', () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, k) => [`l${k}`, [k]]));
    const { range } = look(lines(many)).encoding.color.scale;
    expect(range).toHaveLength(9);
    expect([range[0], range[4], range[8]]).toEqual(['#0072b2', '#a65a9c', '#d55e00']);
  });

  it('breaks where a value is missing, and says so', () => {
    const spec = look(lines([1, Number.NaN, 3, Number.POSITIVE_INFINITY]));
    expect(spec.data.values.map((row: Any) => row.y)).toEqual([1, null, 3, null]);
    expect(spec.title.subtitle).toBe('2 points of 4 left out: not finite');
  });

  it('leaves out what a logarithmic axis cannot show', () => {
    const spec = look(lines([10, 0, -1, 1], { yScale: 'log' }));
    expect(spec.data.values.map((row: Any) => row.y)).toEqual([10, null, null, 1]);
    expect(textOf(spec.title.subtitle)).toBe('2 points of 4 left out: not finite or not above 0');
    expect(rows({ x: [0, 1], y: [1, 2] }, { xScale: 'log' })).toEqual([{ x: 1, y: 2 }]);
  });

  it('draws bands and levels', () => {
    const spec = look(lines({ y: [1, 2], low: [0, Number.NaN], high: [2, 3] }, { levels: { goal: 1.5 } }));
    expect(spec.data.values[1]).toEqual({ x: 2, y: 2, low: null, high: 3 });
    expect(spec.layer.map(({ mark }: Any) => mark.type)).toEqual(['area', 'line', 'rule', 'text']);
    expect(spec.layer[3].mark.text).toBe('goal');
  });

  it('keeps the peaks, the ends and the gaps of long lines', () => {
    const y = Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 5000));
    y[31_234] = 50;
    y[70_001] = -50;
    y[50_000] = Number.NaN;
    const kept = rows(y);
    expect(kept.length).toBeLessThan(1100);
    expect(kept).toContainEqual({ x: 31_235, y: 50 });
    expect(kept).toContainEqual({ x: 70_002, y: -50 });
    expect(kept).toContainEqual({ x: 50_001, y: null });
    expect([kept[0].x, kept.at(-1).x]).toEqual([1, 100_000]);
  });

  it('keeps the least, the greatest, the order and the ends of any line (law)', () => {
    const values = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.integer({ min: 8, max: 40 }), (y, maxPoints) => {
        const kept = rows(y, { maxPoints });
        expect(kept.length).toBeLessThanOrEqual(Math.max(y.length <= maxPoints ? y.length : 0, maxPoints + 4));
        for (const [i, row] of kept.entries()) {
          expect(row.y).toBe(y[row.x - 1]);
          if (i > 0) expect(row.x).toBeGreaterThan(kept[i - 1].x);
        }
        const heights = kept.map((row: Any) => row.y);
        expect([Math.min(...heights), Math.max(...heights)]).toEqual([Math.min(...y), Math.max(...y)]);
        expect([kept[0].x, kept.at(-1).x]).toEqual([1, y.length]);
      }),
    );
  });

  it('refuses what is no line', () => {
    expectError(() => lines({}), DataError, 'lines: series must have at least one line, got none');
    expectError(() => lines([]), DataError, 'lines: series must have at least one number, got none');
    const nothing = 'lines: series must be numbers, or several of them by names, got null';
    expectError(() => lines(null as never), OptionError, nothing);
    expectError(
      () => lines({ loss: 3 as never }),
      OptionError,
      'lines: loss must be numbers or { x, y, low, high }, got 3',
    );
    expectError(
      () => lines({ a: { z: [1] } as never }),
      OptionError,
      'lines: a: there is no option z, only x, y, low and high',
    );
    expectError(() => lines([Number.NaN]), DataError, 'lines: series must have a finite value, got none');
    expectError(
      () => lines({ a: [1], b: [0] }, { yScale: 'log' }),
      DataError,
      'lines: b must have a finite value above 0, got none',
    );
    expectError(() => lines([1, 2], { x: [1] }), ShapeError, 'lines: series has 2 values, but x has 1');
    expectError(() => lines({ a: { x: [1, 2], y: [1] } }), ShapeError, 'lines: a has 1 value, but a.x has 2');
    expectError(
      () => lines({ a: { y: [1], low: [0] } }),
      OptionError,
      'lines: a must have both edges of its band, low and high, or none, got one',
    );
    expectError(
      () => lines({ a: { y: [1], low: [0, 1], high: [2] } }),
      ShapeError,
      'lines: a.low has 2 values, but a.y has 1',
    );
    expectError(
      () => lines([1], { levels: { goal: Number.NaN } }),
      OptionError,
      'lines: levels.goal must be a number, got NaN',
    );
    expectError(
      () => lines([1], { yDomain: [2, 1] }),
      OptionError,
      'lines: yDomain must be [low, high] with low < high, got [2, 1]',
    );
    expectError(
      () => lines([1], { yScale: 'sqrt' as never }),
      OptionError,
      "lines: yScale must be 'linear' or 'log', got 'sqrt'",
    );
    expectError(() => lines([1], { width: 0 }), OptionError, 'lines: width must be a number ≥ 10 and ≤ 10000, got 0');
    expectError(() => lines([1], { title: 3 as never }), OptionError, 'lines: title must be a string, got 3');
  });
});
