import { Random, runSteps, shared } from '@maru-ml/base';
import { memory, memoryInUse } from '@maru-ml/kernels/memory';
import { expectClose } from '@maru-ml/tooling/testing';
import { EigenvalueDecomposition, Matrix, QrDecomposition, SingularValueDecomposition } from 'ml-matrix';
import { afterEach, describe, expect, it } from 'vitest';
import {
  cholesky,
  choleskySolve,
  fullQr,
  fullSvd,
  generalEigen,
  jacobiEigenSteps,
  leastSquares,
  lu,
  luSolve,
  pseudoInverse,
  qr,
  qrPivoted,
  randomizedSvd,
  solveLower,
  solveUpper,
  svd,
  svdValues,
  symmetricEigen,
  symmetricEigenvalues,
  transposed,
} from '../src/dense.ts';
import nist from './fixtures/nist.json' with { type: 'json' };
import { distance, fill, flip, kinds, largest, looseness, random, symmetric, times } from './matrices.ts';

const EPSILON = Number.EPSILON;
/** Around the sizes of blocks and leaves. */
const SIZES = [1, 2, 5, 25, 29, 65, 101];

/** What decompositions may be off, relative to the largest singular value. */
const bound = (n: number) => (n + 10) * EPSILON;

/** What subnormal numbers have lost, relative to `size`. */
const lostBelow = (size: number, n: number) => (size > 0 ? (n * Number.MIN_VALUE) / size : 0);

/** The same numbers brought to size 1, so that products of them stay in the range. */
const unit = (a: Float64Array, size: number) => (size === 0 ? a : a.map((v) => v / size));

