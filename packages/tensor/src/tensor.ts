import { OptionError, readable, ShapeError } from '@maru-ml/base';
import { backward } from './backward.ts';
import { BRAND, isTensor } from './brand.ts';
import { type DType, isFloat, type TypedArray } from './dtype.ts';
import { formatTensor } from './format.ts';
import { type BackwardOptions, type GradNode, type Hook, registerHook } from './graph.ts';
import { add, div, mul, neg, sub } from './ops/arithmetic.ts';
import { type MatmulOptions, matmul } from './ops/matmul.ts';
import { pow } from './ops/pow.ts';
import { reshape, transpose } from './ops/shape.ts';
import { type AxisOptions, mean, sum } from './ops/sum.ts';
import { type Shape, showShape, sizeOf } from './shape.ts';
import { makeStorage, type Storage, viewOf } from './storage.ts';

export { isTensor } from './brand.ts';

/** What a number and a tensor have in common for arithmetic. */
export type TensorLike = Tensor | number;

/** Nested arrays of a tensor's elements: a number or boolean for a scalar. */
export type NestedArray = number | boolean | NestedArray[];

/**
 * An n-dimensional array whose elements lie row by row, with the gradient of what was computed from it.
 * Tensors are made by functions such as `tensor`, `zeros` and `randn`; beyond arithmetic and what chains everywhere,
 * operations are functions, so that a bundle holds only those it uses.
 */
export class Tensor {
  /** The lengths of the axes; [] is a scalar. */
  readonly shape: Shape;
  readonly dtype: DType;
  /** The number of elements. */
  readonly size: number;
  /** Whether gradients flow to this tensor. */
  requiresGrad = false;
  /** After `backward`: the gradient of a leaf, of the tensor's shape. */
  grad: Tensor | null = null;
  /** The node of the graph that this tensor came from; null for leaves. */
  gradFn: GradNode | null = null;
  /** A name for errors and pictures of the graph; modules name their parameters. */
  name = '';
  /** What a module holds it as: a parameter is trained, a buffer (such as a running mean) is only saved; null for all others. */
  role: 'parameter' | 'buffer' | null = null;
  /** @internal The elements; shared by tensors that view the same ones. */
  readonly storage: Storage;
  /** @internal The first element's place in the storage. */
  readonly offset: number;
  /** @internal The node that adds to `grad`, made when a leaf enters a graph. */
  accumulator: GradNode | null = null;
  /** @internal The memory of a gradient that `zeroGrad` set aside, for the next one. */
  spareGrad: Tensor | null = null;

  /** @internal Use `tensor`, `zeros` and their kin. */
  constructor(storage: Storage, shape: Shape, offset = 0) {
    this.storage = storage;
    this.shape = shape;
    this.dtype = storage.dtype;
    this.size = sizeOf(shape);
    this.offset = offset;
    if (!(BRAND in this)) brand(this);
  }

  /** The number of axes. */
  get ndim(): number {
    return this.shape.length;
  }

  add(other: TensorLike): Tensor {
    return add(this, other);
  }

  sub(other: TensorLike): Tensor {
    return sub(this, other);
  }

  mul(other: TensorLike): Tensor {
    return mul(this, other);
  }

  div(other: TensorLike): Tensor {
    return div(this, other);
  }

  neg(): Tensor {
    return neg(this);
  }

  pow(exponent: TensorLike): Tensor {
    return pow(this, exponent);
  }

  matmul(other: Tensor, options?: MatmulOptions): Tensor {
    return matmul(this, other, options);
  }

  sum(axis?: number | readonly number[], options?: AxisOptions): Tensor {
    return sum(this, axis, options);
  }

  mean(axis?: number | readonly number[], options?: AxisOptions): Tensor {
    return mean(this, axis, options);
  }

  /** The same elements in another shape; one length may be -1. Shares the elements. */
  reshape(...shape: number[] | [Shape]): Tensor {
    return reshape(
      this,
      typeof shape[0] === 'number' || shape.length === 0 ? (shape as number[]) : (shape[0] as Shape),
    );
  }

  /** The axes in another order; the last two swapped when none is given. */
  transpose(...axes: number[]): Tensor {
    return transpose(this, axes.length === 0 ? undefined : axes);
  }

  /** The same elements outside the graph. Shares the elements. */
  detach(): Tensor {
    return new Tensor(this.storage, this.shape, this.offset);
  }

  /**
   * Adds to the `grad` of every leaf that this tensor was computed from.
   * A tensor of more than one element needs `gradient`, of its shape.
   */
  backward(gradient?: Tensor, options?: BackwardOptions): void {
    backward(this, gradient, options);
  }

  /** Calls `hook` with this tensor's gradient when it is known; what it returns replaces the gradient. Returns a function that removes it. */
  registerHook(hook: Hook): () => void {
    return registerHook(this, hook);
  }

  /** The one element as a number (a boolean counts 0 or 1). */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError(`item: the tensor must have one element, got shape ${showShape(this.shape)}; use toArray()`);
    }
    return viewOf(this.storage, this.offset, 1)[0]!;
  }

  /** The elements as nested arrays of numbers or booleans. */
  toArray(): NestedArray {
    return nest(viewOf(this.storage, this.offset, this.size), this.shape, this.dtype === 'bool');
  }

  /** A copy of the elements, row by row. */
  toTypedArray(): TypedArray {
    return viewOf(this.storage, this.offset, this.size).slice();
  }

  toString(): string {
    return formatTensor(this);
  }

  toJSON(): never {
    throw new OptionError(
      'Tensor: a tensor is not saved by JSON.stringify; use encodeTensor(t), or saveSafetensors for files',
    );
  }
}

/** A new tensor without values yet, for a kernel to fill. */
export function emptyTensor(shape: Shape, dtype: DType): Tensor {
  return new Tensor(makeStorage(dtype, sizeOf(shape)), shape);
}

/** The elements for one call of a kernel; the view must not be kept. */
export function view(t: Tensor): TypedArray {
  return viewOf(t.storage, t.offset, t.size);
}

/** The elements of a float tensor for one call of a kernel. */
export function floatView(t: Tensor): Float32Array | Float64Array {
  return viewOf(t.storage, t.offset, t.size) as Float32Array;
}

/** Throws an `OptionError` unless the tensor is of floats. */
export function checkFloat(owner: string, name: string, t: Tensor): void {
  if (!isFloat(t.dtype)) {
    checkTensor(owner, name, t);
    throw new OptionError(
      `${owner}: ${name} must be float32 or float64, got ${t.dtype}; cast(${name}, 'float32') converts it`,
    );
  }
}

/** Throws an `OptionError` unless `value` is a tensor. */
export function checkTensor(owner: string, name: string, value: unknown): asserts value is Tensor {
  if (!isTensor(value)) {
    throw new OptionError(`${owner}: ${name} must be a Tensor; tensor(${name}) makes one of numbers`);
  }
}

function nest(values: TypedArray, shape: Shape, booleans: boolean): NestedArray {
  let at = 0;
  const build = (axis: number): NestedArray => {
    if (axis === shape.length) {
      const value = values[at++]!;
      return booleans ? value !== 0 : value;
    }
    return Array.from({ length: shape[axis]! }, () => build(axis + 1));
  };
  return build(0);
}

/** Done once, not declared as a member, so that tensors of two copies of the package are of one type. */
function brand(t: Tensor): void {
  Object.defineProperty(Object.getPrototypeOf(t), BRAND, { value: true });
  readable(t);
}
