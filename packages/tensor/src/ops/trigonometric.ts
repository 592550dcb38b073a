import {
  acos as acosKernel,
  asin as asinKernel,
  atan as atanKernel,
  cos as cosKernel,
  sin as sinKernel,
  tan as tanKernel,
} from '@maru-ml/kernels/tensor';
import { record } from '../graph.ts';
import type { Tensor } from '../tensor.ts';
import { add, div, mul, neg, sub } from './arithmetic.ts';
import { rsqrt, square } from './roots.ts';
import { unary } from './unary.ts';

/** The sine of x in radians. */
export function sin(x: Tensor): Tensor {
  const out = unary('sin', x, sinKernel);
  return record('sin', out, [x], [x], (g) => [mul(g, cos(x))]);
}

/** The cosine of x in radians. */
export function cos(x: Tensor): Tensor {
  const out = unary('cos', x, cosKernel);
  return record('cos', out, [x], [x], (g) => [neg(mul(g, sin(x)))]);
}

/** The tangent of x in radians. */
export function tan(x: Tensor): Tensor {
  const out = unary('tan', x, tanKernel);
  return record('tan', out, [x], [out], (g) => [mul(g, add(square(out), 1))]);
}

/** The angle from [-π/2, π/2] whose sine is x; NaN outside [-1, 1]. */
export function asin(x: Tensor): Tensor {
  const out = unary('asin', x, asinKernel);
  return record('asin', out, [x], [x], (g) => [mul(g, rsqrt(sub(1, square(x))))]);
}

/** The angle from [0, π] whose cosine is x; NaN outside [-1, 1]. */
export function acos(x: Tensor): Tensor {
  const out = unary('acos', x, acosKernel);
  return record('acos', out, [x], [x], (g) => [neg(mul(g, rsqrt(sub(1, square(x)))))]);
}

/** The angle from (-π/2, π/2) whose tangent is x. */
export function atan(x: Tensor): Tensor {
  const out = unary('atan', x, atanKernel);
  return record('atan', out, [x], [x], (g) => [div(g, add(square(x), 1))]);
}
