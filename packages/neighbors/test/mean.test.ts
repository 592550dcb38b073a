import { expectClose } from '@maru-ml/tooling/testing';
import { test } from 'vitest';
import { mean } from '../src/index.ts';

test('the mean of a few numbers, by hand', () => {
  expectClose(mean([1, 2, 6]), 3);
  expectClose(mean([]), Number.NaN);
});
