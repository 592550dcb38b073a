import { readFileSync } from 'node:fs';
import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acf, correlationTable, kurtosis, missingTable, skew, describe as summarize } from '../src/index.ts';

const path = new URL('./fixtures/descriptive.json', import.meta.url);
const fixture = JSON.parse(readFileSync(path, 'utf8')) as {
  columns: Record<string, (number | null)[]>;
  group: (string | null)[];
  described: Record<string, Record<string, unknown>>;
  correlations: Record<'pearson' | 'spearman' | 'kendall', { correlations: number[][]; pvalues: number[][] }>;
  missing: {
    columns: Record<string, (number | string | null)[]>;
    counts: Record<string, number>;
    shares: Record<string, number>;
    complete: number;
    patterns: Record<string, number>;
  };
};
const columns = Object.fromEntries(
  Object.entries(fixture.columns).map(([name, values]) => [name, Float64Array.from(values, (v) => v ?? Number.NaN)]),
);

describe('descriptives, worked by hand', () => {
  it('summarizes four numbers as on paper', () => {
    // Deviations from 4: -3, -1, 0, 4. m₂ = 26 / 4, m₃ = 36 / 4, m₄ = 338 / 4.
    const x = [1, 3, 4, 8];
    expectClose(skew(x), 9 / 6.5 ** 1.5);
    expectClose(kurtosis(x), 84.5 / 6.5 ** 2 - 3);
    expectClose(kurtosis(x, { fisher: false }), 2);
    expectClose(acf(x, { nlags: 1 }), [1, 3 / 26]);
    const { numeric } = summarize({ x: Float64Array.from(x) });
    expectClose(numeric.x!.std, Math.sqrt(26 / 3));
    expect(numeric.x!.quantiles).toEqual({ '25%': 2.5, '50%': 3.5, '75%': 5 });
  });

  it('prints a table of numbers and one of words', () => {
    const text = String(
      summarize({
        height: Float64Array.of(1, 2, Number.NaN, 3),
        group: ['b', 'a', 'a', null],
        old: [true, true, false, true],
      }),
    );
    expect(text).toBe(
      [
        '          height',
        'count          3',
        'missing        1',
        'mean           2',
        'std            1',
        'min            1',
        '25%          1.5',
        '50%            2',
        '75%          2.5',
        'max            3',
        'skew           0',
        'kurtosis     NaN',
        '',
        '         group   old',
        'count        3     4',
        'missing      1     0',
        'unique       2     2',
        'top          a  true',
        'freq         2     3',
      ].join('\n'),
    );
  });

  it('counts what is missing, and what is missing together', () => {
    const nan = Number.NaN;
    const table = missingTable({
      a: Float64Array.of(1, nan, nan, 4, nan),
      b: ['x', null, null, 'y', 'z'],
      c: [true, true, false, true, true],
    });
    expect({ ...table }).toEqual({
      rows: 5,
      completeRows: 2,
      columns: { a: { missing: 3, share: 0.6 }, b: { missing: 2, share: 0.4 }, c: { missing: 0, share: 0 } },
      patterns: [
        { columns: [], rows: 2 },
        { columns: ['a', 'b'], rows: 2 },
        { columns: ['a'], rows: 1 },
      ],
    });
    expect(String(table)).toBe('2 of 5 rows are complete\n  a  3  60.0%\n  b  2  40.0%\n  c  0   0.0%');
  });
});

describe('descriptives, as pandas and SciPy', () => {
  it('missingTable: counts, shares, complete rows and what is missing together', () => {
    const { columns: holes, counts, shares, complete, patterns } = fixture.missing;
    const { group, ...numbers } = holes;
    const floats = Object.entries(numbers).map(([name, values]) => [
      name,
      Float64Array.from(values as (number | null)[], (value) => value ?? Number.NaN),
    ]);
    const table = missingTable({ ...Object.fromEntries(floats), group: group as (string | null)[] });
    const found = Object.entries(table.columns);
    expectClose(Object.fromEntries(found.map(([name, { missing }]) => [name, missing])), counts);
    expectClose(Object.fromEntries(found.map(([name, { share }]) => [name, share])), shares);
    expectClose(table.completeRows, complete);
    expectClose(Object.fromEntries(table.patterns.map((one) => [one.columns.join(), one.rows])), patterns);
  });

  it('summaries', () => {
    const { numeric, categorical, rows } = summarize(
      { ...columns, group: fixture.group },
      { percentiles: [0.1, 0.25, 0.5, 0.9] },
    );
    expect(rows).toBe(40);
    for (const [name, expected] of Object.entries(fixture.described)) {
      const came = { ...numeric[name], ...categorical[name] } as Record<string, unknown>;
      // The mean of 40 times .1 is .1 to the last bit here, not in pandas.
      for (const [key, value] of Object.entries(expected)) {
        expectClose(came[key], value, { rtol: 1e-12, atol: name === 'constant' ? 1e-15 : 0, name: `${name}.${key}` });
      }
      if (name !== 'group') expect(came.missing).toBe(40 - (expected.count as number));
    }
    expect(numeric.constant).toMatchObject({ mean: 0.1, std: 0, skew: Number.NaN });
  });

  it('tables of correlations, with pairs left out that are not whole', () => {
    const { constant: _, ...numeric } = columns;
    const order = Object.keys(numeric);
    for (const method of ['pearson', 'spearman', 'kendall'] as const) {
      const table = correlationTable(numeric, { method, nanPolicy: 'omit' });
      expect(table.names).toEqual(order);
      const places = ['a', 'b', 'c', 'd'].map((name) => order.indexOf(name));
      const sorted = (rows: number[][]) => places.map((i) => places.map((j) => rows[i]![j]!));
      expectClose(sorted(table.correlations.toArray()), fixture.correlations[method].correlations, { name: method });
      expectClose(sorted(table.pvalues.toArray()), fixture.correlations[method].pvalues, { name: method });
      expect(table.counts.toArray()[0]![order.indexOf('c')]).toBe(37);
    }
  });

  it('without missing values the quick way gives the same', () => {
    const { constant: _, c: __, ...whole } = columns;
    for (const method of ['pearson', 'spearman'] as const) {
      const quick = correlationTable(whole, { method });
      const [first, ...rest] = Object.entries(whole);
      const slow = correlationTable(
        {
          extra: Float64Array.from(first![1], (v, i) => (i === 39 ? Number.NaN : v)),
          [first![0]]: first![1],
          ...Object.fromEntries(rest),
        },
        { method, nanPolicy: 'omit' },
      );
      const inner = slow.correlations
        .toArray()
        .slice(1)
        .map((row) => row.slice(1));
      expectClose(quick.correlations, inner, { rtol: 1e-12 });
    }
  });
});

