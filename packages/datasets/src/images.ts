import type { FlatMatrix } from './dataset.ts';

/** Pictures with a class each. */
export interface ImageDataset<T extends Uint8Array | Float32Array = Uint8Array | Float32Array> {
  /** The pictures, one a row [n, channels · height · width]: bytes from 0 to 255, or with `scaled` float32 numbers from 0 to 1. */
  readonly x: FlatMatrix<T>;
  /** The classes, counted from 0 [n]. */
  readonly y: Int32Array;
  /** Names of the classes. */
  readonly targetNames: readonly string[];
  /** Channels, height and width of a picture. */
  readonly imageShape: readonly [number, number, number];
}

/** The two parts that benchmarks of pictures come in. */
export interface ImageSplits<T extends Uint8Array | Float32Array = Uint8Array | Float32Array> {
  readonly train: ImageDataset<T>;
  readonly test: ImageDataset<T>;
}

export interface ImageOptions {
  /** Give float32 numbers from 0 to 1, as networks want them, instead of bytes; false. */
  scaled?: boolean;
  /** Keep the first n pictures of each part; all. */
  limit?: number;
}

/** Bytes from 0 to 255 as float32 numbers from 0 to 1. */
export function unitScale(bytes: Uint8Array): Float32Array {
  const data = new Float32Array(bytes.length);
  for (let i = 0; i < data.length; i++) data[i] = bytes[i]! / 255;
  return data;
}
