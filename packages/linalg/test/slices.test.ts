import { Random, runSteps, type Steps } from '@maru-ml/base';
import { allocate, release } from '@maru-ml/kernels/memory';
import { describe, expect, it } from 'vitest';
import { symmetricEigenSteps } from '../src/dense/symmetric-eigen.ts';
import {
  leastSquares,
  leastSquaresSteps,
  qr,
  svd,
  svdSteps,
  svdValues,
  svdValuesSteps,
  symmetricEigen,
  upperFactorSteps,
} from '../src/dense.ts';
import { KERNELS, kernelTable, kernelTableSteps } from '../src/estimators/kernel.ts';

const random = new Random(7);
const matrix = (length: number) => Float64Array.from({ length }, () => random.normal());
const other = matrix(40 * 40);

/** Runs steps as a page does: in each pause others decompose matrices, and the kernels' memory grows, so that views of it end. */
function interrupted<T>(steps: Steps<T>): { value: T; pauses: number } {
  for (let pauses = 0, bytes = 2 ** 20; ; pauses++) {
    const { done, value } = steps.next();
    if (done) return { value, pauses };
    svd(other, 40, 40);
    if (pauses < 4) {
      bytes *= 3;
      const address = allocate(bytes);
      if (address !== 0) release(address, bytes);
    }
  }
}

/** Equal to the last bit, zeros by their sign; numbers of arrays are not compared one by one by `expect`, which takes long. */
function expectSame(actual: object, expected: object): void {
  const places = Object.keys(expected);
  expect(Object.keys(actual)).toHaveLength(places.length);
  const found = actual as Record<string, unknown>;
  const wanted = expected as Record<string, unknown>;
  for (const place of places) {
    const value = wanted[place];
    if (typeof value === 'object') expectSame(found[place] as object, value as object);
    else if (!Object.is(found[place], value)) expect(found[place], place).toBe(value);
  }
}

describe('a decomposition with pauses is that without', () => {
  for (const [m, n] of [
    [130, 130],
    [90, 140],
    [260, 70],
    [400, 40],
  ] as const) {
    it(`[${m}, ${n}]`, () => {
      const a = matrix(m * n);
      const b = matrix(m * 2);
      const factors = interrupted(svdSteps(a, m, n));
      expectSame(factors.value, svd(a, m, n));
      const values = interrupted(svdValuesSteps(a, m, n));
      expectSame(values.value, svdValues(a, m, n));
      const upper = interrupted(upperFactorSteps(a, m, n));
      expectSame(upper.value, qr(a, m, n).r);
      const solved = interrupted(leastSquaresSteps(a, m, n, b, 2));
      expectSame(solved.value, leastSquares(a, m, n, b, 2));
      for (const { pauses } of [factors, values, upper, solved]) expect(pauses).toBeGreaterThan(0);
    });
  }

  it('dependent columns', () => {
    const [m, n] = [150, 80];
    const a = matrix(m * n);
    for (let i = 0; i < m; i++) a[i * n + 9] = a[i * n + 3]!;
    const b = matrix(m);
    expectSame(interrupted(leastSquaresSteps(a, m, n, b, 1)).value, leastSquares(a, m, n, b, 1));
    expectSame(interrupted(svdSteps(a, m, n)).value, svd(a, m, n));
  });

  it('symmetric matrices', () => {
    const n = 150;
    const a = matrix(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i]!;
    const { value, pauses } = interrupted(symmetricEigenSteps(a, n));
    expectSame(value, symmetricEigen(a, n));
    expect(pauses).toBeGreaterThan(4);
  });
});

describe('a table of a kernel by blocks of rows is that in one', () => {
  const x = { data: matrix(700 * 5), rows: 700, columns: 5 };
  for (const kernel of KERNELS.filter((name) => name !== 'precomputed')) {
    it(kernel, () => {
      const kernelFunction = (a: Float64Array, b: Float64Array) => a[0]! * b[0]! + a[4]! * b[4]!;
      const settings = { kernel, gamma: 0.3, degree: 3, coef0: 1, kernelFunction };
      const { value, pauses } = interrupted(kernelTableSteps(settings, x));
      expectSame(value, kernelTable(settings, x, null, x));
      expectSame(runSteps(kernelTableSteps(settings, x)), value);
      expect(pauses).toBe(1);
    });
  }
});
