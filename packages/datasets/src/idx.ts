import { checkKnown, DataError } from '@maru-ml/base';
import { type OpenFile, open, SOURCE_OPTIONS, type Source, type SourceOptions } from './source.ts';

export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** The content of an IDX file: its numbers, the last axis fastest. */
export interface IdxArray<T extends IdxData = IdxData> {
  readonly data: T;
  readonly shape: readonly number[];
}

interface Kind {
  bytes: number;
  make(length: number): IdxData;
  read?(view: DataView, offset: number): number;
}

/** The third byte of the file tells what its numbers are; those of several bytes are big-endian. */
const KINDS: Readonly<Record<number, Kind>> = {
  8: { bytes: 1, make: (n) => new Uint8Array(n) },
  9: { bytes: 1, make: (n) => new Int8Array(n) },
  11: { bytes: 2, make: (n) => new Int16Array(n), read: (view, offset) => view.getInt16(offset) },
  12: { bytes: 4, make: (n) => new Int32Array(n), read: (view, offset) => view.getInt32(offset) },
  13: { bytes: 4, make: (n) => new Float32Array(n), read: (view, offset) => view.getFloat32(offset) },
  14: { bytes: 8, make: (n) => new Float64Array(n), read: (view, offset) => view.getFloat64(offset) },
};

/**
 * Reads a file of LeCun's IDX format, the one of MNIST and its kin: two zero bytes, the type of the numbers, the number of axes, the
 * lengths of the axes and the numbers. Gzip is inflated.
 *
 * @throws DataError, naming the file and the byte, if it is no IDX file or not as long as its header says
 *
 * Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits", section "The IDX file format".
 */
export async function readIdx(source: Source, options: SourceOptions = {}): Promise<IdxArray> {
  checkKnown('readIdx', options, SOURCE_OPTIONS);
  return parseIdx('readIdx', await open('readIdx', source, options));
}

export function parseIdx(owner: string, { name, bytes }: OpenFile): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = KINDS[bytes[2]!];
  if (bytes.length < 4)
    throw new DataError(`${owner}: ${name} ends at byte ${bytes.length}, within the header of an IDX file`);
  if (bytes[0] !== 0 || bytes[1] !== 0 || kind === undefined) {
    const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new DataError(
      `${owner}: ${name} is no IDX file: it must begin with 00 00 and a type from 08 to 0e, but begins with ${start}`,
    );
  }
  const axes = bytes[3]!;
  const start = 4 + 4 * axes;
  if (axes === 0) throw new DataError(`${owner}: ${name} has 0 axes at byte 3, wanted at least 1`);
  if (bytes.length < start) {
    throw new DataError(
      `${owner}: ${name} ends at byte ${bytes.length}, but the lengths of its ${axes} axes go to byte ${start}`,
    );
  }
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const length = shape.reduce((product, n) => product * n, 1);
  const end = start + length * kind.bytes;
  // Nothing is allocated before the file is known to hold what its header promises.
  if (end !== bytes.length) {
    const difference = bytes.length < end ? 'it is truncated' : 'something else follows';
    throw new DataError(
      `${owner}: ${name} ends at byte ${bytes.length}, but its header [${shape.join(', ')}] asks for ${end} bytes; ${difference}`,
    );
  }
  const data = kind.make(length);
  if (kind.read === undefined) data.set(bytes.subarray(start));
  else for (let i = 0; i < length; i++) data[i] = kind.read(view, start + i * kind.bytes);
  return { data, shape };
}
