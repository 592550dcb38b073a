import { DataError, OptionError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionRegions, regression, scatter } from '../src/index.ts';
import { type Any, decodePng, look, textOf } from './help.ts';

describe('scatter', () => {
  it('keeps what belongs to a point together', () => {
    const spec = look(
      scatter(
        [
          [1, 2],
          [3, 4],
        ],
        { groups: [1, 0], sizes: [5, 6], labels: ['p', 'q'] },
      ),
    );
    expect(spec.data.values).toEqual([
      { x: 1, y: 2, group: '1', size: 5, label: 'p' },
      { x: 3, y: 4, group: '0', size: 6, label: 'q' },
    ]);
    expect(spec.layer[0].encoding.color.scale.domain).toEqual(['0', '1']);
  });

  it('leaves out what has no place, and says so', () => {
    const spec = look(
      scatter({ x: [1, Number.NaN, 3, 4], y: [1, 1, 0, 1] }, { yScale: 'log', sizes: [1, 1, 1, Number.NaN] }),
    );
    expect(spec.data.values).toEqual([{ x: 1, y: 1, size: 1 }]);
    expect(textOf(spec.title.subtitle)).toBe('3 points of 4 left out: not finite or not above 0');
  });

  it('draws every k-th of very many, and says so', () => {
    const x = Array.from({ length: 10_000 }, (_, i) => i);
    const spec = look(scatter({ x, y: x }));
    expect(spec.data.values).toHaveLength(2500);
    expect(spec.title.subtitle).toBe('2,500 points of 10,000 drawn');
  });

  it('gives highlights signs of their own', () => {
    const spec = look(scatter([[1, 2]], { highlights: { centroids: [[1, 1]], start: { x: [2], y: [3] } } }));
    expect(spec.layer[1].data.values).toEqual([
      { x: 1, y: 1, sign: 'centroids' },
      { x: 2, y: 3, sign: 'start' },
    ]);
    expect(spec.layer[1].encoding.shape.scale).toEqual({ domain: ['centroids', 'start'], range: ['cross', 'diamond'] });
  });

  it('refuses what is no point', () => {
    expectError(() => scatter([[Number.NaN, 1]]), DataError, 'scatter: points must have a finite value, got none');
    expectError(() => scatter([[1, 2]], { sizes: [-1] }), DataError, 'scatter: sizes[0] must be ≥ 0, got -1');
    expectError(
      () => scatter([[1, 2]], { maxPoints: 0 }),
      OptionError,
      'scatter: maxPoints must be an integer ≥ 1, got 0',
    );
  });
});

describe('regression', () => {
  it('finds the line of least squares by hand', () => {
    // x̄ = 2, ȳ = 4; Σ(x-x̄)(y-ȳ) = (-2)(-3) + (-1)(-1) + 0 + 3·4 = 19 over Σ(x-x̄)² = 14.
    const spec = look(regression({ x: [0, 1, 2, 5], y: [1, 3, 4, 8] }));
    const fitted = spec.layer[1].data.values;
    expectClose(fitted, [
      { x: 0, y: 4 - (2 * 19) / 14 },
      { x: 5, y: 4 + (3 * 19) / 14 },
    ]);
    expect(spec.title.text).toBe('y = 1.36 x + 1.29');
  });

  it('leaves out points that are not finite, from the fit too', () => {
    const spec = look(regression({ x: [0, 1, 2], y: [1, 3, Number.NaN] }, { xLabel: 'size', yLabel: 'price' }));
    expectClose(spec.layer[1].data.values, [
      { x: 0, y: 1 },
      { x: 1, y: 3 },
    ]);
    expect(spec.title).toEqual({ text: 'price = 2 size + 1', subtitle: '1 point of 3 left out: not finite' });
  });

  it('draws a given line, or a curve with its band', () => {
    const straight = look(regression([[0, 0]], { fit: { slope: 2, intercept: -3 }, xDomain: [-1, 1] }));
    expect(straight.title.text).toBe('y = 2 x - 3');
    expect(straight.layer[1].data.values).toEqual([
      { x: -1, y: -5 },
      { x: 1, y: -1 },
    ]);
    const curve = look(
      regression(
        [
          [0, 0],
          [2, 4],
        ],
        { fit: (x) => x * x, band: (x) => [x, Number.NaN] },
      ),
    );
    expect(curve.title.text).toBe('y by x');
    expect(curve.layer[1].data.values).toHaveLength(101);
    expect(curve.layer[1].data.values[50]).toEqual({ x: 1, y: 1, low: 1, high: null });
    expect(curve.layer[1].layer.map(({ mark }: Any) => mark.type)).toEqual(['area', 'line']);
  });

  it('recovers any line from its points (law)', () => {
    const number = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(number, number, fc.uniqueArray(number, { minLength: 2, maxLength: 20 }), (slope, intercept, x) => {
        const spec = look(regression({ x, y: x.map((value) => intercept + slope * value) }));
        for (const row of spec.layer[1].data.values) expectClose(row.y, intercept + slope * row.x, { atol: 1e-9 });
      }),
    );
  });

  it('refuses a line through one place, and what is no fit', () => {
    const one = 'regression: a line needs points at two different x at least, got one; give a fit';
    expectError(
      () =>
        regression([
          [1, 2],
          [1, 3],
        ]),
      DataError,
      one,
    );
    const fit = 'regression: fit must be { slope, intercept } or a function of x, got [1, 2]';
    expectError(() => regression([[1, 2]], { fit: [1, 2] as never }), OptionError, fit);
    const result = "regression: fit must return a number, got 'a'";
    expectError(() => regression([[1, 2]], { fit: (() => 'a') as never }), OptionError, result);
  });
});

