import { readFileSync } from 'node:fs';
import { OptionError, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkSparse,
  isSparse,
  matmul,
  type SparseRows,
  selectSparseRows,
  sparseFromElements,
  sparseMatmul,
  sparseRow,
  sparseRows,
  tensor,
  toDense,
  toSparse,
  zeros,
} from '../src/index.ts';

const fixture = JSON.parse(readFileSync(new URL('fixtures/sparse.json', import.meta.url), 'utf8'));
const parts = (s: SparseRows) => ({
  data: [...s.data],
  indices: [...s.indices],
  indptr: [...s.indptr],
  shape: s.shape,
});

describe('sparse rows', () => {
  it('hold what is not 0, row by row', () => {
    const sparse = toSparse(
      tensor([
        [0, 5, 0],
        [0, 0, 0],
        [1, 0, Number.NaN],
      ]),
    );
    expect(parts(sparse)).toEqual({
      data: [5, 1, Number.NaN],
      indices: [1, 0, 2],
      indptr: [0, 1, 1, 3],
      shape: [3, 3],
    });
    expect(sparse.data).toBeInstanceOf(Float32Array);
    expect([...sparseRow(sparse, 2)]).toEqual([
      { column: 0, value: 1 },
      { column: 2, value: Number.NaN },
    ]);
    expect([...sparseRow(sparse, 1)]).toEqual([]);
    expect(toDense(sparse).toArray()).toEqual([
      [0, 5, 0],
      [0, 0, 0],
      [1, 0, Number.NaN],
    ]);
    expect(toSparse(tensor([[1, 0]], { dtype: 'int32' })).data).toBeInstanceOf(Float64Array);
  });

  it('are told from dense matrices', () => {
    expect(isSparse(toSparse(zeros([1, 1])))).toBe(true);
    for (const other of [zeros([1, 1]), [[1]], { data: [1], shape: [1, 1] }, null, 'x'])
      expect(isSparse(other)).toBe(false);
  });

  it('agree with those of SciPy', () => {
    const { rows, columns, values, data, indices, indptr, dense, b, product, vector, picked } = fixture;
    const sparse = sparseFromElements(rows, columns, values, [6, 5]);
    expectClose(sparse.data, data);
    expect([...sparse.indices]).toEqual(indices);
    expect([...sparse.indptr]).toEqual(indptr);
    expectClose(toDense(sparse), dense);
    const right = tensor(b, { dtype: 'float64' });
    expectClose(sparseMatmul(sparse, right), product);
    expectClose(
      sparseMatmul(
        sparse,
        tensor(
          b.map((row: number[]) => row[0]),
          { dtype: 'float64' },
        ),
      ),
      vector,
    );
    expectClose(toDense(selectSparseRows(sparse, [4, 0, 4])), picked);
  });

  it('give the products and rows of the dense matrix', () => {
    const matrix = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(([n, d]) =>
      fc.array(fc.array(fc.constantFrom(0, 0, 0, 1, -2.5, 1e-3), { minLength: d, maxLength: d }), {
        minLength: n,
        maxLength: n,
      }),
    );
    fc.assert(
      fc.property(matrix, fc.integer({ min: 0, max: 3 }), (rows, k) => {
        const dense = tensor(rows, { dtype: 'float64' });
        const sparse = toSparse(dense);
        checkSparse('test', sparse);
        expect(toDense(sparse).toArray()).toEqual(rows);
        const right = tensor(
          rows[0]!.map((_, i) => Array.from({ length: k }, (_, j) => i - j / 2)),
          { dtype: 'float64' },
        );
        expectClose(sparseMatmul(sparse, right), matmul(dense, right), { atol: 1e-12 });
        const reversed = rows.map((_, i) => rows.length - 1 - i);
        expect(toDense(selectSparseRows(sparse, reversed)).toArray()).toEqual([...rows].reverse());
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('keep float32', () => {
    const sparse = sparseFromElements([0, 0], [1, 1], Float32Array.of(0.1, 0.2), [1, 2]);
    expect(sparse.data).toEqual(Float32Array.of(Math.fround(Math.fround(0.1) + Math.fround(0.2))));
    expect(sparseMatmul(sparse, tensor([[1], [1]])).dtype).toBe('float32');
    expect(sparseMatmul(sparse, tensor([[1], [1]], { dtype: 'float64' })).dtype).toBe('float64');
  });

  it('are refused when they are no matrix', () => {
    const make = (data: number[], indices: number[], indptr: number[], shape: number[]) => () =>
      sparseRows(Float64Array.from(data), Int32Array.from(indices), Int32Array.from(indptr), shape as [number, number]);
    expect(parts(make([1], [0], [0, 1], [1, 1])())).toEqual({ data: [1], indices: [0], indptr: [0, 1], shape: [1, 1] });
    expectError(make([1], [0, 1], [0, 1], [1, 1]), ShapeError, 'sparseRows: there are 1 data but 2 indices');
    const short = 'sparseRows: indptr must have 3 elements for 2 rows, got 2';
    expectError(make([1], [0], [0, 1], [2, 1]), ShapeError, short);
    expectError(make([1], [0], [0, 2], [1, 1]), ShapeError, 'sparseRows: indptr must go from 0 to 1, got 0 to 2');
    const descending = 'sparseRows: indptr must not descend, but does after row 1';
    expectError(make([1, 2], [0, 1], [0, 2, 1, 2], [3, 2]), ShapeError, descending);
    const columns = 'sparseRows: the columns of row 0 must ascend from 0 to 1, but';
    expectError(make([1], [2], [0, 1], [1, 2]), OptionError, `${columns} indices[0] is 2`);
    expectError(make([1], [-1], [0, 1], [1, 2]), OptionError, `${columns} indices[0] is -1`);
    expectError(make([1, 2], [1, 1], [0, 2], [1, 2]), OptionError, `${columns} indices[1] is 1`);
    const shape = 'sparseRows: shape must be two integers ≥ 0, got [1]';
    expectError(make([], [], [0], [1]), ShapeError, shape);
    expectError(
      () => toDense([[1]] as unknown as SparseRows),
      OptionError,
      'toDense: sparse must be { data, indices, indptr, shape }, got [[…]]',
    );
    const lists = { data: [1], indices: [0], indptr: [0, 1], shape: [1, 1] } as unknown as SparseRows;
    expectError(() => toDense(lists), OptionError, 'toDense: data must be a Float32Array or Float64Array, got [1]');
    expectError(
      () => toDense({ ...lists, data: Float64Array.of(1) }),
      OptionError,
      'toDense: indices must be an Int32Array, got [0]',
    );
  });

  it('are refused where things do not fit', () => {
    const sparse = toSparse(zeros([2, 3]));
    expectError(
      () => sparseMatmul(sparse, zeros([2, 3])),
      ShapeError,
      'sparseMatmul: sparse is [2, 3] but dense is [2, 3]; it must be [3, k] or [3]',
    );
    expectError(() => toSparse(zeros([2])), ShapeError, 'toSparse: x must have 2 axes [n, d], got shape [2]');
    expectError(() => [...sparseRow(sparse, 2)], OptionError, 'sparseRow: row 2 is outside the shape [2, 3]');
    expectError(
      () => selectSparseRows(sparse, [0, -1]),
      OptionError,
      'selectSparseRows: rows[1] is -1, outside the shape [2, 3]',
    );
    expectError(
      () => sparseFromElements([0, 2], [0, 0], [1, 1], [2, 3]),
      OptionError,
      'sparseFromElements: element 1 is at [2, 0], outside the shape [2, 3]',
    );
    expectError(
      () => sparseFromElements([0], [0, 0], [1, 1], [2, 3]),
      ShapeError,
      'sparseFromElements: there are 1 rows, 2 columns and 2 values; they must be as many',
    );
  });

  it('may have no rows or no columns', () => {
    for (const shape of [
      [0, 3],
      [3, 0],
    ] as const) {
      const sparse = toSparse(zeros(shape));
      expect(toDense(sparse).shape).toEqual(shape);
      expect(sparseMatmul(sparse, zeros([shape[1], 2])).toArray()).toEqual(
        shape[0] === 0
          ? []
          : [
              [0, 0],
              [0, 0],
              [0, 0],
            ],
      );
    }
  });
});
