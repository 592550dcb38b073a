import { DataError, OptionError, Random, ShapeError } from '@maru-ml/base';
import { assign, ones, parameter, sum, type Tensor, tensor, zeros } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import type { MatrixInput, MatrixNorm } from '../src/index.ts';
import * as linalg from '../src/index.ts';
import { toMlMatrix } from '../src/ml-matrix.ts';

describe('norms of diag(1, -2, 4) and their condition numbers, by hand', () => {
  const a = [[1, 0, 0], [0, -2, 0], [0, 0, 4]]; // biome-ignore format: a matrix
  const cases: [ord: MatrixNorm, norm: number, ofInverse: number][] = [
    ['fro', Math.sqrt(21), Math.sqrt(1 + 1 / 4 + 1 / 16)],
    ['nuc', 7, 1.75],
    [1, 4, 1],
    [-1, 1, 1 / 4],
    [2, 4, 1],
    [-2, 1, 1 / 4],
    [Number.POSITIVE_INFINITY, 4, 1],
    [Number.NEGATIVE_INFINITY, 1, 1 / 4],
  ];
  it.each(cases)('%s', (ord, norm, ofInverse) => {
    expectClose(linalg.matrixNorm(a, ord).item(), norm, { rtol: 1e-14 });
    expectClose(linalg.cond(a, ord), norm * ofInverse, { rtol: 1e-14 });
  });

  it('of matrices that are not square or singular', () => {
    const tall = [[3, 0], [0, 4], [0, 0]]; // biome-ignore format: a matrix
    expectClose([linalg.cond(tall), linalg.cond(tall, -2)], [4 / 3, 3 / 4], { rtol: 1e-15 });
    const singular = [[1, 0], [0, 0]]; // biome-ignore format: a matrix
    for (const ord of ['fro', 'nuc', 1, 2] as const) expect(linalg.cond(singular, ord)).toBe(Number.POSITIVE_INFINITY);
    expect(linalg.cond(singular, -2)).toBe(0);
    expectError(() => linalg.cond(tall, 1), ShapeError, 'cond: a must be square, got shape [3, 2]');
  });
});

describe('right-hand sides do not see each other', () => {
  const random = new Random(7);
  const draw = (m: number, n: number) =>
    Array.from({ length: m }, () => Array.from({ length: n }, () => random.normal()));
  const column = (rows: number[][], c: number) => rows.map((row) => row[c]!);
  const tall = draw(7, 3);
  // The third column is the sum of the others: rank 2.
  const deficient = tall.map(([p, q]) => [p!, q!, p! + q!]);
  it.each([
    ['more rows', tall, {}],
    ['refined', tall, { refine: true }],
    ['rank 2', deficient, {}],
    ['more columns', draw(3, 7), {}],
  ])('least squares: %s', (_, a, options) => {
    const b = draw(a.length, 3);
    const x = linalg.lstsq(a, b, options).x.toArray() as number[][];
    for (const c of [0, 1, 2]) {
      const single = linalg.lstsq(a, column(b, c), options).x.toTypedArray();
      expectClose(column(x, c), single, { rtol: 1e-10, atol: 1e-12 });
    }
  });

  it('a matrix of zeros solves nothing, with nothing', () => {
    const { x, rank } = linalg.lstsq([[0, 0], [0, 0]], [[1, 2], [3, 4]]); // biome-ignore format: matrices
    expect([x.toArray(), rank]).toEqual([[[0, 0], [0, 0]], 0]); // biome-ignore format: a matrix
  });

  it('a batch of factors with a batch of right-hand sides', () => {
    const l = tensor([[[2, 0], [1, 1]], [[1, 0], [0, 3]]], { dtype: 'float64' }); // biome-ignore format: matrices
    const b = tensor([[[8], [6]], [[5], [18]]], { dtype: 'float64' }); // biome-ignore format: matrices
    // L Lᵀ is [4 2; 2 2] and [1 0; 0 9].
    expectClose(linalg.choleskySolve(l, b).toTypedArray(), [1, 2, 5, 2], { rtol: 1e-14 });
  });
});

