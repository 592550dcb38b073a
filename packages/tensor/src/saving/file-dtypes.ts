import { type DType, makeArray, type TypedArray } from '../dtype.ts';
import type { Reader } from './safetensors-bytes.ts';

/** How elements of a file's dtype are read. */
export interface FileDType {
  /** What they become. */
  readonly dtype: DType;
  readonly bytes: number;
  /** Whether little-endian ones lie in the file as in memory. */
  readonly plain: boolean;
  readonly read: (from: DataView, at: number, little: boolean) => number;
}

/** The dtypes of files, by their names in safetensors. */
export const FILE_DTYPES: Readonly<Record<string, FileDType>> = {
  F64: { dtype: 'float64', bytes: 8, plain: true, read: (from, at, little) => from.getFloat64(at, little) },
  F32: { dtype: 'float32', bytes: 4, plain: true, read: (from, at, little) => from.getFloat32(at, little) },
  I32: { dtype: 'int32', bytes: 4, plain: true, read: (from, at, little) => from.getInt32(at, little) },
  U8: { dtype: 'uint8', bytes: 1, plain: true, read: (from, at) => from.getUint8(at) },
  BOOL: { dtype: 'bool', bytes: 1, plain: false, read: (from, at) => (from.getUint8(at) === 0 ? 0 : 1) },
  F16: {
    dtype: 'float32',
    bytes: 2,
    plain: false,
    read: (from, at, little) => halfToNumber(from.getUint16(at, little)),
  },
  BF16: {
    dtype: 'float32',
    bytes: 2,
    plain: false,
    read: (from, at, little) => brainToNumber(from.getUint16(at, little)),
  },
  I8: { dtype: 'int32', bytes: 1, plain: false, read: (from, at) => from.getInt8(at) },
  I16: { dtype: 'int32', bytes: 2, plain: false, read: (from, at, little) => from.getInt16(at, little) },
  U16: { dtype: 'int32', bytes: 2, plain: false, read: (from, at, little) => from.getUint16(at, little) },
  U32: { dtype: 'int32', bytes: 4, plain: false, read: (from, at, little) => from.getUint32(at, little) },
  I64: { dtype: 'int32', bytes: 8, plain: false, read: (from, at, little) => Number(from.getBigInt64(at, little)) },
  U64: { dtype: 'int32', bytes: 8, plain: false, read: (from, at, little) => Number(from.getBigUint64(at, little)) },
};

/**
 * The elements that a file holds as bytes.
 * @param outside called with the first integer that int32 cannot hold, and its place
 */
export function decodeElements(
  { dtype, bytes: width, plain, read }: FileDType,
  bytes: Uint8Array,
  little: boolean,
  outside: (value: number, i: number) => never,
): TypedArray {
  const data = makeArray(dtype, bytes.length / width);
  if (plain && little) {
    // Byte by byte, since their place in the file need not be a multiple of their width.
    new Uint8Array(data.buffer).set(bytes);
    return data;
  }
  const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < data.length; i++) {
    const value = read(from, i * width, little);
    if (dtype === 'int32' && value !== (value | 0)) outside(value, i);
    data[i] = value;
  }
  return data;
}

/** The reader of a dtype of safetensors files. F16 and BF16 become float32; all integers but U8 int32. */
export function fileReader(code: string): Reader | undefined {
  if (!Object.hasOwn(FILE_DTYPES, code)) return undefined;
  const type = FILE_DTYPES[code]!;
  const { dtype, bytes } = type;
  return { dtype, bytes, decode: (content, outside) => decodeElements(type, content, true, outside) };
}

/** IEEE binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -14 : sign * (1 + fraction) * 2 ** (exponent - 15);
}

/** bfloat16: the upper half of a float32. */
function brainToNumber(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!;
}
