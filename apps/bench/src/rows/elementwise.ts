import { exp, relu, resident, scope, sum, type Tensor, tensor } from '@maru-ml/tensor';
import { inPython } from '../python.ts';
import * as jax from '../rivals/jax.js';
import * as tfjs from '../rivals/tfjs.js';
import { type Contender, type Row, randoms } from '../row.ts';

const n = 2 ** 20;

function ours(f: (x: Tensor) => Tensor): Contender {
  return {
    name: 'maru',
    setUp: () => {
      const x = resident(tensor(randoms(n, 3)));
      return { run: () => void scope(() => void f(x)), answer: () => [sum(f(x)).item()] };
    },
  };
}

/** A loop into a ready array; it sees both signs and random ones, so the branch of relu cannot be guessed. */
function loop(fill: (x: Float32Array, out: Float32Array) => void): Contender {
  return {
    name: 'plain loop',
    setUp: () => {
      const x = randoms(n, 3);
      const out = new Float32Array(n);
      return { run: () => fill(x, out), answer: () => [out.reduce((total, v) => total + v, 0)] };
    },
  };
}

export const reluRow: Row = {
  id: 'relu',
  title: 'relu of 1M float32 in a scope',
  contenders: [
    ours(relu),
    loop((x, out) => {
      // biome-ignore lint/complexity/useMathMinMax: the loop as it is usually written is what is compared with
      for (let i = 0; i < x.length; i++) out[i] = x[i]! > 0 ? x[i]! : 0;
    }),
    ...tfjs.relu,
    jax.relu,
    ...inPython('PyTorch', 'relu'),
  ],
  bars: [
    { against: ['plain loop'], ratio: 0.05 },
    { against: ['PyTorch'], ratio: 2.5 },
  ],
  tolerance: 1e-4,
};

export const expRow: Row = {
  id: 'exp',
  title: 'exp of 1M float32 in a scope',
  contenders: [
    ours(exp),
    loop((x, out) => {
      for (let i = 0; i < x.length; i++) out[i] = Math.exp(x[i]!);
    }),
    ...tfjs.exp,
    jax.exp,
    ...inPython('PyTorch', 'exp'),
  ],
  bars: [
    { against: ['plain loop'], ratio: 0.2 },
    { against: ['PyTorch'], ratio: 2.5 },
  ],
  tolerance: 1e-4,
};
