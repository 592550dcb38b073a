import { bytes } from './generated/inverse.ts';
import { withSign } from './lanes.ts';
import { apply } from './mathKernel.ts';
import type { NumberArray } from './memory.ts';
import { kernelModule } from './module.ts';

// The inverse trigonometric functions, in radians. `out` has the length of `x` and may be `x`.

const kernels = /* @__PURE__ */ kernelModule<'inverse'>(bytes);
const kernel = () => kernels()?.inverse;

const ASIN = 0;
const ACOS = 1;
const ATAN = 2;
const WIDE = 3;

const HALF_PI = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;

/** out = asin x, from -π/2 to π/2; NaN where |x| > 1. */
export function asin(x: NumberArray, out: NumberArray): void {
  apply(kernel, ASIN, WIDE, asinOf, x, out);
}

/** out = acos x, from 0 to π; NaN where |x| > 1. */
export function acos(x: NumberArray, out: NumberArray): void {
  apply(kernel, ACOS, WIDE, acosOf, x, out);
}

/** out = atan x, from -π/2 to π/2. */
export function atan(x: NumberArray, out: NumberArray): void {
  apply(kernel, ATAN, WIDE, atanOf, x, out);
}

/** atan f for f = a, (a - 1) / (a + 1) or -1 / a, to which 0, π/4 or π/2 is added. */
function atanOf(x: number, short: boolean): number {
  const a = Math.abs(x);
  const steps = a > 2.414213562373095 ? 1 : a > 0.4142135623730951 ? 0.5 : 0;
  const f = steps === 1 ? -1 / a : steps === 0.5 ? (a - 1) / (a + 1) : a;
  const z = f * f;
  let p: number;
  if (short) {
    p = -0.06081157404375626 * z + 0.10595140339180184;
    p = p * z + -0.14243738861263638;
    p = p * z + 0.1999848400592081;
    p = p * z + -0.33333315423712445;
  } else {
    p = -0.01790735069424738 * z + 0.038064959771633246;
    p = p * z + -0.05039330957357858;
    p = p * z + 0.058478974061071276;
    p = p * z + -0.06663105455670917;
    p = p * z + 0.07692060361650699;
    p = p * z + -0.09090897767068495;
    p = p * z + 0.11111110783814299;
    p = p * z + -0.14285714280204034;
    p = p * z + 0.19999999999953663;
    p = p * z + -0.333333333333332;
  }
  const low = f * z * p + steps * HALF_PI_LOW;
  return withSign(steps * HALF_PI + (f + low), x);
}

function asinOf(x: number, short: boolean): number {
  const a = Math.abs(x);
  if (a <= 0.5) return withSign(a + excess(a, a * a, short), x);
  const z = 0.5 * (1 - a);
  const s = Math.sqrt(z);
  // The difference comes first: it is exact where the result is small.
  const first = HALF_PI - 2 * s;
  return withSign(first - (2 * excess(s, z, short) - HALF_PI_LOW), x);
}

function acosOf(x: number, short: boolean): number {
  const a = Math.abs(x);
  if (a <= 0.5) return HALF_PI - (withSign(a + excess(a, a * a, short), x) - HALF_PI_LOW);
  const z = 0.5 * (1 - a);
  const s = Math.sqrt(z);
  const twice = 2 * (s + excess(s, z, short));
  return x < 0 ? 2 * HALF_PI - (twice - 2 * HALF_PI_LOW) : twice;
}

/** asin s - s for s from 0 to 1/2, of which the square z is known. Above 1/2, asin x = π/2 - 2 asin √((1 - x) / 2). */
function excess(s: number, z: number, short: boolean): number {
  let p: number;
  if (short) {
    p = 0.0375781726168394 * z + 0.014393795220286157;
    p = p * z + 0.03181982163350157;
    p = p * z + 0.04451547082634179;
    p = p * z + 0.07500512133117654;
    p = p * z + 0.16666659852919455;
  } else {
    p = 0.0327022883559211 * z + -0.021116942913347665;
    p = p * z + 0.021790822532616785;
    p = p * z + 0.0036721047779048914;
    p = p * z + 0.010789344943524334;
    p = p * z + 0.011397288275745817;
    p = p * z + 0.01398101919387626;
    p = p * z + 0.017351595438006292;
    p = p * z + 0.02237221590981503;
    p = p * z + 0.030381942675122054;
    p = p * z + 0.04464285717528984;
    p = p * z + 0.07499999999970094;
    p = p * z + 0.16666666666666763;
  }
  return s * z * p;
}
