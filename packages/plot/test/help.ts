import { inflateSync } from 'node:zlib';
import type { VegaLiteSpec } from '../src/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into specifications of any form
export type Any = any;

/** Whether the policy of the page forbids code made from strings, so that drawings must be strict ones. */
export const strict = isRefused(() => new Function('return 1'));

function isRefused(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}

/** A specification whose parts can be looked at. */
export function look(spec: VegaLiteSpec): Any {
  return spec;
}

/** A title or subtitle on one line. */
export function textOf(lines: string | string[] | undefined): string | undefined {
  return Array.isArray(lines) ? lines.join(' ') : lines;
}

export interface DecodedPng {
  width: number;
  height: number;
  /** The color type of the header: 0 gray, 2 color, 3 indexed. */
  type: number;
  /** For each pixel its bytes; indexed ones as red, green, blue and opacity. */
  pixels: number[][];
}

/** Reads a PNG of eight bits without filters, and checks its signature and checksums. */
export function decodePng(source: string | Uint8Array): DecodedPng {
  const bytes =
    typeof source === 'string'
      ? Buffer.from(source.replace('data:image/png;base64,', ''), 'base64')
      : Buffer.from(source);
  if (bytes.subarray(0, 8).toString('latin1') !== '\x89PNG\r\n\x1a\n') throw new Error('not a PNG');
  const chunks = new Map<string, Buffer>();
  let at = 8;
  while (at < bytes.length) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.subarray(at + 4, at + 8).toString('latin1');
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== bytes.readUInt32BE(at + 8 + length))
      throw new Error(`${type}: wrong checksum`);
    chunks.set(type, bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  if (at !== bytes.length || !chunks.has('IEND')) throw new Error('the file does not end where it should');
  const header = chunks.get('IHDR')!;
  const [width, height, type] = [header.readUInt32BE(0), header.readUInt32BE(4), header[9]!];
  const channels = type === 2 ? 3 : 1;
  const raw = inflateSync(chunks.get('IDAT')!);
  if (raw.length !== height * (1 + width * channels)) throw new Error('too few or too many pixels');
  const [palette, opacity] = [chunks.get('PLTE'), chunks.get('tRNS')];
  const pixels: number[][] = [];
  for (let row = 0; row < height; row++) {
    const start = row * (1 + width * channels);
    if (raw[start] !== 0) throw new Error('unknown filter');
    for (let column = 0; column < width; column++) {
      const own = [...raw.subarray(start + 1 + column * channels, start + 1 + (column + 1) * channels)];
      pixels.push(palette ? [...palette.subarray(own[0]! * 3, own[0]! * 3 + 3), opacity?.[own[0]!] ?? 255] : own);
    }
  }
  return { width, height, type, pixels };
}

/** Bit by bit, as the specification has it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const mix = (crc ^ (byte >> bit)) & 1;
      crc = (crc >>> 1) ^ (mix ? 0xedb88320 : 0);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}
