import { matmul, resident, scope, type Tensor, tensor } from '@maru-ml/tensor';
import { inPython } from '../python.ts';
import { matmul as jax } from '../rivals/jax.js';
import { mlProduct, numpyTs } from '../rivals/others.js';
import { matmulCpu, matmul as tfjs } from '../rivals/tfjs.js';
import { type Contender, type Row, randoms } from '../row.ts';

function ours(dtype: 'float32' | 'float64'): Contender {
  return {
    name: 'maru',
    setUp: () => {
      const matrix = (seed: number) => resident(tensor(randoms(512 * 512, seed), { dtype }).reshape(512, 512));
      const [a, b] = [matrix(1), matrix(2)];
      let out: Tensor | null = null;
      return {
        // tfjs and jax-js hand the result out as an array, and so do we.
        run: () => {
          scope(() => {
            matmul(a, b).toTypedArray();
          });
        },
        answer: () => {
          out = matmul(a, b);
          return [...out.toTypedArray().subarray(0, 4)];
        },
      };
    },
  };
}

export const matmul32: Row = {
  id: 'matmul32',
  title: 'matrix product 512, float32',
  contenders: [ours('float32'), tfjs, matmulCpu, jax, ...inPython('NumPy', 'matmul32')],
  bars: [
    { against: ['tfjs wasm'], ratio: 1.1 },
    { against: ['jax-js'], ratio: 0.75 },
    { against: ['NumPy'], ratio: 4 },
  ],
  tolerance: 1e-4,
};

export const matmul64: Row = {
  id: 'matmul64',
  title: 'matrix product 512, float64',
  contenders: [ours('float64'), numpyTs, mlProduct, ...inPython('NumPy', 'matmul64')],
  bars: [
    { against: ['numpy-ts'], ratio: 0.85 },
    { against: ['NumPy'], ratio: 4 },
  ],
  tolerance: 1e-12,
};
