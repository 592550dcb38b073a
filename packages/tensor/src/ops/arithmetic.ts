import { OptionError } from '@maru-ml/base';
import {
  add as addKernel,
  div as divKernel,
  mul as mulKernel,
  neg as negKernel,
  sub as subKernel,
} from '@maru-ml/kernels/tensor';
import { type DType, type FloatArray, isFloat, makeArray, resultType, toBits } from '../dtype.ts';
import { record } from '../graph.ts';
import { heapStorage } from '../storage.ts';
import { checkTensor, emptyTensor, isTensor, Tensor, type TensorLike, view } from '../tensor.ts';
import { binary, sumTo } from './broadcast.ts';
import { cast } from './cast.ts';

// Going back needs the operands' shapes and dtypes, and the operands themselves only where another one's gradient is made
// of them: the closures below hold nothing else, so that the rest can be collected.

/** a + b, element by element; the operands broadcast. The sum of booleans is whether one of them is true. */
export function add(a: TensorLike, b: TensorLike): Tensor {
  const [x, y, dtype] = operands('add', a, b);
  const out = binary('add', x, y, dtype, dtype, addKernel);
  if (dtype === 'bool') toBits(view(out));
  const { shape: xShape, dtype: xType } = x;
  const { shape: yShape, dtype: yType } = y;
  return record('add', out, [x, y], [], (g, [forX, forY]) => [
    forX ? cast(sumTo(g, xShape), xType) : null,
    forY ? cast(sumTo(g, yShape), yType) : null,
  ]);
}

/** a - b, element by element; the operands broadcast. */
export function sub(a: TensorLike, b: TensorLike): Tensor {
  const [x, y, dtype] = operands('sub', a, b);
  const out = binary('sub', x, y, dtype, dtype, subKernel);
  const { shape: xShape, dtype: xType } = x;
  const { shape: yShape, dtype: yType } = y;
  return record('sub', out, [x, y], [], (g, [forX, forY]) => [
    forX ? cast(sumTo(g, xShape), xType) : null,
    forY ? cast(sumTo(neg(g), yShape), yType) : null,
  ]);
}

/** a · b, element by element; the operands broadcast. */
export function mul(a: TensorLike, b: TensorLike): Tensor {
  const [x, y, dtype] = operands('mul', a, b);
  const out = binary('mul', x, y, dtype, dtype, mulKernel);
  const { shape: xShape, dtype: xType } = x;
  const { shape: yShape, dtype: yType } = y;
  const left = y.requiresGrad ? x : null;
  const right = x.requiresGrad ? y : null;
  return record('mul', out, [x, y], [left, right], (g, [forX, forY]) => [
    forX ? cast(sumTo(mul(g, right!), xShape), xType) : null,
    forY ? cast(sumTo(mul(g, left!), yShape), yType) : null,
  ]);
}

/** a / b, element by element; the operands broadcast. Integers are divided as float32. */
export function div(a: TensorLike, b: TensorLike): Tensor {
  const [x, y, promoted] = operands('div', a, b);
  const dtype = isFloat(promoted) ? promoted : 'float32';
  const out = binary('div', x, y, dtype, dtype, divKernel);
  const { shape: xShape, dtype: xType } = x;
  const left = y.requiresGrad ? x : null;
  return record('div', out, [x, y], [left, y], (g, [forX, forY]) => [
    forX ? cast(sumTo(div(g, y), xShape), xType) : null,
    forY ? cast(sumTo(neg(mul(g, div(div(left!, y), y))), y.shape), y.dtype) : null,
  ]);
}

/** -x. */
export function neg(x: Tensor): Tensor {
  checkTensor('neg', 'x', x);
  if (x.dtype === 'bool') throw new OptionError('neg: x must not be bool; use logicalNot(x)');
  const out = emptyTensor(x.shape, x.dtype);
  negKernel(view(x) as FloatArray, view(out) as FloatArray);
  return record('neg', out, [x], [], (g) => [neg(g)]);
}

/**
 * @internal The operands of a binary operation as tensors, and the dtype in which they meet. A number takes the dtype
 * of the tensor beside it, or float32 when a fraction meets integers.
 */
export function operands(owner: string, a: TensorLike, b: TensorLike, second = 'b'): [Tensor, Tensor, DType] {
  const x = isTensor(a) ? a : null;
  const y = isTensor(b) ? b : null;
  const left = x ?? scalar(owner, 'a', a, y?.dtype);
  const right = y ?? scalar(owner, second, b, x?.dtype);
  const dtype = resultType(left, right);
  if (dtype === 'bool') {
    if (owner === 'sub')
      throw new OptionError('sub: booleans cannot be subtracted; use logicalXor, or cast one to int32');
  }
  return [left, right, dtype];
}

function scalar(owner: string, name: string, value: unknown, beside: DType | undefined): Tensor {
  if (typeof value !== 'number' && typeof value !== 'boolean') {
    throw new OptionError(
      `${owner}: ${name} must be a Tensor or a number; tensor(${name}) makes one of nested numbers`,
    );
  }
  const natural: DType = typeof value === 'boolean' ? 'bool' : Number.isInteger(value) ? 'int32' : 'float32';
  const dtype = beside === undefined ? 'float32' : isFloat(beside) || natural === 'bool' ? beside : natural;
  const array = makeArray(dtype, 1);
  array[0] = Number(value);
  return new Tensor(heapStorage(array, dtype), []);
}
