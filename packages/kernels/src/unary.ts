import { bytes } from './generated/unary.ts';
import { addressOf, type NumberArray } from './memory.ts';
import { choice, kernelModule } from './module.ts';
import { enough, sameFloats, stream } from './stream.ts';
import { map, rounding, zip } from './twin.ts';

// Element-wise functions of single steps. `out` has the length of `x` and may be `x`.

const kernels = /* @__PURE__ */ kernelModule<'unary'>(bytes);

const ABS = 0;
const SIGN = 1;
const SQRT = 2;
const RELU = 3;
const FLOOR = 4;
const CEIL = 5;
const ROUND = 6;
const TRUNC = 7;
const LEAKY = 8;
const BACKWARD = 9;
const RSQRT = 10;
const TANH_BACKWARD = 11;
const SIGMOID_BACKWARD = 12;
const WIDE = 13;

/** out = |x|. */
export function abs(x: NumberArray, out: NumberArray): void {
  if (!unary(ABS, x, x, out)) map(Math.abs, x, out);
}

/** out = -1, 0 or 1; NaN for NaN. */
export function sign(x: NumberArray, out: NumberArray): void {
  if (!unary(SIGN, x, x, out)) map((v) => (v > 0 ? 1 : v < 0 ? -1 : v === 0 ? 0 : v), x, out);
}

/** out = √x. */
export function sqrt(x: NumberArray, out: NumberArray): void {
  if (!unary(SQRT, x, x, out)) map(Math.sqrt, x, out);
}

/** out = 0 where x < 0, else x; so NaN stays NaN. */
export function relu(x: NumberArray, out: NumberArray): void {
  // biome-ignore lint/complexity/useMathMinMax: -0 stays -0
  if (!unary(RELU, x, x, out)) map((v) => (v < 0 ? 0 : v), x, out);
}

/** The largest integer that is at most x. */
export function floor(x: NumberArray, out: NumberArray): void {
  if (!unary(FLOOR, x, x, out)) map(Math.floor, x, out);
}

/** The smallest integer that is at least x. */
export function ceil(x: NumberArray, out: NumberArray): void {
  if (!unary(CEIL, x, x, out)) map(Math.ceil, x, out);
}

/** The nearest integer, halves to the even one. */
export function round(x: NumberArray, out: NumberArray): void {
  if (!unary(ROUND, x, x, out)) map(toEven, x, out);
}

/** The integer part. */
export function trunc(x: NumberArray, out: NumberArray): void {
  if (!unary(TRUNC, x, x, out)) map(Math.trunc, x, out);
}

/** out = x where x > 0, else slope · x. */
export function leakyRelu(x: NumberArray, slope: number, out: NumberArray): void {
  if (unary(LEAKY, x, x, out, slope)) return;
  const factor = rounding(out)(slope);
  map((v) => (v > 0 ? v : v * factor), x, out);
}

/** out = g where x > 0, else 0. */
export function reluBackward(x: NumberArray, g: NumberArray, out: NumberArray): void {
  if (!unary(BACKWARD, x, g, out)) zip((v, d) => (v > 0 ? d : 0), x, g, out);
}

/** out = 1 / √x. */
export function rsqrt(x: NumberArray, out: NumberArray): void {
  if (unary(RSQRT, x, x, out)) return;
  const round = rounding(out);
  map((v) => 1 / round(Math.sqrt(v)), x, out);
}

/** out = g (1 - y²): the gradient of tanh with the values `y`. */
export function tanhBackward(y: NumberArray, g: NumberArray, out: NumberArray): void {
  if (unary(TANH_BACKWARD, y, g, out)) return;
  const round = rounding(out);
  zip((v, d) => d * round(1 - round(v * v)), y, g, out);
}

/** out = g y (1 - y): the gradient of the sigmoid with the values `y`. */
export function sigmoidBackward(y: NumberArray, g: NumberArray, out: NumberArray): void {
  if (unary(SIGMOID_BACKWARD, y, g, out)) return;
  const round = rounding(out);
  zip((v, d) => d * round(v * round(1 - v)), y, g, out);
}

/** Below 2⁵² adding 2⁵² leaves no room for a fraction, and the sum is rounded to even. */
function toEven(x: number): number {
  if (x === 0 || !(Math.abs(x) < 2 ** 52)) return x;
  return x < 0 ? -(2 ** 52 - x - 2 ** 52) : 2 ** 52 + x - 2 ** 52;
}

function unary(op: number, x: NumberArray, y: NumberArray, out: NumberArray, c = 0): boolean {
  const n = out.length;
  if (!enough(n) || !sameFloats(out, x, y)) return false;
  const k = kernels();
  if (k === null) return false;
  const width = out.BYTES_PER_ELEMENT;
  const code = width === 8 ? op + WIDE : op;
  const [from, other, to] = [addressOf(x), addressOf(y), addressOf(out)];
  if (from !== 0 && other !== 0 && to !== 0) {
    choice().calls++;
    k.unary(code, from, other, to, n * width, c);
    return true;
  }
  const arrays = x === y ? [out, x] : [out, x, y];
  return stream(n, arrays, 1, 0b110, (at, count) => {
    k.unary(code, at[1]!, at[2] ?? at[1]!, at[0]!, count * width, c);
  });
}
