import { ShapeError } from '@maru-ml/base';
import { leakyRelu as leakyReluKernel, reluBackward, relu as reluKernel } from '@maru-ml/kernels/tensor';
import { record } from '../graph.ts';
import { showShape } from '../shape.ts';
import { checkTensor, emptyTensor, floatView, type Tensor } from '../tensor.ts';
import { mul } from './arithmetic.ts';
import { cast } from './cast.ts';
import { greater } from './compare.ts';
import { unary } from './unary.ts';
import { where } from './where.ts';

/** max(x, 0). The gradient at 0 is 0. */
export function relu(x: Tensor): Tensor {
  const out = unary('relu', x, reluKernel);
  // The output is positive where the input is, and is kept anyway by what comes next.
  return record('relu', out, [x], [out], (g) => [whereActive(out, g)]);
}

/** g where the output of a relu is positive, else 0; linear in g. */
function whereActive(active: Tensor, g: Tensor): Tensor {
  const out = emptyTensor(g.shape, g.dtype);
  const same = cast(active.detach(), g.dtype);
  reluBackward(floatView(same), floatView(g), floatView(out));
  return record('reluBackward', out, [g], [active], (h) => [whereActive(active, h)]);
}

/** x where it is positive, else `slope` · x. The gradient at 0 is the slope. */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  const out = unary('leakyRelu', x, (from, to) => leakyReluKernel(from, slope, to));
  return record('leakyRelu', out, [x], [x], (g) => [where(greater(x, 0), g, mul(g, slope))]);
}

/**
 * x where it is positive, else weight · x with learned weights: one for all, or one for each channel (axis 1 of x).
 * The gradient at 0 is the weight.
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  checkTensor('prelu', 'x', x);
  checkTensor('prelu', 'weight', weight);
  const channels = x.ndim > 1 ? x.shape[1]! : 1;
  if (weight.size !== 1 && !(weight.ndim === 1 && weight.size === channels)) {
    throw new ShapeError(
      `prelu: weight must have one element or one for each of the ${channels} channels of x, got ${showShape(weight.shape)}`,
    );
  }
  const slopes = weight.size === 1 ? weight.reshape() : weight.reshape([-1, ...x.shape.slice(2).map(() => 1)]);
  return where(greater(x, 0), x, mul(x, slopes));
}