describe.each(Object.entries(kinds))('%s', (name, make) => {
  it.each(SIZES)('the singular value decomposition, %d columns', (n) => {
    for (const [m, turn] of [
      [n, false],
      [n + 5, true],
      [2 * n + 3, false],
    ] as const) {
      const a = make(m, n);
      {
        const [x, rows, columns] = turn ? [flip(a, m, n), n, m] : [a, m, n];
        const k = Math.min(rows, columns);
        const { u, s, vt } = svd(x, rows, columns);
        const size = s[0]!;
        expect(s.every((v, i) => v >= 0 && (i === 0 || v <= s[i - 1]!))).toBe(true);
        const product = times(
          u.map((v, at) => v * (size === 0 ? 0 : s[at % k]! / size)),
          vt,
          rows,
          k,
          columns,
        );
        const lost = lostBelow(size, n);
        expect(distance(product, unit(x, size))).toBeLessThan(2 * bound(m) + lost);
        expect(looseness(u, rows, k)).toBeLessThan(2 * bound(m));
        expect(looseness(flip(vt, k, columns), columns, k)).toBeLessThan(2 * bound(m));
        expect(distance(unit(svdValues(x, rows, columns), size), unit(s, size))).toBeLessThan(2 * bound(m) + lost);
      }
    }
  });

  it.each(SIZES)('eigenvalues of the symmetric matrix of %d rows', (n) => {
    const a = symmetric(make(n, n), n);
    const { values, vectors } = symmetricEigen(a, n);
    const size = Math.max(Math.abs(values[0]!), Math.abs(values[n - 1]!));
    expect(values.every((v, i) => i === 0 || v >= values[i - 1]!)).toBe(true);
    const scaled = vectors.map((v, at) => v * (size === 0 ? 0 : values[at % n]! / size));
    const lost = lostBelow(size, n);
    expect(distance(times(scaled, flip(vectors, n, n), n, n, n), unit(a, size))).toBeLessThan(2 * bound(n) + lost);
    expect(looseness(vectors, n, n)).toBeLessThan(2 * bound(n));
    expect(distance(unit(symmetricEigenvalues(a, n), size), unit(values, size))).toBeLessThan(2 * bound(n) + lost);
  });

  it.each([1, 2, 5, 25, 65])('eigenvalues by rotations, of the symmetric matrix of %d rows', (n) => {
    const given = symmetric(make(n, n), n);
    const most = largest(given);
    const a = unit(given, most);
    const { values, vectors } = runSteps(jacobiEigenSteps(a, n));
    const size = Math.max(1, Math.abs(values[0]!), Math.abs(values[n - 1]!));
    const scaled = vectors.map((v, at) => (v * values[at % n]!) / size);
    expect(distance(times(scaled, flip(vectors, n, n), n, n, n), unit(a, size))).toBeLessThan(4 * bound(n));
    expect(looseness(vectors, n, n)).toBeLessThan(4 * bound(n));
    expectClose(unit(values, size), unit(symmetricEigen(a, n).values, size), { atol: 4 * bound(n) });
  });

  it.each([1, 2, 5, 31, 32, 33, 65])('QR, with and without pivoting, %d columns', (n) => {
    for (const m of [n, n + 7, Math.max(1, n - 3)]) {
      const a = make(m, n);
      const size = largest(a) * Math.sqrt(m);
      const k = Math.min(m, n);
      const most = 2 * bound(m) + lostBelow(size, n);
      const thin = qr(a, m, n);
      expect(distance(times(thin.q, unit(thin.r, size), m, k, n), unit(a, size))).toBeLessThan(most);
      expect(looseness(thin.q, m, k)).toBeLessThan(4 * bound(m));
      for (let i = 0; i < k; i++) expect(thin.r.subarray(i * n, i * n + i).every((v) => v === 0)).toBe(true);
      const full = fullQr(a, m, n);
      expect(looseness(full.q, m, m)).toBeLessThan(4 * bound(m));
      const pivoted = qrPivoted(a, m, n);
      const permuted = fill(m, n, (i, j) => a[i * n + pivoted.pivots[j]!]!);
      expect(distance(times(pivoted.q, unit(pivoted.r, size), m, k, n), unit(permuted, size))).toBeLessThan(most);
      expect(looseness(pivoted.q, m, k)).toBeLessThan(4 * bound(m));
      for (let i = 1; i < k; i++) {
        const [before, here] = [pivoted.r[(i - 1) * (n + 1)]!, pivoted.r[i * (n + 1)]!];
        expect(Math.abs(here)).toBeLessThanOrEqual(Math.abs(before) * (1 + 1e-7) + size * EPSILON);
      }
    }
  });

  it.each([1, 2, 3, 8, 40])('eigenvalues of the matrix of %d rows as it is', (n) => {
    const a = make(n, n);
    const { re, im, vectorsRe, vectorsIm } = generalEigen(a, n);
    const size = largest(a) || 1;
    const scaled = unit(a, size);
    const [x, y] = [times(scaled, vectorsRe, n, n, n), times(scaled, vectorsIm, n, n, n)];
    const wanted = fill(n, n, (i, j) => (re[j]! * vectorsRe[i * n + j]! - im[j]! * vectorsIm[i * n + j]!) / size);
    const wantedIm = fill(n, n, (i, j) => (re[j]! * vectorsIm[i * n + j]! + im[j]! * vectorsRe[i * n + j]!) / size);
    // Balancing pays for the small numbers of graded matrices with digits of the large ones, as in LAPACK.
    const most = name.startsWith('graded') ? 1e-9 : 100 * n * EPSILON + lostBelow(size, n);
    expect(distance(x, wanted)).toBeLessThan(most);
    expect(distance(y, wantedIm)).toBeLessThan(most);
    for (let j = 0; j < n; j++) {
      let squares = 0;
      for (let i = 0; i < n; i++) squares += vectorsRe[i * n + j]! ** 2 + vectorsIm[i * n + j]! ** 2;
      expect(Math.abs(squares - 1)).toBeLessThan(1e-13);
      if (im[j]! > 0) expect([re[j + 1], im[j + 1]]).toEqual([re[j], -im[j]!]);
    }
  });
});

