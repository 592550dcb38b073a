import { Random } from '@maru-ml/base';
import { type DType, fromTypedArray, type Shape, type Tensor } from '../src/index.ts';

/**
 * An operation at a drawn point: `f(...inputs)` is differentiable with respect to each of the inputs. Whatever else it needs
 * (indices, masks, options) is drawn before and caught in `f`.
 */
export interface Case {
  /** The relative tolerance of the derivatives, where 1e-6 asks too much. */
  rtol?: number;
  inputs: readonly Tensor[];
  f: (...inputs: Tensor[]) => Tensor;
}

/**
 * Draws shapes, values and options for one operation. The same function serves the derivatives (float64, few elements)
 * and the comparison of kernels with their twins (both floats, up to hundreds of elements).
 */
export type Sample = (draw: Draw) => Case;

export interface ValueOptions {
  /** -2 */
  low?: number;
  /** 2 */
  high?: number;
  /** Places that no value comes near, such as kinks and poles; none. */
  avoid?: readonly number[];
  /** No two values are near each other, as order statistics need; false. */
  distinct?: boolean;
}

/** How far values keep from kinks and from each other: more than twice the step of the differences. */
const MARGIN = 0.02;

export class Draw {
  readonly random: Random;
  /** The dtype of what `values` returns. */
  readonly dtype: 'float32' | 'float64';
  /** The most elements that `shape` gives a tensor. */
  readonly most: number;

  constructor(seed: number, dtype: 'float32' | 'float64' = 'float64', most = 16) {
    this.random = new Random(seed);
    this.dtype = dtype;
    this.most = most;
  }

  /** An integer from low to high, both included. */
  integer(low: number, high: number): number {
    return low + this.random.integer(high - low + 1);
  }

  /** A length from low to high where few elements are wanted, and up to several times as much where there is room. */
  length(low: number, high: number): number {
    return this.integer(low, high * Math.ceil(Math.sqrt(this.most / 16)));
  }

  uniform(low: number, high: number): number {
    return this.random.uniform(low, high);
  }

  chance(probability = 0.5): boolean {
    return this.random.uniform() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.random.integer(choices.length)]!;
  }

  /** A shape of `low` to `high` axes, of at most `most` elements, no axis empty. */
  shape(low = 0, high = 3): number[] {
    const ndim = this.integer(low, high);
    const shape: number[] = [];
    let room = this.most;
    for (let i = ndim; i > 0; i--) {
      const length = Math.min(this.integer(1, Math.max(2, Math.ceil(room ** (1 / i)))), room);
      shape.push(length);
      room = Math.floor(room / length);
    }
    return this.random.shuffle(shape);
  }

  /** Two shapes that broadcast to one. */
  pair(low = 0, high = 3): [number[], number[]] {
    const shape = this.shape(low, high);
    const partner = shape.map((n) => (this.chance(0.25) ? 1 : n));
    const short = this.chance(0.3) ? partner.slice(this.integer(0, partner.length)) : partner;
    return this.chance() ? [shape, short] : [short, shape];
  }

  /** An axis of a shape, counted from either end. */
  axis(shape: Shape): number {
    return this.integer(-shape.length, shape.length - 1);
  }

  /** One axis, several or (undefined) all. */
  axes(shape: Shape): number | number[] | undefined {
    if (shape.length === 0 || this.chance(0.3)) return undefined;
    if (this.chance(0.6)) return this.axis(shape);
    return shape.map((_, i) => i).filter(() => this.chance(0.6));
  }

  /** Numbers from [low, high). */
  values(shape: Shape, options: ValueOptions = {}): Tensor {
    return this.floats(shape, this.dtype, options);
  }

  floats(shape: Shape, dtype: DType, { low = -2, high = 2, avoid = [], distinct = false }: ValueOptions = {}): Tensor {
    const size = shape.reduce((product, n) => product * n, 1);
    const data = dtype === 'float32' ? new Float32Array(size) : new Float64Array(size);
    const order = distinct ? this.random.permutation(size) : null;
    for (let i = 0; i < size; i++) {
      do {
        // Distinct values: each from a cell of its own, from the inner two thirds of it.
        const place = order === null ? this.uniform(0, 1) : (order[i]! + this.uniform(1 / 6, 5 / 6)) / size;
        data[i] = low + place * (high - low);
      } while (avoid.some((kink) => Math.abs(data[i]! - kink) < MARGIN * Math.max(1, Math.abs(kink))));
    }
    return fromTypedArray(data, shape);
  }

  /** The given numbers in the dtype of what `values` returns. */
  given(data: ArrayLike<number>, shape: Shape): Tensor {
    return fromTypedArray(this.dtype === 'float32' ? Float32Array.from(data) : Float64Array.from(data), shape);
  }

  /** Integers from low to high, both included, int32. */
  integers(shape: Shape, low: number, high: number): Tensor {
    const size = shape.reduce((product, n) => product * n, 1);
    return fromTypedArray(
      new Int32Array(size).map(() => this.integer(low, high)),
      shape,
    );
  }

  /** True and false, bool. */
  booleans(shape: Shape, probability = 0.5): Tensor {
    const size = shape.reduce((product, n) => product * n, 1);
    const data = new Uint8Array(size).map(() => (this.chance(probability) ? 1 : 0));
    return fromTypedArray(data, shape, { dtype: 'bool' });
  }
}

/** A sample of an element-wise operation of one operand. */
export function elementwise(f: (x: Tensor) => Tensor, options?: ValueOptions): Sample {
  return (draw) => ({ inputs: [draw.values(draw.shape(), options)], f });
}

/** A sample of an element-wise operation of two operands, which broadcast. */
export function broadcasting(f: (a: Tensor, b: Tensor) => Tensor, left?: ValueOptions, right = left): Sample {
  return (draw) => {
    const [a, b] = draw.pair();
    return { inputs: [draw.values(a, left), draw.values(b, right)], f: (x, y) => f(x!, y!) };
  };
}
