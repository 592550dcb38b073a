import { cosh as coshKernel, sinh as sinhKernel, tanhBackward, tanh as tanhKernel } from '@maru-ml/kernels/tensor';
import { isGradEnabled, record } from '../graph.ts';
import type { Tensor } from '../tensor.ts';
import { mul, sub } from './arithmetic.ts';
import { binary } from './broadcast.ts';
import { square } from './roots.ts';
import { unary } from './unary.ts';

/** (eˣ - e⁻ˣ) / 2. */
export function sinh(x: Tensor): Tensor {
  const out = unary('sinh', x, sinhKernel);
  return record('sinh', out, [x], [x], (g) => [mul(g, cosh(x))]);
}

/** (eˣ + e⁻ˣ) / 2. */
export function cosh(x: Tensor): Tensor {
  const out = unary('cosh', x, coshKernel);
  return record('cosh', out, [x], [x], (g) => [mul(g, sinh(x))]);
}

/** The hyperbolic tangent, from (-1, 1). */
export function tanh(x: Tensor): Tensor {
  const out = unary('tanh', x, tanhKernel);
  return record('tanh', out, [x], [out], (g) => [
    isGradEnabled() ? mul(g, sub(1, square(out))) : binary('tanh', out, g, out.dtype, out.dtype, tanhBackward),
  ]);
}
