import { allocate, float64View, release } from '@maru-ml/kernels/memory';
import { BLOCK } from '@maru-ml/kernels/mixture';

/**
 * A table [n, d] of zeros in blocks of rows, as the kernels of mixtures take them; in their memory if there is room, so that they need
 * not copy it again and again.
 */
export class Blocks {
  /** The number of rows and of columns. */
  readonly n: number;
  readonly d: number;
  readonly #length: number;
  readonly #address: number;
  readonly #heap: Float64Array | null;

  constructor(n: number, d: number) {
    this.n = n;
    this.d = d;
    this.#length = Math.ceil(n / BLOCK) * BLOCK * d;
    this.#address = allocate(8 * this.#length);
    this.#heap = this.#address === 0 ? new Float64Array(this.#length) : null;
    this.rows().fill(0);
  }

  /** A view of the blocks with the rows `from`, at which a block begins, to `to`; it holds until memory is allocated. */
  rows(from = 0, to: number = this.n): Float64Array {
    const [start, length] = [from * this.d, Math.ceil((to - from) / BLOCK) * BLOCK * this.d];
    return this.#heap?.subarray(start, start + length) ?? float64View(this.#address + 8 * start, length);
  }

  /** Gives the memory back; the table must not be used any more. */
  free(): void {
    release(this.#address, 8 * this.#length);
  }
}
