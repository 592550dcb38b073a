import { DataError, OptionError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { contour } from '../src/index.ts';
import { type Any, decodePng, look } from './help.ts';

const bowl = (x: number, y: number) => x * x + y * y;
const square = { x: [-2, 2], y: [-2, 2] } as const;

/** The lines of a plot, by their band. */
function linesOf(spec: Any): { band: number; places: [number, number][] }[] {
  const layer = spec.layer.find(({ mark, encoding }: Any) => mark?.type === 'line' && encoding.detail.field === 'line');
  const lines: { band: number; places: [number, number][] }[] = [];
  for (const { line, band, x, y } of layer.data.values) {
    lines[line] ??= { band, places: [] };
    lines[line].places.push([x, y]);
  }
  return lines;
}

describe('contour', () => {
  it('draws circles where it should, to a pixel', () => {
    const lines = linesOf(look(contour(bowl, { ...square, levels: [0.25, 1, 2.25], filled: false })));
    expect(lines).toHaveLength(3);
    for (const { band, places } of lines) {
      const radius = band / 2;
      // A pixel is 4/280 by 4/240 of the plane.
      for (const [x, y] of places) expect(Math.abs(Math.hypot(x, y) - radius)).toBeLessThan(0.004);
      // Between the places that are kept the line leaves the circle by less than a pixel.
      for (const [k, [x, y]] of places.slice(1).entries()) {
        const [a, b] = places[k]!;
        expect(Math.abs(Math.hypot((x + a) / 2, (y + b) / 2) - radius)).toBeLessThan(0.017);
      }
    }
  });

  it('fills the bands between them', { tags: ['node'] }, () => {
    const spec = look(contour(bowl, { ...square, levels: [1, 4], ramp: 'gray', width: 100, height: 100 }));
    const { width, height, pixels } = decodePng(spec.layer[0].mark.url);
    expect([width, height]).toEqual([100, 100]);
    for (const [k, pixel] of pixels.entries()) {
      const [x, y] = [((k % 100) + 0.5) / 25 - 2, 2 - (Math.floor(k / 100) + 0.5) / 25];
      const value = bowl(x, y);
      // Interpolation may be off in the pixels along a line.
      if (Math.abs(value - 1) < 0.01 || Math.abs(value - 4) < 0.01) continue;
      const gray = value < 1 ? 0 : value < 4 ? 128 : 255;
      expect(pixel).toEqual([gray, gray, gray, 153]);
    }
  });

  it('takes a grid whose first row is the least y', () => {
    const grid = [
      [0, 0, 0],
      [1, 1, 1],
    ];
    const [line] = linesOf(look(contour(grid, { x: [0, 2], y: [10, 20], levels: [0.25], filled: false })));
    expect(line!.places.map(([, y]) => y)).toEqual([12.5, 12.5]);
    expect(line!.places.map(([x]) => x).sort()).toEqual([0, 2]);
  });

  it('chooses round levels, or such that each is a factor above the last', () => {
    const levels = (options: Any) => {
      const spec = look(contour((x) => x, { x: [1, 1000], y: [0, 1], ...options }));
      const layer = spec.layer.find(({ encoding }: Any) => encoding?.color?.legend?.labelExpr);
      return JSON.parse(layer.encoding.color.legend.labelExpr.replace('[datum.value - 1]', ''));
    };
    expect(levels({ levels: 5 })).toEqual(['200', '400', '600', '800']);
    expect(levels({ levels: 2, levelScale: 'log' })).toEqual(['10', '100']);
  });

  it('spans six powers of ten at most, whatever the least value', () => {
    const spec = look(
      contour((x, y) => bowl(x, y) + 1e-30, { ...square, levelScale: 'log', levels: 1, resolution: 81 }),
    );
    const layer = spec.layer.find(({ encoding }: Any) => encoding?.color?.legend?.labelExpr);
    // 1e-30 in the middle and 8 in the corners: the one level is √(8e-6 · 8).
    expect(layer.encoding.color.legend.labelExpr).toContain('"0.008"');
  });

  it('is empty where the function is not finite', { tags: ['node'] }, () => {
    const spec = look(contour((x) => Math.log(x), { x: [-1, 1], y: [0, 1], width: 50, height: 10 }));
    const { pixels } = decodePng(spec.layer[0].mark.url);
    expect(pixels[5]![3]).toBe(0);
    expect(pixels[45]![3]).toBe(153);
  });

  it('draws paths to their first point that is not finite', () => {
    const paths = {
      SGD: [
        [1, 1],
        [1, 1.0001],
        [0.5, 0.5],
        [Number.NaN, 0],
        [0, 0],
      ],
      Adam: { x: [1], y: [0] },
    };
    const spec = look(contour(bowl, { ...square, paths, highlights: { minimum: [[0, 0]] } }));
    const { data, layer } = spec.layer.find(({ layer }: Any) => layer);
    // The second step is too short to be seen.
    expect(data.values).toEqual([
      { path: 'SGD', x: 1, y: 1 },
      { path: 'SGD', x: 0.5, y: 0.5 },
      { path: 'Adam', x: 1, y: 0 },
    ]);
    expect(layer[2].data.values).toEqual([
      { path: 'SGD', x: 1, y: 1 },
      { path: 'Adam', x: 1, y: 0 },
    ]);
    expect(layer[3].data.values).toEqual([
      { path: 'SGD', x: 0.5, y: 0.5 },
      { path: 'Adam', x: 1, y: 0 },
    ]);
    expect(spec.layer.at(-1).data.values).toEqual([{ x: 0, y: 0, sign: 'minimum' }]);
  });

  it('refuses what has no levels', () => {
    const none = 'contour: f must take two different finite values, got only 3';
    expectError(() => contour(() => 3, square), DataError, none);
    expectError(
      () => contour(() => Number.NaN, square),
      DataError,
      'contour: f must take two different finite values, got none',
    );
    const positive = 'contour: f must take two different finite values above 0, got none';
    expectError(() => contour(() => -1, { ...square, levelScale: 'log' }), DataError, positive);
    const grid = 'contour: f must have at least two rows and two columns, got shape [1, 2]';
    expectError(() => contour([[1, 2]], square), DataError, grid);
    expectError(
      () => contour(bowl, undefined as never),
      OptionError,
      'contour: x must be [low, high] with low < high, got undefined',
    );
    expectError(
      () => contour(bowl, { x: [0, 1], y: [1, 0] }),
      OptionError,
      'contour: y must be [low, high] with low < high, got [1, 0]',
    );
    expectError(() => contour((() => 'a') as never, square), OptionError, "contour: f must return a number, got 'a'");
    const increase = 'contour: levels must increase, but levels[1] is 1';
    expectError(() => contour(bowl, { ...square, levels: [2, 1] }), OptionError, increase);
    const many = Float64Array.from({ length: 101 }, (_, i) => i);
    expectError(
      () => contour(bowl, { ...square, levels: many }),
      OptionError,
      'contour: levels must be 100 at most, got 101',
    );
  });
});
