import { Random, runSteps } from '@maru-ml/base';
import { abs, matmul, type NestedArray, slice, type Tensor, tensor, unsqueeze } from '@maru-ml/tensor';
import { expectClose } from '@maru-ml/tooling/testing';
import { describe, expect, it } from 'vitest';
import * as dense from '../src/dense.ts';
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
  type MatrixNorm,
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
import small from './fixtures/linalg.json' with { type: 'json' };
import large from './fixtures/linalg-large.json' with { type: 'json' };

type Rows = number[][];
type Case = { name: string; a: Rows; b: Rows } & Record<string, unknown>;

const NORMS: MatrixNorm[] = ['fro', 'nuc', 1, -1, 2, -2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

const cases = small.cases as unknown as Case[];
const having = (key: string) => cases.filter((given) => key in given).map((given) => [given.name, given] as const);

/** How large results may differ where their numbers are as large as `scale`, for the case's condition. */
function near(actual: unknown, expected: unknown, scale: number, rtol = 1e-11): void {
  expectClose(actual, expected, { rtol, atol: 1e-13 * scale });
}

const largest = (a: unknown): number => Math.max(...[a].flat(9).map((v) => Math.abs(v as number)));
const sizes = (t: Tensor): Rows => (t.toArray() as Rows).map((row) => row.map(Math.abs));
const conditionOf = ({ svdvals }: Case) => {
  const s = svdvals as number[];
  return s[0]! / s[s.length - 1]!;
};

/** Real and imaginary parts in the order of the fixture. */
function sorted(re: Tensor, im: Tensor): Rows {
  const parts = (re.toArray() as number[]).map((v, i) => [v, (im.toArray() as number[])[i]!]);
  return parts.sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
}

describe('NumPy and SciPy agree', () => {
  it.each(having('a'))('on what every matrix has: %s', (_, given) => {
    const { a } = given;
    const scale = (given.svdvals as number[])[0]!;
    near(svdvals(a), given.svdvals, scale);
    near(svd(a).s, given.svdvals, scale);
    expect(matrixRank(a)).toBe(given.rank);
    for (const [i, ord] of NORMS.entries()) near(matrixNorm(a, ord), (given.norms as number[])[i], scale);
    const condition = Math.min(conditionOf(given), 1e16);
    const inverse = given.pinv as Rows;
    near(pinv(a), inverse, largest(inverse) * (condition < 1e12 ? condition : 1), 1e-10);
    near(orthProjection(orth(a), a.length), given.rangeProjection, 1);
    near(orthProjection(nullSpace(a), a[0]!.length), given.nullProjection, 1);
  });

  it.each(having('sizesOfR'))('on QR, but for signs: %s', (name, given) => {
    const scale = (given.svdvals as number[])[0]!;
    const r = sizes(qr(given.a).r);
    const expected = given.sizesOfR as Rows;
    // Of dependent columns the last rows of R are rounding errors, or what the first of them leave.
    const rows = Math.min(given.rank as number, r.length);
    near(r.slice(0, rows), expected.slice(0, rows), scale);
    const pivoted = qrPivoted(given.a);
    if (name !== 'duplicate and constant columns') expect([...pivoted.pivots]).toEqual(given.pivots);
    near(
      sizes(pivoted.r).map((row, i) => row[i]),
      given.sizesOfPivotedR,
      scale,
    );
    expect(pivoted.rank).toBe(given.rank);
  });

  it.each(having('lstsq'))('on least squares: %s', (_, given) => {
    const { x, residuals, rank, singularValues } = lstsq(given.a, given.b);
    const expected = given.lstsq as Rows;
    near(x, expected, largest(expected) * conditionOf(given), 1e-9);
    near(residuals, given.residuals, 1);
    expect(rank).toBe(given.rank);
    expect(singularValues.shape).toEqual([Math.min(given.a.length, given.a[0]!.length)]);
    near(lstsq(given.a, given.b, { refine: true }).x, expected, largest(expected) * conditionOf(given), 1e-9);
  });

  it.each(having('det'))('on determinants: %s', (_, given) => {
    expectClose(det(given.a), given.det, { rtol: 1e-9, atol: 1e-15 });
  });

  it.each(having('slogdet'))('on their logarithms: %s', (_, given) => {
    const { sign, logabsdet } = slogdet(given.a);
    expectClose([sign, logabsdet], given.slogdet, { rtol: 1e-9 });
  });

  it.each(having('eigenvalues'))('on eigenvalues: %s', (_, given) => {
    const { values, vectors } = eig(given.a);
    const scale = (given.svdvals as number[])[0]!;
    near(sorted(values.re, values.im), given.eigenvalues, 100 * scale);
    // A (x + i y) = (re + i im) (x + i y)
    const [x, y] = [vectors.re.toArray() as Rows, vectors.im.toArray() as Rows];
    const [re, im] = [values.re.toArray() as number[], values.im.toArray() as number[]];
    const times = (v: Rows) =>
      given.a.map((row) => re.map((_, j) => row.reduce((sum, w, k) => sum + w * v[k]![j]!, 0)));
    const right = x.map((row, i) => row.map((v, j) => re[j]! * v - im[j]! * y[i]![j]!));
    const rightIm = x.map((row, i) => row.map((v, j) => im[j]! * v + re[j]! * y[i]![j]!));
    near(times(x), right, 10 * scale);
    near(times(y), rightIm, 10 * scale);
  });

  it.each(having('lu'))('on LU: %s', (name, given) => {
    const { p, l, u, pivots } = lu(given.a);
    const scale = (given.svdvals as number[])[0]!;
    near(p, (given.lu as Rows[])[0], 1);
    near(l, (given.lu as Rows[])[1], 1, 1e-9);
    near(u, (given.lu as Rows[])[2], name === 'Hilbert' ? 10 * scale : scale, 1e-9);
    near(
      [...pivots].map((row) => given.a[row]),
      times(l.toArray() as Rows, u.toArray() as Rows),
      scale,
    );
  });

  it.each(having('solve'))('on solutions and inverses: %s', (_, given) => {
    const expected = given.solve as Rows;
    const condition = conditionOf(given);
    near(solve(given.a, given.b), expected, largest(expected) * condition, 1e-9);
    near(
      solve(
        given.a,
        given.b.map((row) => row[1]!),
      ),
      expected.map((row) => row[1]),
      largest(expected) * condition,
    );
    near(inv(given.a), given.inv, largest(given.inv) * condition, 1e-9);
    const conds = given.conds as number[];
    for (const [i, p] of ([2, -2, 1, Number.POSITIVE_INFINITY, 'fro'] as MatrixNorm[]).entries()) {
      expectClose(cond(given.a, p), conds[i], { rtol: 1e-14 * condition + 1e-11 });
    }
    const lower = given.lowerUnit as Rows;
    near(solveTriangular(given.a, given.b, { upper: false, unitriangular: true }), lower, largest(lower));
  });

  it.each(having('upper'))('on triangles: %s', (_, given) => {
    near(solveTriangular(given.a, given.b, { upper: true }), given.upper, largest(given.upper));
  });

  it.each(having('expm'))('on exponentials: %s', (_, given) => {
    near(expm(given.a), given.expm, largest(given.expm));
  });

  it.each(having('eigh'))('on symmetric matrices: %s', (_, given) => {
    const { values, vectors } = eigh(given.a);
    const scale = (given.svdvals as number[])[0]!;
    near(values, given.eigh, scale);
    near(eigvalsh(given.a), given.eigh, scale);
    near(sizes(vectors), given.eighSizes, 1e3, 1e-9);
  });

  it.each(having('cholesky'))('on positive definite matrices: %s', (_, given) => {
    near(cholesky(given.a), given.cholesky, 10 * largest(given.cholesky), 1e-9);
    const x = choleskySolve(given.cholesky as Rows, given.b);
    near(x, given.choSolve, largest(given.choSolve) * conditionOf(given), 1e-9);
  });
});

describe('NumPy and SciPy agree with the routines on flat arrays', () => {
  const flat = (rows: unknown) => Float64Array.from((rows as Rows).flat());
  const shaped = (given: Case) => [flat(given.a), given.a.length, given.a[0]!.length] as const;
  const scaleOf = (given: Case) => (given.svdvals as number[])[0]!;
  const sizesOf = (x: Float64Array) => x.map(Math.abs);

  it.each(having('a'))('dense.svd and its kin: %s', (_, given) => {
    const [a, m, n] = shaped(given);
    const scale = scaleOf(given);
    near(dense.svd(a, m, n).s, given.svdvals, scale);
    near(dense.fullSvd(a, m, n).s, given.svdvals, scale);
    near(dense.svdValues(a, m, n), given.svdvals, scale);
    near(runSteps(dense.svdSteps(a, m, n)).s, given.svdvals, scale);
    near(runSteps(dense.svdValuesSteps(a, m, n)), given.svdvals, scale);
    const fill: dense.FillRows = (from, count, out, at) => out.set(a.subarray(from * n, (from + count) * n), at);
    near(runSteps(dense.rightVectors(m, n, fill)).s, given.svdvals, scale);
    const k = Math.min(m, n);
    near(dense.randomizedSvd(a, m, n, k, new Random(0)).s, given.svdvals, scale, 1e-9);
    const inverse = flat(given.pinv);
    const condition = Math.min(conditionOf(given), 1e16);
    const off = largest(Array.from(inverse)) * (condition < 1e12 ? condition : 1);
    near(dense.pseudoInverse(a, m, n), inverse, off, 1e-10);
  });

  it.each(having('sizesOfR'))('dense.qr and its kin, but for signs: %s', (_, given) => {
    const [a, m, n] = shaped(given);
    const wanted = flat(given.sizesOfR).subarray(0, (given.rank as number) * n);
    const first = (r: Float64Array) => sizesOf(r.subarray(0, wanted.length));
    near(first(dense.qr(a, m, n).r), wanted, scaleOf(given));
    near(first(dense.fullQr(a, m, n).r), wanted, scaleOf(given));
    near(first(runSteps(dense.upperFactorSteps(a, m, n))), wanted, scaleOf(given));
    const pivoted = sizesOf(dense.qrPivoted(a, m, n).r).filter((_, at) => at % (n + 1) === 0);
    near(pivoted, given.sizesOfPivotedR, scaleOf(given));
  });

  it.each(having('lstsq'))('dense.leastSquares: %s', (_, given) => {
    const [a, m, n] = shaped(given);
    const off = largest(given.lstsq) * conditionOf(given);
    near(dense.leastSquares(a, m, n, flat(given.b), 2).x, flat(given.lstsq), off, 1e-9);
    near(runSteps(dense.leastSquaresSteps(a, m, n, flat(given.b), 2)).x, flat(given.lstsq), off, 1e-9);
  });

  it.each(having('solve'))('dense.lu, dense.luSolve and triangles: %s', (_, given) => {
    const [a, n] = shaped(given);
    const off = largest(given.solve) * conditionOf(given);
    near(dense.luSolve(dense.lu(a, n), n, flat(given.b), 2), flat(given.solve), off, 1e-9);
    const lower = flat(given.lowerUnit);
    near(dense.solveLower(a, n, flat(given.b), 2, { unit: true }), lower, largest(given.lowerUnit));
  });

  it.each(having('upper'))('dense.solveUpper: %s', (_, given) => {
    const [a, n] = shaped(given);
    near(dense.solveUpper(a, n, flat(given.b), 2), flat(given.upper), largest(given.upper));
  });

  it.each(having('eigenvalues'))('dense.generalEigen: %s', (_, given) => {
    const [a, n] = shaped(given);
    const { re, im } = dense.generalEigen(a, n);
    const found = [...re].map((v, i) => [v, im[i]!]).sort((x, y) => x[0]! - y[0]! || x[1]! - y[1]!);
    near(found, given.eigenvalues, 100 * scaleOf(given));
  });

  it.each(having('eigh'))('dense.symmetricEigen: %s', (_, given) => {
    const [a, n] = shaped(given);
    near(dense.symmetricEigen(a, n).values, given.eigh, scaleOf(given));
    near(dense.symmetricEigenvalues(a, n), given.eigh, scaleOf(given));
    near(runSteps(dense.jacobiEigenSteps(a, n)).values, given.eigh, scaleOf(given));
  });

  it.each(having('cholesky'))('dense.cholesky and dense.choleskySolve: %s', (_, given) => {
    const [a, n] = shaped(given);
    near(dense.cholesky(a, n), flat(given.cholesky), 10 * largest(given.cholesky), 1e-9);
    near(dense.plainCholesky(a, n), flat(given.cholesky), 10 * largest(given.cholesky), 1e-9);
    const off = largest(given.choSolve) * conditionOf(given);
    near(dense.choleskySolve(flat(given.cholesky), n, flat(given.b), 2), flat(given.choSolve), off, 1e-9);
  });

  // 20 rows that count: two blocks of them, and three of columns.
  const counting = Array.from({ length: 20 }, (_, i) => Array.from({ length: 33 }, (_, j) => 33 * i + j));

  it('dense.transposed', () => {
    expectClose(dense.transposed(flat(counting), 20, 33), flat(large.transposedCounting), { rtol: 0 });
  });

  it('toMlMatrix, turned by ml-matrix', () => {
    expectClose(toMlMatrix(counting).transpose().to2DArray(), large.transposedCounting, { rtol: 0 });
  });
});

describe('NumPy and SciPy agree on matrices of 50 rows', () => {
  const wave = (m: number, n: number) =>
    Array.from({ length: m }, (_, i) =>
      Array.from({ length: n }, (_, j) => Math.sin(0.7 * i * j + i + 0.3 * j) + 0.01 * ((3 * i + 5 * j) % 7)),
    );
  const square = wave(50, 50);
  const plus = (a: Rows, shift: number) => a.map((row, i) => row.map((v, j) => v + (i === j ? shift : 0)));
  const transposed = (a: Rows) => a[0]!.map((_, j) => a.map((row) => row[j]!));

  it('singular values and norms', () => {
    near(svdvals(wave(60, 45)), large.svdvals, 10);
    near(svdvals(transposed(wave(60, 45))), large.svdvals, 10);
    near(matrixNorm(wave(60, 45), 'nuc'), large.nuclear, 100);
    const leading = randomizedSvd(wave(60, 45), 5, { seed: 0, nIter: 30 });
    near(leading.s, large.svdvals.slice(0, 5), 10, 1e-6);
  });

  it('eigenvalues', () => {
    const symmetric = square.map((row, i) => row.map((v, j) => v + square[j]![i]!));
    near(eigvalsh(symmetric), large.eigh, 10);
    near(eigh(symmetric).values, large.eigh, 10);
    const { values } = eig(square);
    const found = (values.re.toArray() as number[]).map((v, i) => [v, (values.im.toArray() as number[])[i]!]);
    // Neighbors may change places by rounding: each has its like.
    for (const [re, im] of large.eig) {
      expect(Math.min(...found.map(([x, y]) => Math.hypot(x! - re!, y! - im!)))).toBeLessThan(1e-11);
    }
  });

  it('determinants, inverses, factors and exponentials', () => {
    const { sign, logabsdet } = slogdet(plus(square, 3));
    near([sign, logabsdet], large.slogdet, 1);
    const inverse = inv(plus(square, 3)).toArray() as Rows;
    near(
      inverse.reduce((sum, row, i) => sum + row[i]!, 0),
      large.traceOfInverse,
      10,
    );
    const gram = plus(times(square, transposed(square)), 1);
    near(
      (cholesky(gram).toArray() as Rows).map((row, i) => row[i]),
      large.cholesky,
      10,
    );
    const trace = (expm(square.map((row) => row.map((v) => 0.3 * v))).toArray() as Rows).reduce(
      (s, r, i) => s + r[i]!,
      0,
    );
    near(trace, large.expmTrace, 10);
  });

  it('batches', () => {
    const block = (k: number) => square.slice(k, k + 4).map((row) => row.slice(k, k + 4));
    const batch = tensor([block(0), block(4)], { dtype: 'float64' });
    near(det(batch), large.batch.det, 1);
    near(inv(batch), large.batch.inv, 100);
    near(
      slogdet(batch).logabsdet,
      large.batch.det.map((v) => Math.log(Math.abs(v))),
      1,
    );
    near(
      solve(batch, [1, 0, 0, 0]),
      large.batch.inv.map((x) => x.map((row) => row[0])),
      100,
    );
  });

  describe('batches of decompositions, but for signs', () => {
    const block = (i: number, j: number, m: number, n: number) =>
      square.slice(i, i + m).map((row) => row.slice(j, j + n));
    const stack = tensor([block(0, 0, 4, 4), block(4, 4, 4, 4)], { dtype: 'float64' });
    const grid = tensor(
      [0, 1].map((i) => [0, 1, 2].map((j) => block(4 * (3 * i + j), 0, 3, 5))),
      { dtype: 'float64' },
    );
    const mirrored = stack.add(stack.transpose());

    it('svd', () => {
      const { u, s, vt } = svd(grid);
      near([abs(u).toArray(), s.toArray(), abs(vt).toArray()], large.batch.svdSizes, 10);
      near(svdvals(grid), large.batch.svdvals, 10);
      near(matmul(u.mul(unsqueeze(s, -2)), vt), grid.toArray(), 10);
      const full = svd(grid, { fullMatrices: true });
      expect([full.u.shape, full.s.shape, full.vt.shape]).toEqual(large.batch.fullSvdShapes);
    });

    it('expm', () => near(expm(stack.mul(0.3)), large.batch.expm, 10));

    it('norms', () => {
      for (const [i, ord] of NORMS.entries()) near(matrixNorm(grid, ord), large.batch.norms[i], 10);
    });

    it('pinv', () => near(pinv(grid), large.batch.pinv, 10, 1e-10));

    it('qr', () => {
      const { q, r } = qr(grid);
      near([abs(q).toArray(), abs(r).toArray()], large.batch.qrSizes, 10);
      near(matmul(q, r), grid.toArray(), 10);
      const complete = qr(grid, { mode: 'complete' });
      expect([complete.q.shape, complete.r.shape]).toEqual(large.batch.completeQrShapes);
    });

    it('eigh', () => {
      const { values, vectors } = eigh(mirrored);
      near(values, large.batch.eigh, 10);
      near(eigvalsh(mirrored), large.batch.eigh, 10);
      near(abs(vectors), large.batch.eighSizes, 10);
    });

    it('eig', () => {
      const { values, vectors } = eig(stack);
      expect(vectors.re.shape).toEqual([2, 4, 4]);
      near(
        [0, 1].map((i) => sorted(slice(values.re, [i]), slice(values.im, [i]))),
        large.batch.eig,
        100,
      );
    });
  });
});

function orthProjection(basis: Tensor | null, n: number): NestedArray {
  if (basis === null) return Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const b = basis.toArray() as Rows;
  return times(
    b,
    b[0]!.map((_, j) => b.map((row) => row[j]!)),
  );
}

function times(a: Rows, b: Rows): Rows {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0)));
}
