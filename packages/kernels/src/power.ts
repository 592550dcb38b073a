import { mul, reciprocal } from './arithmetic.ts';
import { bytes } from './generated/power.ts';
import { binaryExponent, clip, expOf, exponent, longLog, lost, power2, reducedSum, scale } from './lanes.ts';
import type { NumberArray } from './memory.ts';
import { kernelModule } from './module.ts';
import { DEAR, enough, sameFloats, stream } from './stream.ts';
import { zip } from './twin.ts';

const kernels = /* @__PURE__ */ kernelModule<'pow'>(bytes);

/**
 * out = aᵇ as IEEE 754 has it: x⁰ and 1ʸ are 1, a negative base has integer powers only. The operands have one length, or the
 * shorter one repeats cyclically and `out` has the longer length. A single exponent of 1, 2 or -1 is a copy, a square or a
 * reciprocal. Powers of integers wrap around.
 */
export function pow(a: NumberArray, b: NumberArray, out: NumberArray): void {
  const exponent = b.length === 1 ? b[0]! : 0;
  if (exponent === 1) out.set(a);
  else if (exponent === 2) mul(a, a, out);
  else if (exponent === -1) reciprocal(a, out);
  else if (!kernel(a, b, out)) {
    const short = out instanceof Float32Array;
    const integers = out instanceof Int32Array || out instanceof Uint8Array;
    zip(integers ? integerPower : (x, y) => powOf(x, y, short), a, b, out);
  }
}

function kernel(a: NumberArray, b: NumberArray, out: NumberArray): boolean {
  const n = out.length;
  // Float64 is plain TypeScript: its kernel would be longer than all others that a tensor needs.
  const k = out instanceof Float32Array && enough(n, DEAR) && sameFloats(out, a, b) ? kernels() : null;
  if (k === null) return false;
  const run = (at: readonly number[], count: number) => {
    const size = count * 4;
    const x = a.length < n ? a.length * 4 : size;
    const y = b.length < n ? b.length * 4 : size;
    k.pow(at[1]!, at[2]!, at[0]!, size, x, y);
  };
  return stream(n, [out, a, b], 1, 0b110, run, DEAR);
}

/** Squaring and multiplying; the powers of -1 are the only negative ones that are not 0 or infinite. */
function integerPower(x: number, y: number): number {
  if (y < 0) return x === 1 ? 1 : x === -1 ? 1 - 2 * (y & 1) : 0;
  let result = 1;
  for (let base = x, rest = y; rest > 0; rest >>>= 1) {
    if (rest & 1) result = Math.imul(result, base);
    base = Math.imul(base, base);
  }
  return result;
}

function powOf(x: number, y: number, short: boolean): number {
  if (y === 0 || x === 1) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const a = Math.abs(x);
  const integer = Math.trunc(y) === y;
  if (x < 0 && a < Number.POSITIVE_INFINITY && !integer) return Number.NaN;
  // Beyond 1e20 every power but that of 1 is 0 or infinite.
  const e = clip(y, -1e20, 1e20);
  let z: number;
  if (short) z = expOf(e * longLog(a, 0), true);
  else if (a === 0) z = y < 0 ? Number.POSITIVE_INFINITY : 0;
  else if (a === Number.POSITIVE_INFINITY) z = y < 0 ? 0 : a;
  else z = long(a, e);
  // A negative base gives the sign of an odd power.
  const odd = integer && Math.trunc(y * 0.5) !== y * 0.5;
  return odd && (x < 0 || (x === 0 && 1 / x < 0)) ? -z : z;
}

/** aᵇ for positive finite a: the logarithm as a sum H + L of 110 bits, times b, so that the exponential's argument is exact. */
function long(a: number, b: number): number {
  const tiny = a < 2.2250738585072014e-308;
  const normal = tiny ? a * 18014398509481984 : a;
  const power = binaryExponent(normal);
  const k = tiny ? power - 54 : power;
  const m = normal * power2(-power);

  // s = f / d with f = m - 1 and d = m + 1; what is lost goes into the second of each pair.
  const f = m - 1;
  const d = m + 1;
  const dLow = m - (d - 1);
  const s = f / d;
  const sd = s * d;
  const sLow = (f - sd - lost(s, d, sd) - s * dLow) / d;
  const z = s * s;
  const zLow = lost(s, s, z) + 2 * (s * sLow);

  // log m = s (2 + z (2/3 + z W(z))).
  let w = 0.11990433245688999 * z + 0.11674648230500476;
  w = w * z + 0.13336325796200066;
  w = w * z + 0.15384556653522094;
  w = w * z + 0.18181818873498937;
  w = w * z + 0.22222222217510534;
  w = w * z + 0.2857142857144522;
  w = w * z + 0.3999999999999998;
  const q = z * w;
  const c = 0.6666666666666666 + q;
  const cLow = q - (c - 0.6666666666666666) + 3.700743415417188e-17;
  const p = z * c;
  const pLow = lost(z, c, p) + (z * cLow + zLow * c);
  const v = 2 + p;
  const vLow = p - (v - 2) + pLow;
  const l = s * v;
  const lLow = lost(s, v, l) + (s * vLow + sLow * v);
  const shift = k * 0.6931471805598903;
  const H = shift + l;
  const L = l - (H - shift) + (lLow + k * 5.497923018708371e-14);

  const product = b * H;
  const argument = clip(product, -750, 711);
  const rest = argument === product ? lost(b, H, product) + b * L : 0;
  const n = exponent(argument);
  return scale(reducedSum(argument, rest, n, true), n, false);
}
