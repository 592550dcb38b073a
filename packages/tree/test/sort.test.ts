import { Random } from '@maru-ml/base';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { prepare } from '../src/grow.ts';
import { Sorter } from '../src/sort.ts';

/** Evenly spread numbers go through buckets once; with some that are far away, again and again. */
const values = fc.array(
  fc.oneof(
    fc.integer({ min: -20, max: 20 }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(5e-324, -5e-324, 1e308, -1e308, 2 ** -1022),
  ),
  { minLength: 1, maxLength: 300 },
);

/** Sorts the rows by keys, from places of their own, and compares with JavaScript's sort. */
function check(keys: Float64Array | Int32Array, rows: Int32Array): void {
  const padded = keys instanceof Int32Array ? Int32Array.of(7, ...keys) : Float64Array.of(7, ...keys);
  const given = Int32Array.of(-1, -2, ...rows, -3);
  new Sorter(rows.length).sort(given, 2, rows.length, padded, 1);
  const place = new Map(Array.from(rows, (row, i) => [row, i]));
  const expected = Array.from(rows).sort((a, b) => keys[a]! - keys[b]! || place.get(a)! - place.get(b)!);
  expect(Array.from(given)).toEqual([-1, -2, ...expected, -3]);
}

test('rows in ascending order of numbers, equal ones as they stood', () => {
  fc.assert(
    fc.property(values, fc.boolean(), (list, clustered) => {
      const keys = Float64Array.from(list, (value) => (clustered ? value / 1e300 : value));
      check(keys, Int32Array.from(list.keys()).reverse());
    }),
    { numRuns: 400 },
  );
});

test('numbers that crowd in few buckets', () => {
  const random = new Random(2);
  const far = [1e300, -1e300, 5e-324, -5e-324, 0, 0];
  const list = [...far, ...Array.from({ length: 500 }, () => (random.normal() * 2 ** random.integer(40)) / 1e200)];
  check(Float64Array.from(list), random.permutation(list.length));
});

test('numbers whose differences are too small for an inverse, or too large for a number', () => {
  const random = new Random(3);
  const list = Array.from({ length: 200 }, () => random.integer(100) * 5e-324);
  check(Float64Array.from(list), random.permutation(200));
  check(
    Float64Array.from(list, () => (random.uniform() * 2 - 1) * 1.7e308),
    random.permutation(200),
  );
});

test('rows by whole numbers', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(70_000), { minLength: 1, maxLength: 200 }), (list) => {
      check(Int32Array.from(list), Int32Array.from(list.keys()).reverse());
    }),
  );
});

test('columns are sorted with missing numbers last, equal ones in the order of the rows', () => {
  const data = Float64Array.of(2, 5, Number.NaN, 5, -0, 5, 0, Number.NaN, Number.NaN, Number.NaN);
  const { order, places, x } = prepare({ data, rows: 5, columns: 2 });
  expect(Array.from(order)).toEqual([2, 3, 0, 1, 4, 0, 1, 2, 3, 4]);
  expect(Array.from(places)).toEqual([2, 3, 0, 1, 4, 0, 1, 2, 3, 4]);
  expect(Array.from(x)).toEqual([2, Number.NaN, 0, 0, Number.NaN, 5, 5, 5, Number.NaN, Number.NaN]);
});