describe('functions tell by their own names what they cannot take', () => {
  const square: Record<string, (a: MatrixInput) => unknown> = {
    cholesky: linalg.cholesky,
    det: linalg.det,
    slogdet: linalg.slogdet,
    eig: linalg.eig,
    eigh: linalg.eigh,
    eigvalsh: linalg.eigvalsh,
    expm: linalg.expm,
    inv: linalg.inv,
  };
  it.each(Object.entries(square))('%s: square matrices', (name, f) => {
    const wide = [[1, 2, 3], [4, 5, 6]]; // biome-ignore format: a matrix
    expectError(() => f(wide), ShapeError, `${name}: a must be square, got shape [2, 3]`);
  });

  const any: Record<string, (a: MatrixInput) => unknown> = {
    ...square,
    lu: linalg.lu,
    qr: linalg.qr,
    qrPivoted: linalg.qrPivoted,
    svd: linalg.svd,
    svdvals: linalg.svdvals,
    pinv: linalg.pinv,
    orth: linalg.orth,
    nullSpace: linalg.nullSpace,
    matrixNorm: linalg.matrixNorm,
    matrixRank: linalg.matrixRank,
    cond: linalg.cond,
    toMlMatrix,
  };
  it.each(Object.entries(any))('%s: finite numbers', (name, f) => {
    const infinite = tensor([[1, 2], [3, Number.POSITIVE_INFINITY]]); // biome-ignore format: a matrix
    expectError(() => f(infinite), DataError, `${name}: a[1, 1] is Infinity; all numbers must be finite`);
  });

  it('solveTriangular: what does not fit, in batches too', () => {
    const solve = (a: Tensor, b: Tensor) => () => linalg.solveTriangular(a, b, { upper: true, unitriangular: true });
    expectError(
      solve(ones([2, 3, 4]), ones([3])),
      ShapeError,
      'solveTriangular: a must be square, got shape [2, 3, 4]',
    );
    expectError(
      solve(ones([2, 3, 3]), ones([2])),
      ShapeError,
      'solveTriangular: a is [2, 3, 3], so b must have 3 rows, got shape [2]',
    );
    expectError(
      solve(ones([2, 3, 3]), ones([4, 3, 1])),
      ShapeError,
      'solveTriangular: a is [2, 3, 3] but b is [4, 3, 1]; their leading axes must be the same',
    );
    expectError(
      solve(ones([3, 3]), tensor([1, 2, Number.NaN])),
      DataError,
      'solveTriangular: b[2] is NaN; all numbers must be finite',
    );
  });

  const gradients: Record<string, (a: Tensor) => Tensor> = {
    det: linalg.det,
    slogdet: (a) => linalg.slogdet(a).logabsdet,
    solve: (a) => linalg.solve(a, [1, 2]),
    solveTriangular: (a) => linalg.solveTriangular(a, [1, 2], { upper: true }),
    lstsq: (a) => linalg.lstsq(a, [1, 2]).x,
    pinv: linalg.pinv,
  };
  it.each(Object.entries(gradients))('%s: a matrix that has changed since', (name, f) => {
    const a = parameter(tensor([[2, 1], [1, 3]], { dtype: 'float64' })); // biome-ignore format: a matrix
    const result = sum(f(a));
    assign(a, zeros([2, 2]));
    expectError(
      () => result.backward(),
      OptionError,
      `backward: a tensor of shape [2, 2] that ${name} needs was changed in place after the forward pass; run forward again, or change a clone`,
    );
  });

  it('of a batch with one singular matrix the logarithm of the determinant has no gradient', () => {
    const a = parameter(tensor([[[2, 0], [0, 3]], [[1, 1], [1, 1]]], { dtype: 'float64' })); // biome-ignore format: matrices
    const { sign, logabsdet } = linalg.slogdet(a);
    expect(sign.toArray()).toEqual([1, 0]);
    expectError(
      () => sum(logabsdet).backward(),
      DataError,
      'slogdet: a is singular, so log |det a| is -Infinity and has no gradient',
    );
  });
});

it('what float32 has rounded is no direction of its own', () => {
  const a = tensor([[1, 2], [2, 4.0001]], { dtype: 'float32' }); // biome-ignore format: a matrix
  expect(linalg.matrixRank(a)).toBe(2);
  const rounded = tensor([[0.1, 0.3], [0.7, 2.1]], { dtype: 'float32' }); // biome-ignore format: a matrix
  expect([linalg.matrixRank(rounded), linalg.orth(rounded)!.shape, linalg.nullSpace(rounded)!.shape]).toEqual([
    1,
    [2, 1],
    [2, 1],
  ]);
  const plain = { data: Float64Array.from(rounded.toTypedArray()), shape: [2, 2] };
  expect([linalg.matrixRank(plain), linalg.orth(plain)!.shape, linalg.nullSpace(plain)]).toEqual([2, [2, 2], null]);
});

