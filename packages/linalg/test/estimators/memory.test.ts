/** @module-tag node */
import { Random } from '@maru-ml/base';
import { memoryInUse } from '@maru-ml/kernels/memory';
import { peakOf } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import { PCA } from '../../src/index.ts';

describe('a fit takes at most three copies of x beyond its result', () => {
  const [n, d] = [8000, 96];
  const random = new Random(1);
  const data = Float32Array.from({ length: n * d }, () => random.normal());
  const x = { data, shape: [n, d] } as const;

  it.each<[string, () => unknown]>([
    ['PCA by covariances', () => new PCA({ svdSolver: 'covarianceEigh' }).fit(x)],
    ['PCA by singular values', () => new PCA({ svdSolver: 'full' }).fit(x)],
    ['PCA of few components', () => new PCA({ nComponents: 5, svdSolver: 'randomized', seed: 0 }).fit(x)],
  ])('%s', (_, fit) => {
    const { bytes, kept } = peakOf(fit, memoryInUse);
    expect((bytes - kept) / data.byteLength).toBeLessThanOrEqual(3);
  });
});
