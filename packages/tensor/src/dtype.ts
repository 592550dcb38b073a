import { OptionError, show } from '@maru-ml/base';

/** The types of a tensor's elements. */
export type DType = 'float32' | 'float64' | 'int32' | 'uint8' | 'bool';

/** The typed array that holds elements of a dtype; bool is held in bytes that are 0 or 1. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

export type FloatArray = Float32Array | Float64Array;

/** The dtypes in the order of promotion: a result takes the later one. */
const ORDER: readonly DType[] = ['bool', 'uint8', 'int32', 'float32', 'float64'];

export function isDType(value: unknown): value is DType {
  return ORDER.includes(value as DType);
}

export function checkDType(owner: string, dtype: unknown): DType {
  if (isDType(dtype)) return dtype;
  throw new OptionError(`${owner}: dtype must be float32, float64, int32, uint8 or bool, got ${show(dtype)}`);
}

export function isFloat(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

export function bytesPerElement(dtype: DType): number {
  if (dtype === 'float64') return 8;
  return dtype === 'float32' || dtype === 'int32' ? 4 : 1;
}

/** The class of a dtype's typed array. */
export function arrayOf(dtype: DType): ArrayClass {
  return { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array }[
    dtype
  ];
}

/** The dtype that holds the numbers of a typed array; of bytes uint8. */
export function dtypeOf(array: ArrayBufferView): DType {
  if (array instanceof Float64Array) return 'float64';
  if (array instanceof Float32Array) return 'float32';
  return array instanceof Uint8Array ? 'uint8' : 'int32';
}

type ArrayClass = Float32ArrayConstructor | Float64ArrayConstructor | Int32ArrayConstructor | Uint8ArrayConstructor;

/** @throws OptionError where there is no memory for so many */
export function makeArray(dtype: DType, length: number): TypedArray {
  try {
    switch (dtype) {
      case 'float32':
        return new Float32Array(length);
      case 'float64':
        return new Float64Array(length);
      case 'int32':
        return new Int32Array(length);
      default:
        return new Uint8Array(length);
    }
  } catch {
    throw new OptionError(`tensor: there is no memory for ${length} elements of ${dtype}`);
  }
}

/** Makes bytes of booleans 0 or 1 again, after adding or from outside. */
export function toBits(bytes: TypedArray): void {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! > 1) bytes[i] = 1;
}

/** The dtype in which two dtypes meet, as in PyTorch's table. */
export function promoteTypes(a: DType, b: DType): DType {
  return a === b || ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b;
}

/**
 * The dtype of a result of two operands: an operand without axes gives way to one with axes unless it is of a higher
 * kind (bool < integer < float), as in PyTorch.
 */
export function resultType(a: { dtype: DType; ndim: number }, b: { dtype: DType; ndim: number }): DType {
  if (a.dtype === b.dtype) return a.dtype;
  if (a.ndim > 0 && b.ndim === 0 && kind(b.dtype) <= kind(a.dtype)) return a.dtype;
  if (b.ndim > 0 && a.ndim === 0 && kind(a.dtype) <= kind(b.dtype)) return b.dtype;
  return promoteTypes(a.dtype, b.dtype);
}

function kind(dtype: DType): number {
  if (dtype === 'bool') return 0;
  return isFloat(dtype) ? 2 : 1;
}
