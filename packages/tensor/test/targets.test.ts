import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  accuracyOf,
  bestClass,
  checkOut,
  codesOf,
  type Label,
  labelsAt,
  rSquaredOf,
  savedLabels,
  savedString,
  takeRow,
  toLabels,
  toLogProbabilities,
  toProbabilities,
  toTargets,
} from '../src/index.ts';

describe('labelsAt', () => {
  it('gives back the labels that codes stand for', () => {
    expect(labelsAt([1, 0, 1], ['a', 'b'])).toEqual(['b', 'a', 'b']);
    const y = [10, -7, 9, 10];
    const { classes, codes } = toLabels('A', y, 4);
    expect(labelsAt(codes, classes)).toEqual(y);
  });
});

describe('toLabels', () => {
  it('numbers labels in ascending order, of any of the three types', () => {
    expect(toLabels('A', ['b', 'a', '', 'b'], 4)).toEqual({
      classes: ['', 'a', 'b'],
      codes: Int32Array.of(2, 1, 0, 2),
    });
    expect(toLabels('A', [10, -7, 9, 10], 4)).toEqual({ classes: [-7, 9, 10], codes: Int32Array.of(2, 0, 1, 2) });
    expect(toLabels('A', Int32Array.of(3, 1), 2)).toEqual({ classes: [1, 3], codes: Int32Array.of(1, 0) });
    expect(toLabels('A', [true, false], 2)).toEqual({ classes: [false, true], codes: Int32Array.of(1, 0) });
    expect(toLabels('A', [0, -0], 2).classes).toEqual([0]);
  });

  it.each<[string, new (message: string) => Error, unknown]>([
    ['y must be an array of labels, got undefined', OptionError, undefined],
    ["y must be an array of labels, got 'ab'", OptionError, 'ab'],
    ['y has 1 label, but x has 2 rows', ShapeError, ['a']],
    ['y[1] must be a string, an integer or a boolean, got NaN', DataError, [1, Number.NaN]],
    ['y[0] must be a string, an integer or a boolean, got 0.5', DataError, [0.5, 1]],
    ["y must hold labels of one type, but y[0] is 1 and y[1] is 'a'", DataError, [1, 'a']],
  ])('refuses: %s', (message, type, y) => {
    expectError(() => toLabels('A', y as Label[], 2), type, `A: ${message}`);
    expectError(() => codesOf('A', y as Label[], 2, ['a']), type, `A: ${message}`);
  });

  it('finds the places of labels in known classes', () => {
    expect(codesOf<string>('A', ['b', 'x', 'a'], 3, ['a', 'b'])).toEqual(Int32Array.of(1, -1, 0));
  });
});

it('toTargets copies numbers and refuses others', () => {
  const y = [1, 2.5];
  expect(toTargets('A', y, 2)).toEqual(Float64Array.of(1, 2.5));
  expectError(
    () => toTargets('A', [1, Number.POSITIVE_INFINITY], 2),
    DataError,
    'A: y[1] must be a finite number, got Infinity',
  );
  expectError(
    () => toTargets('A', ['1', 2] as unknown as number[], 2),
    DataError,
    "A: y[0] must be a finite number, got '1'",
  );
  expectError(() => toTargets('A', [1], 2), ShapeError, 'A: y has 1 number, but x has 2 rows');
  expectError(
    () => toTargets('A', 3 as unknown as number[], 2),
    OptionError,
    'A: y must be an array of numbers, got 3',
  );
});

