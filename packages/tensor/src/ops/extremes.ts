import { OptionError, show } from '@maru-ml/base';
import { clamp as clampKernel, maximum as maximumKernel, minimum as minimumKernel } from '@maru-ml/kernels/tensor';
import type { DType } from '../dtype.ts';
import { record } from '../graph.ts';
import type { Tensor, TensorLike } from '../tensor.ts';
import { add, mul, operands, sub } from './arithmetic.ts';
import { binary, sumTo } from './broadcast.ts';
import { cast } from './cast.ts';
import { greater, greaterEqual, lessEqual } from './compare.ts';
import { unary, unaryKept } from './unary.ts';

/** The larger of a and b, element by element; the operands broadcast. NaN wins. Equal operands share the gradient half and half. */
export function maximum(a: TensorLike, b: TensorLike): Tensor {
  const [x, y, dtype] = operands('maximum', a, b);
  const out = binary('maximum', x, y, dtype, dtype, maximumKernel);
  return record('maximum', out, [x, y], [x, y], (g, needs) => shared(g, x, y, share(x, y, dtype), needs));
}

/** The smaller of a and b, element by element; the operands broadcast. NaN wins. Equal operands share the gradient half and half. */
export function minimum(a: TensorLike, b: TensorLike): Tensor {
  const [x, y, dtype] = operands('minimum', a, b);
  const out = binary('minimum', x, y, dtype, dtype, minimumKernel);
  return record('minimum', out, [x, y], [x, y], (g, needs) => shared(g, x, y, share(y, x, dtype), needs));
}

/**
 * x, but `min` where it is below and `max` where it is above; an infinite bound is none. The gradient is that of x from `min`
 * to `max`, both included, and 0 outside.
 */
export function clamp(x: Tensor, min: number, max: number): Tensor {
  if (!(min <= max)) {
    throw new OptionError(`clamp: min must be ≤ max, got ${show(min)} and ${show(max)}`);
  }
  const whole = [min, max].every((bound) => Number.isInteger(bound) || !Number.isFinite(bound));
  const run = whole ? unaryKept : unary;
  const out = run('clamp', x, (from, to) => clampKernel(from, min, max, to));
  return record('clamp', out, [x], [x], (g) => {
    const inside = mul(cast(greaterEqual(x, min), g.dtype), cast(lessEqual(x, max), g.dtype));
    return [mul(g, inside)];
  });
}

/** The first one's share of the gradient of the larger: 1 where a > b, 1/2 where they are equal, else 0. */
function share(a: Tensor, b: Tensor, dtype: DType): Tensor {
  return mul(add(cast(greater(a, b), dtype), cast(greaterEqual(a, b), dtype)), 0.5);
}

function shared(g: Tensor, x: Tensor, y: Tensor, first: Tensor, [forX, forY]: readonly boolean[]): (Tensor | null)[] {
  return [
    forX ? cast(sumTo(mul(g, first), x.shape), x.dtype) : null,
    forY ? cast(sumTo(mul(g, sub(1, first)), y.shape), y.dtype) : null,
  ];
}
