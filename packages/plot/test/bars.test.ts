import { readFileSync } from 'node:fs';
import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bar, histogram } from '../src/index.ts';
import { type Any, look } from './help.ts';

describe('bar', () => {
  it('keeps the order given', () => {
    const spec = look(bar(['b', 'a'], [1, 2], { print: true }));
    expect(spec.data.values).toEqual([
      { name: 'b', value: 1, text: '1' },
      { name: 'a', value: 2, text: '2' },
    ]);
    expect(spec.encoding.x).toMatchObject({ sort: null, scale: { domain: ['b', 'a'] } });
  });

  it('puts sets side by side or on each other', () => {
    const side = look(bar(['a', 'b'], { one: [1, 2], two: [3, Number.NaN] }));
    expect(side.encoding.xOffset.scale.domain).toEqual(['one', 'two']);
    expect(side.data.values).toHaveLength(3);
    expect(side.title.subtitle).toBe('1 value of 4 left out: not finite');
    const stacked = look(bar(['a', 'b'], { one: [1, 2], two: [3, 4] }, { stacked: true }));
    expect(stacked.encoding).not.toHaveProperty('xOffset');
    expect(stacked.layer[0].encoding.y.stack).toBe('zero');
  });

  it('runs to the right if asked, with room for each bar', () => {
    const spec = look(bar(['a', 'b', 'c', 'd'], [1, 2, 3, 4], { horizontal: true }));
    expect(spec.layer[0].encoding.x.field).toBe('value');
    expect(spec.encoding.y.field).toBe('name');
    expect(spec.height).toBe(88);
  });

  it('draws errors up and down', () => {
    const spec = look(bar(['a'], [1], { errors: [0.25] }));
    expect(spec.data.values).toEqual([{ name: 'a', value: 1, low: 0.75, high: 1.25 }]);
  });

  it('refuses what does not fit', () => {
    expectError(() => bar(['a'], [1, 2]), ShapeError, 'bar: values has 2 values, but names has 1');
    expectError(() => bar(['a'], { s: [1, 2] }), ShapeError, 'bar: values.s has 2 values, but names has 1');
    expectError(() => bar(['a'], {}), DataError, 'bar: values must have at least one set of bars, got none');
    expectError(() => bar([], []), DataError, 'bar: names must have at least one label, got none');
    expectError(() => bar(['a', 'a'], [1, 2]), OptionError, "bar: names must differ, got 'a' twice");
    const errors = 'bar: errors must belong to a single set of bars, got 2 sets';
    expectError(() => bar(['a'], { s: [1], t: [1] }, { errors: [1] }), OptionError, errors);
    expectError(
      () => bar(['a'], [1], { stacked: 1 as never }),
      OptionError,
      'bar: stacked must be true or false, got 1',
    );
  });
});

describe('histogram', () => {
  it('counts by hand', () => {
    const spec = look(histogram([0, 1, 1, 2, 4], { bins: [0, 1, 2, 4] }));
    expect(spec.data.values).toEqual([
      { low: 0, high: 1, count: 1 },
      { low: 1, high: 2, count: 2 },
      { low: 2, high: 4, count: 2 },
    ]);
  });

  it('gives densities of each group over common bins', () => {
    const spec = look(histogram({ a: [0, 1, 2, 3], b: [0, 0] }, { bins: 2, density: true }));
    expectClose(
      spec.data.values.map(({ density }: Any) => density),
      [1 / 3, 1 / 3, 2 / 3, 0],
    );
    expect(spec.data.values.map(({ group }: Any) => group)).toEqual(['a', 'a', 'b', 'b']);
  });

  it('says what is left out and what lies outside', () => {
    const spec = look(histogram([1, 2, Number.NaN, 9], { bins: [0, 5] }));
    expect(spec.title.subtitle).toEqual(['1 value of 4 left out: not finite', '1 of 3 outside the bins']);
  });

  it('puts a single value into the middle of a bin', () => {
    expect(look(histogram([3, 3])).data.values).toEqual([{ low: 2.5, high: 3.5, count: 2 }]);
  });

  it('falls back to Sturges where the quartiles are equal, and makes at most 200 bins', () => {
    expect(look(histogram([0, 1, 1, 1, 1, 1, 1, 9])).data.values).toHaveLength(4);
    const outlier = [...Array.from({ length: 100 }, (_, i) => i / 100), 1e6];
    expect(look(histogram(outlier)).data.values).toHaveLength(200);
  });

  const { cases } = JSON.parse(readFileSync(new URL('fixtures/histogram.json', import.meta.url), 'utf8'));
  it.each(cases as Any[])('is that of NumPy: $name, $rule', ({ values, rule, edges, counts, density }) => {
    const rows = look(histogram(values, { bins: rule })).data.values;
    expectClose([...rows.map(({ low }: Any) => low), rows.at(-1).high], edges, { rtol: 1e-12, atol: 1e-12 });
    expect(rows.map(({ count }: Any) => count)).toEqual(counts);
    const dense = look(histogram(values, { bins: rule, density: true })).data.values;
    expectClose(
      dense.map((row: Any) => row.density),
      density,
    );
  });

  it('counts every value once (law)', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 30 }), (x, bins) => {
        const rows = look(histogram(x, { bins })).data.values;
        expect(rows).toHaveLength(bins);
        expect(rows.reduce((sum: number, { count }: Any) => sum + count, 0)).toBe(x.length);
      }),
    );
  });

  it('refuses what are no bins', () => {
    expectError(
      () => histogram([1], { bins: 0 }),
      OptionError,
      'histogram: bins must be an integer ≥ 1 and ≤ 10000, got 0',
    );
    expectError(
      () => histogram([1], { bins: [1] }),
      OptionError,
      'histogram: bins must have two edges at least, got 1',
    );
    expectError(
      () => histogram([1], { bins: [1, 1] }),
      OptionError,
      'histogram: bins must be increasing edges, but bins[1] is 1',
    );
    expectError(
      () => histogram([1], { bins: 'auto' as never }),
      OptionError,
      "histogram: bins must be 'fd' or 'sturges', got 'auto'",
    );
    expectError(() => histogram([Number.NaN]), DataError, 'histogram: values must have a finite value, got none');
    expectError(() => histogram({}), DataError, 'histogram: values must have at least one group, got none');
  });
});