describe('decisionRegions', () => {
  const points = [
    [-1, -1],
    [1, 1],
  ];

  it('asks once for the centers of all pixels, from the top left', () => {
    const calls: number[][][] = [];
    const options = { resolution: 2, xDomain: [0, 4], yDomain: [0, 2] } as const;
    const predict = (rows: number[][]) => {
      calls.push(rows);
      return rows.map(() => 'a');
    };
    decisionRegions(predict, points, ['a', 'b'], options);
    expect(calls).toEqual([
      [
        [1, 1.5],
        [3, 1.5],
        [1, 0.5],
        [3, 0.5],
      ],
    ]);
  });

  it('colors each pixel and each point by its class', { tags: ['node'] }, () => {
    const spec = look(decisionRegions((rows) => rows.map(([x, y]) => (x! + y! > 0 ? 1 : 0)), points, [0, 1]));
    const { width, height, pixels } = decodePng(spec.layer[0].mark.url);
    expect([width, height]).toEqual([100, 100]);
    const [blue, vermillion] = [
      [0x00, 0x72, 0xb2, 96],
      [0xd5, 0x5e, 0x00, 96],
    ];
    expect(pixels[99]).toEqual(vermillion); // top right
    expect(pixels[99 * 100]).toEqual(blue); // bottom left
    expect(spec.layer[1].data.values).toEqual([
      { x: -1, y: -1, class: '0' },
      { x: 1, y: 1, class: '1' },
    ]);
    expect(spec.layer[1].encoding.fill.scale).toEqual({ domain: ['0', '1'], range: ['#0072b2', '#d55e00'] });
  });

  it('reaches a twentieth beyond the points', () => {
    expect(look(decisionRegions((rows) => rows.map(() => 0), points, [0, 1])).encoding.x.scale.domain).toEqual([
      -1.1, 1.1,
    ]);
  });

  it('refuses predictions that do not fit', () => {
    const call =
      (predict: Any, labels: Any = [0, 1]) =>
      () =>
        decisionRegions(predict, points, labels, { resolution: 10 });
    const few = 'decisionRegions: predict must return a label for each of 100 rows, got 1';
    expectError(
      call(() => [0]),
      Error,
      few,
    );
    const values =
      'decisionRegions: predict must return one of a few classes, got 102 different labels; for numbers use contour';
    expectError(
      call((rows: Any) => rows.map((_: Any, i: number) => i + 0.5)),
      DataError,
      values,
    );
    expectError(call('model'), OptionError, "decisionRegions: predict must be a function of rows [x, y], got 'model'");
    expectError(
      call(() => [0], [0]),
      Error,
      'decisionRegions: labels has 1 value, but points has 2',
    );
  });
});
