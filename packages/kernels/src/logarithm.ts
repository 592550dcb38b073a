import { bytes } from './generated/logarithm.ts';
import { expOf, log1pOf, logOf } from './lanes.ts';
import { apply } from './mathKernel.ts';
import type { NumberArray } from './memory.ts';
import { kernelModule } from './module.ts';

// The natural logarithm and what is made of it. `out` has the length of `x` and may be `x`.

const kernels = /* @__PURE__ */ kernelModule<'logarithm'>('logarithm', bytes);
const kernel = () => kernels()?.logarithm;

const LOG = 0;
const LOG1P = 1;
const SOFTPLUS = 2;
const LOG_SIGMOID = 3;
const WIDE = 4;

/** out = ln x: -∞ at 0, NaN below. */
export function log(x: NumberArray, out: NumberArray): void {
  apply(kernel, LOG, WIDE, (v, short) => logOf(v, 0, short), x, out);
}

/** out = ln(1 + x), exact to the last digits for small x too. */
export function log1p(x: NumberArray, out: NumberArray): void {
  apply(kernel, LOG1P, WIDE, log1pOf, x, out);
}

/** out = ln(1 + eˣ). */
export function softplus(x: NumberArray, out: NumberArray): void {
  const twin = (v: number, short: boolean) => Math.max(v, 0) + log1pOf(expOf(-Math.abs(v), short), short);
  apply(kernel, SOFTPLUS, WIDE, twin, x, out);
}

/** out = ln(1 / (1 + e⁻ˣ)). */
export function logSigmoid(x: NumberArray, out: NumberArray): void {
  const twin = (v: number, short: boolean) => -(Math.max(-v, 0) + log1pOf(expOf(-Math.abs(v), short), short));
  apply(kernel, LOG_SIGMOID, WIDE, twin, x, out);
}
