import { eigh, svd } from '@maru-ml/linalg';
import { inPython } from '../python.ts';
import { mlEigen, mlSvd } from '../rivals/others.js';
import type { Contender, Row } from '../row.ts';
import { n, square, symmetric } from './square.ts';

function ours(
  make: () => Float64Array,
  decompose: (a: { data: Float64Array; shape: number[] }) => { toTypedArray(): ArrayLike<number> },
): Contender {
  return {
    name: 'maru',
    setUp: () => {
      const a = { data: make(), shape: [n, n] };
      let values: ArrayLike<number> = [];
      return {
        run: () => {
          values = decompose(a).toTypedArray();
        },
        answer: () => Array.from(values),
      };
    },
  };
}

export const svdRow: Row = {
  id: 'svd',
  title: 'singular values and vectors, n 400',
  contenders: [ours(square, (a) => svd(a).s), mlSvd, ...inPython('LAPACK', 'svd')],
  bars: [
    { against: ['ml-matrix'], ratio: 0.25 },
    { against: ['LAPACK'], ratio: 6 },
  ],
  tolerance: 1e-12,
};

export const eighRow: Row = {
  id: 'eigh',
  title: 'eigenvalues and vectors of a symmetric matrix, n 400',
  contenders: [ours(symmetric, (a) => eigh(a).values), mlEigen, ...inPython('LAPACK', 'eigh')],
  bars: [
    { against: ['ml-matrix'], ratio: 0.2 },
    { against: ['LAPACK'], ratio: 5 },
  ],
  tolerance: 1e-12,
};
