import { DataError, OptionError, show } from '@maru-ml/base';
import { bytesPerElement, type DType, makeArray, type TypedArray } from '../dtype.ts';
import { type Shape, showShape, sizeOf } from '../shape.ts';

/** The elements of a tensor in a file. */
export interface StoredArray {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: TypedArray;
}

/** What a safetensors file holds. */
export interface Stored {
  readonly arrays: Map<string, StoredArray>;
  readonly metadata: Record<string, string>;
}

/** The largest header that is read, as in the reference implementation. */
const MAX_HEADER = 100_000_000;

const NAMES: Record<DType, string> = { float64: 'F64', float32: 'F32', int32: 'I32', uint8: 'U8', bool: 'BOOL' };

/**
 * Bytes in the safetensors format: the length of the header (u64), the header in JSON, padded with spaces to a multiple of 8, then the
 * elements, little-endian. Wider dtypes come first, so that all lie aligned; else the order is kept.
 *
 * Source: https://huggingface.co/docs/safetensors (format).
 */
export function writeSafetensors(
  owner: string,
  arrays: Iterable<readonly [string, StoredArray]>,
  metadata: Record<string, string> = {},
): Uint8Array {
  const sorted = [...arrays].sort(([, a], [, b]) => bytesPerElement(b.dtype) - bytesPerElement(a.dtype));
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push(['__metadata__', metadata]);
  let end = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    if (name === '__metadata__') throw new OptionError(`${owner}: a tensor cannot have the name __metadata__`);
    const start = end;
    end += data.byteLength;
    header.push([name, { dtype: NAMES[dtype], shape, data_offsets: [start, end] }]);
  }
  const entries = header.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  const text = new TextEncoder().encode(`{${entries.join(',')}}`);
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, 8, 8 + length);
  bytes.set(text, 8);
  let at = 8 + length;
  for (const [, { data }] of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * How the elements of a dtype are read: `bytes` each, and `decode` gives an array of what they become. `outside` is called with
 * the first number that this cannot hold, and its place.
 */
export interface Reader {
  readonly dtype: DType;
  readonly bytes: number;
  decode(bytes: Uint8Array, outside: (value: number, i: number) => never): TypedArray;
}

/** Readers of the dtypes that tensors have themselves, by their names in files. */
export function plainReader(code: string): Reader | undefined {
  const dtype = (Object.keys(NAMES) as DType[]).find((name) => NAMES[name] === code);
  if (dtype === undefined) return undefined;
  const decode = (bytes: Uint8Array) => {
    const data = makeArray(dtype, bytes.length / bytesPerElement(dtype));
    // Byte by byte, since their place in the file need not be a multiple of their width.
    new Uint8Array(data.buffer).set(bytes);
    return dtype === 'bool' ? data.map((value) => (value === 0 ? 0 : 1)) : data;
  };
  return { dtype, bytes: bytesPerElement(dtype), decode };
}

/**
 * Reads bytes in the safetensors format. Nothing in the file is trusted: the arrays must lie in it without holes or overlaps,
 * each as long as its shape says.
 *
 * @param file what errors call it
 * @param readerOf gives the reader of a dtype, if it can be read
 * @throws DataError that names the file and the place
 */
export function readSafetensors(
  owner: string,
  file: string,
  bytes: Uint8Array,
  readerOf: (code: string) => Reader | undefined,
): Stored {
  const fail = (problem: string): never => {
    throw new DataError(`${owner}: ${file} is not a valid safetensors file: ${problem}`);
  };
  const { text, start } = readHeader(bytes, fail);
  const { metadata, entries } = parseHeader(text, readerOf, fail);
  checkLayout(entries, start, bytes.length, fail);
  const arrays = new Map<string, StoredArray>();
  for (const { name, code, reader, shape, from, to } of entries) {
    const data = reader.decode(bytes.subarray(start + from, start + to), (value, i) => {
      const place = `element ${i} of ${show(name)}, at byte ${start + from + i * reader.bytes}`;
      throw new DataError(`${owner}: ${file}: ${place}, is ${value} (${code}), outside the range of int32`);
    });
    arrays.set(name, { dtype: reader.dtype, shape, data });
  }
  return { arrays, metadata };
}

type Fail = (problem: string) => never;

interface Entry {
  name: string;
  code: string;
  reader: Reader;
  shape: number[];
  from: number;
  to: number;
}

function readHeader(bytes: Uint8Array, fail: Fail): { text: string; start: number } {
  if (bytes.length < 8) fail(`it has ${bytes.length} bytes, but the length of the header takes 8`);
  const claimed = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (claimed > MAX_HEADER) fail(`byte 0 gives a header of ${claimed} bytes, more than ${MAX_HEADER}`);
  const length = Number(claimed);
  if (8 + length > bytes.length) fail(`the header ends at byte ${8 + length}, but the file at ${bytes.length}`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, 8 + length));
    return { text, start: 8 + length };
  } catch {
    return fail('the header at byte 8 is not UTF-8');
  }
}

function parseHeader(
  text: string,
  readerOf: (code: string) => Reader | undefined,
  fail: Fail,
): { metadata: Record<string, string>; entries: Entry[] } {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    return fail('the header at byte 8 is not JSON');
  }
  if (text[0] !== '{' || !isRecord(header)) return fail('the header at byte 8 is not a JSON object');
  const twice = repeatedKey(text);
  if (twice !== undefined) fail(`the header names ${show(twice)} twice`);
  const { __metadata__: metadata = {}, ...tensors } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    return fail('__metadata__ must hold strings by name');
  }
  const entries = Object.entries(tensors).map(([name, value]) => parseEntry(name, value, readerOf, fail));
  return { metadata: metadata as Record<string, string>, entries };
}

function parseEntry(name: string, value: unknown, readerOf: (code: string) => Reader | undefined, fail: Fail): Entry {
  if (!isRecord(value)) return fail(`the entry of ${show(name)} is not an object`);
  const { dtype: code, shape, data_offsets: offsets } = value;
  if (typeof code !== 'string' || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    return fail(`the entry of ${show(name)} must have dtype, shape and data_offsets`);
  }
  const reader = readerOf(code) ?? fail(`${show(name)} is of dtype ${code}, which cannot be read`);
  const [from, to] = offsets as [number, number];
  const wanted = sizeOf(shape) * reader.bytes;
  if (from > to || to - from !== wanted) {
    fail(
      `${show(name)} of shape ${showShape(shape)} and dtype ${code} takes ${wanted} bytes, but its offsets are ${from} to ${to}`,
    );
  }
  return { name, code, reader, shape, from, to };
}

/** The arrays must follow each other without holes or overlaps, to the end of the file. */
function checkLayout(entries: readonly Entry[], start: number, end: number, fail: Fail): void {
  let at = 0;
  for (const { name, from, to } of [...entries].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from < at) fail(`${show(name)} starts at byte ${start + from}, inside the tensor before it`);
    if (from > at) fail(`bytes ${start + at} to ${start + from}, before ${show(name)}, belong to no tensor`);
    if (start + to > end) fail(`${show(name)} ends at byte ${start + to}, but the file at ${end}`);
    at = to;
  }
  if (start + at < end) fail(`bytes ${start + at} to ${end}, after the last tensor, belong to none`);
}

/** The first key that an object of the text has twice, which JSON.parse would not tell. */
function repeatedKey(text: string): string | undefined {
  const open: (Set<string> | null)[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[[\]{}]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token.endsWith(':')) {
      const key = JSON.parse(token.slice(0, -1)) as string;
      const keys = open[open.length - 1]!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
