import { DataError, OptionError, show } from '@maru-ml/base';
import type { DType, TypedArray } from './dtype.ts';
import { makeArray } from './dtype.ts';
import { copyBox, stridesOf } from './ops/strided.ts';
import { decodeElements, FILE_DTYPES } from './saving/file-dtypes.ts';
import { type FileSource, readSource, saveWhole } from './saving/files.ts';
import { readZip } from './saving/zip.ts';
import { type Shape, showShape, sizeOf } from './shape.ts';
import { heapStorage } from './storage.ts';
import { checkTensor, Tensor, view } from './tensor.ts';

export type { FileSource } from './saving/files.ts';

/** NumPy's codes of dtypes, without the byte order. */
const CODES: Readonly<Record<string, string>> = {
  f8: 'F64',
  f4: 'F32',
  f2: 'F16',
  i1: 'I8',
  i2: 'I16',
  i4: 'I32',
  i8: 'I64',
  u1: 'U8',
  u2: 'U16',
  u4: 'U32',
  u8: 'U64',
  b1: 'BOOL',
};

const DESCR: Readonly<Record<DType, string>> = {
  float64: '<f8',
  float32: '<f4',
  int32: '<i4',
  uint8: '|u1',
  bool: '|b1',
};

/**
 * Reads a tensor from the bytes of a .npy file, as `numpy.save` writes it: versions 1 to 3, both byte orders, C and Fortran
 * order. float16 becomes float32; all integers but uint8 int32, after a check of range.
 *
 * Source: NEP 1, "A simple file format for NumPy arrays".
 *
 * @throws DataError that names the place, for a file that is truncated or corrupt, or of a dtype that tensors do not have
 */
export function parseNpy(bytes: Uint8Array | ArrayBuffer): Tensor {
  return readNpy('parseNpy', 'the file', asBytes('parseNpy', bytes));
}

/** The bytes of a tensor as a .npy file. */
export function serializeNpy(t: Tensor): Uint8Array {
  checkTensor('serializeNpy', 't', t);
  return writeNpy(t);
}

/** Reads a .npy file from a path, a URL, a Blob or bytes. @throws DataError that names the file and the place */
export async function loadNpy(source: FileSource): Promise<Tensor> {
  const { file, bytes } = await readSource('loadNpy', source);
  return readNpy('loadNpy', file, bytes);
}

/** Writes a tensor to a .npy file. A save that fails or is killed leaves the old file whole. */
export async function saveNpy(path: string | URL, t: Tensor): Promise<void> {
  checkTensor('saveNpy', 't', t);
  await saveWhole('saveNpy', path, writeNpy(t));
}

/**
 * Reads the arrays of a .npz file, as `numpy.savez` and `savez_compressed` write it, by their names.
 * @throws DataError that names the file, the array and the place
 */
export async function loadNpz(source: FileSource): Promise<Record<string, Tensor>> {
  const { file, bytes } = await readSource('loadNpz', source);
  const entries = await readZip('loadNpz', file, bytes);
  const tensors = entries.map(({ name, bytes }) => {
    const array = name.replace(/\.npy$/, '');
    return [array, readNpy('loadNpz', `${array} in ${file}`, bytes)] as const;
  });
  return Object.fromEntries(tensors);
}

/** What the header of a file says. */
interface Header {
  code: string;
  little: boolean;
  fortran: boolean;
  shape: number[];
  /** Where the elements start. */
  start: number;
}

function readNpy(owner: string, file: string, bytes: Uint8Array): Tensor {
  const fail = (problem: string): never => {
    throw new DataError(`${owner}: ${file} is not a .npy file that can be read: ${problem}`);
  };
  const { code, little, fortran, shape, start } = readHeader(bytes, fail);
  const type = FILE_DTYPES[code]!;
  const size = sizeOf(shape);
  const end = start + size * type.bytes;
  // Lengths whose product is beyond all numbers, times one of 0, give NaN.
  if (Number.isNaN(end)) fail(`no array has the shape ${showShape(shape)}`);
  if (end > bytes.length) {
    fail(`an array of shape ${showShape(shape)} ends at byte ${end}, but the file at ${bytes.length}`);
  }
  if (end < bytes.length) fail(`its array ends at byte ${end}, but the file at ${bytes.length}`);
  const data = decodeElements(type, bytes.subarray(start, end), little, (value, i) =>
    fail(`element ${i}, at byte ${start + i * type.bytes}, is ${value}, outside the range of int32`),
  );
  const inOrder = fortran && shape.length > 1 ? toRowMajor(data, type.dtype, shape) : data;
  return new Tensor(heapStorage(inOrder, type.dtype), shape);
}

