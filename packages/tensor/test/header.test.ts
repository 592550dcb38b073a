import { DataError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { checkSaved, savedBoolean, savedNumber } from '../src/saving/header.ts';

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
