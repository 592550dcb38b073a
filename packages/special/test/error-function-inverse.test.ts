import { expectClose } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import { erfc, erfcinv, ndtri } from '../src/index.ts';

it('erfcinv leads back through erfc everywhere, also where its parts meet', () => {
  for (const p of [0.2499, 0.24, 0.2, 0.15, 0.1, 0.01, 1e-5, 1e-100, 1e-300, 1.76, 1.9]) {
    expectClose(erfc(erfcinv(p)), p, { rtol: 1e-13, name: `erfcinv(${p})` });
  }
  expect(erfcinv(0)).toBe(Number.POSITIVE_INFINITY);
});

it('the 90% quantile of the normal distribution', () => {
  expectClose(ndtri(0.9), 1.2815515655446004, { rtol: 1e-15 });
});