describe('factors of Cholesky and Gauss', () => {
  it.each([1, 2, 3, 31, 32, 33, 64, 100, 150])('of %d rows', (n) => {
    const g = random(n * n, n);
    const a = times(g, flip(g, n, n), n, n, n);
    for (let i = 0; i < n; i++) a[i * (n + 1)]! += 1;
    const size = largest(a);
    const l = cholesky(a, n)!;
    expect(distance(times(l, flip(l, n, n), n, n, n), a)).toBeLessThan(bound(n) * size);
    expect(fill(n, n, (i, j) => (j > i ? l[i * n + j]! : 0)).every((v) => v === 0)).toBe(true);
    for (const k of [1, 3, 5, 40]) {
      const b = random(n * k, 9);
      const x = choleskySolve(l, n, b, k);
      expect(distance(times(a, x, n, n, k), b)).toBeLessThan(100 * bound(n) * size * largest(x));
      for (const [t, upper] of [
        [l, false],
        [flip(l, n, n), true],
      ] as const) {
        const solve = upper ? solveUpper : solveLower;
        const size = largest(t) * largest(solve(t, n, b, k)) * n;
        expect(distance(times(t, solve(t, n, b, k), n, n, k), b)).toBeLessThan(bound(n) * size);
        const back = solve(t, n, b, k, { transpose: true });
        expect(distance(times(flip(t, n, n), back, n, n, k), b)).toBeLessThan(
          bound(n) * largest(t) * largest(back) * n,
        );
        const small = t.map((v, at) => (Math.floor(at / n) === at % n ? 77 : v / (10 * n)));
        const ones = small.map((v, at) => (Math.floor(at / n) === at % n ? 1 : v));
        const x = solve(small, n, b, k, { unit: true });
        expect(distance(times(ones, x, n, n, k), b)).toBeLessThan(bound(n) * 10 * largest(x));
      }
      const f = lu(g, n);
      const y = luSolve(f, n, b, k);
      expect(distance(times(g, y, n, n, k), b)).toBeLessThan(100 * bound(n) * largest(g) * largest(y));
    }
    const f = lu(g, n);
    const lower = fill(n, n, (i, j) => (i > j ? f.lu[i * n + j]! : i === j ? 1 : 0));
    const upper = fill(n, n, (i, j) => (i > j ? 0 : f.lu[i * n + j]!));
    expect(
      distance(
        times(lower, upper, n, n, n),
        fill(n, n, (i, j) => g[f.pivots[i]! * n + j]!),
      ),
    ).toBeLessThan(1e-13 * n);
    expect(largest(lower)).toBe(1);
  });

  it('tell what has none', () => {
    expect(cholesky(Float64Array.of(1, 0, 2, 1), 2)).toBe(null);
    expect(cholesky(Float64Array.of(Number.NaN), 1)).toBe(null);
    const n = 50;
    const indefinite = fill(n, n, (i, j) => (i === j ? (i === 40 ? -1 : 1) : 0));
    expect(cholesky(indefinite, n)).toBe(null);
    expect(
      lu(
        fill(n, n, () => 1),
        n,
      ).singular,
    ).toBe(true);
    expect(lu(new Float64Array(1), 1).singular).toBe(true);
  });
});

