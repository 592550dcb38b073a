import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Table, tensor, toMatrix } from '../src/index.ts';

describe('Table', () => {
  const table = new Table(Float64Array.of(1, 2.5, Number.NaN, -1 / 3), 2, 2);

  it('gives its numbers as rows, as JSON, as a matrix and as a tensor', () => {
    expect(table.toArray()).toEqual([
      [1, 2.5],
      [Number.NaN, -1 / 3],
    ]);
    expect(JSON.stringify(new Table(Float32Array.of(1, 2), 1, 2))).toBe('[[1,2]]');
    const plain = new Table(Float32Array.of(1, 2), 1, 2);
    expect(toMatrix('f', plain)).toEqual({ data: Float64Array.of(1, 2), rows: 1, columns: 2 });
    expect(tensor(plain).toArray()).toEqual([[1, 2]]);
    expect([tensor(plain).dtype, tensor(table).dtype, tensor(table, { dtype: 'float32' }).dtype]).toEqual([
      'float32',
      'float64',
      'float32',
    ]);
    const copy = tensor(plain);
    plain.data[0] = 9;
    expect(copy.toArray()).toEqual([[1, 2]]);
  });

  it('keeps the names of its columns, if it was given some', () => {
    expect(new Table(Float32Array.of(1, 2), 1, 2, ['a', 'b']).columnNames).toEqual(['a', 'b']);
    expect(table.columnNames).toBeUndefined();
  });

  it('prints its shape and what fits', () => {
    expect(inspect(table)).toBe('Table [2, 2] float64\n  1  2.5\n  NaN  -0.333333');
    const wide = new Table(new Float32Array(7 * 11), 7, 11);
    const lines = String(wide).split('\n');
    expect(lines).toHaveLength(8);
    expect(lines[0]).toBe('Table [7, 11] float32');
    expect(lines[1]).toBe(`  ${'0  '.repeat(10)}…`);
    expect(lines[7]).toBe('  …');
  });
});
