import { DataError, show } from '@maru-ml/base';

/** A file of an archive. */
export interface ZipEntry {
  name: string;
  bytes: Uint8Array;
}

const END = 0x06054b50;
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;

/**
 * The files of a zip archive, stored or deflated, with their checksums checked.
 * Source: PKWARE, "APPNOTE.TXT: .ZIP file format specification".
 *
 * @throws DataError that names the archive and the place
 */
export async function readZip(owner: string, file: string, archive: Uint8Array): Promise<ZipEntry[]> {
  const fail = (problem: string): never => {
    throw new DataError(`${owner}: ${file} is not a zip archive that can be read: ${problem}`);
  };
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = endOf(view);
  if (end < 0) fail(`it has ${archive.length} bytes and no directory at its end`);
  const count = view.getUint16(end + 10, true);
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  for (let i = 0, at = view.getUint32(end + 16, true); i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== DIRECTORY)
      fail(`entry ${i} of the directory, at byte ${at}, is damaged`);
    const [method, crc, packed, size] = [10, 16, 20, 24].map((place) =>
      place === 10 ? view.getUint16(at + place, true) : view.getUint32(at + place, true),
    ) as [number, number, number, number];
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true)) as [
      number,
      number,
      number,
    ];
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameLength));
    if (names.has(name)) fail(`it holds ${show(name)} twice`);
    names.add(name);
    if (local + 30 > end || view.getUint32(local, true) !== LOCAL) fail(`${show(name)}, at byte ${local}, is damaged`);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + packed > end)
      fail(`${show(name)} ends at byte ${start + packed}, but the archive at ${archive.length}`);
    const content = archive.subarray(start, start + packed);
    if (method !== 0 && method !== 8) fail(`${show(name)} is packed with method ${method}, not stored or deflated`);
    const bytes = method === 0 ? content : await inflate(content, size);
    if (bytes === null || bytes.length !== size || crc32(bytes) !== crc) {
      fail(`${show(name)}, at byte ${start}, does not unpack to ${size} bytes with the checksum that it should have`);
    }
    entries.push({ name, bytes: bytes! });
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}

/** Where the record at the end of an archive starts; a comment of up to 65,535 bytes may follow it. */
function endOf(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 65_557); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  return -1;
}

/** The inflated bytes, or null if the data are damaged or give more than `size` bytes. */
async function inflate(content: Uint8Array, size: number): Promise<Uint8Array | null> {
  if (size > content.length * MOST_PER_BYTE) return null;
  const stream = new DecompressionStream('deflate-raw');
  const writer = stream.writable.getWriter();
  // Damaged data reject these as well as the reader, which is where they are found out.
  writer.write(content as Uint8Array<ArrayBuffer>).catch(() => {});
  writer.close().catch(() => {});
  const reader = stream.readable.getReader();
  const out = new Uint8Array(size);
  let length = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (length + part.value.length > size) {
        await reader.cancel().catch(() => {});
        return null;
      }
      out.set(part.value, length);
      length += part.value.length;
    }
  } catch {
    return null;
  }
  return out.subarray(0, length);
}

/** Deflate makes at most 1,032 bytes of one. */
const MOST_PER_BYTE = 1032;

function crc32(bytes: Uint8Array): number {
  const table = new Uint32Array(256).map((_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n;
  });
  let crc = ~0;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
