import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  asSaved,
  checkSaved,
  savedBoolean,
  savedColumns,
  savedCount,
  savedLabels,
  savedNumber,
} from '../src/saving/header.ts';

describe('checkSaved', () => {
  const check = (json: unknown) => () => checkSaved('KMeansModel', 2, json);

  it('returns the fields of a model of this or an older form', () => {
    for (const version of [1, 2]) {
      const json = { type: 'KMeansModel', version, inertia: 3 };
      expect(check(json)()).toBe(json);
    }
  });

  it('refuses what is no such model', () => {
    const none = 'KMeansModel.fromJSON: this is no saved model, got';
    expectError(check(null), DataError, `${none} null`);
    expectError(check('{}'), DataError, `${none} '{}'`);
    expectError(check({ type: 'KMeansModel' }), DataError, `${none} an object`);
    expectError(check({ type: 'KMeansModel', version: '1' }), DataError, `${none} an object`);
    expectError(check({ version: 1 }), DataError, `${none} an object`);
    const other = 'KMeansModel.fromJSON: this is a saved RidgeModel, not a KMeansModel';
    expectError(check({ type: 'RidgeModel', version: 1 }), DataError, other);
    const newer =
      'KMeansModel.fromJSON: the model was saved in version 3 of its form, but this release reads versions up to 2; update the package';
    expectError(check({ type: 'KMeansModel', version: 3 }), DataError, newer);
  });
});

describe('savedNumber and savedBoolean', () => {
  it('return fields and name those that are missing or of another type', () => {
    expect(savedNumber('M.fromJSON', { a: 1 }, 'a')).toBe(1);
    expect(savedBoolean('M.fromJSON', { a: false }, 'a')).toBe(false);
    expectError(() => savedNumber('M.fromJSON', { a: '1' }, 'a'), DataError, "M.fromJSON: a must be a number, got '1'");
    expectError(() => savedNumber('M.fromJSON', {}, 'a'), DataError, 'M.fromJSON: a must be a number, got undefined');
    expectError(
      () => savedBoolean('M.fromJSON', { a: 1 }, 'a'),
      DataError,
      'M.fromJSON: a must be true or false, got 1',
    );
  });
});

describe('what a damaged file says', () => {
  const owner = 'M.fromJSON';

  it('is no number if it is infinite, and no count if it is huge', () => {
    expectError(
      () => savedNumber(owner, JSON.parse('{"a":1e999}'), 'a'),
      DataError,
      `${owner}: a must be a number, got Infinity`,
    );
    expect(savedCount(owner, { a: 0 }, 'a')).toBe(0);
    expectError(
      () => savedCount(owner, { a: 1.5 }, 'a'),
      DataError,
      `${owner}: a must be an integer from 0 to 2147483647, got 1.5`,
    );
    expectError(
      () => savedCount(owner, { a: 9 }, 'a', { min: 1, max: 8 }),
      DataError,
      `${owner}: a must be an integer from 1 to 8, got 9`,
    );
    expectError(
      () => savedColumns(owner, { nFeaturesIn: 1e9 }),
      DataError,
      `${owner}: nFeaturesIn must be an integer from 1 to 16777216, got 1000000000`,
    );
    expectError(
      () => savedLabels(owner, { c: ['a'] }, 'c', 2),
      DataError,
      `${owner}: c must be at least 2 different labels of one type, got ['a']`,
    );
  });

  it('is its fault where an option is refused', () => {
    const refuse = (error: Error) => () => {
      throw error;
    };
    expect(asSaved(owner, () => 3)).toBe(3);
    expectError(
      () => asSaved(owner, refuse(new OptionError('M: k must be 1'))),
      DataError,
      `${owner}: the saved model is damaged; M: k must be 1`,
    );
    expectError(() => asSaved(owner, refuse(new ShapeError(`${owner}: k`))), DataError, `${owner}: k`);
    expect(() => asSaved(owner, refuse(new TypeError('a bug')))).toThrow(TypeError);
  });
});
