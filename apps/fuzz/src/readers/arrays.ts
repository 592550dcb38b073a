import { crc32, deflateRawSync } from 'node:zlib';
import type { Random } from '@maru-ml/base';
import { decodeTensor, type Tensor, tensor } from '@maru-ml/tensor';
import { loadNpz, parseNpy, serializeNpy } from '@maru-ml/tensor/npy';
import { parseSafetensors, serializeSafetensors } from '@maru-ml/tensor/safetensors';
import { mutateBytes, mutateJson } from '@maru-ml/tooling/testing/mutate';
import { type Reader, whole } from '../reader.ts';

const MATRIX = tensor([
  [1.5, -2, 3],
  [4, 5e10, 6],
]);
const COUNTS = tensor([1, 2, 300], { dtype: 'int32' });
const FLAGS = tensor([true, false], { dtype: 'bool' });
const TENSORS = { weight: MATRIX, counts: COUNTS, flags: FLAGS, wide: tensor([0.1, 1e300], { dtype: 'float64' }) };

const NPY = [
  serializeNpy(MATRIX),
  serializeNpy(FLAGS),
  numpy("{'descr': '>i8', 'fortran_order': True, 'shape': (2, 1)}", 16),
];
const SAFETENSORS = serializeSafetensors(TENSORS, { note: 'a note' });
const HALVES = safetensors({ h: { dtype: 'F16', shape: [2], data_offsets: [0, 4] } }, Uint8Array.of(0, 60, 1, 2));

/** The readers of arrays. */
export const arrayReaders: Reader[] = [
  {
    name: 'npy',
    draw(random, i) {
      const file = NPY[i % NPY.length]!;
      // Half of the cases have a header of the right length, so that its text is what is wrong.
      const given = random.integer(2) ? mutateBytes(file, random) : withHeader(file, random);
      return { given, run: () => wholeTensor(parseNpy(given)) };
    },
  },
  {
    name: 'npz',
    draw(random, i) {
      const file = NPY[i % NPY.length]!;
      const inner = random.integer(2) ? mutateBytes(file, random) : file;
      const archive = zip({ 'a.npy': inner, 'b.npy': NPY[0]! }, random.integer(2) === 1);
      const given = inner === file ? mutateBytes(archive, random) : archive;
      return { given, run: async () => Object.values(await loadNpz(given)).forEach(wholeTensor) };
    },
  },
  {
    name: 'safetensors',
    draw(random, i) {
      const file = i % 3 === 0 ? HALVES : SAFETENSORS;
      const given = random.integer(2) ? mutateBytes(file, random) : mutateSafetensors(file, random);
      return {
        given,
        run() {
          const { tensors, metadata } = parseSafetensors(given);
          for (const t of Object.values(tensors)) wholeTensor(t);
          whole(
            Object.values(metadata).every((note) => typeof note === 'string'),
            'metadata that are no strings',
          );
        },
      };
    },
  },
  {
    name: 'encoded-array',
    draw(random, i) {
      const t = Object.values(TENSORS)[i % 4]!;
      const data = Buffer.from(new Uint8Array(t.toTypedArray().buffer)).toString('base64');
      const given = mutateJson({ dtype: t.dtype, shape: t.shape, data }, random);
      return { given, run: () => wholeTensor(decodeTensor('load', 'weight', given)) };
    },
  },
];

function wholeTensor(t: Tensor): void {
  const size = t.shape.reduce((product, n) => product * n, 1);
  whole(t.toTypedArray().length === size, `${t.toTypedArray().length} elements of shape [${t.shape}]`);
}

/** The header of a safetensors file. */
export type Header = Record<string, unknown> & { __metadata__: Record<string, string> };

/** A safetensors file with a header that is damaged as JSON, so that its length is right and its text can be parsed. */
export function mutateSafetensors(
  file: Uint8Array,
  random: Random,
  change: (header: Header) => unknown = (header) => mutateJson(header, random),
): Uint8Array {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  return safetensors(change(header), file.subarray(8 + length));
}

function safetensors(header: unknown, content: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header) ?? '');
  const head = new Uint8Array(8);
  new DataView(head.buffer).setBigUint64(0, BigInt(text.length), true);
  return Uint8Array.from(Buffer.concat([head, text, content]));
}

/** A .npy file whose header is damaged but has the length that the file says. */
function withHeader(file: Uint8Array, random: Random): Uint8Array {
  const length = file[8]! + 256 * file[9]!;
  const header = mutateBytes(file.subarray(10, 10 + length), random).subarray(0, 65535);
  const lengths = Uint8Array.of(header.length & 255, header.length >> 8);
  return Uint8Array.from(Buffer.concat([file.subarray(0, 8), lengths, header, file.subarray(10 + length)]));
}

function numpy(header: string, bytes: number): Uint8Array {
  const content = Buffer.from({ length: bytes } as ArrayLike<number>);
  return Uint8Array.from(
    Buffer.concat([
      Buffer.from('\x93NUMPY\x01\0', 'latin1'),
      Buffer.of(header.length, 0),
      Buffer.from(header),
      content,
    ]),
  );
}

/** An archive of files, stored or deflated. */
function zip(files: Record<string, Uint8Array>, deflated: boolean): Uint8Array {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const packed = deflated ? deflateRawSync(bytes) : Buffer.from(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(deflated ? 8 : 0, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.of(20, 0), common, rest, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Uint8Array.from(Buffer.concat([...locals, directory, end]));
}
