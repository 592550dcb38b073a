import { runSteps } from '@maru-ml/base';
import { expectClose } from '@maru-ml/tooling/testing';
import { expect, it } from 'vitest';
import { largestEigen, leadingEigen } from '../../src/estimators/leading-eigen.ts';

/** H diag(λ) H with the reflection H = I - 2 w wᵀ, whose columns are the eigenvectors. */
function reflected(eigenvalues: number[]): { a: Float64Array; h: (i: number, j: number) => number } {
  const n = eigenvalues.length;
  const w = Array.from({ length: n }, (_, i) => Math.sqrt((2 * (i + 1)) / (n * (n + 1))));
  const h = (i: number, j: number) => (i === j ? 1 : 0) - 2 * w[i]! * w[j]!;
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) a[i * n + j]! += h(i, k) * eigenvalues[k]! * h(k, j);
  }
  return { a, h };
}

it('a few of many eigenvalues come from the Krylov space, equal ones too', () => {
  const n = 240;
  const eigenvalues = Array.from({ length: n }, (_, i) => (i < 2 ? 8 : i === 2 ? 1 : 2 ** (-8 - i)));
  const { a, h } = reflected(eigenvalues);
  const found = runSteps(leadingEigen(a, n, 3));
  expectClose(found.values, [8, 8, 1], { rtol: 1e-12 });
  // Of the equal ones only the plane is known.
  const along = (k: number, c: number) =>
    Array.from({ length: n }, (_, i) => found.vectors[c * n + i]! * h(i, k)).reduce((x, y) => x + y);
  expectClose(
    [0, 1].map((c) => along(0, c) ** 2 + along(1, c) ** 2),
    [1, 1],
    { rtol: 1e-12 },
  );
  expectClose(along(2, 2) ** 2, 1, { rtol: 1e-12 });
  // Had the whole matrix been decomposed, these would be the same to the last bit.
  expect(found.vectors).not.toEqual(runSteps(largestEigen(a, n, 3)).vectors);
});

it('a matrix whose eigenvalues hardly fall is decomposed whole', () => {
  const n = 120;
  const { a } = reflected(Array.from({ length: n }, (_, i) => 1 + (n - i) * 1e-6));
  const found = runSteps(leadingEigen(a, n, 3));
  expect(found).toEqual(runSteps(largestEigen(a, n, 3)));
});
