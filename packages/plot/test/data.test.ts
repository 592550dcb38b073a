import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { readArray, readMatrix, readNumbers, readPoints, shortNumber } from '../src/data.ts';
import { heatmap, lines, scatter } from '../src/index.ts';
import { classesOf, readLabels } from '../src/labels.ts';
import { look } from './help.ts';

/** What plots need of a tensor. */
const tensorLike = (data: number[], shape: number[]) => ({
  shape,
  toTypedArray: () => Float32Array.from(data),
  toArray: () => data,
});

describe('plain data', () => {
  it('may be arrays, typed arrays, tensors and flat numbers with a shape', () => {
    for (const source of [
      [1, 2.5],
      Float64Array.of(1, 2.5),
      Float32Array.of(1, 2.5),
      tensorLike([1, 2.5], [2]),
      tensorLike([1, 2.5], [2, 1]),
      { toArray: () => [1, 2.5] },
    ]) {
      expect(readNumbers('f', 'x', source)).toEqual([1, 2.5]);
    }
    const rows = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    const flat = [1, 2, 3, 4, 5, 6];
    for (const source of [
      rows,
      rows.map((row) => Int32Array.from(row)),
      { data: flat, shape: [3, 2] },
      tensorLike(flat, [3, 2]),
      { toArray: () => rows },
    ]) {
      expect(readMatrix('f', 'x', source)).toMatchObject({ data: flat, rows: 3, columns: 2 });
      expect(readPoints('f', 'x', source)).toEqual({ x: [1, 3, 5], y: [2, 4, 6] });
    }
    expect(readPoints('f', 'x', { x: [1, 3], y: Float64Array.of(2, 4) })).toEqual({ x: [1, 3], y: [2, 4] });
    expect(readArray('f', 'x', [[[1], [2]]]).shape).toEqual([1, 2, 1]);
  });

  it('gives the same plot whatever holds it, and is left as it was', () => {
    const rows = [
      [1, 2],
      [3, 4],
    ];
    expect(heatmap({ data: Uint8Array.of(1, 2, 3, 4), shape: [2, 2] })).toEqual(heatmap(rows));
    expect(scatter({ x: [1, 3], y: [2, 4] })).toEqual(scatter(rows));
    expect(rows).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('reads float32 as the decimals that were meant', () => {
    expect(readNumbers('f', 'x', Float32Array.of(0.1, 1 / 3, 1e-20, -2.5, Number.NaN, 16_777_217))).toEqual([
      ...[0.1, 0.33333334, 1e-20, -2.5, Number.NaN, 16_777_216],
    ]);
    expect(look(lines(Float32Array.of(0.1, 0.2))).data.values).toEqual([
      { x: 1, y: 0.1 },
      { x: 2, y: 0.2 },
    ]);
  });

  it('takes null for a missing number', () => {
    expect(readNumbers('f', 'x', [1, null, 3])).toEqual([1, Number.NaN, 3]);
  });

  it('is refused by name and place', () => {
    const wanted = 'must be an array of numbers, a typed array or a tensor';
    expectError(() => readNumbers('lines', 'loss', 'abc'), OptionError, `lines: loss ${wanted}, got 'abc'`);
    expectError(() => readNumbers('lines', 'loss', undefined), OptionError, `lines: loss ${wanted}, got undefined`);
    expectError(() => readNumbers('lines', 'loss', { a: 1 }), OptionError, `lines: loss ${wanted}, got an object`);
    expectError(
      () => readNumbers('lines', 'loss', []),
      DataError,
      'lines: loss must have at least one number, got none',
    );
    expectError(() => readNumbers('lines', 'loss', [1, '2']), DataError, "lines: loss[1] must be a number, got '2'");
    expectError(() => readNumbers('lines', 'loss', [1n]), DataError, 'lines: loss[0] must be a number, got 1n');
    expectError(
      () =>
        readNumbers('lines', 'loss', [
          [1, 2],
          [3, 4],
        ]),
      ShapeError,
      'lines: loss must have one axis, got shape [2, 2]',
    );
    const ragged = 'heatmap: the parts of values must have one shape, but values[0] is [2] and values[1] is [1]';
    expectError(() => heatmap([[1, 2], [3]]), ShapeError, ragged);
    expectError(
      () => heatmap([]),
      DataError,
      'heatmap: values must have at least one row and one column, got shape [0]',
    );
    expectError(
      () => scatter([]),
      DataError,
      'scatter: points must have at least one row and one column, got shape [0]',
    );
    expectError(
      () => heatmap([[]]),
      DataError,
      'heatmap: values must have at least one row and one column, got shape [1, 0]',
    );
    const wrong = { data: [1, 2, 3], shape: [2, 2] };
    expectError(() => heatmap(wrong), ShapeError, 'heatmap: values has shape [2, 2], but 3 numbers');
    expectError(() => heatmap([[1, 'a' as never]]), DataError, "heatmap: values[0][1] must be a number, got 'a'");
  });

  it('must fit together', () => {
    const points = 'scatter: points must be [n, 2], got shape [1, 3]; choose two columns with { x, y }';
    expectError(() => scatter([[1, 2, 3]]), ShapeError, points);
    expectError(() => scatter([[1]]), ShapeError, 'scatter: points must be [n, 2], got shape [1, 1]');
    expectError(() => scatter({ x: [1, 2], y: [1] }), ShapeError, 'scatter: points.y has 1 value, but points.x has 2');
    const groups = 'scatter: groups has 3 values, but points has 1';
    expectError(() => scatter([[1, 2]], { groups: ['a', 'b', 'c'] }), ShapeError, groups);
  });
});

describe('labels', () => {
  it('are text, and classes in order: numbers by size, then words', () => {
    expect(readLabels('f', 'y', [10, 9, 'b', 'a', 9])).toEqual({
      labels: ['10', '9', 'b', 'a', '9'],
      classes: ['9', '10', 'a', 'b'],
    });
    expect(readLabels('f', 'y', [true, false]).classes).toEqual(['false', 'true']);
    expect(readLabels('f', 'y', Int32Array.of(2, 0)).classes).toEqual(['0', '2']);
    expect(readLabels('f', 'y', { toArray: () => [1, 0] }).labels).toEqual(['1', '0']);
    expect(classesOf(['나', '가', '-1', '2'])).toEqual(['-1', '2', '가', '나']);
  });

  it('are refused by name and place', () => {
    expectError(() => readLabels('f', 'y', 'abc'), OptionError, "f: y must be an array of labels, got 'abc'");
    const kinds = 'must be a string, a number or a boolean';
    expectError(() => readLabels('f', 'y', ['a', null]), DataError, `f: y[1] ${kinds}, got null`);
    expectError(() => readLabels('f', 'y', [Number.NaN]), DataError, `f: y[0] ${kinds}, got NaN`);
  });
});

describe('shortNumber', () => {
  it('keeps a few digits and all those before the point', () => {
    expect([0, 1, 0.12345, 12_345.6, -1234.5, 1e-9, 999.9, 99.95].map((value) => shortNumber(value))).toEqual([
      ...['0', '1', '0.123', '12346', '-1234', '1e-9', '1000', '100'],
    ]);
  });
});