describe('least squares and pseudo-inverses', () => {
  const shapes: [number, number, number][] = [
    [20, 5, 5],
    [5, 20, 5],
    [20, 8, 3],
    [8, 20, 3],
    [1, 4, 1],
    [4, 1, 1],
    [30, 30, 12],
    [60, 40, 40],
  ];

  it.each(shapes)('of %d rows, %d columns, rank %d: the shortest of all solutions', (m, n, rank) => {
    const a = times(random(m * rank, 1), random(rank * n, 2), m, rank, n);
    for (let at = 0; at < a.length; at++) a[at]! *= 10 ** ((at % n) % 4);
    const b = random(m * 2, 3);
    const found = leastSquares(a, m, n, b, 2);
    expect(found.rank).toBe(rank);
    const inverse = pseudoInverse(a, m, n, 1e-11);
    const x = times(inverse, b, n, m, 2);
    expect(distance(found.x, x)).toBeLessThan(1e-10 * largest(x));
    expect(distance(leastSquares(a, m, n, b, 2, { refine: true }).x, x)).toBeLessThan(1e-10 * largest(x));
    // Moore and Penrose: A P A = A, P A P = P, both products symmetric.
    const [ap, pa] = [times(a, inverse, m, n, m), times(inverse, a, n, m, n)];
    expect(distance(times(ap, a, m, m, n), a)).toBeLessThan(1e-10 * largest(a));
    expect(distance(times(pa, inverse, n, n, m), inverse)).toBeLessThan(1e-9 * largest(inverse));
    expect(distance(ap, flip(ap, m, m))).toBeLessThan(1e-10);
    expect(distance(pa, flip(pa, n, n))).toBeLessThan(1e-10);
  });

  it('huge right-hand sides are refined as well', () => {
    const a = Float64Array.of(1, 1, 1, 2, 1, 3);
    const { x } = leastSquares(a, 3, 2, Float64Array.of(1e305, 2e305, 3e305), 1, { refine: true });
    expectClose(x, [0, 1e305], { atol: 1e291 });
  });
});

describe("NIST's linear regression problems", () => {
  it.each(nist.problems.map((problem) => [problem.name, problem] as const))(
    '%s: seven digits at least',
    (_, problem) => {
      const { y, x, powers, estimates } = problem;
      const rows = x.map((value) => {
        if (powers === null) return [1, ...(value as number[])];
        const [low, high] = powers as [number, number];
        return Array.from({ length: high - low + 1 }, (_, k) => power(value as number, low + k));
      });
      const [m, n] = [rows.length, rows[0]!.length];
      const a = Float64Array.from(rows.flat());
      const { x: found, rank } = leastSquares(a, m, n, Float64Array.from(y), 1, { refine: true });
      expect(rank).toBe(n);
      expectClose(found, estimates, { rtol: problem.name === 'Filip' ? 5e-8 : 1e-13 });
      // Without refinement too the rank is full.
      expect(leastSquares(a, m, n, Float64Array.from(y), 1).rank).toBe(n);
    },
  );

  function power(x: number, k: number): number {
    let product = 1;
    for (let i = 0; i < k; i++) product *= x;
    return product;
  }
});

describe('ml-matrix agrees', () => {
  it.each([1, 4, 17, 40])('for %d rows', (n) => {
    const a = random(n * n, 5);
    const matrix = Matrix.from1DArray(n, n, a);
    const values = (re: ArrayLike<number>) => Array.from(re).sort((x, y) => x - y);
    const general = new EigenvalueDecomposition(matrix, { assumeSymmetric: false });
    const found = generalEigen(a, n);
    expectClose(values(found.re), values(general.realEigenvalues), { atol: 1e-12 });
    expectClose(values(found.im), values(general.imaginaryEigenvalues), { atol: 1e-12 });
    const s = symmetric(a, n);
    const eigen = new EigenvalueDecomposition(Matrix.from1DArray(n, n, s), { assumeSymmetric: true });
    expectClose(symmetricEigen(s, n).values, values(eigen.realEigenvalues), { atol: 1e-12 });
    const tall = random(2 * n * n, 6);
    const decomposition = new SingularValueDecomposition(Matrix.from1DArray(2 * n, n, tall));
    expectClose(svd(tall, 2 * n, n).s, decomposition.diagonal, { atol: 1e-12 });
    const r = new QrDecomposition(Matrix.from1DArray(2 * n, n, tall)).upperTriangularMatrix.to1DArray();
    expectClose(qr(tall, 2 * n, n).r.map(Math.abs), r.map(Math.abs), { atol: 1e-12 });
  });

  it('but not on the null space of wide matrices, where ours is right', () => {
    const a = random(3 * 7, 8);
    const { vt } = fullSvd(a, 3, 7);
    const beyond = vt.subarray(3 * 7);
    expect(largest(times(a, flip(beyond, 4, 7), 3, 7, 4))).toBeLessThan(1e-14);
    expect(looseness(flip(vt, 7, 7), 7, 7)).toBeLessThan(1e-14);
  });
});

