import { Random } from '@maru-ml/base';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sorter } from '../src/sort.ts';

/** Evenly spread numbers go through buckets; with some that are far away, through their bits. */
const values = fc.array(
  fc.oneof(
    fc.integer({ min: -20, max: 20 }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constant(Number.NaN),
    fc.constantFrom(5e-324, -5e-324, 1e308, -1e308, 2 ** -1022),
  ),
  { minLength: 1, maxLength: 300 },
);

test('numbers in ascending order, equal ones as they stood, missing ones last', () => {
  fc.assert(
    fc.property(values, fc.boolean(), (list, clustered) => {
      const x = Float64Array.from(list, (value) => (clustered ? value / 1e300 : value) + 0);
      const padded = Float64Array.of(7, ...x);
      const order = new Int32Array(x.length + 2);
      const present = new Sorter(x.length).byValue(padded, 1, x.length, order, 2);
      const there = Array.from(x.keys()).filter((i) => !Number.isNaN(x[i]!));
      const expected = there.sort((a, b) => x[a]! - x[b]! || a - b);
      expect(present).toBe(expected.length);
      expect(Array.from(order.subarray(2))).toEqual([
        ...expected,
        ...Array.from(x.keys()).filter((i) => Number.isNaN(x[i]!)),
      ]);
    }),
    { numRuns: 400 },
  );
});

test('numbers that crowd in few buckets are sorted by their bits', () => {
  const random = new Random(2);
  const far = [1e300, -1e300, 5e-324, -5e-324, 0, Number.NaN, Number.NaN];
  const list = [...far, ...Array.from({ length: 500 }, () => (random.normal() * 2 ** random.integer(40)) / 1e200)];
  const x = Float64Array.of(9, 9, 9, ...list);
  const order = new Int32Array(list.length + 2);
  expect(new Sorter(list.length).byValue(x, 3, list.length, order, 2)).toBe(list.length - 2);
  const there = Array.from(list.keys()).filter((i) => !Number.isNaN(list[i]!));
  const expected = there.sort((a, b) => list[a]! - list[b]! || a - b);
  expect(Array.from(order.subarray(2))).toEqual([...expected, 5, 6]);
});

test('rows by whole numbers', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(70_000), { minLength: 1, maxLength: 200 }), (list) => {
      const rows = Int32Array.from(list.keys()).reverse();
      const expected = Array.from(rows).sort((a, b) => list[a]! - list[b]! || b - a);
      new Sorter(list.length).byRank(rows, 0, list.length, Int32Array.from(list), 0, 70_000);
      expect(Array.from(rows)).toEqual(expected);
    }),
  );
});
