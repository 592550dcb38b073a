/** What samplers draw from: lengths, numbers of every kind that IEEE knows, arrays. */
import { Random } from '@maru-ml/base';

/** @typedef {'float32' | 'float64' | 'int32' | 'uint8'} DType */
/** @typedef {Float32Array | Float64Array | Int32Array | Uint8Array} NumberArray */

const SPECIAL = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, NaN, Infinity, -Infinity, 5e-324, -5e-324, 1.4e-45, -1.4e-45];
SPECIAL.push(
  2 ** -126,
  2 ** -1022,
  -(2 ** -1022),
  3.4028234663852886e38,
  -3.4028234663852886e38,
  1.7976931348623157e308,
);
SPECIAL.push(
  1e-40,
  1e-310,
  2 ** 24 + 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 52 + 0.5,
  2 ** 53,
  88.8,
  -104,
  709.8,
  -746,
  Math.PI,
  1e22,
);

const ARRAYS = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array };

export class Draw {
  /** @param {number} seed */
  constructor(seed) {
    this.random = new Random(seed);
    this.scratch = new DataView(new ArrayBuffer(8));
  }

  /** An integer from low to high, both included. @param {number} low @param {number} high */
  integer(low, high) {
    return low + this.random.integer(high - low + 1);
  }

  /** @param {number} [probability] */
  chance(probability = 0.5) {
    return this.random.uniform() < probability;
  }

  /** @template T @param {readonly T[]} choices @returns {T} */
  pick(choices) {
    return /** @type {T} */ (choices[this.random.integer(choices.length)]);
  }

  /** A length, mostly around the widths of vectors and of unrolled loops. @param {number} [most] */
  length(most = 300) {
    return Math.min(most, this.chance(0.7) ? this.integer(0, 40) : this.integer(0, most));
  }

  /** @returns {DType} */
  float() {
    return this.chance() ? 'float32' : 'float64';
  }

  /** @returns {DType} */
  dtype() {
    return this.pick(['float32', 'float64', 'float32', 'float64', 'int32', 'uint8']);
  }

  /** An array of ordinary, widely spread, special or bitwise random numbers. @param {DType} dtype @param {number} length */
  array(dtype, length) {
    const array = new ARRAYS[dtype](length);
    const mood = this.random.integer(5);
    const scale = 2 ** this.integer(-6, 8);
    for (let i = 0; i < length; i++) {
      const kind = mood < 2 ? 0 : mood === 4 ? this.random.integer(4) : mood - 1;
      array[i] = this.number(kind, scale);
    }
    return array;
  }

  /** An array of ordinary numbers from a normal distribution. @param {DType} dtype @param {number} length */
  normal(dtype, length) {
    return new ARRAYS[dtype](length).map(() => this.random.normal());
  }

  /** An array of integers from low to high, both included. @param {DType} dtype @param {number} length @param {number} low @param {number} high */
  integers(dtype, length, low, high) {
    return new ARRAYS[dtype](length).map(() => this.integer(low, high));
  }

  /** An array for results, full of what nobody expects there. @param {DType} dtype @param {number} length */
  out(dtype, length) {
    return new ARRAYS[dtype](length).fill(77);
  }

  /** @param {number} kind @param {number} scale @returns {number} */
  number(kind, scale) {
    if (kind === 0) return this.random.normal() * scale;
    if (kind === 1) return (this.chance() ? 1 : -1) * 2 ** this.random.uniform(-160, 140);
    if (kind === 2 && this.chance(0.4)) return this.pick(SPECIAL);
    if (kind === 2) return Math.round(this.random.normal() * 8) / 2;
    // Bitwise random, of either width.
    const { scratch, random } = this;
    scratch.setUint32(0, random.uint32());
    scratch.setUint32(4, random.uint32());
    return this.chance() ? scratch.getFloat32(0) : scratch.getFloat64(0);
  }
}
