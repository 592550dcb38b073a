import { erf as erfKernel } from '@maru-ml/kernels/tensor';
import { record } from '../graph.ts';
import type { Tensor } from '../tensor.ts';
import { mul, neg } from './arithmetic.ts';
import { exp } from './exponential.ts';
import { square } from './roots.ts';
import { unary } from './unary.ts';

/** The error function, 2/√π times the integral of exp(-t²) from 0 to x. */
export function erf(x: Tensor): Tensor {
  const out = unary('erf', x, erfKernel);
  return record('erf', out, [x], [x], (g) => [mul(g, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))]);
}
