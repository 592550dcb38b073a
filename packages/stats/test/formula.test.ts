import { readFileSync } from 'node:fs';
import { DataError, OptionError, runSteps, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DataColumns, readDesign as designSteps, readRows } from '../src/design.ts';
import { FittedFormula, Formula } from '../src/formula/formula.ts';
import polynomials from './fixtures/poly.json' with { type: 'json' };

const readDesign = (...given: Parameters<typeof designSteps>) => runSteps(designSteps(...given));

interface Case {
  formula: string;
  yName: string;
  names: string[];
  terms: [string, number, number][];
  x: number[][];
  y: number[];
  fresh: number[][];
}

describe('formulas, as patsy', () => {
  const path = new URL('./fixtures/formulas.json', import.meta.url);
  const { data, fresh, cases } = JSON.parse(readFileSync(path, 'utf8')) as {
    data: DataColumns;
    fresh: DataColumns;
    cases: Case[];
  };

  for (const c of cases) {
    it(c.formula, () => {
      const design = readDesign('OLS', c.formula, data);
      expect(design.names).toEqual(c.names);
      expect(design.yName).toBe(c.yName);
      expect(design.terms.map(({ name, start, end }) => [name, start, end])).toEqual(c.terms);
      expectClose(design.x, c.x.flat(), { rtol: 1e-11, atol: 1e-13 });
      expectClose(design.y, c.y, { rtol: 1e-11 });
      // Stateful terms and levels are those of the fit, also after a way through JSON.
      expectClose(readRows('OLS', design.source, fresh).x, c.fresh.flat(), { rtol: 1e-11, atol: 1e-13 });
      const copy = FittedFormula.fromJSON(JSON.parse(JSON.stringify(design.source.formula)));
      expect(copy.rows('OLS', fresh).x).toEqual(readRows('OLS', design.source, fresh).x);
    });
  }
});

const refuses = (formula: string, message: string) =>
  expectError(
    () => readDesign('OLS', formula, { y: [1, 2, 3], x: [1, 2, 4], LSTAT: [0, 1, 5], g: ['a', 'b', null] }),
    OptionError,
    message,
  );

/** The message that points at an offset. */
const at = (formula: string, offset: number, sentence: string) =>
  `OLS: the formula at offset ${offset}: ${sentence}\n  ${formula}\n  ${' '.repeat(offset)}^`;

