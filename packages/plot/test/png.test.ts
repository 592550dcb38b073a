import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zlib } from '../src/deflate.ts';
import { encodePng, pngUrl } from '../src/png.ts';
import { decodePng } from './help.ts';

/** Whether Node's own decoder gives the bytes back. */
const survives = (bytes: Uint8Array) => Buffer.from(inflateSync(zlib(bytes))).equals(bytes);

describe('zlib', () => {
  it('packs nothing, one byte and every byte', { tags: ['node'] }, () => {
    for (const bytes of [[], [0], [255], Array.from({ length: 256 }, (_, i) => i)]) {
      expect(survives(Uint8Array.from(bytes))).toBe(true);
    }
  });

  it('packs matches of every length and at every distance of the code', { tags: ['node'] }, () => {
    // A run of n equal bytes is a literal and a match of n - 1, or several where that is too long.
    for (let n = 1; n < 700; n++) {
      if (!survives(new Uint8Array(n).fill(7))) expect.fail(`a run of ${n}`);
    }
    // Three marks come back after a gap without other matches (each byte pair is new).
    for (let power = 2; power < 16; power++) {
      for (const gap of [2 ** power - 4, 2 ** power - 3, 2 ** power - 2, 3 * 2 ** (power - 1)]) {
        const bytes = Uint8Array.from({ length: gap + 6 }, (_, i) => (i * (1 + (i >> 8))) & 255);
        bytes.set([251, 17, 251], 0);
        bytes.set([251, 17, 251], gap + 3);
        if (!survives(bytes)) expect.fail(`a gap of ${gap}`);
      }
    }
  });

  it('finds no matches beyond the window', { tags: ['node'] }, () => {
    const bytes = new Uint8Array(40_000);
    let state = 1;
    for (let i = 0; i < bytes.length; i++) {
      state = (state * 48_271) % 2_147_483_647;
      bytes[i] = state & 255;
    }
    bytes.copyWithin(33_000, 0, 4_000);
    expect(survives(bytes)).toBe(true);
  });

  it('makes long runs small', () => {
    expect(zlib(new Uint8Array(100_000)).length).toBeLessThan(700);
  });

  it('is undone by inflate (law)', { tags: ['node'] }, () => {
    const few = fc.uint8Array({ max: 3, maxLength: 3000 });
    const any = fc.uint8Array({ maxLength: 3000 });
    fc.assert(fc.property(fc.oneof(few, any), (bytes) => survives(bytes)));
  });
});

describe('encodePng', () => {
  it('keeps gray pixels', { tags: ['node'] }, () => {
    const decoded = decodePng(encodePng({ width: 3, height: 2, pixels: Uint8Array.of(0, 128, 255, 1, 2, 3) }));
    expect(decoded).toEqual({ width: 3, height: 2, type: 0, pixels: [[0], [128], [255], [1], [2], [3]] });
  });

  it('keeps colors', { tags: ['node'] }, () => {
    const decoded = decodePng(encodePng({ width: 2, height: 1, pixels: Uint8Array.of(255, 0, 1, 10, 20, 30) }));
    expect(decoded.type).toBe(2);
    expect(decoded.pixels).toEqual([
      [255, 0, 1],
      [10, 20, 30],
    ]);
  });

  it('keeps the palette with its opacities', { tags: ['node'] }, () => {
    const palette = [
      [1, 2, 3, 255],
      [4, 5, 6, 0],
    ] as const;
    const decoded = decodePng(encodePng({ width: 2, height: 2, pixels: Uint8Array.of(0, 1, 1, 0), palette }));
    expect(decoded.type).toBe(3);
    expect(decoded.pixels).toEqual([palette[0], palette[1], palette[1], palette[0]]);
  });

  it('gives a URL that holds the same bytes', { tags: ['node'] }, () => {
    const picture = { width: 28, height: 28, pixels: Uint8Array.from({ length: 784 }, (_, i) => i % 251) };
    expect(decodePng(pngUrl(picture))).toEqual(decodePng(encodePng(picture)));
  });
});
