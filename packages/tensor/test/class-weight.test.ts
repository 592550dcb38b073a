import { OptionError } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import { checkClassWeight, classWeights } from '../src/index.ts';

const classes = ['a', 'b'];
const codes = Int32Array.of(0, 0, 0, 1);

it('balanced weights make classes count alike', () => {
  expect(classWeights('A', 'balanced', classes, codes)).toEqual(Float64Array.of(4 / 6, 2));
});

it('weights are by label, and 1 where there is none', () => {
  expect(classWeights('A', { b: 3 }, classes, codes)).toEqual(Float64Array.of(1, 3));
  expect(classWeights('A', null, classes, codes)).toEqual(Float64Array.of(1, 1));
  expect(classWeights('A', { 1: 3 }, [0, 1], codes)).toEqual(Float64Array.of(1, 3));
});

it('says what is wrong', () => {
  const checks = (weight: unknown, message: string) =>
    expectError(() => checkClassWeight('A', weight), OptionError, message);
  checks('even', "A: classWeight must be 'balanced' or weights by label, got 'even'");
  checks([1, 2], "A: classWeight must be 'balanced' or weights by label, got [1, 2]");
  checks(new Map([['a', 1]]), "A: classWeight must be 'balanced' or weights by label, got a Map");
  checks({ a: -1 }, "A: classWeight['a'] must be a number ≥ 0, got -1");
  expectError(
    () => classWeights('A', { c: 1 }, classes, codes),
    OptionError,
    "A: classWeight has a weight for 'c', which is no class",
  );
});
