import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  allFinite,
  type MatrixLike,
  type MatrixOptions,
  type SparseRows,
  scope,
  slice,
  tensor,
  toMatrix,
  toRows,
  toSparse,
  zeros,
} from '../src/index.ts';

const matrix = (x: unknown, options?: MatrixOptions) => toMatrix('KMeans', x as MatrixLike, options);

describe('toMatrix', () => {
  it('takes rows, flat data and tensors, as float64', () => {
    const wanted = { data: Float64Array.of(1, 2, 3, 4, 5, 6), rows: 3, columns: 2 };
    const rows = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    expect(matrix(rows)).toEqual(wanted);
    expect(matrix(rows.map((row) => Float32Array.from(row)))).toEqual(wanted);
    expect(matrix({ data: [1, 2, 3, 4, 5, 6], shape: [3, 2] })).toEqual(wanted);
    expect(matrix({ data: Int16Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] })).toEqual(wanted);
    for (const dtype of ['float32', 'float64', 'int32', 'uint8'] as const) {
      expect(matrix(tensor(rows, { dtype }))).toEqual(wanted);
      expect(scope(() => matrix(slice(tensor([[0, 0], ...rows], { dtype }), [[1, 4]])))).toEqual(wanted);
    }
    expect(matrix(tensor([[true, false]]))).toEqual({ data: Float64Array.of(1, 0), rows: 1, columns: 2 });
  });

  it('keeps float32 where asked', () => {
    const x = tensor([[0.1]]);
    expect(matrix(x, { keepFloat32: true }).data).toEqual(Float32Array.of(0.1));
    expect(matrix(x).data).toEqual(Float64Array.of(Math.fround(0.1)));
    const flat = { data: Float32Array.of(0.1), shape: [1, 1] };
    expect(matrix(flat, { keepFloat32: true }).data).toEqual(Float32Array.of(0.1));
    expect(matrix([[0.1]], { keepFloat32: true }).data).toEqual(Float64Array.of(0.1));
  });

  it('leaves the input as it is', () => {
    const rows = [[1, 2]];
    matrix(rows).data[0] = 9;
    expect(rows).toEqual([[1, 2]]);
    const x = tensor([[1, 2]]);
    matrix(x).data[0] = 9;
    expect(x.toArray()).toEqual([[1, 2]]);
  });

  it.each<[string, new (message: string) => Error, unknown, MatrixOptions?]>([
    ['x must have at least one row and one column, got shape [0, 0]', DataError, []],
    ['x must have at least one row and one column, got shape [2, 0]', DataError, [[], []]],
    ['x must have at least one row and one column, got shape [0, 3]', DataError, zeros([0, 3])],
    ['x[1] has 1 column, but x[0] has 2', ShapeError, [[1, 2], [3]]],
    ['x[1] has 0 columns, but x[0] has 2', ShapeError, [[1, 2], null]],
    ["x[0, 1] must be a number, got '2'", DataError, [[1, '2']]],
    ['x[1, 0] must be a number, got undefined', DataError, [[1], [undefined]]],
    [
      'x[0, 1] is NaN; impute or drop missing values first (see SimpleImputer)',
      DataError,
      [
        [1, Number.NaN],
        [3, 4],
      ],
    ],
    ['x[1, 0] is Infinity; all numbers must be finite', DataError, tensor([[1], [1 / 0]])],
    ['x.data[1] must be a number, got null', DataError, { data: [1, null], shape: [1, 2] }],
    ["x.data[0] must be a number, got '1'", DataError, { data: ['1', 2], shape: [2, 1] }],
    ['x[0, 0] is -Infinity; all numbers must be finite', DataError, [[-1 / 0]], { allowMissing: true }],
    ['x must have 2 axes [n, d], got shape [3]', ShapeError, zeros([3])],
    ['x must have 2 axes [n, d], got shape []', ShapeError, tensor(1)],
    ['x must have 2 axes [n, d], got shape [1, 2, 3]', ShapeError, zeros([1, 2, 3])],
    ['x has 3 numbers, but its shape [2, 2] holds 4', ShapeError, { data: [1, 2, 3], shape: [2, 2] }],
    ['x has 2 columns, but the model was fitted with 3', ShapeError, [[1, 2]], { columns: 3 }],
    ['x has 1 column, but the model was fitted with 3', ShapeError, [[1]], { columns: 3 }],
    ['data must have 2 axes [n, d], got shape [3]', ShapeError, zeros([3]), { name: 'data' }],
    ...[
      ['a Float64Array; say where rows end: { data: x, shape: [n, d] }', Float64Array.of(1, 2)],
      ['[an object]; take the numbers out of each: x.map((row) => [row.age, ...])', [{ age: 3 }]],
      ["an object of columns, of which 'b' holds strings; encode them (see OneHotEncoder)", { a: [1], b: ['c'] }],
      ['an object of columns; make a table of them (see ColumnTransformer)', { a: [1], b: Float64Array.of(2) }],
      ['[1, 2, 3]; wrap each number in a row: x.map((v) => [v])', [1, 2, 3]],
      [
        "['win money', 'lunch']; encode them (see OneHotEncoder for categories, CountVectorizer for texts)",
        ['win money', 'lunch'],
      ],
      ['an object; make sparse rows dense: toDense(x)', toSparse(tensor([[0, 1]]))],
    ].map(([came, wrong]): [string, new (message: string) => Error, unknown] => [
      `x must be a Tensor [n, d], an array of rows, or { data, shape }, got ${came}`,
      OptionError,
      wrong,
    ]),
    ...[null, undefined, 5, 'x', {}, { data: 5, shape: [1, 1] }, { data: [1], shape: 1 }, [{}], new Map()].map(
      (wrong): [string, new (message: string) => Error, unknown] => {
        const came = { string: "'x'", number: '5' }[typeof wrong as string];
        const shown = Array.isArray(wrong) ? '[an object]' : wrong instanceof Map ? 'a Map' : 'an object';
        const text = came ?? (wrong === null || wrong === undefined ? `${wrong}` : shown);
        return [`x must be a Tensor [n, d], an array of rows, or { data, shape }, got ${text}`, OptionError, wrong];
      },
    ),
  ])('says: %s', (message, ErrorClass, x, options) => {
    expectError(() => matrix(x, options), ErrorClass, `KMeans: ${message}`);
  });

  it('lets missing values pass where they are accepted', () => {
    expect(matrix([[Number.NaN, 1]], { allowMissing: true }).data).toEqual(Float64Array.of(Number.NaN, 1));
  });

  it('lets all numbers pass where the caller looks for them later', () => {
    expect(matrix([[1 / 0, 1]], { unchecked: true }).data).toEqual(Float64Array.of(1 / 0, 1));
    const sparse = toSparse(tensor([[0, 1 / 0]]));
    expect(toRows('A', sparse, { unchecked: true })).toBe(sparse);
  });

  it('finds one number that is not finite at any place, and takes the largest for finite', () => {
    for (const wrong of [Number.NaN, 1 / 0, -1 / 0]) {
      for (let at = 0; at < 11; at++) {
        const data = new Float64Array(11).fill(Number.MAX_VALUE);
        expect(allFinite(data)).toBe(true);
        data[at] = wrong;
        expect(allFinite(data)).toBe(false);
      }
    }
    expect(allFinite(new Float32Array(0))).toBe(true);
  });
});