describe('formulas point at what is wrong', () => {
  const cases: [string, number, string][] = [
    ['y ~ x +', 7, "a term was expected, got the formula's end"],
    ['y ~', 3, "a term was expected, got the formula's end"],
    ['y ~ x )', 6, "an operator was expected, got ')'"],
    ['y ~ (x + LSTAT', 14, "')' or an operator was expected, got the formula's end"],
    ['y ~ log(x', 7, 'the bracket is not closed'],
    ['y x', 2, "an operator was expected, got 'x'"],
    ['y = x', 2, "an operator was expected, got '='; '~' stands between the response and the terms"],
    ['y ~ x^2', 5, "'^' has no meaning; powers are I(x**2), interactions of two (a + b)**2"],
    ['y ~ `a b`', 4, "'`' has no meaning; a name with spaces is Q('a name')"],
    ['y + x', 5, "'~' was expected, got the formula's end"],
    ['y ~ x ~ g', 6, "there must be one '~'"],
    ['y ~ x + 2', 8, 'the only numbers among terms are 0 and 1, got 2; for a shift or factor write I(...)'],
    ['y ~ x ** 1.5', 9, "'**' between terms takes an integer ≥ 1; for powers of numbers write I(x ** 2)"],
    ['y ~ (x + 1):g', 5, 'the intercept cannot interact with other terms'],
    ['y ~ -x', 4, "a leading '-' takes away only 1 or 0"],
    ['y ~ x $ g', 6, "'$' has no meaning"],
    ["y ~ Q('x)", 6, 'the string is not closed'],
    ['y ~ LSTATT', 4, "the data have no column 'LSTATT'; did you mean LSTAT?"],
    ['y ~ pigeon', 4, "the data have no column 'pigeon'; the columns are y, x, LSTAT and g"],
    ['y ~ np.lgo(x)', 4, "there is no function 'lgo'; did you mean log?"],
    ['y ~ log(x, 2)', 4, 'log takes 1 argument, got 2'],
    ['y ~ log(g)', 8, 'numbers were expected here, but the column holds strings'],
    ['y ~ I(x + )', 10, "a column, a number or a function was expected, got ')'"],
    ['y ~ C(g, Treatment(reference="z"))', 4, "there is no level 'z'; the levels are a, b"],
    ['y ~ C(g, Trytment)', 9, 'the coding of C must be Treatment, Sum, Helmert, Diff or Poly'],
    ['y ~ poly(x, 0)', 4, 'the degree of poly must be ≥ 1'],
    ['y ~ scale(x, ddof="a")', 18, 'scale takes a column and center, rescale and ddof'],
    ['y ~ scale(x, by=2)', 16, 'scale takes a column and center, rescale and ddof'],
    ['y ~ constructor', 4, "the data have no column 'constructor'; the columns are y, x, LSTAT and g"],
    ['y + g ~ x', 4, "one response was expected left of '~'; for a sum of columns write I(a + b)"],
  ];
  for (const [formula, offset, sentence] of cases) {
    it(formula, () => refuses(formula, at(formula, offset, sentence)));
  }

  it('names what the data lack or hold', () => {
    expectError(
      () => readDesign('OLS', '~ x', { x: [1, 2] }),
      OptionError,
      "OLS: the formula must have a response left of '~', got '~ x'",
    );
    expectError(
      () => readDesign('OLS', 'y ~ 0', { y: [1, 2] }),
      OptionError,
      "OLS: the formula must have a term right of '~', got 'y ~ 0'",
    );
    expectError(
      () => readDesign('OLS', 'y ~ x', [{ y: 1, x: 2 }] as never),
      OptionError,
      'OLS: with a formula the data must be columns, got an array of records; make columns of them: { y: rows.map((row) => row.y), ... }',
    );
    expectError(
      () => readDesign('OLS', 'y ~ x', Promise.resolve({}) as never),
      OptionError,
      'OLS: the data must be columns, got a Promise; await it first',
    );
    expectError(
      () => readDesign('OLS', 'y ~ x', [1, 2]),
      OptionError,
      'OLS: with a formula the data must be columns, such as { x: [1, 2], y: [3, 4] }, got [1, 2]',
    );
    expectError(
      () => readDesign('OLS', 'y ~ x', { y: [1, 2], x: [1, 2, 3] }),
      ShapeError,
      'OLS: column x has 3 rows, but others have 2',
    );
    expectError(() => readDesign('OLS', 'y ~ x', { y: [], x: [] }), DataError, 'OLS: the data have no rows');
    expectError(
      () => readDesign('OLS', 'y ~ x', { y: [1, 2], x: [null, 3].map(() => null) }),
      DataError,
      'OLS: every one of the 2 rows lacks a value; impute missing values first (see SimpleImputer)',
    );
    expectError(
      () => readDesign('OLS', 'y ~ x', { y: [1, 2], x: [1, Number.POSITIVE_INFINITY] }),
      DataError,
      'OLS: x[1] is Infinity; all numbers must be finite',
    );
    expectError(
      () => readDesign('OLS', 'y ~ x', { y: [1, 2], x: [1, 'a'] as never }),
      DataError,
      "OLS: x[1] must be a number or null, got 'a'",
    );
    expectError(
      () => readDesign('OLS', 'y ~ x', { y: ['a', 'b'], x: [1, 2] }),
      DataError,
      'OLS: the response y holds labels, but numbers are needed',
    );
    expectError(() => new Formula(3 as never), OptionError, 'Formula: formula must be a string, got 3');
  });

  it('an expression without a value is no missing value', () => {
    expectError(
      () => readDesign('OLS', 'y ~ np.log(x)', { y: [1, 2], x: [1, 0] }),
      DataError,
      'OLS: np.log(x) is -Infinity in row 1, where x is 0',
    );
    expectError(
      () => readDesign('OLS', 'y ~ log(x)', { y: [1, 2, 3], x: [1, null, -2] }),
      DataError,
      'OLS: log(x) is NaN in row 2, where x is -2',
    );
    expectError(
      () => readDesign('OLS', 'y ~ scale(x)', { y: [1, 2], x: [3, 3] }),
      DataError,
      'OLS: the column in scale(x) has no spread, so it cannot be scaled',
    );
    expectError(
      () => readDesign('OLS', 'y ~ poly(x, 2)', { y: [1, 2, 3], x: [3, 3, 1] }),
      DataError,
      'OLS: the column in poly(x, 2) needs more than 2 different values',
    );
  });
});