describe('descriptives, laws', () => {
  const sample = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 5, maxLength: 40 });

  it('moving and stretching moves and stretches the summary', () => {
    fc.assert(
      fc.property(sample, fc.integer({ min: -50, max: 50 }), fc.constantFrom(0.5, 2, 8), (x, shift, scale) => {
        const [a, b] = [x, x.map((v) => scale * v + shift)].map(
          (v) => summarize({ v: Float64Array.from(v) }).numeric.v!,
        );
        expectClose(b!.mean, scale * a!.mean + shift, { rtol: 1e-9, atol: 1e-9 });
        expectClose(b!.std, scale * a!.std, { rtol: 1e-9, atol: 1e-9 });
        expectClose(b!.quantiles['50%'], scale * a!.quantiles['50%']! + shift, { rtol: 1e-9, atol: 1e-9 });
      }),
    );
  });
});

describe('descriptives, hostile input', () => {
  it('too few numbers: NaN for what they do not have, and nothing else', () => {
    const { numeric, categorical } = summarize({ x: Float64Array.of(3), none: Float64Array.of(Number.NaN), s: [null] });
    expect(numeric.x).toMatchObject({ count: 1, mean: 3, std: Number.NaN, min: 3, max: 3, skew: Number.NaN });
    expect(numeric.none).toMatchObject({ count: 0, missing: 1, mean: Number.NaN, min: Number.NaN, max: Number.NaN });
    expect(categorical.s).toEqual({ count: 0, missing: 1, unique: 0, top: null, freq: 0 });
  });

  it('says what is wrong', () => {
    const x = Float64Array.of(1, 2, 3);
    expectError(() => summarize({ x, y: ['a'] }), ShapeError, "describe: column 'x' has 3 rows, but 'y' has 1");
    expectError(
      () => summarize({ x: Float64Array.of(1, Number.POSITIVE_INFINITY) }),
      DataError,
      "describe: row 1 of column 'x' is Infinity; all numbers must be finite",
    );
    expectError(
      () => summarize([1, 2] as never),
      OptionError,
      'describe: columns must be an object of columns by name, got [1, 2]',
    );
    expectError(
      () => summarize({ x: [1, 2] }, { percentiles: [2] }),
      OptionError,
      'describe: percentiles[0] must be a number ≥ 0 and ≤ 1, got 2',
    );
    expectError(
      () => missingTable({ x: 3 as never }),
      OptionError,
      "missingTable: column 'x' must be an array of numbers, strings or booleans, got 3",
    );
    expectError(
      () => summarize({ x: [1, 'a'] as never }),
      DataError,
      "describe: column 'x' must hold values of one type, but row 1 is 'a'; missing ones are NaN or null",
    );
    expectError(
      () => summarize({ x: [{}] as never }),
      DataError,
      "describe: column 'x' must hold numbers, strings or booleans, got an object",
    );
    expect(summarize({ x: [1, null, 3], t: Int32Array.of(4, 5, 6) }).numeric.x).toMatchObject({
      count: 2,
      mean: 2,
      missing: 1,
    });
    expectError(() => missingTable({}), DataError, 'missingTable: columns must be at least 1, got 0');
    expectError(
      () => correlationTable({ x, y: ['a', 'b', 'c'] }),
      DataError,
      "correlationTable: column 'y' holds no numbers; leave it out",
    );
    expectError(
      () => correlationTable({ x, y: Float64Array.of(5, 5, 5) }),
      DataError,
      "correlationTable: column 'y' is constant, so it has no correlation with anything",
    );
    expectError(
      () => correlationTable({ x, y: Float64Array.of(1, Number.NaN, 2) }),
      DataError,
      "correlationTable: row 1 of column 'y' is NaN; impute or drop missing values first, or use nanPolicy: 'omit'",
    );
    expectError(
      () => correlationTable({ x, y: Float64Array.of(1, Number.NaN, Number.NaN) }, { nanPolicy: 'omit' }),
      DataError,
      "correlationTable: columns 'y' and 'x' share 1 rows, but 2 are needed",
    );
    expectError(
      () => correlationTable({ x, y: Float64Array.of(1, 2) }),
      ShapeError,
      "correlationTable: column 'x' has 3 rows, but 'y' has 2",
    );
    expectError(() => skew([2, 2, 2]), DataError, 'skew: x is constant, so it has no skewness');
    expectError(
      () => kurtosis([1, 2, 3], { bias: false }),
      DataError,
      'kurtosis: x must have at least 4 numbers, got 3',
    );
    expectError(() => acf([1, 1]), DataError, 'acf: x is constant, so it has no autocorrelation');
    expectError(() => acf([1, 2], { nlags: 2 }), OptionError, 'acf: nlags must be an integer ≥ 0 and ≤ 1, got 2');
  });
});
