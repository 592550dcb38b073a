import {
  checkKnown,
  checkNumber,
  checkSeed,
  OptionError,
  type Random,
  randomFrom,
  type Seed,
  ShapeError,
  show,
} from '@maru-ml/base';
import { cast as castKernel, fill } from '@maru-ml/kernels/tensor';
import { checkDType, type DType, dtypeOf, isFloat, makeArray, type TypedArray, toBits } from '../dtype.ts';
import { checkShape, type Shape, showShape, sizeOf } from '../shape.ts';
import { heapStorage } from '../storage.ts';
import { emptyTensor, isTensor, type NestedArray, Tensor, view } from '../tensor.ts';

export interface TensorOptions {
  /** 'float32' for numbers, 'bool' for booleans, that of a typed array. */
  dtype?: DType;
  /** Whether gradients are to flow to the tensor; false. */
  requiresGrad?: boolean;
}

export interface RandomOptions extends TensorOptions {
  /** A number or a generator; the next child of the default stream. */
  seed?: Seed;
}

/**
 * What `tensor` takes: a number, a boolean, nested arrays of them (all rows of a length), a typed array, or flat numbers with a
 * shape (such as a `Table`).
 */
export type TensorData =
  | number
  | boolean
  | ArrayLike<number>
  | readonly TensorData[]
  | Tensor
  | { readonly data: ArrayLike<number>; readonly shape: readonly number[] };

/**
 * A tensor of the given numbers, which are copied. Its shape is that of the nesting; a typed array gives one axis
 * and keeps its dtype (Int8 and wider integers become int32, after a check of range).
 *
 * @throws ShapeError for rows of different lengths; OptionError for anything that is not a number or boolean
 */
export function tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  checkKnown('tensor', options, ['dtype', 'requiresGrad']);
  if (isTensor(data)) {
    const out = emptyTensor(data.shape, options.dtype === undefined ? data.dtype : checkDType('tensor', options.dtype));
    castKernel(view(data), view(out));
    return withGrad('tensor', out, options);
  }
  if (typeof data === 'object' && data !== null && 'data' in data && 'shape' in data) {
    const { dtype } = options;
    return fromTypedArray(tensor(data.data, dtype === undefined ? {} : { dtype }).toTypedArray(), data.shape, options);
  }
  const shape: number[] = [];
  let row: unknown = data;
  while (isArrayLike(row)) {
    shape.push(row.length);
    if (ArrayBuffer.isView(row)) break;
    row = (row as readonly unknown[])[0];
  }
  const natural = ArrayBuffer.isView(row) ? naturalDType(row) : typeof row === 'boolean' ? 'bool' : 'float32';
  const dtype = options.dtype === undefined ? natural : checkDType('tensor', options.dtype);
  const array = makeArray(dtype, sizeOf(shape));
  flatten(data, shape, 0, array, 0, dtype);
  return withGrad('tensor', new Tensor(heapStorage(array, dtype), shape), options);
}

/**
 * A tensor around the numbers `data`, row by row. The array is taken over, not copied: do not change it afterwards.
 * @throws ShapeError if the length is not that of the shape
 */
export function fromTypedArray(data: TypedArray, shape: Shape, options: TensorOptions = {}): Tensor {
  const lengths = checkShape('fromTypedArray', shape);
  if (sizeOf(lengths) !== data.length) {
    throw new ShapeError(
      `fromTypedArray: the shape ${showShape(lengths)} has ${sizeOf(lengths)} elements, but data has ${data.length}`,
    );
  }
  const dtype = options.dtype === 'bool' && data instanceof Uint8Array ? 'bool' : naturalDType(data);
  if (options.dtype !== undefined && options.dtype !== dtype) {
    throw new OptionError(
      `fromTypedArray: dtype must be that of the data (${dtype}), got ${show(options.dtype)}; use tensor() to convert`,
    );
  }
  if (dtype === 'bool') toBits(data);
  return withGrad('fromTypedArray', new Tensor(heapStorage(data, dtype), lengths), options);
}

/** All elements `value`. float32 by default (bool for a boolean). */
export function full(shape: Shape | number, value: number | boolean, options: TensorOptions = {}): Tensor {
  return filled('full', shape, value, options);
}

