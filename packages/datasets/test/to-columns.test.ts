import { DataError, OptionError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { toColumns } from '../src/index.ts';
import { tables } from './reference.ts';

describe('toColumns', () => {
  it('makes a column of each kind, with what is missing', () => {
    const columns = toColumns([
      { fare: 7.25, sex: 'male', alone: true, nothing: null },
      { sex: null, alone: false, fare: Number.POSITIVE_INFINITY, port: 'S' },
      { fare: undefined, sex: 'female', alone: true },
    ]);
    expect(Object.keys(columns)).toEqual(['fare', 'sex', 'alone', 'nothing', 'port']);
    expect(columns.fare).toEqual(Float64Array.of(7.25, Number.POSITIVE_INFINITY, Number.NaN));
    expect(columns.sex).toEqual(['male', null, 'female']);
    expect(columns.alone).toEqual([true, false, true]);
    expect(columns.nothing).toEqual(Float64Array.of(Number.NaN, Number.NaN, Number.NaN));
    expect(columns.port).toEqual([null, 'S', null]);
  });

  it('makes the columns that pandas makes', () => {
    const { n, s, b } = toColumns(tables.records);
    expect(Array.from(n as Float64Array, (value) => (Number.isNaN(value) ? null : value))).toEqual(tables.columns.n);
    expect(s).toEqual(tables.columns.s);
    expect(b).toEqual(tables.columns.b);
  });

  it('takes only what records have themselves', () => {
    expect(toColumns([{ a: 1 }, Object.create({ a: 2 })]).a).toEqual(Float64Array.of(1, Number.NaN));
    expect(Object.keys(toColumns([JSON.parse('{"__proto__": 1, "constructor": 2}')]))).toEqual([
      '__proto__',
      'constructor',
    ]);
  });

  it.each<[unknown, new (message: string) => Error, string]>([
    [[], OptionError, 'records must be an array of at least one object, got []'],
    [{ a: [1] }, OptionError, 'records must be an array of at least one object, got an object'],
    [[{ a: 1 }, null], DataError, 'records[1] must be an object, got null'],
    [[{ a: 1 }, [2]], DataError, 'records[1] must be an object, got [2]'],
    [
      [{ a: null }, { a: 1 }, { a: '2' }],
      DataError,
      "records[2].a is '2', but records[1].a is 1; a column holds values of one kind",
    ],
    [[{ a: {} }], DataError, 'records[0].a must be a number, string or boolean, null or undefined, got an object'],
    [
      [{ a: true }, {}],
      DataError,
      "records[1].a is missing, which a column of booleans cannot tell; write 0 and 1, or 'yes' and 'no'",
    ],
  ])('%o', (records, type, message) => {
    expectError(() => toColumns(records as never), type, `toColumns: ${message}`);
  });
});
