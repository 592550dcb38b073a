import { expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { checkSampleWeight, DataError, OptionError, ShapeError } from '../src/index.ts';

describe('checkSampleWeight', () => {
  const check = (weights: unknown) => () => checkSampleWeight('KMeans', weights as number[], 3);

  it('returns a copy, and null for none', () => {
    const given = Float32Array.from([1, 0, 2.5]);
    const weights = check(given)();
    expect(weights).toEqual(Float64Array.from([1, 0, 2.5]));
    given[0] = 9;
    expect(weights![0]).toBe(1);
    expect(check([1, 2, 3])()).toEqual(Float64Array.from([1, 2, 3]));
    expect(check(undefined)()).toBe(null);
  });

  it('refuses what are no weights of the rows', () => {
    expectError(check([1, 2]), ShapeError, 'KMeans: sampleWeight has 2 weights, but x has 3 rows');
    expectError(check([1, -2, 3]), DataError, 'KMeans: sampleWeight[1] must be a finite number ≥ 0, got -2');
    expectError(check([1, 2, Number.NaN]), DataError, 'KMeans: sampleWeight[2] must be a finite number ≥ 0, got NaN');
    const infinite = 'KMeans: sampleWeight[0] must be a finite number ≥ 0, got Infinity';
    expectError(check([Number.POSITIVE_INFINITY, 2, 3]), DataError, infinite);
    expectError(check([1, '2', 3]), DataError, "KMeans: sampleWeight[1] must be a finite number ≥ 0, got '2'");
    expectError(check([0, 0, 0]), DataError, 'KMeans: sampleWeight must not be all 0');
    expectError(
      check([1e308, 1e308, 0]),
      DataError,
      'KMeans: sampleWeight adds up to infinity; divide the weights by a constant first',
    );
    expectError(check(1), OptionError, 'KMeans: sampleWeight must be an array of weights, got 1');
    expectError(check(null), OptionError, 'KMeans: sampleWeight must be an array of weights, got null');
    expectError(check('111'), OptionError, "KMeans: sampleWeight must be an array of weights, got '111'");
  });
});
