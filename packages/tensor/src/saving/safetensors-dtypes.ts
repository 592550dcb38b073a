import type { DType } from '../dtype.ts';

/** How elements of a file's dtype are read: those without `read` lie in the file as in memory. */
export interface FileDType {
  readonly dtype: DType;
  readonly bytes: number;
  readonly read: ((from: DataView, at: number) => number) | null;
}

/** The dtypes of safetensors files. */
export const FROM_FILE: Readonly<Record<string, FileDType>> = {
  F64: { dtype: 'float64', bytes: 8, read: null },
  F32: { dtype: 'float32', bytes: 4, read: null },
  I32: { dtype: 'int32', bytes: 4, read: null },
  U8: { dtype: 'uint8', bytes: 1, read: null },
  BOOL: { dtype: 'bool', bytes: 1, read: null },
  F16: { dtype: 'float32', bytes: 2, read: (from, at) => halfToNumber(from.getUint16(at, true)) },
  BF16: { dtype: 'float32', bytes: 2, read: brainToNumber },
  I8: { dtype: 'int32', bytes: 1, read: (from, at) => from.getInt8(at) },
  I16: { dtype: 'int32', bytes: 2, read: (from, at) => from.getInt16(at, true) },
  U16: { dtype: 'int32', bytes: 2, read: (from, at) => from.getUint16(at, true) },
  U32: { dtype: 'int32', bytes: 4, read: (from, at) => from.getUint32(at, true) },
  I64: { dtype: 'int32', bytes: 8, read: (from, at) => Number(from.getBigInt64(at, true)) },
  U64: { dtype: 'int32', bytes: 8, read: (from, at) => Number(from.getBigUint64(at, true)) },
};

/** IEEE binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -14 : sign * (1 + fraction) * 2 ** (exponent - 15);
}

/** bfloat16: the upper half of a float32. */
function brainToNumber(from: DataView, at: number): number {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setUint16(2, from.getUint16(at, true), true);
  return bits.getFloat32(0, true);
}
