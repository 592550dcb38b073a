import { DataError, Random, runSteps } from '@maru-ml/base';
import { expectError } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import { holdOut } from '../src/index.ts';

it('holds out a share of each class, and every row is on one side', () => {
  const codes = Int32Array.from({ length: 50 }, (_, i) => Number(i % 5 === 0));
  const { train, test } = runSteps(holdOut('A', 50, 0.2, codes, new Random(1)));
  expect([...train, ...test].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(test.length).toBe(10);
  expect(test.filter((i) => codes[i] === 1).length).toBe(2);
});

it('leaves neither side empty', () => {
  for (const fraction of [0.01, 0.99]) {
    const { train, test } = runSteps(holdOut('A', 2, fraction, null, new Random(1)));
    expect([train.length, test.length]).toEqual([1, 1]);
  }
  expectError(
    () => runSteps(holdOut('A', 1, 0.5, null, new Random(1))),
    DataError,
    'A: earlyStopping needs at least 2 rows, got 1',
  );
});
