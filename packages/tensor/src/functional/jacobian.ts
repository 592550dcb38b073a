import { OptionError, ShapeError } from '@maru-ml/base';
import { grad } from '../backward.ts';
import { enableGrad } from '../graph.ts';
import { mul } from '../ops/arithmetic.ts';
import { zeros } from '../ops/create.ts';
import { stack } from '../ops/join.ts';
import { reshape } from '../ops/shape.ts';
import { sum } from '../ops/sum.ts';
import { sameShape, showShape } from '../shape.ts';
import { checkFloat, checkTensor, emptyTensor, type Tensor, view } from '../tensor.ts';

export interface DerivativeOptions {
  /** Build the graph of the result, so that it can be differentiated; false. */
  createGraph?: boolean;
}

/**
 * The Jacobian of `f` at `x`: ∂f(x)ᵢ/∂xⱼ, of the shape of f(x) followed by that of `x`. Zeros where there is no dependence.
 * Cost: one backward pass for each element of f(x).
 */
export function jacobian(f: (x: Tensor) => Tensor, x: Tensor, { createGraph = false }: DerivativeOptions = {}): Tensor {
  const at = startingPoint('jacobian', x, createGraph);
  const y = enableGrad(() => f(at));
  checkTensor('jacobian', 'what f returns', y);
  return rowsOf(y, at, createGraph);
}

/**
 * The Hessian of the scalar function `f` at `x`: ∂²f/∂xᵢ∂xⱼ, of the shape of `x` twice. Cost: one backward pass through the
 * gradient for each element of `x`.
 *
 * @throws ShapeError if f(x) has more than one element
 */
export function hessian(f: (x: Tensor) => Tensor, x: Tensor, { createGraph = false }: DerivativeOptions = {}): Tensor {
  const at = startingPoint('hessian', x, createGraph);
  return rowsOf(gradientAt('hessian', f, at), at, createGraph);
}

/**
 * The Hessian of the scalar function `f` at `x` times the vector `v` (of the shape of `x`), without the Hessian itself:
 * H v = ∂(∇f · v)/∂x. Cost: two backward passes.
 *
 * Source: B. Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6 (1994).
 */
export function hvp(
  f: (x: Tensor) => Tensor,
  x: Tensor,
  v: Tensor,
  { createGraph = false }: DerivativeOptions = {},
): Tensor {
  const at = startingPoint('hvp', x, createGraph);
  checkTensor('hvp', 'v', v);
  if (!sameShape(v.shape, x.shape)) {
    throw new ShapeError(`hvp: v is ${showShape(v.shape)} but x is ${showShape(x.shape)}`);
  }
  const gradient = gradientAt('hvp', f, at);
  if (!gradient.requiresGrad) return zeros(x.shape, { dtype: x.dtype });
  const along = enableGrad(() => sum(mul(gradient, v)));
  return grad(along, at, { createGraph, allowUnused: true });
}

/** A leaf with the values of `x`; with `createGraph` a tensor that depends on `x`, if that requires a gradient. */
function startingPoint(owner: string, x: Tensor, createGraph: boolean): Tensor {
  checkTensor(owner, 'x', x);
  checkFloat(owner, 'x', x);
  if (createGraph && x.requiresGrad) return enableGrad(() => reshape(x, x.shape));
  const at = x.detach();
  at.requiresGrad = true;
  return at;
}

function gradientAt(owner: string, f: (x: Tensor) => Tensor, at: Tensor): Tensor {
  const y = enableGrad(() => f(at));
  checkTensor(owner, 'what f returns', y);
  if (y.size !== 1) {
    throw new ShapeError(`${owner}: f must return one number, got shape ${showShape(y.shape)}`);
  }
  if (!y.requiresGrad) throw new OptionError(`${owner}: what f returns does not depend on x`);
  return grad(y, at, { createGraph: true, allowUnused: true });
}

/** The gradient of each element of `y`, one below the other. */
function rowsOf(y: Tensor, x: Tensor, createGraph: boolean): Tensor {
  const shape = [...y.shape, ...x.shape];
  if (!y.requiresGrad || y.size === 0) return zeros(shape, { dtype: x.dtype });
  const rows: Tensor[] = [];
  for (let i = 0; i < y.size; i++) {
    const choice = emptyTensor(y.shape, y.dtype);
    view(choice).fill(0)[i] = 1;
    rows.push(grad(y, x, { gradOutputs: choice, retainGraph: true, createGraph, allowUnused: true }));
  }
  return enableGrad(() => reshape(stack(rows), shape));
}
