import { zlib } from './deflate.ts';

/** A picture of bytes, row by row from the top. */
export interface Picture {
  width: number;
  height: number;
  /** [height, width] gray values or places in the palette, or [height, width, 3] red, green and blue. */
  pixels: Uint8Array;
  /** Red, green, blue and opacity of at most 256 colors, if pixels are places in it. */
  palette?: readonly (readonly [red: number, green: number, blue: number, opacity: number])[];
}

/**
 * A picture as a PNG file.
 *
 * Portable Network Graphics (PNG) Specification, W3C, 2003.
 */
export function encodePng({ width, height, pixels, palette }: Picture): Uint8Array {
  const channels = pixels.length / (width * height);
  const GRAY = 0;
  const COLOR = 2;
  const INDEXED = 3;
  const type = palette !== undefined ? INDEXED : channels === 3 ? COLOR : GRAY;
  const header = [...bigEndian(width), ...bigEndian(height), 8, type, 0, 0, 0];
  const chunks = [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], chunk('IHDR', header)];
  if (palette !== undefined) {
    chunks.push(
      chunk(
        'PLTE',
        palette.flatMap((color) => color.slice(0, 3)),
      ),
    );
    chunks.push(
      chunk(
        'tRNS',
        palette.map(([, , , opacity]) => opacity),
      ),
    );
  }
  chunks.push(chunk('IDAT', zlib(withFilterBytes(pixels, height))), chunk('IEND', []));
  return Uint8Array.from(chunks.flatMap((bytes) => Array.from(bytes)));
}

/** A picture as a URL that holds it. */
export function pngUrl(picture: Picture): string {
  let binary = '';
  for (const byte of encodePng(picture)) binary += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(binary)}`;
}

/** Every row starts with a byte that says how it is filtered: 0, not at all. */
function withFilterBytes(pixels: Uint8Array, height: number): Uint8Array {
  const stride = pixels.length / height;
  const rows = new Uint8Array(pixels.length + height);
  for (let i = 0; i < height; i++) rows.set(pixels.subarray(i * stride, (i + 1) * stride), i * (stride + 1) + 1);
  return rows;
}

function chunk(type: string, data: ArrayLike<number>): Uint8Array {
  const body = Uint8Array.from([...Array.from(type, (c) => c.charCodeAt(0)), ...Array.from(data)]);
  return Uint8Array.from([...bigEndian(data.length), ...body, ...bigEndian(crc32(body))]);
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function bigEndian(value: number): [number, number, number, number] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
