import type { Steps } from '@maru-ml/base';
import { allocate, memory, release } from '@maru-ml/kernels/memory';
import type { Matrix } from '@maru-ml/tensor';

/** What is known of some rows: views that hold until memory is allocated, so ask again after a yield. */
export interface Part {
  /** The rows [n, d]. */
  x: Float32Array | Float64Array;
  /** Their weights [n]; null for 1 each. */
  weights: Float64Array | null;
  /** The nearest center of each [n]. */
  labels: Int32Array;
  /** Its squared distance [n]. */
  distances: Float64Array;
  /** What the kernel knows of the distances from other centers [n]. */
  lower: Float64Array;
  /** The squared distances from the candidates for a center [n, columns]. */
  tried: Float64Array;
}

/**
 * The rows that are clustered, with what is known of each, in the kernels' memory where there is some: a kernel that is
 * called in every iteration need not copy them then. Rows of float32 stay so; whatever is computed from them is float64.
 */
export class Points {
  /** The number of rows and of columns. */
  readonly n: number;
  readonly d: number;
  readonly isFloat32: boolean;
  readonly #weighted: boolean;
  readonly #columns: number;
  readonly #bytes: number;
  #address: number;
  readonly #heap: ArrayBuffer | null;

  /** @param columns those of `tried` */
  constructor({ data, rows, columns: d }: Matrix, weights: Float64Array | null, columns: number) {
    this.n = rows;
    this.d = d;
    this.isFloat32 = data instanceof Float32Array;
    this.#weighted = weights !== null;
    this.#columns = columns;
    // First what takes 8 bytes: three numbers for each row and what was tried; then x, then the labels.
    this.#bytes = rows * (8 * (3 + columns) + data.BYTES_PER_ELEMENT * d + 4);
    this.#address = allocate(this.#bytes);
    this.#heap = this.#address === 0 ? new ArrayBuffer(this.#bytes) : null;
    if (weights !== null) this.rows().weights!.set(weights);
  }

  /** Copies the rows in. */
  *take({ data }: Matrix): Steps<void> {
    const most = rowsAtOnce(this.d);
    for (let from = 0; from < this.n; from += most) {
      const to = Math.min(this.n, from + most);
      this.rows(from, to).x.set(data.subarray(from * this.d, to * this.d));
      yield;
    }
  }

  /** The rows from `from` to `to`. */
  rows(from = 0, to: number = this.n): Part {
    const { n, d } = this;
    const buffer = this.#heap ?? memory()!.buffer;
    const length = to - from;
    const floats = (place: number, width = 1) =>
      new Float64Array(buffer, this.#address + 8 * (n * place + from * width), length * width);
    const size = this.isFloat32 ? 4 : 8;
    const x = this.#address + 8 * n * (3 + this.#columns);
    return {
      weights: this.#weighted ? floats(0) : null,
      distances: floats(1),
      lower: floats(2),
      tried: floats(3, this.#columns),
      x: new (this.isFloat32 ? Float32Array : Float64Array)(buffer, x + size * from * d, length * d),
      labels: new Int32Array(buffer, x + size * n * d + 4 * from, length),
    };
  }

  /** Numbers as they are in the rows' type. */
  rounded(numbers: ArrayLike<number>): Float64Array {
    return Float64Array.from(this.isFloat32 ? Float32Array.from(numbers) : numbers);
  }

  /** Gives the memory back. */
  free(): void {
    release(this.#address, this.#bytes);
    this.#address = 0;
  }
}

/** How many rows to work on between two pauses, if each takes `operations`: a few milliseconds' worth. */
export function rowsAtOnce(operations: number): number {
  return Math.max(1, Math.floor(2 ** 22 / operations));
}

/** The same in whole blocks of 32, as the kernels of mixtures take rows. */
export function blocksAtOnce(operations: number): number {
  return Math.ceil(rowsAtOnce(operations) / 32) * 32;
}
