import { Random, runSteps } from '@maru-ml/base';
import { expect, it } from 'vitest';
import { denseProducts, leadingVectors, type Products } from '../../src/estimators/range-finder.ts';

it.each([0, 1, 4])('leadingVectors multiplies with A and with Aᵀ once more than it is told: %d', (nIter) => {
  const random = new Random(1);
  const matrix = { data: Float64Array.from({ length: 60 }, () => random.normal()), rows: 12, columns: 5 };
  const exact = denseProducts(matrix, null);
  const counts = { times: 0, transposedTimes: 0 };
  const counted: Products = {
    ...exact,
    *times(q, k, out) {
      counts.times++;
      yield* exact.times(q, k, out);
    },
    *transposedTimes(y, k, out) {
      counts.transposedTimes++;
      yield* exact.transposedTimes(y, k, out);
    },
  };
  const { s } = runSteps(leadingVectors(counted, 2, { nIter, nOversamples: 1, random }));
  expect(s).toHaveLength(2);
  expect(counts).toEqual({ times: nIter + 1, transposedTimes: nIter + 1 });
});
