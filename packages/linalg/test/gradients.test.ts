import { eye, grad, matmul, type Tensor, tensor, unsqueeze } from '@maru-ml/tensor';
import { checkCoverage, checkGradients } from '@maru-ml/tooling/testing';
import { describe, it } from 'vitest';
import {
  cholesky,
  choleskySolve,
  det,
  eigh,
  eigvalsh,
  expm,
  inv,
  lstsq,
  matrixNorm,
  pinv,
  slogdet,
  solve,
  solveTriangular,
  svd,
  svdvals,
} from '../src/index.ts';

interface Sample {
  f: (...inputs: Tensor[]) => Tensor;
  inputs: number[][] | number[][][];
  rtol?: number;
}

const square = [
  [1.4, 0.3, -0.7],
  [0.2, -1.1, 0.5],
  [-0.4, 0.9, 1.8],
];
const singular = [
  [1, 2, 3],
  [2, 4, 6],
  [0.5, -1, 2],
];
const tall = [
  [1.3, 0.2],
  [-0.4, 0.9],
  [0.7, -1.2],
  [0.1, 0.5],
];
const wide = [
  [1.3, 0.2, -0.6, 0.4],
  [-0.4, 0.9, 0.3, -1.1],
];
const right = [
  [0.5, -1],
  [1.2, 0.3],
  [-0.7, 0.8],
];
const batch = [square, [...square].reverse()];

const symmetric = (a: Tensor) => a.add(a.transpose()).mul(0.5);
const positive = (a: Tensor) => matmul(a, a, { transB: true }).add(eye(3, { dtype: 'float64' }));
const three = (parts: { u: Tensor; s: Tensor; vt: Tensor }, weights: readonly number[]) =>
  matmul(parts.u.mul(weights[0]!), parts.vt.mul(weights[1]!).mul(parts.s.reshape(-1, 1)).pow(2));