it('takeRow copies a row and refuses others', () => {
  const out = new Float64Array(2);
  takeRow('A', [1, 2], out);
  expect(out).toEqual(Float64Array.of(1, 2));
  takeRow('A', [Number.NaN, 2], out, true);
  expect(out).toEqual(Float64Array.of(Number.NaN, 2));
  expectError(() => takeRow('A', [1], out), ShapeError, 'A: the row has 1 column, but the model was fitted with 2');
  expectError(() => takeRow('A', [1, Number.NaN], out), DataError, 'A: the row must hold finite numbers, got NaN');
  const infinite = () => takeRow('A', [1, Number.POSITIVE_INFINITY], out, true);
  expectError(infinite, DataError, 'A: the row must hold finite numbers, got Infinity');
  // What came as JSON: null stands for NaN there, and would count as 0.
  for (const [wrong, shown] of [
    [null, 'null'],
    ['5', "'5'"],
    [true, 'true'],
    [undefined, 'undefined'],
  ]) {
    const row = [1, wrong] as number[];
    expectError(() => takeRow('A', row, out), DataError, `A: the row must hold finite numbers, got ${shown}`);
    expectError(() => takeRow('A', row, out, true), DataError, `A: the row must hold finite numbers, got ${shown}`);
  }
  for (const [wrong, shown] of [
    ['a text', "'a text'"],
    ['ab', "'ab'"],
    [5, '5'],
    [undefined, 'undefined'],
    [null, 'null'],
    [{ a: 1, b: 2 }, 'an object'],
  ] as [unknown, string][]) {
    const given = wrong as number[];
    // A string of the right length holds no numbers.
    const message = wrong === 'ab' ? "hold finite numbers, got 'a'" : `be an array of 2 numbers, got ${shown}`;
    expectError(() => takeRow('A', given, out), wrong === 'ab' ? DataError : OptionError, `A: the row must ${message}`);
  }
  checkOut('A', out, 2);
  expectError(
    () => checkOut('A', undefined as unknown as number[], 2),
    OptionError,
    'A: the second argument is written to; pass new Float64Array(2)',
  );
  expectError(() => checkOut('A', out, 3), ShapeError, 'A: out has length 2, but the model makes 3 columns');
});

it('accuracy and R², by hand', () => {
  expect(accuracyOf(Int32Array.of(0, 1, 2, 0), Int32Array.of(0, 1, 1, -1), null)).toBe(0.5);
  expect(accuracyOf(Int32Array.of(0, 1), Int32Array.of(0, 0), Float64Array.of(1, 3))).toBe(0.25);
  // ȳ = 2; residuals 0, 1, 0; spread 2
  expectClose(rSquaredOf(Float64Array.of(1, 1, 3), Float64Array.of(1, 2, 3), null), 0.5);
  // Weights 1, 0, 1: the wrong one does not count.
  expect(rSquaredOf(Float64Array.of(1, 1, 3), Float64Array.of(1, 2, 3), Float64Array.of(1, 0, 1))).toBe(1);
  expect(rSquaredOf(Float64Array.of(3, 3), Float64Array.of(3, 3), null)).toBe(1);
  expect(rSquaredOf(Float64Array.of(3, 4), Float64Array.of(3, 3), null)).toBe(0);
});

it('labels and strings of saved models are checked', () => {
  expect(savedLabels('A', { classes: ['a', 'b'] }, 'classes')).toEqual(['a', 'b']);
  for (const classes of [undefined, [], ['a', 1], [0.5], ['a', 'a'], 'ab', [null]]) {
    expect(() => savedLabels('A', { classes }, 'classes')).toThrow(DataError);
  }
  expect(savedString('A', { solver: 'svd' }, 'solver', ['svd', 'lu'])).toBe('svd');
  const other = () => savedString('A', { solver: 'qr' }, 'solver', ['svd', 'lu']);
  expectError(other, DataError, "A: solver must be 'svd' or 'lu', got 'qr'");
  expectError(() => savedString('A', {}, 'solver'), DataError, 'A: solver must be a string, got undefined');
});

it('scores of classes become probabilities and their logarithms, however large they are', () => {
  // e⁰ : e^log 3 = 1 : 3
  const scores = Float64Array.of(0, Math.log(3), 1000, 1000 + Math.log(3), -1e5, -1e5);
  const probabilities = scores.slice();
  toProbabilities(probabilities, 3, 2);
  expectClose(probabilities, [0.25, 0.75, 0.25, 0.75, 0.5, 0.5], { rtol: 1e-12 });
  const logarithms = scores.slice();
  toLogProbabilities(logarithms, 3, 2);
  expectClose(logarithms, Array.from(probabilities, Math.log), { rtol: 1e-11 });
  expect([bestClass(scores, 0, 2), bestClass(scores, 4, 2)]).toEqual([1, 0]);
});