/** All elements 0. */
export function zeros(shape: Shape | number, options?: TensorOptions): Tensor {
  return filled('zeros', shape, 0, options);
}

/** All elements 1. */
export function ones(shape: Shape | number, options?: TensorOptions): Tensor {
  return filled('ones', shape, 1, options);
}

/** Zeros of the shape and dtype of `t`. */
export function zerosLike(t: Tensor): Tensor {
  return full(t.shape, 0, { dtype: t.dtype });
}

/** Ones of the shape and dtype of `t`. */
export function onesLike(t: Tensor): Tensor {
  return full(t.shape, 1, { dtype: t.dtype });
}

/** The n by n matrix with ones on its diagonal. */
export function eye(n: number, options: TensorOptions = {}): Tensor {
  const out = zeros([n, n], { dtype: options.dtype });
  const values = view(out);
  for (let i = 0; i < n; i++) values[i * n + i] = 1;
  return withGrad('eye', out, options);
}

/** The numbers start, start + step, ... before `end`. `arange(n)` counts from 0. int32 where all are integers, else float32. */
export function arange(start: number, end?: number, step = 1, options: TensorOptions = {}): Tensor {
  const [from, to] = end === undefined ? [0, start] : [start, end];
  if (![from, to, step].every(Number.isFinite) || step === 0) {
    throw new OptionError(`arange: start, end and step must be finite and step not 0, got ${from}, ${to}, ${step}`);
  }
  const length = Math.max(0, Math.ceil((to - from) / step));
  const integers = Number.isInteger(from) && Number.isInteger(step);
  const dtype = options.dtype ?? (integers ? 'int32' : 'float32');
  const out = emptyTensor([length], checkDType('arange', dtype));
  const values = view(out);
  for (let i = 0; i < length; i++) values[i] = from + i * step;
  return withGrad('arange', out, options);
}

/** `count` numbers from `start` to `end`, both included, at equal distances. */
export function linspace(start: number, end: number, count: number, options: TensorOptions = {}): Tensor {
  checkNumber('linspace', 'start', start);
  checkNumber('linspace', 'end', end);
  const [n] = checkShape('linspace', count) as [number];
  const out = emptyTensor([n], options.dtype === undefined ? 'float32' : checkDType('linspace', options.dtype));
  const values = view(out);
  const step = n > 1 ? (end - start) / (n - 1) : 0;
  for (let i = 0; i < n; i++) values[i] = i < n / 2 ? start + i * step : end - (n - 1 - i) * step;
  return withGrad('linspace', out, options);
}

/** Numbers uniform in [0, 1). */
export function rand(shape: Shape | number, options: RandomOptions = {}): Tensor {
  return drawn('rand', shape, 'float32', options, (random) => random.uniform());
}

/** Numbers uniform in [low, high). */
export function uniform(shape: Shape | number, low: number, high: number, options: RandomOptions = {}): Tensor {
  checkNumber('uniform', 'low', low);
  checkNumber('uniform', 'high', high, { min: low });
  return drawn('uniform', shape, 'float32', options, (random) => random.uniform(low, high));
}

/** Standard normal numbers. */
export function randn(shape: Shape | number, options: RandomOptions = {}): Tensor {
  return drawn('randn', shape, 'float32', options, (random) => random.normal());
}

/** Normal numbers of the given mean and standard deviation. */
export function normal(shape: Shape | number, mean: number, std: number, options: RandomOptions = {}): Tensor {
  checkNumber('normal', 'mean', mean);
  checkNumber('normal', 'std', std, { min: 0 });
  return drawn('normal', shape, 'float32', options, (random) => random.normal(mean, std));
}

/** Integers from [low, high), int32. */
export function randint(shape: Shape | number, low: number, high: number, options: RandomOptions = {}): Tensor {
  if (!Number.isInteger(low) || !Number.isInteger(high) || high <= low) {
    throw new OptionError(`randint: low and high must be integers with low < high, got ${show(low)} and ${show(high)}`);
  }
  return drawn('randint', shape, 'int32', options, (random) => low + random.integer(high - low));
}

