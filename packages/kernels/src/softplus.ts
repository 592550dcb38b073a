import { bytes } from './generated/softplus.ts';
import { expOf, log1pOf } from './lanes.ts';
import { apply } from './mathKernel.ts';
import type { NumberArray } from './memory.ts';
import { kernelModule } from './module.ts';

// ln(1 + x) and what is made of it. `out` has the length of `x` and may be `x`.

const kernels = /* @__PURE__ */ kernelModule<'softplus'>(bytes);
const kernel = () => kernels()?.softplus;

const LOG1P = 0;
const SOFTPLUS = 1;
const LOG_SIGMOID = 2;
const WIDE = 3;

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