describe('formulas, worked by hand', () => {
  const data = { y: [1, 2, 3, 4], x: [1, 2, 4, null], g: ['b', 'a', null, 'a'] };

  it('leaves out rows that lack a value, and says which', () => {
    const { x, rows, dropped, kept, y } = readDesign('OLS', 'y ~ x + g', data);
    expect([rows, dropped, kept, y]).toEqual([2, 2, Int32Array.of(0, 1), Float64Array.of(1, 2)]);
    expect(x).toEqual(Float64Array.of(1, 1, 1, 1, 0, 2));
    expect(readDesign('OLS', 'y ~ 1', data).dropped).toBe(0);
  });

  it('predictions name a missing value and an unknown level', () => {
    const { source } = readDesign('OLS', 'y ~ x + g', data);
    expectError(
      () => readRows('OLS', source, { x: [1, null], g: ['a', 'a'] }),
      DataError,
      'OLS: x is missing in row 1; impute or drop missing values first (see SimpleImputer)',
    );
    expectError(
      () => readRows('OLS', source, { x: [1, 2], g: ['a', 'c'] }),
      DataError,
      "OLS: g is 'c' in row 1, which is none of its levels a and b",
    );
    expectError(
      () => readRows('OLS', source, { x: [1, 2], g: [1, 2] }),
      DataError,
      'OLS: g is 1 in row 0, which is none of its levels a and b',
    );
    expectError(
      () => readRows('OLS', source, { x: [1, 2] }),
      OptionError,
      at('y ~ x + g', 8, "the data have no column 'g'; the columns are x"),
    );
  });

  it('poly gives orthonormal columns, and the same polynomial of new rows', () => {
    // On -1, 0, 1 these are x / √2 and (3x² - 2) / √6.
    const rows = { y: [1, 2, 3], x: [-1, 0, 1] };
    const { x, names, source } = readDesign('OLS', 'y ~ poly(x, 2) - 1', rows);
    expect(names).toEqual(['poly(x, 2)[0]', 'poly(x, 2)[1]']);
    const [r, s] = [Math.SQRT2, Math.sqrt(6)];
    expectClose(x, [-1 / r, 1 / s, 0, -2 / s, 1 / r, 1 / s], { atol: 1e-15 });
    expectClose(readRows('OLS', source, { x: [3] }).x, [3 / r, 25 / s]);
  });

  it('poly(x, 3) has the polynomials of patsy', () => {
    const rows = { y: polynomials.x, x: polynomials.x };
    const { x } = readDesign('OLS', 'y ~ poly(x, 3) - 1', rows);
    expectClose(x, polynomials.poly.flat(), { rtol: 1e-11, atol: 1e-14 });
  });

  it('remembers what it was fitted with, in a formula of its own and through JSON', () => {
    const fitted = new Formula('y ~ scale(x)').fit({ y: [0, 0], x: [2, 6] });
    const copy = FittedFormula.fromJSON(JSON.parse(JSON.stringify(fitted)));
    for (const formula of [fitted, copy]) {
      expect(readDesign('OLS', formula, { y: [1], x: [8] }).x).toEqual(Float64Array.of(1, 2));
    }
    expect(String(fitted)).toBe('FittedFormula: y ~ scale(x) (2 columns)');
    expect(String(new Formula('y ~ x'))).toBe('Formula: y ~ x');
  });

  it('columns may have other letters and dots, and names of anything in Q', () => {
    const odd = { 값: [1, 2], 'Sepal.Length': [3, 4], 'a b': [5, 6] };
    const { names, x } = readDesign('OLS', "값 ~ Sepal.Length + Q('a b') - 1", odd);
    expect(names).toEqual(['Sepal.Length', "Q('a b')"]);
    expect(x).toEqual(Float64Array.of(3, 5, 4, 6));
  });

  it('runs no code', () => {
    for (const formula of ['y ~ constructor', 'y ~ __proto__', 'y ~ toString(x)', 'y ~ x.constructor(x)']) {
      expect(() => readDesign('OLS', formula, data)).toThrow(OptionError);
    }
  });
});