/** Ones with probability `p` from 0 to 1 and zeros else, float32. */
export function bernoulli(shape: Shape | number, p: number, options: RandomOptions = {}): Tensor {
  checkNumber('bernoulli', 'p', p, { min: 0, max: 1 });
  return drawn('bernoulli', shape, 'float32', options, (random) => (random.uniform() < p ? 1 : 0));
}

/** The numbers 0 to n - 1 in random order, int32. */
export function randperm(n: number, options: { seed?: Seed } = {}): Tensor {
  const random = randomFrom(options.seed === undefined ? undefined : checkSeed('randperm', options.seed));
  return fromTypedArray(random.permutation(n), [n]);
}

/** @internal Copies the elements of one tensor over those of another of the same size, whatever their dtypes. */
export function copyInto(source: Tensor, target: Tensor): void {
  if (source.dtype === target.dtype) view(target).set(view(source));
  else castKernel(view(source), view(target));
}

function filled(owner: string, shape: Shape | number, value: number | boolean, options: TensorOptions = {}): Tensor {
  const dtype =
    options.dtype === undefined ? (typeof value === 'boolean' ? 'bool' : 'float32') : checkDType(owner, options.dtype);
  const out = emptyTensor(checkShape(owner, shape), dtype);
  fill(view(out), dtype === 'bool' ? Number(Number(value) !== 0) : Number(value));
  return withGrad(owner, out, options);
}

function drawn(
  owner: string,
  shape: Shape | number,
  natural: DType,
  options: RandomOptions,
  draw: (random: Random) => number,
): Tensor {
  const random = randomFrom(options.seed === undefined ? undefined : checkSeed(owner, options.seed));
  const dtype = options.dtype === undefined ? natural : checkDType(owner, options.dtype);
  const out = emptyTensor(checkShape(owner, shape), dtype);
  const values = view(out);
  for (let i = 0; i < values.length; i++) values[i] = draw(random);
  return withGrad(owner, out, options);
}

function withGrad(owner: string, t: Tensor, options: TensorOptions): Tensor {
  // zeros(2, 3) means [2, 3] elsewhere.
  if (typeof options === 'number') {
    throw new OptionError(`${owner}: options must be an object, got ${options}; a shape is one array, such as [2, 3]`);
  }
  const { requiresGrad = false } = options;
  if (requiresGrad && !isFloat(t.dtype)) {
    throw new OptionError(`${owner}: only float32 and float64 tensors can require a gradient, got ${t.dtype}`);
  }
  t.requiresGrad = requiresGrad;
  return t;
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function naturalDType(array: ArrayBufferView): DType {
  return array instanceof Uint8ClampedArray ? 'uint8' : dtypeOf(array);
}

/** Copies nested rows into the flat array and checks that each has the shape of the first. Returns the next free place. */
function flatten(data: unknown, shape: Shape, axis: number, out: TypedArray, at: number, dtype: DType): number {
  if (axis === shape.length) {
    if (typeof data !== 'number' && typeof data !== 'boolean') {
      if (isArrayLike(data)) throw ragged(shape);
      throw new OptionError(`tensor: the elements must be numbers or booleans, got ${show(data)}`);
    }
    out[at] = element(Number(data), dtype);
    return at + 1;
  }
  if (!isArrayLike(data) || data.length !== shape[axis]) throw ragged(shape);
  for (let i = 0; i < data.length; i++) at = flatten(data[i], shape, axis + 1, out, at, dtype);
  return at;
}

/** An element as its dtype holds it; a value that an integer dtype cannot hold is refused, not wrapped. */
function element(value: number, dtype: DType): number {
  if (dtype === 'float32' || dtype === 'float64') return value;
  if (dtype === 'bool') return value !== 0 ? 1 : 0;
  const [low, high] = dtype === 'uint8' ? [0, 255] : [-(2 ** 31), 2 ** 31 - 1];
  const whole = Math.trunc(value);
  if (whole >= low && whole <= high) return whole;
  throw new OptionError(`tensor: ${value} is outside the range of ${dtype}, ${low} to ${high}`);
}

function ragged(shape: Shape): ShapeError {
  return new ShapeError(
    `tensor: all rows must have the shape of the first, ${showShape(shape)} in all; some row differs`,
  );
}

export type { NestedArray };