describe('the randomized decomposition', () => {
  it('is near to the whole one where values fall, for matrices and what multiplies like them', () => {
    const [m, n] = [40, 25];
    const a = kinds.geometric!(m, n);
    const whole = svd(a, m, n);
    const byHand = {
      multiply: (x: Float64Array, k: number) => times(a, x, m, n, k),
      multiplyTransposed: (y: Float64Array, k: number) => times(flip(a, m, n), y, n, m, k),
    };
    for (const matrix of [a, byHand]) {
      const { u, s, vt } = randomizedSvd(matrix, m, n, 6, new Random(1));
      expectClose(s, whole.s.subarray(0, 6), { rtol: 1e-9 });
      expect([u.length, vt.length]).toEqual([m * 6, 6 * n]);
      expect(looseness(u, m, 6)).toBeLessThan(1e-13);
      for (let i = 0; i < 6; i++) {
        let dot = 0;
        for (let j = 0; j < n; j++) dot += vt[i * n + j]! * whole.vt[i * n + j]!;
        expect(Math.abs(dot)).toBeGreaterThan(1 - 1e-9);
      }
    }
  });
});

describe('no rows or no columns', () => {
  it('have empty decompositions', () => {
    const none = new Float64Array(0);
    expect(symmetricEigen(none, 0).values.length).toBe(0);
    expect(symmetricEigenvalues(none, 0).length).toBe(0);
    expect(generalEigen(none, 0).re.length).toBe(0);
    expect(cholesky(none, 0)!.length).toBe(0);
    expect(lu(none, 0)).toEqual({ lu: none, pivots: new Int32Array(0), sign: 1, singular: false });
    for (const [m, n] of [
      [0, 0],
      [3, 0],
      [0, 3],
    ] as const) {
      expect(svd(none, m, n)).toEqual({ u: none, s: none, vt: none });
      expect(svdValues(none, m, n).length).toBe(0);
      expect(qr(none, m, n)).toEqual({ q: none, r: none });
      expect(qrPivoted(none, m, n).rank).toBe(0);
      expect(pseudoInverse(none, m, n).length).toBe(0);
      expect(leastSquares(none, m, n, new Float64Array(m), 1)).toEqual({
        x: new Float64Array(n),
        rank: 0,
        singularValues: none,
      });
      expect(looseness(fullSvd(none, m, n).u, m, m)).toBe(0);
      expect(looseness(fullSvd(none, m, n).vt, n, n)).toBe(0);
      expect(transposed(none, m, n).length).toBe(0);
    }
  });
});

describe('kernels and their absence', () => {
  const choice = shared('kernels', () => ({ mode: 'auto', calls: 0 }));
  afterEach(() => {
    choice.mode = 'auto';
  });

  it('give the same bits', { tags: ['wasm'] }, () => {
    const n = 70;
    const a = random(n * n, 4);
    const s = symmetric(a, n);
    const definite = times(a, flip(a, n, n), n, n, n);
    const all = () => [
      ...Object.values(svd(a, n, n)),
      ...Object.values(svd(a, 2 * n, n / 2)),
      ...Object.values(symmetricEigen(s, n)),
      ...Object.values(qr(a, n, n)),
      lu(a, n).lu,
      cholesky(definite, n)!,
      leastSquares(a, n, n, a, n, { refine: true }).x,
      generalEigen(a, n).re,
      randomizedSvd(a, n, n, 3, new Random(0)).vt,
    ];
    const before = choice.calls;
    const withKernels = all();
    expect(choice.calls).toBeGreaterThan(before);
    choice.mode = 'js';
    const calls = choice.calls;
    for (const [i, array] of all().entries()) expect(array).toEqual(withKernels[i]);
    expect(choice.calls).toBe(calls);
  });

  it('and so does an exhausted memory, which is given back', { tags: ['wasm'] }, () => {
    const n = 64;
    const a = random(n * n, 4);
    const expected = svd(a, n, n).s;
    const m = memory()!;
    const { top } = m;
    // Beyond what memory can grow to.
    m.top = 2 ** 32;
    m.free.clear();
    const used = memoryInUse();
    expect(svd(a, n, n).s).toEqual(expected);
    expect(memoryInUse()).toBe(used);
    m.top = top;
  });
});

