import { OptionError, show } from '@maru-ml/base';
import { gelu as geluKernel } from '@maru-ml/kernels/tensor';
import { record } from '../graph.ts';
import { checkTensor, type Tensor } from '../tensor.ts';
import { add, mul } from './arithmetic.ts';
import { erf } from './erf.ts';
import { exp } from './exponential.ts';
import { tanh } from './hyperbolic.ts';
import { square } from './roots.ts';
import { unary } from './unary.ts';

export interface GeluOptions {
  /** 'tanh' takes the approximation by the hyperbolic tangent that some published weights were trained with; 'none'. */
  approximate?: 'none' | 'tanh';
}

/**
 * The Gaussian error linear unit x Φ(x), where Φ is the distribution function of the standard normal.
 * Source: D. Hendrycks, K. Gimpel, "Gaussian error linear units", arXiv:1606.08415 (2016).
 */
export function gelu(x: Tensor, { approximate = 'none' }: GeluOptions = {}): Tensor {
  if (approximate === 'tanh') return byTanh(x);
  if (approximate !== 'none') {
    throw new OptionError(`gelu: approximate must be 'none' or 'tanh', got ${show(approximate)}`);
  }
  const out = unary('gelu', x, geluKernel);
  return record('gelu', out, [x], [x], (g) => {
    const distribution = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
    const density = mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return [mul(g, add(distribution, mul(x, density)))];
  });
}

/** x/2 (1 + tanh(√(2/π) (x + .044715 x³))). */
function byTanh(x: Tensor): Tensor {
  checkTensor('gelu', 'x', x);
  const inner = mul(mul(x, add(mul(square(x), 0.044715), 1)), Math.sqrt(2 / Math.PI));
  return mul(mul(x, 0.5), add(tanh(inner), 1));
}
