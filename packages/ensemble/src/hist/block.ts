import { allocate, memory, release } from '@maru-ml/kernels/memory';

/**
 * Numbers of a fit that kernels work on again and again: in the kernels' memory where there is some, so that they need not be
 * copied for each call, else on the heap. Views hold until memory is allocated: take them anew for each call.
 */
export class Block {
  readonly bytes: number;
  #address: number;
  readonly #heap: ArrayBuffer | null;

  constructor(bytes: number) {
    this.bytes = Math.max(bytes, 16);
    this.#address = allocate(this.bytes);
    this.#heap = this.#address === 0 ? new ArrayBuffer(this.bytes) : null;
  }

  /** `length` numbers from `from` bytes on. */
  float64(length: number, from = 0): Float64Array {
    return new Float64Array(this.#buffer(), this.#address + from, length);
  }

  float32(length: number, from = 0): Float32Array {
    return new Float32Array(this.#buffer(), this.#address + from, length);
  }

  int32(length: number, from = 0): Int32Array {
    return new Int32Array(this.#buffer(), this.#address + from, length);
  }

  uint16(length: number, from = 0): Uint16Array {
    return new Uint16Array(this.#buffer(), this.#address + from, length);
  }

  uint8(length: number, from = 0): Uint8Array {
    return new Uint8Array(this.#buffer(), this.#address + from, length);
  }

  /** Gives the memory back. */
  free(): void {
    release(this.#address, this.bytes);
    this.#address = 0;
  }

  #buffer(): ArrayBuffer {
    return this.#heap ?? memory()!.buffer;
  }
}