type Fail = (problem: string) => never;

function readHeader(bytes: Uint8Array, fail: Fail): Header {
  if (bytes.length < 10) fail(`it has ${bytes.length} bytes, but the shortest header has more`);
  if (String.fromCharCode(...bytes.subarray(0, 6)) !== '\x93NUMPY') fail('it does not start with \\x93NUMPY');
  const version = bytes[6]!;
  if (version < 1 || version > 3) fail(`byte 6 gives version ${version}, not 1, 2 or 3`);
  const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const textStart = version === 1 ? 10 : 12;
  if (bytes.length < textStart)
    fail(`it has ${bytes.length} bytes, but the length of the header ends at byte ${textStart}`);
  const length = version === 1 ? from.getUint16(8, true) : from.getUint32(8, true);
  const start = textStart + length;
  if (start > bytes.length) fail(`the header ends at byte ${start}, but the file at ${bytes.length}`);
  if (length > LONGEST_HEADER) fail(`byte 8 gives a header of ${length} bytes, more than ${LONGEST_HEADER}`);
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(textStart, start));
  return { ...parseHeader(text.trim(), fail), start };
}

/** As in NumPy: headers of plain arrays have about a hundred bytes. */
const LONGEST_HEADER = 10_000;

/** Reads the dictionary of the header, which is written in Python. */
function parseHeader(text: string, fail: Fail): Omit<Header, 'start'> {
  const order = /'fortran_order'\s*:\s*(True|False)\s*[,}]/.exec(text)?.[1];
  const shape = readTuple(/'shape'\s*:\s*\(([^()]*)\)/.exec(text)?.[1]);
  if (!/^\{.*\}$/s.test(text) || order === undefined || shape === undefined || !text.includes("'descr'")) {
    return fail('the header at byte 10 lacks descr, fortran_order or shape');
  }
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  if (descr === undefined) return fail('its elements are records with fields');
  const [, mark, code] = /^([<>|=]?)(\w+)$/.exec(descr) ?? [];
  if (code === undefined || !Object.hasOwn(CODES, code)) return fail(`its dtype is ${show(descr)}`);
  return { code: CODES[code]!, little: mark !== '>', fortran: order === 'True', shape };
}

/** The counts of a tuple such as '2, 3' or '3,'; Python 2 wrote an L behind them. Undefined for anything else. */
function readTuple(text: string | undefined): number[] | undefined {
  const items = text?.split(',');
  if (items !== undefined && items[items.length - 1]!.trim() === '') items.pop();
  const counts = items?.map((item) => (/^\s*\d+L?\s*$/.test(item) ? Number.parseInt(item, 10) : Number.NaN));
  return counts?.every(Number.isSafeInteger) ? counts : undefined;
}

/** Turns elements that lie column by column into rows. */
function toRowMajor(data: TypedArray, dtype: DType, shape: Shape): TypedArray {
  const out = makeArray(dtype, data.length);
  const columnwise = stridesOf([...shape].reverse()).reverse();
  copyBox({ array: data, start: 0, strides: columnwise }, { array: out, start: 0, strides: stridesOf(shape) }, shape);
  return out;
}

function writeNpy(t: Tensor): Uint8Array {
  const tuple = t.ndim === 1 ? `(${t.shape[0]},)` : `(${t.shape.join(', ')})`;
  const header = `{'descr': '${DESCR[t.dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Spaces and a line's end, so that the elements start at a multiple of 64.
  const start = Math.ceil((10 + header.length + 1) / 64) * 64;
  const text = `\x93NUMPY\x01\x00\0\0${header.padEnd(start - 11)}\n`;
  const data = view(t);
  const bytes = new Uint8Array(start + data.byteLength);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  new DataView(bytes.buffer).setUint16(8, start - 10, true);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return bytes;
}

function asBytes(owner: string, bytes: unknown): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  throw new OptionError(
    `${owner}: bytes must be a Uint8Array or an ArrayBuffer, got ${show(bytes)}; loadNpy takes paths and URLs`,
  );
}