describe("estimators' doors", () => {
  const random = new Random(11);
  const rows = Array.from({ length: 30 }, (_, i) => [random.normal() + (i % 2), random.normal()]);
  const labels = rows.map((_, i) => i % 2);

  it('priors that add up to 1 but for rounding are scaled', () => {
    for (const Estimator of [linalg.LinearDiscriminantAnalysis, linalg.QuadraticDiscriminantAnalysis]) {
      const { priors } = new Estimator({ priors: [0.25, 0.750008] }).fit(rows, labels);
      expectClose(priors, [0.25 / 1.000008, 0.750008 / 1.000008], { rtol: 1e-14 });
    }
  });

  it("Fisher's discriminant of columns that depend on others, or are too large", () => {
    const message =
      'fisherDiscriminant: the scatter within classes has no inverse; drop columns that are constant or depend on others, or give more rows';
    for (let seed = 0; seed < 20; seed++) {
      const draws = new Random(seed);
      const dependent = Array.from({ length: 12 }, () => {
        const [p, q] = [draws.normal(), draws.normal()];
        return [p, q, p / 3 + q / 7];
      });
      const y = dependent.map((_, i) => i % 2);
      expectError(() => linalg.fisherDiscriminant(dependent, y), DataError, message);
    }
    const large = rows.map((row) => row.map((value) => value * 1e200));
    expectError(
      () => linalg.fisherDiscriminant(large, labels),
      DataError,
      'fisherDiscriminant: squares of the numbers in x overflow; divide x by a constant first',
    );
  });

  it('a share of the variance is above 0 and at most 1', () => {
    const table = linalg.varianceTable([3, 1]);
    expect([0.5, 0.75, 0.76, 1].map((share) => table.componentsFor(share))).toEqual([1, 1, 2, 2]);
    for (const share of [0, 1.5]) {
      const message = `VarianceTable: share must be a number > 0 and ≤ 1, got ${share}`;
      expectError(() => table.componentsFor(share), OptionError, message);
    }
  });

  it('rows of components are checked as z', () => {
    const model = new linalg.PCA({ nComponents: 1 }).fit(rows);
    expectError(
      () => model.inverseTransform([[Number.NaN]]),
      DataError,
      'PCA: z[0, 0] is NaN; impute or drop missing values first (see SimpleImputer)',
    );
  });

  it('prints options and what was found', () => {
    expect(String(new linalg.PCA({ nComponents: 2, whiten: true }))).toBe(
      "PCA { nComponents: 2, whiten: true, svdSolver: 'auto', iteratedPower: 'auto', nOversamples: 10, seed: undefined }",
    );
    expect(String(new linalg.QuadraticDiscriminantAnalysis({ regParam: 0.5 }))).toBe(
      'QuadraticDiscriminantAnalysis { priors: null, regParam: 0.5, storeCovariance: false, tol: 0.0001 }',
    );
    expect(String(new linalg.LinearDiscriminantAnalysis({ shrinkage: 0.5, solver: 'lsqr' }))).toBe(
      "LinearDiscriminantAnalysis { solver: 'lsqr', shrinkage: 0.5, priors: null, nComponents: null, storeCovariance: false, tol: 0.0001 }",
    );
    expect(String(new linalg.HebbianPCA({ nComponents: 2, rule: 'oja' }))).toBe(
      "HebbianPCA { nComponents: 2, rule: 'oja', learningRate: 0.1, decay: 0.5, maxIter: 200, tol: 0.0001, shuffle: true, init: null, seed: undefined }",
    );
    expect(String(new linalg.PCA().fit([[0, 0], [2, 0], [1, 1], [1, -1]]))).toBe("PCAModel: 2 components of 2 columns explain 100 % of the variance (0.5, 0.5)"); // biome-ignore format: a matrix
  });

  it('a Hebbian fit takes a signal, and is stopped by it', async () => {
    const { signal } = new AbortController();
    const options = { seed: 4 };
    const model = await new linalg.HebbianPCA(options).fitAsync(rows, { signal });
    expect(model.components.data).toEqual(new linalg.HebbianPCA(options).fit(rows).components.data);
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(new linalg.HebbianPCA().fitAsync(rows, { signal: aborted })).rejects.toThrow('enough');
  });
});