describe('formulas, laws', () => {
  it('blanks change nothing, and names say the same formula again', () => {
    const parts = fc.array(
      fc.constantFrom('x', 'g', 'x:g', 'I(x**2)', 'np.log(x)', 'scale(x)', 'C(g)', 'g*h', '1', '0'),
      { minLength: 1, maxLength: 5 },
    );
    const data = {
      y: [1, 2, 3, 4, 5, 6],
      x: [1, 2, 4, 3, 7, 5],
      g: ['a', 'b', 'a', 'c', 'b', 'c'],
      h: ['u', 'v', 'v', 'u', 'v', 'u'],
    };
    fc.assert(
      fc.property(parts, fc.constantFrom('', ' ', '  ', '\n'), (terms, blank) => {
        const formula = `y ~ x + ${terms.join(' + ')}`;
        const spaced = formula.replaceAll(/([-+*:~(),])/g, `${blank}$1${blank}`).replaceAll(`*${blank}${blank}*`, '**');
        const [a, b] = [readDesign('OLS', formula, data), readDesign('OLS', spaced, data)];
        expect(b.names).toEqual(a.names);
        expect(b.x).toEqual(a.x);
      }),
      { numRuns: 60 },
    );
  });
});

describe('formulas of damaged files', () => {
  const data = { y: [1, 2, 3, 5], x: [1, 2, 4, 8], sort: ['a', 'b', 'a', 'b'] };
  const saved = JSON.parse(JSON.stringify(new Formula('y ~ scale(x) + sort').fit(data)));
  const owner = 'FittedFormula.fromJSON';

  it.each([
    [{ formula: 'x' }, /^FittedFormula.fromJSON: the formula at offset 1: '~' was expected/],
    [{ factors: { ...saved.factors, sort: null } }, /factors must say what 'sort' was in the fit, got null$/],
    [{ factors: { ...saved.factors, sort: { kind: 'cat' } } }, /factors must say what 'sort' was in the fit/],
    [
      { factors: { ...saved.factors, sort: { kind: 'category', levels: { length: 1e9 } } } },
      /what 'sort' was in the fit/,
    ],
    [{ states: { 'scale(x)': {} } }, /states of 'scale\(x\)' must be numbers, got an object$/],
  ])('are refused: %j', (damage, message) => {
    const load = () => FittedFormula.fromJSON({ ...saved, ...damage });
    expect(load).toThrow(DataError);
    expect(load).toThrow(message);
  });

  it('do not make up what the fit saw', () => {
    for (const states of [{}, { 'scale(x)': [1] }]) {
      expectError(
        () => FittedFormula.fromJSON({ ...saved, states }).rows(owner, data),
        DataError,
        `${owner}: what the fit saw of scale(x) is missing; was the model damaged?`,
      );
    }
  });
});