describe('toRows', () => {
  it('takes sparse rows as they are, and all else as toMatrix does', () => {
    const sparse = toSparse(
      tensor([
        [1, 0],
        [0, 2],
      ]),
    );
    expect(toRows('A', sparse)).toBe(sparse);
    expect(toRows('A', [[1, 2]])).toEqual(toMatrix('A', [[1, 2]]));
  });

  it.each<[string, new (message: string) => Error, SparseRows, MatrixOptions?]>([
    ['x has 2 columns, but the model was fitted with 3', ShapeError, toSparse(tensor([[1, 0]])), { columns: 3 }],
    ['x must have at least one row and one column, got shape [0, 2]', DataError, toSparse(zeros([0, 2]))],
    [
      'x[2, 1] is NaN; impute or drop missing values first (see SimpleImputer)',
      DataError,
      toSparse(
        tensor([
          [1, 1],
          [0, 0],
          [0, Number.NaN],
        ]),
      ),
    ],
    ['x[0, 1] is Infinity; all numbers must be finite', DataError, toSparse(tensor([[0, Number.POSITIVE_INFINITY]]))],
    [
      'data must be a Float32Array or Float64Array, got [1]',
      OptionError,
      { ...toSparse(zeros([1, 1])), data: [1] } as never,
    ],
  ])('refuses: %s', (message, type, x, options) => {
    expectError(() => toRows('A', x, options), type, `A: ${message}`);
  });
});