const samples: Record<string, Sample> = {
  solve: { f: (a, b) => solve(a, b), inputs: [square, right] },
  'solve of a vector': { f: (a, b) => solve(a, b.reshape(-1)), inputs: [square, [[0.5, -1, 2]]] },
  'solve of a batch': { f: (a, b) => solve(a.reshape(2, 3, 3), b), inputs: [batch.flat(), right] },
  inv: { f: (a) => inv(a), inputs: [square] },
  det: { f: (a) => det(a), inputs: [square] },
  'det of a singular matrix': { f: (a) => det(a), inputs: [singular] },
  'det of one number': { f: (a) => det(a), inputs: [[[0]]] },
  'det of a batch': { f: (a) => det(a.reshape(2, 3, 3)), inputs: [batch.flat()] },
  slogdet: { f: (a) => slogdet(a).logabsdet, inputs: [square] },
  cholesky: { f: (a) => cholesky(positive(a)), inputs: [square] },
  'cholesky of a symmetric input': {
    f: (a) => cholesky(symmetric(a)),
    inputs: [
      [
        [2, 0.3, 0.1],
        [0.3, 1.5, -0.4],
        [0.1, -0.4, 1],
      ],
    ],
  },
  choleskySolve: { f: (l, b) => choleskySolve(l, b), inputs: [square, right] },
  solveTriangular: { f: (a, b) => solveTriangular(a, b, { upper: true }), inputs: [square, right] },
  'solveTriangular below ones': {
    f: (a, b) => solveTriangular(a, b, { upper: false, unitriangular: true }),
    inputs: [square, right],
  },
  'eigh, values': { f: (a) => eigh(symmetric(a)).values, inputs: [square] },
  'eigh, vectors': { f: (a) => eigh(symmetric(a)).vectors, inputs: [square] },
  'eigh, both': {
    f: (a) => {
      const { values, vectors } = eigh(symmetric(a));
      return matmul(vectors.mul(values.mul(values)), vectors);
    },
    inputs: [square],
  },
  eigvalsh: { f: (a) => eigvalsh(symmetric(a)), inputs: [square] },
  svdvals: { f: (a) => svdvals(a), inputs: [tall] },
  'svd, left vectors': { f: (a) => svd(a).u, inputs: [tall] },
  'svd, right vectors': { f: (a) => svd(a).vt, inputs: [wide] },
  'svd, all of a square matrix': { f: (a) => three(svd(a), [1.5, 0.5]), inputs: [square] },
  'svd, all of a tall matrix': { f: (a) => three(svd(a), [1.5, 0.5]), inputs: [tall] },
  'svd, all of a wide matrix': { f: (a) => three(svd(a), [1.5, 0.5]), inputs: [wide] },
  'lstsq of more rows': { f: (a, b) => lstsq(a, b).x, inputs: [tall, [[1], [2], [0.5], [-1]]] },
  'lstsq, residuals': { f: (a, b) => lstsq(a, b).residuals, inputs: [tall, [[1], [2], [0.5], [-1]]] },
  'lstsq of more columns': {
    f: (a, b) => lstsq(a, b).x,
    inputs: [
      wide,
      [
        [1, 2],
        [-0.5, 3],
      ],
    ],
  },
  'pinv of more rows': { f: (a) => pinv(a), inputs: [tall] },
  'pinv of more columns': { f: (a) => pinv(a), inputs: [wide] },
  'pinv of a batch': { f: (a) => pinv(a.reshape(2, 1, 2, 2)), inputs: [tall] },
  'eigh of a batch': {
    f: (a) => {
      const { values, vectors } = eigh(symmetric(a.reshape(2, 3, 3)));
      return matmul(vectors.mul(unsqueeze(values.mul(values), -2)), vectors);
    },
    inputs: [batch.flat()],
  },
  'eigvalsh of a batch': { f: (a) => eigvalsh(symmetric(a.reshape(2, 3, 3))), inputs: [batch.flat()] },
  'svd of a batch of tall matrices': {
    f: (a) => {
      const { u, s, vt } = svd(a.reshape(2, 3, 2));
      return matmul(u.mul(1.5), vt.mul(unsqueeze(s, -1)).pow(2));
    },
    inputs: [right.concat(right.map((row) => [row[1]! + 0.4, row[0]! * 2]))],
  },
  'svdvals of a batch of wide matrices': {
    f: (a) => svdvals(a.reshape(2, 2, 3)),
    inputs: [right.concat(tall.slice(1))],
  },
  expm: { f: (a) => expm(a), inputs: [square] },
  'expm of a large matrix': { f: (a) => expm(a.mul(3)), inputs: [square], rtol: 1e-5 },
  'expm of a batch': { f: (a) => expm(a.reshape(2, 3, 3)), inputs: [batch.flat()] },
  'matrixNorm of a batch': { f: (a) => matrixNorm(a.reshape(2, 3, 3)), inputs: [batch.flat()] },
  'matrixNorm fro': { f: (a) => matrixNorm(a), inputs: [tall] },
  'matrixNorm nuc': { f: (a) => matrixNorm(a, 'nuc'), inputs: [tall] },
  'matrixNorm 2': { f: (a) => matrixNorm(a, 2), inputs: [tall] },
  'matrixNorm 1': { f: (a) => matrixNorm(a.mul(a), 1), inputs: [tall] },
  'matrixNorm Infinity': { f: (a) => matrixNorm(a.mul(a), Number.POSITIVE_INFINITY), inputs: [tall] },
};

describe('first and second derivatives are those of central differences', () => {
  it.each(Object.entries(samples))('%s', (name, { f, inputs, rtol = 1e-6 }) => {
    checkGradients(f, inputs as number[][][], { tensor, grad, name, rtol, atol: 1e-7 });
  });

  it('and every recorded operation has a sample', () => {
    const plain = Object.fromEntries(
      Object.entries(samples).map(([name, { f, inputs }]) => [name, { f, inputs: inputs as number[][][] }]),
    );
    checkCoverage(plain, { tensor, sources: new URL('../src', import.meta.url) });
  });
});
