import { OptionError, ShapeError } from '@maru-ml/base';
import type { TypedArray } from './dtype.ts';
import { isFloat } from './dtype.ts';
import { copyInto } from './ops/create.ts';
import { sameShape, showShape } from './shape.ts';
import { freeResident, makeResident, moveStorage } from './storage.ts';
import { checkTensor, type Tensor, view } from './tensor.ts';

/**
 * Makes a leaf a parameter: it requires a gradient, and its elements, its gradient's and its optimizer state's lie in memory
 * of their own for as long as they are reachable.
 */
export function parameter(t: Tensor): Tensor {
  checkTensor('parameter', 't', t);
  if (!isFloat(t.dtype)) throw new OptionError(`parameter: t must be float32 or float64, got ${t.dtype}`);
  const leaf = t.detach();
  leaf.requiresGrad = true;
  leaf.role = 'parameter';
  return resident(leaf);
}

/** Makes a tensor that a module saves with its parameters but does not train, such as a running mean. */
export function buffer(t: Tensor): Tensor {
  const leaf = t.detach();
  leaf.role = 'buffer';
  return resident(leaf);
}

/** Moves a tensor's elements to memory of their own, where kernels reach them without copies; returns the tensor. */
export function resident(t: Tensor): Tensor {
  if (t.storage.owner !== 'resident' && t.storage.owner !== null) moveStorage(t.storage, null);
  makeResident(t.storage);
  return t;
}

/** Gives the memory of a resident tensor, and of its gradient, back now. The tensor cannot be used afterwards. */
export function free(t: Tensor): void {
  for (const held of [t, t.grad, t.spareGrad]) if (held !== null) freeResident(held.storage);
  t.grad = null;
  t.spareGrad = null;
}

/** Copies the elements of `source` over those of `target`, in place. */
export function assign(target: Tensor, source: Tensor): Tensor {
  if (!sameShape(target.shape, source.shape)) {
    throw new ShapeError(`assign: target is ${showShape(target.shape)} but source is ${showShape(source.shape)}`);
  }
  copyInto(source, target);
  target.storage.version++;
  return target;
}

/** Forgets the gradient. Its memory is used again by the next one, so `clone` a gradient that is to be kept. */
export function zeroGrad(t: Tensor): void {
  if (t.grad !== null && t.grad.gradFn === null && t.grad.storage.owner === 'resident') t.spareGrad = t.grad;
  t.grad = null;
}

/**
 * Runs a kernel on the elements of tensors, for optimizers and others that change values in place. The views hold for the
 * call only. The versions of the first `changed` tensors are raised.
 */
export function withViews(tensors: readonly Tensor[], changed: number, kernel: (...views: TypedArray[]) => void): void {
  kernel(...tensors.map(view));
  for (let i = 0; i < changed; i++) tensors[i]!.storage.version++;
}
