import { allocate, memory, release } from '@maru-ml/kernels/memory';

type View<A> = new (buffer: ArrayBuffer, from: number, length: number) => A;

/**
 * Numbers of a fit that kernels work on again and again: in the kernels' memory where there is some, so that they need not be
 * copied for each call, else on the heap. Views hold until memory is allocated: take them anew for each call.
 */
export class Block {
  readonly #bytes: number;
  #address: number;
  readonly #heap: ArrayBuffer | null;

  constructor(bytes: number) {
    this.#bytes = bytes;
    this.#address = allocate(bytes);
    this.#heap = this.#address === 0 ? new ArrayBuffer(bytes) : null;
  }

  /** `length` numbers from `from` bytes on. */
  view<A>(type: View<A>, length: number, from = 0): A {
    return new type(this.#heap ?? memory()!.buffer, this.#address + from, length);
  }

  /** Gives the memory back. */
  free(): void {
    release(this.#address, this.#bytes);
    this.#address = 0;
  }
}
