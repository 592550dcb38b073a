import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  checkBoolean,
  checkInteger,
  checkKnown,
  checkNumber,
  checkOneOf,
  list,
  nearest,
  OptionError,
  show,
  withDefaults,
} from '../src/index.ts';

const refuses = (run: () => unknown, message: string) => expectError(run, OptionError, message);

it('nearest finds the word that was meant, if there is one', () => {
  expect(nearest('LSTATT', ['CRIM', 'LSTAT'])).toBe('LSTAT');
  expect(nearest('crim', ['CRIM', 'LSTAT'])).toBe('CRIM');
  expect(nearest('pigeon', ['CRIM', 'LSTAT'])).toBeUndefined();
  expect(nearest('g', ['x', 'y'])).toBeUndefined();
  expect(nearest('X', ['x', 'y'])).toBe('x');
});

describe('checkInteger', () => {
  it('returns an integer within its bounds', () => {
    expect(checkInteger('KMeans', 'nClusters', 3, { min: 1 })).toBe(3);
    expect(checkInteger('KMeans', 'nClusters', 1, { min: 1, max: 1 })).toBe(1);
    expect(checkInteger('f', 'axis', -2)).toBe(-2);
  });

  it('says what was wanted and what came', () => {
    const check = (value: unknown) => () => checkInteger('KMeans', 'nClusters', value, { min: 1 });
    refuses(check(0), 'KMeans: nClusters must be an integer ≥ 1, got 0');
    refuses(check(2.5), 'KMeans: nClusters must be an integer ≥ 1, got 2.5');
    refuses(check('8'), "KMeans: nClusters must be an integer ≥ 1, got '8'");
    refuses(check(Number.NaN), 'KMeans: nClusters must be an integer ≥ 1, got NaN');
    refuses(check(Number.POSITIVE_INFINITY), 'KMeans: nClusters must be an integer ≥ 1, got Infinity');
    refuses(check(null), 'KMeans: nClusters must be an integer ≥ 1, got null');
    refuses(check(undefined), 'KMeans: nClusters must be an integer ≥ 1, got undefined');
    refuses(check(8n), 'KMeans: nClusters must be an integer ≥ 1, got 8n');
    refuses(() => checkInteger('f', 'axis', 2, { min: -2, max: 1 }), 'f: axis must be an integer ≥ -2 and ≤ 1, got 2');
    refuses(() => checkInteger('f', 'n', 1.5), 'f: n must be an integer, got 1.5');
  });
});

describe('checkNumber', () => {
  it('keeps each of the four bounds', () => {
    expect(checkNumber('f', 'p', 0, { min: 0, max: 1 })).toBe(0);
    expect(checkNumber('f', 'p', 1, { min: 0, max: 1 })).toBe(1);
    expect(checkNumber('f', 'p', 0.5, { above: 0, below: 1 })).toBe(0.5);
    refuses(() => checkNumber('f', 'p', -0.1, { min: 0, max: 1 }), 'f: p must be a number ≥ 0 and ≤ 1, got -0.1');
    refuses(() => checkNumber('f', 'p', 1.1, { min: 0, max: 1 }), 'f: p must be a number ≥ 0 and ≤ 1, got 1.1');
    refuses(() => checkNumber('f', 'p', 0, { above: 0, below: 1 }), 'f: p must be a number > 0 and < 1, got 0');
    refuses(() => checkNumber('f', 'p', -0, { above: 0 }), 'f: p must be a number > 0, got -0');
    refuses(() => checkNumber('f', 'p', 1, { above: 0, below: 1 }), 'f: p must be a number > 0 and < 1, got 1');
  });

  it('takes an infinity only where its own bound is infinite, and NaN never', () => {
    const { POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minusInf, NaN: nan } = Number;
    expect(checkNumber('f', 'x', inf, { min: 0, max: inf })).toBe(inf);
    expect(checkNumber('f', 'x', minusInf, { min: minusInf })).toBe(minusInf);
    refuses(() => checkNumber('f', 'x', inf, { min: 0 }), 'f: x must be a number ≥ 0, got Infinity');
    refuses(() => checkNumber('f', 'x', inf), 'f: x must be a number, got Infinity');
    refuses(() => checkNumber('f', 'x', minusInf, { max: inf }), 'f: x must be a number, got -Infinity');
    refuses(() => checkNumber('f', 'x', nan, { min: minusInf, max: inf }), 'f: x must be a number, got NaN');
    refuses(() => checkNumber('f', 'x', '1'), "f: x must be a number, got '1'");
  });
});

