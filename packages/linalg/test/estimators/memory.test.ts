/** @module-tag node */
import { Random } from '@maru-ml/base';
import { memoryInUse } from '@maru-ml/kernels/memory';
import { peakOf } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import {
  FactorAnalysis,
  fisherDiscriminant,
  HebbianPCA,
  LinearDiscriminantAnalysis,
  PCA,
  QuadraticDiscriminantAnalysis,
  TruncatedSVD,
} from '../../src/index.ts';

/** Bytes at the peak of a fit beyond those of its result. */
function beyondResult(fit: () => unknown): number {
  const { bytes, kept } = peakOf(fit, memoryInUse);
  return bytes - kept;
}

function table(type: typeof Float32Array | typeof Float64Array, n: number, d: number) {
  const random = new Random(1);
  const data = new type(n * d);
  for (let i = 0; i < data.length; i++) data[i] = random.normal();
  return { data, shape: [n, d] as const };
}

// Narrow tables too: components and 10 random columns are most of their columns, and in twice the bytes.
describe.each([
  [8000, 96],
  [8000, 32],
  [16_000, 16],
  [8000, 16],
  [2000, 64],
])('a fit takes at most three copies of x beyond its result, float32 [%d, %d]', (n, d) => {
  const x = table(Float32Array, n, d);

  it.each<[string, () => unknown]>([
    ['PCA by covariances', () => new PCA({ svdSolver: 'covarianceEigh' }).fit(x)],
    ['PCA by singular values', () => new PCA({ svdSolver: 'full' }).fit(x)],
    [
      'PCA of few components',
      () => new PCA({ nComponents: 5, svdSolver: 'randomized', iteratedPower: 2, seed: 0 }).fit(x),
    ],
    ['TruncatedSVD', () => new TruncatedSVD({ nComponents: 5, nIter: 2, seed: 0 }).fit(x)],
    ['FactorAnalysis', () => new FactorAnalysis({ nComponents: 2, maxIter: 3 }).fit(x)],
  ])('%s', (_, fit) => {
    expect(beyondResult(fit) / x.data.byteLength).toBeLessThanOrEqual(3);
  });

  it('PCA of few components, where columns depend on each other', () => {
    const data = x.data.map((value, i) => (i % d < 3 ? value : x.data[i - (i % d)]!));
    const fit = () =>
      new PCA({ nComponents: 5, svdSolver: 'randomized', iteratedPower: 2, seed: 0 }).fit({ data, shape: [n, d] });
    expect(beyondResult(fit) / data.byteLength).toBeLessThanOrEqual(3);
  });
});

describe('so do others, in float64', () => {
  const [n, d] = [8000, 32];
  const x = table(Float64Array, n, d);
  const labels = Array.from({ length: n }, (_, i) => (x.data[i * d]! > 0 ? 'up' : 'down'));

  it.each<[string, () => unknown]>([
    ['LDA, svd', () => new LinearDiscriminantAnalysis({ solver: 'svd' }).fit(x, labels)],
    ['LDA, lsqr', () => new LinearDiscriminantAnalysis({ solver: 'lsqr', shrinkage: 'auto' }).fit(x, labels)],
    ['LDA, eigen', () => new LinearDiscriminantAnalysis({ solver: 'eigen', shrinkage: 0.1 }).fit(x, labels)],
    ['QDA', () => new QuadraticDiscriminantAnalysis().fit(x, labels)],
    ['HebbianPCA', () => new HebbianPCA({ nComponents: 2, maxIter: 1, seed: 0 }).fit(x)],
    ['fisherDiscriminant', () => fisherDiscriminant(x, labels)],
  ])('%s', (_, fit) => {
    expect(beyondResult(fit) / x.data.byteLength).toBeLessThanOrEqual(3);
  });
});
