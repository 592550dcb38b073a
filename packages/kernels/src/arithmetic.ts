import { bytes } from './generated/arithmetic.ts';
import { addressOf, type NumberArray, SCRATCH } from './memory.ts';
import { choice, type Exports, kernelModule } from './module.ts';
import { enough, sameFloats, scratchLike, stream } from './stream.ts';
import { map, rounding, zip } from './twin.ts';

// Element-wise arithmetic. The operands have one length, or the shorter one repeats cyclically and `out` has the longer
// length: a single number, or the last row of a matrix. `out` may be an operand of its own length.
// Integers wrap around, and a quotient of integers is truncated.

const kernels = /* @__PURE__ */ kernelModule<'binary'>(bytes);

const ADD = 0;
const SUB = 1;
const MUL = 2;
const DIV = 3;
const MAX = 4;
const MIN = 5;
const AXPY = 6;
const WIDE = 7;

/** out = a + b. */
export function add(a: NumberArray, b: NumberArray, out: NumberArray): void {
  if (!binary(ADD, a, b, out)) zip((x, y) => x + y, a, b, out);
}

/** out = a - b. */
export function sub(a: NumberArray, b: NumberArray, out: NumberArray): void {
  if (!binary(SUB, a, b, out)) zip((x, y) => x - y, a, b, out);
}

/** out = a · b. */
export function mul(a: NumberArray, b: NumberArray, out: NumberArray): void {
  if (binary(MUL, a, b, out)) return;
  // The product of two 32-bit integers does not fit in a float64.
  if (out instanceof Int32Array) zip(Math.imul, a, b, out);
  else zip((x, y) => x * y, a, b, out);
}

/** out = a / b; of integers truncated, and 0 where b is 0. */
export function div(a: NumberArray, b: NumberArray, out: NumberArray): void {
  if (!binary(DIV, a, b, out)) zip((x, y) => x / y, a, b, out);
}

/** The larger of a and b; NaN if either is; 0 is larger than -0. */
export function maximum(a: NumberArray, b: NumberArray, out: NumberArray): void {
  if (!binary(MAX, a, b, out)) zip(Math.max, a, b, out);
}

/** The smaller of a and b; NaN if either is; -0 is smaller than 0. */
export function minimum(a: NumberArray, b: NumberArray, out: NumberArray): void {
  if (!binary(MIN, a, b, out)) zip(Math.min, a, b, out);
}

/** The remainder of a / b with the sign of b, as in Python: a - b ⌊a / b⌋, exactly. NaN (of integers 0) where b is 0. */
export function remainder(a: NumberArray, b: NumberArray, out: NumberArray): void {
  zip(
    (x, y) => {
      const r = x % y;
      return r !== 0 && r < 0 !== y < 0 ? r + y : r;
    },
    a,
    b,
    out,
  );
}

/** out = -x. */
export function neg(x: NumberArray, out: NumberArray): void {
  if (!binary(MUL, x, -1, out)) map((v) => -v, x, out);
}

/** out = x². */
export function square(x: NumberArray, out: NumberArray): void {
  mul(x, x, out);
}

/** out = 1 / x. */
export function reciprocal(x: NumberArray, out: NumberArray): void {
  if (!binary(DIV, 1, x, out)) map((v) => 1 / v, x, out);
}

/** out = min(max(x, low), high); NaN stays NaN. */
export function clamp(x: NumberArray, low: number, high: number, out: NumberArray): void {
  if (binary(MAX, x, low, out) && binary(MIN, out, high, out)) return;
  map((v) => Math.min(Math.max(v, low), high), x, out);
}

/** y += alpha · x. */
export function axpy(alpha: number, x: NumberArray, y: NumberArray): void {
  if (binary(AXPY, x, alpha, y)) return;
  const round = rounding(y);
  const factor = round(alpha);
  zip((v, w) => w + round(factor * v), x, y, y);
}

/** Runs the kernel of an operation on arrays and numbers, if there is one and it pays. */
function binary(
  op: number,
  a: NumberArray | number,
  b: NumberArray | number,
  out: NumberArray,
  always = false,
): boolean {
  const n = out.length;
  if (!always && !enough(n)) return false;
  if (!sameFloats(out, typeof a === 'number' ? out : a, typeof b === 'number' ? out : b)) return false;
  const k = kernels();
  if (k === null) return false;
  const width = out.BYTES_PER_ELEMENT;
  const code = width === 8 ? op + WIDE : op;
  const target = addressOf(out);
  if (target !== 0) {
    const x = place(a, out);
    const y = x === 0 ? 0 : place(b, out);
    if (y !== 0) {
      choice().calls++;
      k.binary(code, x, y, target, n * width, sizeOf(a) * width, sizeOf(b) * width);
      return true;
    }
  }
  return pieces(k, code, typeof a === 'number' ? alone(out, a) : a, typeof b === 'number' ? alone(out, b) : b, out);
}

/** The address of an operand, which is put into the scratch space if it repeats and is a guest there; 0 for other guests. */
function place(x: NumberArray | number, out: NumberArray): number {
  const scratch = scratchLike(out);
  if (typeof x === 'number') {
    scratch[0] = x;
    return SCRATCH;
  }
  const address = addressOf(x);
  if (address !== 0 || x.length === out.length || x.length > scratch.length) return address;
  scratch.set(x);
  return SCRATCH;
}

/** Runs the kernel where arrays have to be copied. */
function pieces(k: Exports<'binary'>, code: number, a: NumberArray, b: NumberArray, out: NumberArray): boolean {
  const n = out.length;
  const width = out.BYTES_PER_ELEMENT;
  const short = Math.min(a.length, b.length);
  if (short < n && short * width > LONG_ROW) {
    const op = width === 8 ? code - WIDE : code;
    for (let i = 0; i < n; i += short) {
      const end = Math.min(i + short, n);
      const [x, y] = [a, b].map((all) => (all.length === n ? all.subarray(i, end) : all.subarray(0, end - i)));
      binary(op, x!, y!, out.subarray(i, end), true);
    }
    return true;
  }
  // Only `axpy` reads what it adds to.
  const reads = code % WIDE === AXPY ? 0b111 : 0b110;
  return stream(n, [out, a, b], 1, reads, (at, count) => {
    const size = count * width;
    const x = a.length < n ? a.length * width : size;
    const y = b.length < n ? b.length * width : size;
    k.binary(code, at[1]!, at[2]!, at[0]!, size, x, y);
  });
}

/** Rows of more bytes than this that repeat are taken one by one where arrays have to be copied. */
const LONG_ROW = 8192;

function sizeOf(x: NumberArray | number): number {
  return typeof x === 'number' ? 1 : x.length;
}

/** A number as the operand that repeats. */
function alone(like: NumberArray, value: number): NumberArray {
  return like instanceof Float32Array ? Float32Array.of(value) : Float64Array.of(value);
}
