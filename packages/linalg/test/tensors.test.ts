import { DataError, OptionError, ShapeError } from '@maru-ml/base';
import { eye, grad, matmul, stack, sum, type Tensor, tensor, zeros } from '@maru-ml/tensor';
import { expectClose, expectError } from '@maru-ml/tooling/testing';
import * as fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import {
  cholesky,
  choleskySolve,
  cond,
  det,
  eig,
  eigh,
  eigvalsh,
  expm,
  inv,
  lstsq,
  lu,
  matrixNorm,
  matrixRank,
  nullSpace,
  orth,
  pinv,
  qr,
  qrPivoted,
  randomizedSvd,
  slogdet,
  solve,
  solveTriangular,
  svd,
  svdvals,
} from '../src/index.ts';
import { toMlMatrix } from '../src/ml-matrix.ts';
import torch from './fixtures/gradients.json' with { type: 'json' };

type Rows = number[][];

describe('by hand', () => {
  const a = [
    [4, 7],
    [2, 6],
  ];

  it('the determinant and the inverse of two rows', () => {
    // 4 · 6 - 7 · 2 = 10, and the inverse is [6 -7; -2 4] / 10.
    expectClose(det(a), 10);
    expectClose(inv(a), [
      [0.6, -0.7],
      [-0.2, 0.4],
    ]);
    expectClose(slogdet(a).logabsdet, Math.log(10));
    expectClose(slogdet([a[1]!, a[0]!]).sign, -1);
  });

  it('a matrix times its inverse is the unit matrix, and determinants multiply, in a graph of tensors', () => {
    const x = tensor(a, { dtype: 'float64', requiresGrad: true });
    const y = tensor([
      [1, 2],
      [3, 5],
    ]);
    expectClose(matmul(x, inv(x)), eye(2), { atol: 1e-15 });
    expectClose(det(matmul(x, y)), -10);
    // d det = det A⁻ᵀ: the cofactors.
    expectClose(grad(det(x), x), [
      [6, -2],
      [-7, 4],
    ]);
    // d log |det| = A⁻ᵀ.
    expectClose(grad(slogdet(x).logabsdet, x), [
      [0.6, -0.2],
      [-0.7, 0.4],
    ]);
  });

  it('solutions, with one and with several right-hand sides', () => {
    expectClose(solve(a, [1, 0]), [0.6, -0.2]);
    expectClose(solve(a, [[1, 0]].concat([[0, 1]])), inv(a).toArray());
    expectClose(solveTriangular(a, [8, 6], { upper: true }), [0.25, 1]);
    expectClose(solveTriangular(a, [8, 6], { upper: false }), [2, 2 / 6]);
  });

  it('the factor of Cholesky', () => {
    // The example of A.-L. Cholesky in many textbooks: whole numbers.
    const definite = [
      [4, 12, -16],
      [12, 37, -43],
      [-16, -43, 98],
    ];
    const l = [
      [2, 0, 0],
      [6, 1, 0],
      [-8, 5, 3],
    ];
    expect(cholesky(definite).toArray()).toEqual(l);
    expectClose(choleskySolve(l, [4, 12, -16]), [1, 0, 0], { atol: 1e-12 });
  });

  it('eigenvalues of a symmetric matrix and of a rotation', () => {
    const { values, vectors } = eigh([
      [2, 1],
      [1, 2],
    ]);
    expectClose(values, [1, 3]);
    expectClose(
      (vectors.toArray() as Rows).map((row) => row.map((v) => v * v)),
      [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    );
    // A quarter turn: ± i, with vectors (1, ∓ i) / √2.
    const turn = eig([
      [0, -1],
      [1, 0],
    ]);
    expectClose(turn.values.re, [0, 0], { atol: 1e-15 });
    expectClose(turn.values.im, [1, -1]);
    expectClose(
      turn.vectors.re.toArray(),
      [
        [Math.SQRT1_2, Math.SQRT1_2],
        [0, 0],
      ],
      { atol: 1e-15 },
    );
    expectClose(turn.vectors.im, [
      [0, 0],
      [-Math.SQRT1_2, Math.SQRT1_2],
    ]);
  });

  it('singular values, ranks, norms, conditions', () => {
    const x = [
      [3, 0],
      [4, 5],
    ];
    // AᵀA = [25 20; 20 25] has the eigenvalues 45 and 5.
    expectClose(svdvals(x), [Math.sqrt(45), Math.sqrt(5)]);
    expectClose(matrixNorm(x), Math.sqrt(50));
    expectClose([matrixNorm(x, 1), matrixNorm(x, -1), matrixNorm(x, Number.POSITIVE_INFINITY)], [7, 5, 9]);
    expectClose(cond(x), 3);
    // A⁻¹ = [5 0; -4 3] / 15
    expectClose(cond(x, 1), 7 * (9 / 15));
    expect(
      cond(
        [
          [1, 2],
          [2, 4],
        ],
        1,
      ),
    ).toBe(Number.POSITIVE_INFINITY);
    expect(cond(zeros([2, 2]))).toBe(Number.POSITIVE_INFINITY);
    expect(
      matrixRank([
        [1, 2],
        [2, 4],
        [3, 6],
      ]),
    ).toBe(1);
    expect(matrixRank(zeros([3, 2]))).toBe(0);
  });

  it('null spaces and ranges', () => {
    const x = [
      [1, 1, 0],
      [2, 2, 0],
    ];
    const basis = nullSpace(x)!;
    expect(basis.shape).toEqual([3, 2]);
    expectClose(matmul(tensor(x, { dtype: 'float64' }), basis), zeros([2, 2]), { atol: 1e-15 });
    const span = orth(x)!.toArray() as Rows;
    expectClose(
      span.map((row) => row.map(Math.abs)),
      [[1 / Math.sqrt(5)], [2 / Math.sqrt(5)]],
    );
    expect(nullSpace([[2]])).toBe(null);
    expect(orth([[0], [0]])).toBe(null);
  });

  it('exponentials: of a nilpotent matrix 1 + A, of a rotation by an angle its sine and cosine', () => {
    expectClose(
      expm([
        [0, 3],
        [0, 0],
      ]),
      [
        [1, 3],
        [0, 1],
      ],
    );
    expectClose(
      expm([
        [0, -2],
        [2, 0],
      ]),
      [
        [Math.cos(2), -Math.sin(2)],
        [Math.sin(2), Math.cos(2)],
      ],
    );
    expectClose(expm(zeros([2, 2], { dtype: 'float64' })), eye(2));
    // 100 is halved until a Padé approximant reaches it, and squared back.
    expectClose(expm([[100]]), [[Math.exp(100)]], { rtol: 1e-13 });
  });

  it('QR with columns in the order of what they add', () => {
    // The second column is the longest, and the first is half of it.
    const { q, r, pivots, rank } = qrPivoted([
      [1, 2, 0],
      [2, 4, 0],
      [0, 0, 1],
    ]);
    expect([...pivots]).toEqual([1, 2, 0]);
    expect(rank).toBe(2);
    expectClose(Math.abs((r.toArray() as Rows)[0]![0]!), Math.sqrt(20));
    expectClose(
      matmul(q, r),
      [
        [2, 0, 1],
        [4, 0, 2],
        [0, 1, 0],
      ],
      { atol: 1e-15 },
    );
    const complete = qr([[3], [4]], { mode: 'complete' });
    expectClose(complete.r, [[-5], [0]], { atol: 1e-15 });
    expect(complete.q.shape).toEqual([2, 2]);
  });

  it('least squares of a line, of too few equations, and of columns that say the same', () => {
    // Through (0, 1), (1, 3), (2, 4): slope 1.5, offset 7/6; residuals -1/6, 1/3, -1/6.
    const line = lstsq(
      [
        [1, 0],
        [1, 1],
        [1, 2],
      ],
      [1, 3, 4],
    );
    expectClose(line.x, [7 / 6, 1.5]);
    expectClose(line.residuals, 1 / 6);
    expect(line.rank).toBe(2);
    // x + y = 2: the shortest is (1, 1); two equal columns share alike.
    expectClose(lstsq([[1, 1]], [2]).x, [1, 1]);
    expectClose(
      lstsq(
        [
          [1, 1],
          [2, 2],
        ],
        [2, 4],
      ).x,
      [1, 1],
    );
    // Of 3 x + 4 y = 25 it is 25 / 5² (3, 4): the scaling of the columns does not show.
    expectClose(lstsq([[3, 4]], [25]).x, [3, 4]);
    expectClose(
      lstsq(
        [
          [0, 0],
          [0, 0],
        ],
        [1, 2],
      ).x,
      [0, 0],
    );
    expectClose(pinv([[3, 4]]), [[3 / 25], [4 / 25]]);
  });

  it('columns of very different units neither lose their rank nor their digits', () => {
    const x = [1, 2, 3, 4].map((t) => [1e-120, 1e120 * t]);
    const { x: found, rank } = lstsq(x, [1, 3, 5, 7]);
    expect(rank).toBe(2);
    expectClose(found, [-1e120, 2e-120]);
  });
});

describe('PyTorch agrees on gradients', () => {
  const weighted = (t: Tensor) =>
    sum(
      t.mul(
        tensor(
          Array.from({ length: t.size }, (_, i) => Math.cos(i)),
          { dtype: 'float64' },
        ).reshape(t.shape),
      ),
    );
  const squares = (t: Tensor) => weighted(t.mul(t));
  const functions: Record<string, (...inputs: Tensor[]) => Tensor> = {
    solve: (a, b) => weighted(solve(a!, b!)),
    inv: (a) => weighted(inv(a!)),
    det: (a) => det(a!),
    slogdet: (a) => slogdet(a!).logabsdet,
    cholesky: (a) => weighted(cholesky(a!)),
    solveTriangular: (a, b) => weighted(solveTriangular(a!, b!, { upper: true })),
    eighValues: (a) => weighted(eigh(a!).values),
    eighVectors: (a) => squares(eigh(a!).vectors),
    svdvals: (a) => weighted(svdvals(a!)),
    svdLeft: (a) => squares(svd(a!).u),
    svdRight: (a) => squares(svd(a!).vt),
    pinv: (a) => weighted(pinv(a!)),
    lstsq: (a, b) => weighted(lstsq(a!, b!).x),
    expm: (a) => weighted(expm(a!)),
    nuc: (a) => matrixNorm(a!, 'nuc'),
  };

  it.each(torch.cases.map((given) => [given.name, given] as const))('of %s', (name, { inputs, value, gradients }) => {
    const leaves = inputs.map((rows) => tensor(rows as Rows, { dtype: 'float64', requiresGrad: true }));
    const out = functions[name]!(...leaves);
    expectClose(out, value, { rtol: 1e-11 });
    const found = grad(out, leaves);
    // PyTorch gives the gradients of a symmetric input's eigenvalues in one triangle or both; their sum over it is the same.
    for (const [i, expected] of gradients.entries()) {
      const both = (rows: Rows) =>
        name.startsWith('eigh') ? rows.map((row, r) => row.map((v, c) => v + rows[c]![r]!)) : rows;
      expectClose(both(found[i]!.toArray() as Rows), both(expected as Rows), { rtol: 1e-9, atol: 1e-10 });
    }
  });
});

describe('what goes in and comes out', () => {
  const a = [
    [4, 1],
    [1, 3],
  ];

  it('rows, flat numbers, tensors and matrices of ml-matrix are alike', () => {
    const expected = inv(a).toArray();
    expect(inv({ data: [4, 1, 1, 3], shape: [2, 2] }).toArray()).toEqual(expected);
    expect(inv(tensor(a, { dtype: 'float64' })).toArray()).toEqual(expected);
    expect(inv(tensor(a, { dtype: 'int32' })).toArray()).toEqual(expected);
    expect(inv(new Matrix(a)).toArray()).toEqual(expected);
    expect(toMlMatrix(tensor(a)).to2DArray()).toEqual(a);
    expect(solve(new Matrix(a), new Float64Array([5, 4])).toArray()).toEqual([1, 1]);
  });

  it('float32 in, float32 out, everything else float64', () => {
    const single = tensor(a);
    expect(single.dtype).toBe('float32');
    const outputs = [
      inv(single),
      det(single),
      eigh(single).vectors,
      svd(single).u,
      solve(single, [1, 2]),
      lstsq(single, [1, 2]).x,
    ];
    outputs.push(
      cholesky(single),
      expm(single),
      qr(single).q,
      lu(single).l,
      matrixNorm(single),
      eig(single).values.re,
      pinv(single),
    );
    for (const out of outputs) expect(out.dtype).toBe('float32');
    expect(solve(single, tensor([1, 2], { dtype: 'float64' })).dtype).toBe('float64');
    expect(inv(a).dtype).toBe('float64');
    expect(inv(tensor(a, { dtype: 'int32' })).dtype).toBe('float64');
  });

  it('determinants of 0, in a batch with others or by underflow, and infinite ones have the cofactors as gradients', () => {
    const gradientOf = (rows: Rows | Rows[]) => {
      const x = tensor(rows, { dtype: 'float64', requiresGrad: true });
      // Zeros of either sign.
      return grad(sum(det(x)), x)
        .add(0)
        .toArray();
    };
    const [regular, singular] = [[[4, 1], [1, 3]], [[1, 2], [2, 4]]]; // biome-ignore format: matrices
    expectClose(gradientOf([regular!, singular!]), [[[3, -1], [-1, 4]], [[4, -2], [-2, 1]]]); // biome-ignore format: matrices
    const diagonal = (...d: number[]) => d.map((value, i) => d.map((_, j) => (i === j ? value : 0)));
    expect(gradientOf(diagonal(1e-200, 1e-200, 2))).toEqual(diagonal(2e-200, 2e-200, 0));
    expect(gradientOf(diagonal(1e200, 1e200, 2))).toEqual(diagonal(2e200, 2e200, Number.POSITIVE_INFINITY));
  });

  it('gradients of float32 tensors arrive in float32', () => {
    const x = tensor(a, { requiresGrad: true });
    const gradient = grad(det(x), x);
    expect(gradient.dtype).toBe('float32');
    expectClose(
      gradient,
      [
        [3, -1],
        [-1, 4],
      ],
      { rtol: 1e-6 },
    );
  });

  it('leaves its inputs alone', () => {
    const x = tensor(
      [
        [2, 1, 0],
        [1, 3, 1],
        [0, 1, 4],
      ],
      { dtype: 'float64' },
    );
    const before = x.toArray();
    for (const f of [inv, det, cholesky, eigh, svd, qr, qrPivoted, lu, eig, expm, pinv, svdvals, nullSpace, orth, cond])
      f(x);
    solve(x, x);
    lstsq(x, x, { refine: true });
    expect(x.toArray()).toEqual(before);
  });

  it('leading axes are batches; one right-hand side serves all', () => {
    const batch = tensor(
      [
        a,
        [
          [2, 0],
          [0, 5],
        ],
      ] as never,
      { dtype: 'float64' },
    );
    expectClose(det(batch), [11, 10]);
    expectClose(inv(batch).toArray(), [
      inv(a).toArray(),
      [
        [0.5, 0],
        [0, 0.2],
      ],
    ]);
    expectClose(solve(batch, [5, 10]).toArray(), [solve(a, [5, 10]).toArray(), [2.5, 2]]);
    expect(cholesky(batch).shape).toEqual([2, 2, 2]);
    expect(slogdet(batch).sign.toArray()).toEqual([1, 1]);
    const sizes = tensor([[[1e-200]], [[1e200]], [[800]]], { dtype: 'float64' });
    expectClose(matrixNorm(sizes), [1e-200, 1e200, 800]);
    expectError(
      () => expm(stack([eye(1, { dtype: 'float64' }), tensor([[800]], { dtype: 'float64' })])),
      DataError,
      'expm: the exponential of a[1] is too large for float64 (its norm is 800)',
    );
  });
});

describe('the randomized decomposition', () => {
  const low = Array.from({ length: 30 }, (_, i) =>
    Array.from({ length: 20 }, (_, j) => Math.sin(i + 1) * j + Math.cos(i) * (j % 3)),
  );

  it('finds a matrix of low rank, wide or tall, with every normalizer', () => {
    const wide = low[0]!.map((_, j) => low.map((row) => row[j]!));
    for (const powerIterationNormalizer of ['auto', 'QR', 'LU', 'none'] as const) {
      for (const a of [low, wide]) {
        const { u, s, vt } = randomizedSvd(a, 2, { seed: 1, nIter: 2, powerIterationNormalizer });
        expectClose(matmul(u.mul(s), vt), a, { atol: 1e-8 });
        expectClose(s, (svdvals(a).toArray() as number[]).slice(0, 2));
      }
    }
  });

  it('repeats with a seed, and makes the largest component of each left vector positive', () => {
    const first = randomizedSvd(low, 2, { seed: 3 });
    expect(randomizedSvd(low, 2, { seed: 3 }).vt.toArray()).toEqual(first.vt.toArray());
    const columns = (first.u.toArray() as Rows)[0]!.map((_, j) => (first.u.toArray() as Rows).map((row) => row[j]!));
    for (const column of columns) expect(Math.max(...column)).toBe(Math.max(...column.map(Math.abs)));
  });

  it('takes sparse rows', async () => {
    const { toSparse } = await import('@maru-ml/tensor');
    const dense = tensor(
      low.map((row, i) => row.map((v, j) => ((i + j) % 3 === 0 ? v : 0))),
      { dtype: 'float64' },
    );
    const expected = randomizedSvd(dense, 3, { seed: 0 });
    const found = randomizedSvd(toSparse(dense), 3, { seed: 0 });
    expectClose(found.s, expected.s, { rtol: 1e-12 });
    expectClose(found.vt, expected.vt, { atol: 1e-9 });
  });

  it('refuses what it cannot do', () => {
    expectError(
      () => randomizedSvd(low, 21),
      OptionError,
      'randomizedSvd: nComponents must be an integer ≥ 1 and ≤ 20, got 21',
    );
    expectError(
      () => randomizedSvd(low, 2, { powerIterationNormalizer: 'LQ' as never }),
      OptionError,
      "randomizedSvd: powerIterationNormalizer must be 'auto', 'QR', 'LU' or 'none', got 'LQ'",
    );
    expectError(
      () => randomizedSvd(low, 2, { nIter: -1 }),
      OptionError,
      'randomizedSvd: nIter must be an integer ≥ 0, got -1',
    );
    expectError(
      () => randomizedSvd(low, 2, { nOversample: 3 } as never),
      OptionError,
      'randomizedSvd: there is no option nOversample, only nOversamples, nIter, powerIterationNormalizer, flipSign and seed',
    );
  });
});

describe('errors', () => {
  const singular = [
    [1, 2],
    [2, 4],
  ];

  it('of singular matrices', () => {
    expectError(
      () => solve(singular, [1, 2]),
      DataError,
      'solve: a is singular (pivot 1 is 0); use lstsq for a least-squares solution',
    );
    expectError(() => inv(singular), DataError, 'inv: a is singular (pivot 1 is 0); use pinv');
    const nearly = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ].map((row) => row.map((v) => v / 7));
    const message =
      /^solve: a is singular to working precision \(its reciprocal condition is \d(\.\d)?e-1\d\); use lstsq for a least-squares solution$/;
    expect(() => solve(nearly, [1, 2, 3])).toThrow(message);
    const batch = tensor(
      [
        [
          [1, 0],
          [0, 1],
        ],
        singular,
      ] as never,
      { dtype: 'float64' },
    );
    expectError(() => inv(batch), DataError, 'inv: a[1] is singular (pivot 1 is 0); use pinv');
    expectError(
      () =>
        solveTriangular(
          [
            [1, 2],
            [0, 0],
          ],
          [1, 1],
          { upper: true },
        ),
      DataError,
      'solveTriangular: a is singular ([1, 1] is 0); use lstsq',
    );
    const x = tensor(singular, { dtype: 'float64', requiresGrad: true });
    const { sign, logabsdet } = slogdet(x);
    expect([sign.item(), logabsdet.item()]).toEqual([0, Number.NEGATIVE_INFINITY]);
    expectError(
      () => grad(logabsdet, x),
      DataError,
      'slogdet: a is singular, so log |det a| is -Infinity and has no gradient',
    );
    expectClose(grad(det(x), x), [
      [4, -2],
      [-2, 1],
    ]);
  });

  it('but not of badly scaled ones', () => {
    expectClose(
      solve(
        [
          [1e-200, 0],
          [0, 1e200],
        ],
        [1, 1],
      ),
      [1e200, 1e-200],
    );
    expectClose(
      inv([
        [1e-160, 3e-160],
        [2e140, 1e140],
      ]),
      [
        [-0.2e160, 0.6e-140],
        [0.4e160, -0.2e-140],
      ],
    );
  });

  it('of matrices that are not symmetric or not positive definite', () => {
    expectError(
      () =>
        cholesky([
          [1, 2],
          [3, 10],
        ]),
      DataError,
      'cholesky: a must be symmetric, but a[0, 1] is 2 and a[1, 0] is 3; symmetrize it as (a + aᵀ) / 2',
    );
    expectError(
      () =>
        eigh([
          [1, 2],
          [3, 10],
        ]),
      DataError,
      'eigh: a must be symmetric, but a[0, 1] is 2 and a[1, 0] is 3; symmetrize it as (a + aᵀ) / 2',
    );
    expectError(
      () =>
        eigvalsh([
          [1, 2],
          [0, 1],
        ]),
      DataError,
      'eigvalsh: a must be symmetric, but a[0, 1] is 2 and a[1, 0] is 0; symmetrize it as (a + aᵀ) / 2',
    );
    expectError(
      () =>
        cholesky([
          [1, 2],
          [2, 1],
        ]),
      DataError,
      'cholesky: a is not positive definite; add a small multiple of the unit matrix, or use eigh',
    );
  });

  it('of vectors without a gradient', () => {
    const unit = eye(2, { dtype: 'float64' });
    unit.requiresGrad = true;
    expectError(
      () => grad(sum(eigh(unit).vectors), unit),
      DataError,
      'eigh: eigenvalues 0 and 1 are equal (1), so their vectors have no gradient',
    );
    expectClose(grad(sum(eigh(unit).values), unit), eye(2));
    expectError(
      () => grad(sum(svd(unit).u), unit),
      DataError,
      'svd: singular values 0 and 1 are equal (1), so their vectors have no gradient',
    );
    const flat = tensor(
      [
        [1, 1],
        [1, 1],
      ] as never,
      { dtype: 'float64', requiresGrad: true },
    );
    const u = svd(flat).s;
    expectClose(grad(u, flat, { gradOutputs: tensor([1, 0], { dtype: 'float64' }) }), [
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    const zero = tensor(
      [
        [3, 0],
        [0, 0],
      ] as never,
      { dtype: 'float64', requiresGrad: true },
    );
    expectError(
      () => grad(sum(svd(zero).vt), zero),
      DataError,
      'svd: singular value 1 is 0, so its vectors have no gradient',
    );
    const pair = stack([
      tensor(
        [
          [2, 1],
          [1, 3],
        ],
        { dtype: 'float64' },
      ),
      eye(2, { dtype: 'float64' }),
    ]);
    pair.requiresGrad = true;
    expectError(
      () => grad(sum(eigh(pair).vectors), pair),
      DataError,
      'eigh: eigenvalues 0 and 1 of a[1] are equal (1), so their vectors have no gradient',
    );
    expectError(
      () => grad(sum(svd(pair).u), pair),
      DataError,
      'svd: singular values 0 and 1 of a[1] are equal (1), so their vectors have no gradient',
    );
    const vanishing = zeros([1, 2, 2], { dtype: 'float64' });
    vanishing.requiresGrad = true;
    expectError(
      () => grad(sum(svd(vanishing).vt), vanishing),
      DataError,
      'svd: singular value 0 of a[0] is 0, so its vectors have no gradient',
    );
  });

  it('of shapes', () => {
    expectError(
      () =>
        inv([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ShapeError,
      'inv: a must be square, got shape [2, 3]',
    );
    expectError(
      () =>
        solve(
          [
            [1, 2],
            [3, 4],
          ],
          [1, 2, 3],
        ),
      ShapeError,
      'solve: a is [2, 2], so b must have 2 rows, got shape [3]',
    );
    expectError(
      () => lstsq([[1], [2]], [1, 2, 3]),
      ShapeError,
      'lstsq: a is [2, 1], so b must have 2 rows, got shape [3]',
    );
    expectError(() => svd(tensor([1, 2])), ShapeError, 'svd: a must have at least 2 axes [..., m, n], got shape [2]');
    expectError(() => det(tensor([1, 2])), ShapeError, 'det: a must have at least 2 axes [..., m, n], got shape [2]');
    expectError(
      () => solve(zeros([2, 3, 3]).add(eye(3)), zeros([3, 3, 1])),
      ShapeError,
      'solve: a is [2, 3, 3] but b is [3, 3, 1]; their leading axes must be the same',
    );
    expectError(() => svd([[1, 2], [3]]), ShapeError, 'svd: a[1] has 1 column, but a[0] has 2');
    expectError(
      () => svd([1, 2] as never),
      OptionError,
      'svd: a must be a Tensor [n, d], an array of rows, or { data, shape }, got [1, 2]; wrap each number in a row: a.map((v) => [v])',
    );
  });

  it('of numbers', () => {
    expectError(
      () => svd([[1, Number.NaN]]),
      DataError,
      'svd: a[0, 1] is NaN; impute or drop missing values first (see SimpleImputer)',
    );
    expectError(
      () => svd(tensor([[1], [Number.POSITIVE_INFINITY]])),
      DataError,
      'svd: a[1, 0] is Infinity; all numbers must be finite',
    );
    expectError(() => solve([[1]], [Number.NaN]), DataError, 'solve: b[0] is NaN; all numbers must be finite');
    expectError(() => solve([[1]], [1, '2'] as never), DataError, "solve: b[1] must be a number, got '2'");
    expectError(() => det(tensor([[true]])), OptionError, 'det: a must hold numbers, got a tensor of bool');
    expectError(
      () => expm([[800]]),
      DataError,
      'expm: the exponential of a is too large for float64 (its norm is 800)',
    );
  });

  it('of empty matrices', () => {
    expectError(() => svd([]), DataError, 'svd: a must have at least one row and one column, got shape [0, 0]');
    expectError(
      () => lstsq({ data: [], shape: [0, 3] }, []),
      DataError,
      'lstsq: a must have at least one row and one column, got shape [0, 3]',
    );
    expectError(() => inv(zeros([0, 0])), DataError, 'inv: a must not be empty, got shape [0, 0]');
  });

  it('of options', () => {
    expectError(
      () => matrixNorm([[1]], 3 as never),
      OptionError,
      "matrixNorm: ord must be 'fro', 'nuc', 1, -1, 2, -2, Infinity or -Infinity, got 3",
    );
    expectError(() => lstsq([[1]], [1], { rcond: -1 }), OptionError, 'lstsq: rcond must be a number ≥ 0, got -1');
    expectError(
      () => lstsq([[1]], [1], { refine: 1 as never }),
      OptionError,
      'lstsq: refine must be true or false, got 1',
    );
    expectError(
      () => qr([[1]], { mode: 'full' as never }),
      OptionError,
      "qr: mode must be 'reduced' or 'complete', got 'full'",
    );
    expectError(
      () => svd([[1]], { fullMatrix: true } as never),
      OptionError,
      'svd: there is no option fullMatrix, only fullMatrices',
    );
    expectError(
      () => solveTriangular([[1, 2, 3], [4, 5, 6]], [1, 2], { upper: true }), // biome-ignore format: a matrix
      ShapeError,
      'solveTriangular: a must be square, got shape [2, 3]',
    );
    expectError(
      () => solveTriangular([[1]], [1], {} as never),
      OptionError,
      'solveTriangular: upper must be true or false, got undefined',
    );
  });
});

describe('laws', () => {
  // Hundredths: a singular value is a rounding error or far above one.
  const numbers = fc.integer({ min: -1000, max: 1000 }).map((v) => v / 100);
  const matrix = (m: number, n: number) =>
    fc.array(fc.array(numbers, { minLength: n, maxLength: n }), { minLength: m, maxLength: m });
  const sides = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }));

  it('A = U S Vᵀ, and the pseudo-inverse is that of Moore and Penrose', () => {
    fc.assert(
      fc.property(
        sides.chain(([m, n]) => matrix(m, n)),
        (rows) => {
          const a = tensor(rows, { dtype: 'float64' });
          const { u, s, vt } = svd(a);
          expectClose(matmul(u.mul(s), vt), rows, { atol: 1e-12 });
          const p = pinv(a, { rcond: 1e-9 });
          const size = 1 + Math.max(...(p.toArray() as Rows).flat().map(Math.abs));
          expectClose(matmul(matmul(a, p), a), rows, { atol: 1e-11 * size });
          expectClose(matmul(matmul(p, a), p), p, { atol: 1e-10 * size * size });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('det(A B) = det A det B, and the residual of a solution is small', () => {
    fc.assert(
      fc.property(matrix(4, 4), matrix(4, 4), (x, y) => {
        const [a, b] = [tensor(x, { dtype: 'float64' }), tensor(y, { dtype: 'float64' })];
        const scale = 1 + matrixNorm(a).item() ** 4 * matrixNorm(b).item() ** 4;
        expectClose(det(matmul(a, b)), det(a).item() * det(b).item(), { atol: 1e-13 * scale });
        const shifted = a.add(eye(4, { dtype: 'float64' }).mul(50));
        expectClose(matmul(shifted, solve(shifted, b)), y, { atol: 1e-12 });
      }),
      { numRuns: 60 },
    );
  });

  it('exp(A) exp(-A) = 1, and det exp(A) is the exponential of the trace', () => {
    fc.assert(
      fc.property(matrix(3, 3), (rows) => {
        const a = tensor(rows, { dtype: 'float64' }).mul(0.2);
        const [forth, back] = [expm(a), expm(a.neg())];
        const size = matrixNorm(forth).item() * matrixNorm(back).item();
        expectClose(matmul(forth, back), eye(3), { atol: 1e-12 * size });
        const trace = rows.reduce((total, row, i) => total + 0.2 * row[i]!, 0);
        expectClose(det(forth), Math.exp(trace), { rtol: 1e-8, atol: 1e-13 * matrixNorm(forth).item() ** 3 });
      }),
      { numRuns: 60 },
    );
  });
});
