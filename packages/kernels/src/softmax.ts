import { bytes } from './generated/softmax.ts';
import { exp32, longExp, longLog } from './lanes.ts';
import { addressOf, type FloatArray } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';
import { DEAR, enough, sameFloats } from './stream.ts';
import { rounding } from './twin.ts';

// Of each row the maximum is taken off first, so that no exponential overflows.

const kernels = /* @__PURE__ */ kernelModule<'softmax'>(bytes);

const SOFTMAX = 0;
const LOG_SOFTMAX = 1;
const LOG_SUM_EXP = 2;

/** out[i] = e^x[i] / Σ e^x[j] in each row: `x` and `out` [rows, n]; `out` may be `x`. */
export function softmax(x: FloatArray, rows: number, n: number, out: FloatArray): void {
  if (kernel(SOFTMAX, x, rows, n, out)) return;
  const round = rounding(x);
  for (let row = 0; row < rows; row++) {
    const start = row * n;
    const sum = round(expSum(x, start, n, 1, maximum(x, start, n, 1), out));
    for (let i = start; i < start + n; i++) out[i]! /= sum;
  }
}

/** out[i] = x[i] - ln Σ e^x[j] in each row: `x` and `out` [rows, n]; `out` may be `x`. */
export function logSoftmax(x: FloatArray, rows: number, n: number, out: FloatArray): void {
  if (kernel(LOG_SOFTMAX, x, rows, n, out)) return;
  for (let row = 0; row < rows; row++) {
    const start = row * n;
    const most = maximum(x, start, n, 1);
    const logarithm = longLog(expSum(x, start, n, 1, most), 0);
    for (let i = start; i < start + n; i++) out[i] = x[i]! - most - logarithm;
  }
}

/** ln Σ eˣ along the middle axis: `x` [outer, n, inner] to `out` [outer, inner]; -∞ of nothing. */
export function logSumExp(x: FloatArray, outer: number, n: number, inner: number, out: FloatArray): void {
  if (inner === 1 && kernel(LOG_SUM_EXP, x, outer, n, out)) return;
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const start = o * n * inner + j;
      const most = maximum(x, start, n, inner);
      // An infinite maximum is the answer, where the differences would be NaN.
      const infinite = Math.abs(most) === Number.POSITIVE_INFINITY;
      out[o * inner + j] = infinite ? most : most + longLog(expSum(x, start, n, inner, most), 0);
    }
  }
}

function kernel(op: number, x: FloatArray, rows: number, n: number, out: FloatArray): boolean {
  const k = enough(x.length, DEAR) && sameFloats(out, x) ? kernels() : null;
  if (k === null) return false;
  const code = x instanceof Float64Array ? op + 3 : op;
  const [from, to] = [addressOf(x), addressOf(out)];
  if (from !== 0 && to !== 0) {
    choice().calls++;
    k.softmax(code, from, to, rows, n);
    return true;
  }
  return withAddresses([out, x], 1, (to, from) => k.softmax(code, from, to, rows, n), 1);
}

function maximum(x: FloatArray, start: number, n: number, stride: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) most = Math.max(most, x[start + i * stride]!);
  return most;
}

/** Σ e^(x - most), in lanes by the number's place modulo those of a vector; the terms are kept in `out` if there is one. */
function expSum(x: FloatArray, start: number, n: number, stride: number, most: number, out?: FloatArray): number {
  const short = x instanceof Float32Array;
  const sums = [0, 0, 0, 0];
  const lanes = short ? 3 : 1;
  for (let i = 0; i < n; i++) {
    const e = short ? exp32(Math.fround(x[start + i * stride]! - most)) : longExp(x[start + i * stride]! - most);
    const term = short ? Math.fround(e) : e;
    if (out !== undefined) out[start + i] = term;
    sums[i & lanes]! += term;
  }
  return sums[0]! + sums[2]! + (sums[1]! + sums[3]!);
}
