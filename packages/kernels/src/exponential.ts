import { bytes } from './generated/exponential.ts';
import { exp1, exp32, expm1Of, expOf, exponent, grown, longExp, lost, power2, scale, withSign } from './lanes.ts';
import { apply } from './mathKernel.ts';
import type { NumberArray } from './memory.ts';
import { kernelModule } from './module.ts';

// The exponential and what is made of it. `out` has the length of `x` and may be `x`.

const kernels = /* @__PURE__ */ kernelModule<'exponential'>(bytes);
const kernel = () => kernels()?.exponential;

const EXP = 0;
const EXPM1 = 1;
const SIGMOID = 2;
const TANH = 3;
const SILU = 4;
const WIDE = 5;

/** out = eˣ. */
export function exp(x: NumberArray, out: NumberArray): void {
  apply(kernel, EXP, WIDE, (v, short) => (short ? exp32(v) : longExp(v)), x, out);
}

/** out = eˣ - 1, exact to the last digits for small x too. */
export function expm1(x: NumberArray, out: NumberArray): void {
  apply(kernel, EXPM1, WIDE, expm1Of, x, out);
}

/** out = 1 / (1 + e⁻ˣ). */
export function sigmoid(x: NumberArray, out: NumberArray): void {
  apply(kernel, SIGMOID, WIDE, sigmoidOf, x, out);
}

/** out = tanh x. */
export function tanh(x: NumberArray, out: NumberArray): void {
  apply(kernel, TANH, WIDE, tanhOf, x, out);
}

/** out = x / (1 + e⁻ˣ), also called swish; -0 at -∞. */
export function silu(x: NumberArray, out: NumberArray): void {
  apply(kernel, SILU, WIDE, siluOf, x, out);
}

/** 1 / (1 + e) for x ≥ 0 and e / (1 + e) below, with e = e^-|x|. */
function sigmoidOf(x: number, short: boolean): number {
  const e = expOf(-Math.abs(x), short);
  return (x < 0 ? e : 1) / (1 + e);
}

/** x / (1 + e) for x ≥ 0 and x e / (1 + e) below, with e = e^-|x|. */
function siluOf(x: number, short: boolean): number {
  // From here down the result is -0.
  const low = short ? -120 : -760;
  const c = Math.max(x, low);
  const a = Math.max(-Math.abs(c), low);
  const n = exponent(a);
  const m = grown(a, n, short);
  // The product comes before the scaling, which may leave only some digits.
  const e = scale(m, n, short);
  const d = 1 + e;
  const product = c * m;
  const y = (c < 0 ? scale(product, n, short) : c) / d;
  if (short || !(c < 100)) return y;
  // What the sum and the product lost is brought in.
  const left = c < 0 ? scale(lost(c, m, product), n, short) : 0;
  return withSign(y + (left - y * (e - (d - 1))) / d, x);
}

/** tanh |x| = t / (t + 2) with t = e^(2 |x|) - 1. */
function tanhOf(x: number, short: boolean): number {
  const c = Math.min(Math.abs(x) * 2, 44);
  const n = exponent(c);
  const t = exp1(c, n, short) * power2(n);
  const d = t + 2;
  let y = t / d;
  if (!short) {
    // What the sum d lost is brought in where it counts: 1 / d is (1 - y) / 2.
    const lost = t < 2 ? t - (d - 2) : 0;
    y = y - y * lost * (0.5 * (1 - y));
  }
  return withSign(y, x);
}