describe('regressions', () => {
  const check = (a: Float64Array, n: number, most: number) => {
    const { re, im, vectorsRe, vectorsIm } = generalEigen(a, n);
    const wanted = fill(n, n, (i, j) => re[j]! * vectorsRe[i * n + j]! - im[j]! * vectorsIm[i * n + j]!);
    expect(distance(times(a, vectorsRe, n, n, n), wanted)).toBeLessThan(most);
    return [...re].sort((x, y) => x - y);
  };

  it('eigenvalues that differ in the tenth digit converge', () => {
    const n = 40;
    const source = new Random(5);
    const a = fill(n, n, (i, j) => (i >> 2 === j >> 2 ? 1 : source.uniform() < 0.05 ? 1e-9 : 0));
    const values = check(a, n, 1e-12);
    for (let i = 0; i < n; i++) expect(Math.abs(values[i]! - (i < 30 ? 0 : 4))).toBeLessThan(1e-6);
  });

  it('an eigenvalue of 0 that has fewer vectors than it should has finite ones', () => {
    // Ones above the diagonal, in two chains, and a whole number here and there.
    const n = 12;
    const a = fill(n, n, (i, j) => (j === i + 1 && i !== 5 ? 1 : i === 3 && j === 9 ? 2 : 0));
    for (const value of check(a, n, 1e-13)) expect(value).toBeCloseTo(0, 12);
  });

  it('a matrix that balancing would scale beyond recognition keeps its vectors', () => {
    // Row 3 holds nothing but a tiny number, so its column may be scaled at will.
    const n = 4;
    const a = Float64Array.of(2, 0, 0, 1e-9, 1, 1, 0, 1, 0, 0, 3, 1, 0, 0, 0, -1e-20);
    check(a, n, 1e-14);
    // Here it does: balanced, the vectors of 1 and -1e-40 are one.
    check(Float64Array.of(1, 1e-40, 1, 0), 2, 1e-14);
  });

  it('balancing keeps the eigenvalues of a matrix whose rows and columns have other units', () => {
    const symmetric = Float64Array.of(1, 1, 1, 1, 2, 1, 1, 1, 4);
    const units = symmetric.map((value, at) => value * 2 ** (20 * ((at % 3) - Math.floor(at / 3))));
    const values = [...generalEigen(units, 3).re].sort((x, y) => x - y);
    expectClose(values, symmetricEigenvalues(symmetric, 3), { rtol: 1e-14 });
  });

  it('a tiny or huge multiple of a matrix has its vectors', () => {
    for (const a of [Float64Array.of(1, 1e-40, 1, 0), Float64Array.of(1, 1e6, 1e12, 1e-6, 2, 1e6, 1e-12, 1e-6, 4)]) {
      const n = Math.sqrt(a.length);
      const { re, im, vectorsRe, vectorsIm } = generalEigen(a, n);
      for (const unit of [2 ** -700, 2 ** 700]) {
        const times = (values: Float64Array) => values.map((value) => value * unit);
        const wanted = { re: times(re), im: times(im), vectorsRe, vectorsIm };
        expect(generalEigen(times(a), n)).toEqual(wanted);
      }
    }
  });

  it('columns that are shorter than the rounding errors of others leave least squares finite', () => {
    const [m, n] = [34, 16];
    const source = new Random(9);
    const a = fill(m, n, (i, j) =>
      i === j && j % 5 !== 0 ? 1 + (j % 3) : source.uniform() < 0.1 ? 1e-16 * source.normal() : 0,
    );
    const { x, rank } = leastSquares(a, m, n, a.slice(0, m), 1);
    expect(x.every(Number.isFinite)).toBe(true);
    expect(rank).toBeGreaterThan(11);
  });
});