describe('checkBoolean and checkOneOf', () => {
  it('return what is right and say what would have been', () => {
    expect(checkBoolean('SGD', 'nesterov', false)).toBe(false);
    refuses(() => checkBoolean('SGD', 'nesterov', 1), 'SGD: nesterov must be true or false, got 1');
    expect(checkOneOf('KMeans', 'init', 'random', ['k-means++', 'random'])).toBe('random');
    refuses(
      () => checkOneOf('KMeans', 'init', 'kmeans++', ['k-means++', 'random']),
      "KMeans: init must be 'k-means++' or 'random', got 'kmeans++'",
    );
    refuses(() => checkOneOf('norm', 'ord', 3, [1, 2, 'fro']), "norm: ord must be 1, 2 or 'fro', got 3");
    refuses(() => checkOneOf('f', 'mode', 'toString', ['a']), "f: mode must be 'a', got 'toString'");
  });
});

describe('checkKnown', () => {
  it('passes options that are known, set or not', () => {
    checkKnown('KMeans', {}, ['nClusters']);
    checkKnown('KMeans', { nClusters: undefined }, ['nClusters', 'seed']);
  });

  it('names the nearest known option, or all of them', () => {
    refuses(
      () => checkKnown('KMeans', { nCluster: 3 }, ['nClusters', 'maxIter']),
      'KMeans: there is no option nCluster, only nClusters and maxIter',
    );
    refuses(
      () => checkKnown('KMeans', { max_iter: 3 }, ['nClusters', 'maxIter']),
      'KMeans: there is no option max_iter, only nClusters and maxIter',
    );
    refuses(
      () => checkKnown('KMeans', { verbose: 1 }, ['nClusters', 'maxIter', 'tol']),
      'KMeans: there is no option verbose, only nClusters, maxIter and tol',
    );
    refuses(() => checkKnown('ReLU', { slope: 1 }, []), 'ReLU: there is no option slope; there are none');
  });

  it('refuses what is no options object', () => {
    refuses(() => checkKnown('KMeans', 3 as never, ['nClusters']), 'KMeans: options must be an object, got 3');
    refuses(() => checkKnown('KMeans', null as never, ['nClusters']), 'KMeans: options must be an object, got null');
    refuses(() => checkKnown('KMeans', [3], ['nClusters']), 'KMeans: options must be an object, got [3]');
    // A second argument that was taken for options, whose fields are not options misspelt.
    const second = Float64Array.of(1);
    refuses(
      () => checkKnown('KMeans', second, ['nClusters']),
      'KMeans: options must be a plain object, got a Float64Array',
    );
    class _Tensor {
      shape = [1];
    }
    refuses(() => checkKnown('A', new _Tensor(), ['seed']), 'A: options must be a plain object, got a Tensor');
  });
});

it('withDefaults takes the known options, and defaults for what is undefined but not for null', () => {
  const options: object = { a: 1, b: undefined, c: null, other: 2 };
  expect(withDefaults(options, { a: 5, b: 6, c: 7, d: 8 })).toEqual({ a: 1, b: 6, c: null, d: 8 });
});

describe('show', () => {
  const endless: unknown[] = [];
  endless.push(endless);
  for (const [value, text] of [
    ['a', "'a'"],
    ['say "no"', `'say "no"'`],
    ['two\nlines', "'two\\nlines'"],
    ['x'.repeat(50), `'${'x'.repeat(37)}...'`],
    [-0, '-0'],
    [true, 'true'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 1, 'a function'],
    [[1, 'a', null], "[1, 'a', null]"],
    [[[1], 2], '[[…], 2]'],
    [endless, '[[…]]'],
    [[1, 2, 3, 4, 5, 6, 7], 'an array of 7'],
    [new Float32Array(2), 'a Float32Array'],
    [new Int32Array(2), 'an Int32Array'],
    [new Uint8Array(2), 'a Uint8Array'],
    [{ a: 1 }, 'an object'],
    [Object.create(null), 'an object'],
    [new Map(), 'a Map'],
    [new OptionError('x'), 'an OptionError'],
    [new (class FittedKMeans {})(), 'a fitted KMeans'],
  ] as const) {
    it(`writes ${text} on one line`, () => expect(show(value)).toBe(text));
  }
});

describe('list', () => {
  it('joins words as a sentence does', () => {
    expect(list([], 'or')).toBe('');
    expect(list(['a'], 'or')).toBe('a');
    expect(list(['a', 'b'], 'or')).toBe('a or b');
    expect(list(['a', 'b', 'c'], 'and')).toBe('a, b and c');
  });
});
