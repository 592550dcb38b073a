import { bytes } from './generated/hyperbolic.ts';
import { exp1, exponent, grown, scale, withSign } from './lanes.ts';
import { apply } from './mathKernel.ts';
import type { NumberArray } from './memory.ts';
import { kernelModule } from './module.ts';

// `out` has the length of `x` and may be `x`.

const kernels = /* @__PURE__ */ kernelModule<'hyperbolic'>(bytes);
const kernel = () => kernels()?.hyperbolic;

const SINH = 0;
const COSH = 1;
const WIDE = 2;

/** out = sinh x. */
export function sinh(x: NumberArray, out: NumberArray): void {
  apply(kernel, SINH, WIDE, sinhOf, x, out);
}

/** out = cosh x. */
export function cosh(x: NumberArray, out: NumberArray): void {
  apply(kernel, COSH, WIDE, coshOf, x, out);
}

/** sinh |x| = (t + t / (t + 1)) / 2 with t = e^|x| - 1 = 2ⁿ s. */
function sinhOf(x: number, short: boolean): number {
  const c = magnitude(x, short);
  const n = exponent(c);
  const s = exp1(c, n, short);
  const t = scale(s, n, short);
  return withSign(scale(s + s / (t + 1), n - 1, short), x);
}

/** cosh x = h + 1 / (4 h) with h = e^|x| / 2. */
function coshOf(x: number, short: boolean): number {
  const c = magnitude(x, short);
  const n = exponent(c);
  const h = scale(grown(c, n, short), n - 1, short);
  return h + 0.25 / h;
}

/** |x|, cut off where both functions are infinite. */
function magnitude(x: number, short: boolean): number {
  return Math.min(Math.abs(x), short ? 110 : 711);
}
