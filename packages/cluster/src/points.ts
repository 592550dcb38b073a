import { allocate, float32View, float64View, int32View, memory, release } from '@maru-ml/kernels/memory';
import type { Matrix } from '@maru-ml/tensor';

export type FloatArray = Float32Array | Float64Array;

/**
 * The rows that are clustered, with what is known of each, in the kernels' memory where there is some: a kernel that is
 * called in every iteration need not copy them then. Rows of float32 stay so; whatever is computed from them is float64.
 */
export class Points {
  /** The number of rows and of columns. */
  readonly n: number;
  readonly d: number;
  readonly isFloat32: boolean;
  readonly #x: Block;
  readonly #weights: Block | null;
  readonly #labels: Block;
  readonly #distances: Block;
  readonly #lower: Block;

  constructor({ data, rows, columns }: Matrix, weights: Float64Array | null) {
    this.n = rows;
    this.d = columns;
    this.isFloat32 = data instanceof Float32Array;
    this.#x = new Block(this.isFloat32 ? 'float32' : 'float64', data.length);
    this.#weights = weights === null ? null : new Block('float64', rows);
    this.#labels = new Block('int32', rows);
    this.#distances = new Block('float64', rows);
    this.#lower = new Block('float64', rows);
    this.x.set(data);
    if (weights !== null) this.weights!.set(weights);
  }

  /** The rows [n, d]. Holds until memory is allocated: ask again after a yield. */
  get x(): FloatArray {
    return this.#x.array as FloatArray;
  }

  /** The weights of the rows [n]; null for 1 each. Holds as `x` does, like all that follow. */
  get weights(): Float64Array | null {
    return this.#weights === null ? null : (this.#weights.array as Float64Array);
  }

  /** The nearest center of each row [n]. */
  get labels(): Int32Array {
    return this.#labels.array as Int32Array;
  }

  /** The squared distance of each row from its nearest center [n]. */
  get distances(): Float64Array {
    return this.#distances.array as Float64Array;
  }

  /** What the kernel knows of the distances of the rows from other centers [n]. */
  get lower(): Float64Array {
    return this.#lower.array as Float64Array;
  }

  /** Numbers as they are in the rows' type. */
  rounded(numbers: ArrayLike<number>): Float64Array {
    return Float64Array.from(this.isFloat32 ? Float32Array.from(numbers) : numbers);
  }

  /** Gives the memory back. */
  free(): void {
    for (const block of [this.#x, this.#weights, this.#labels, this.#distances, this.#lower]) block?.free();
  }
}

/** Views of what is known of the rows from `from` to `to`. */
export function part(points: Points, from: number, to: number): Part {
  const { d, weights } = points;
  return {
    x: points.x.subarray(from * d, to * d),
    weights: weights === null ? null : weights.subarray(from, to),
    labels: points.labels.subarray(from, to),
    distances: points.distances.subarray(from, to),
    lower: points.lower.subarray(from, to),
  };
}

type Part = Pick<Points, 'x' | 'weights' | 'labels' | 'distances' | 'lower'>;

/** How many rows to work on between two pauses, if each takes `operations`: a few milliseconds' worth. */
export function rowsAtOnce(operations: number): number {
  return Math.max(1, Math.floor(2 ** 22 / operations));
}

const VIEWS = { float32: float32View, float64: float64View, int32: int32View };
const HEAP = { float32: Float32Array, float64: Float64Array, int32: Int32Array };

/** An array in the kernels' memory, or an ordinary one where there is none left. */
export class Block {
  readonly #type: keyof typeof VIEWS;
  readonly #length: number;
  readonly #bytes: number;
  #address: number;
  #array: FloatArray | Int32Array | null = null;

  constructor(type: keyof typeof VIEWS, length: number) {
    this.#type = type;
    this.#length = length;
    this.#bytes = length * HEAP[type].BYTES_PER_ELEMENT;
    this.#address = allocate(this.#bytes);
  }

  get array(): FloatArray | Int32Array {
    if (this.#address === 0) this.#array ??= new HEAP[this.#type](this.#length);
    else if (this.#array?.buffer !== memory()?.wasm.buffer) {
      this.#array = VIEWS[this.#type](this.#address, this.#length);
    }
    return this.#array!;
  }

  free(): void {
    release(this.#address, this.#bytes);
    this.#address = 0;
    this.#array = null;
  }
}
