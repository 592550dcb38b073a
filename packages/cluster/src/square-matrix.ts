import { DataError } from '@maru-ml/base';
import { allocate, float64View, release } from '@maru-ml/kernels/memory';

/** The most numbers that are kept: 4 GB of them; and the most that are kept in the kernels' memory, which never shrinks. */
const MOST = 2 ** 29;
const RESIDENT = 2 ** 23;

/** A matrix [n, n] of zeros, in the kernels' memory if there is room: a kernel that reads it again and again need not copy it. */
export class SquareMatrix {
  readonly n: number;
  #address = 0;
  readonly #heap: Float64Array | null;

  /** @throws DataError if it is too large */
  constructor(owner: string, n: number) {
    this.n = n;
    if (n * n <= RESIDENT) this.#address = allocate(8 * n * n);
    this.#heap = this.#address === 0 ? onHeap(owner, n) : null;
    if (this.#heap === null) this.rows(0, n).fill(0);
  }

  /** A view of the rows `from` to `to`, which holds until memory is allocated: ask again after a yield. */
  rows(from: number, to: number): Float64Array {
    const { n } = this;
    if (this.#heap !== null) return this.#heap.subarray(from * n, to * n);
    return float64View(this.#address + 8 * from * n, (to - from) * n);
  }

  /** Gives the memory back. */
  free(): void {
    if (this.#address !== 0) release(this.#address, 8 * this.n * this.n);
    this.#address = 0;
  }
}

function onHeap(owner: string, n: number): Float64Array {
  try {
    if (n * n <= MOST) return new Float64Array(n * n);
  } catch {
    // The system has less memory than the limit.
  }
  throw new DataError(
    `${owner}: the affinities of ${n} rows take ${((n * n * 8) / 1e9).toFixed(1)} GB, more than there is room for; take fewer rows or affinity 'nearestNeighbors'`,
  );
}
