// Functions of one number, from which the twins of the mathematical kernels are composed; line by line what
// assembly/_lanes.ts does with two float64 lanes. `short` chooses fewer terms for float32 numbers, which are computed in
// float64, so that only the last rounding counts. scripts/polynomials.py finds the coefficients.

/** A float64 and its bits, to pass from one to the other; it holds nothing between calls. */
const bytes = /* @__PURE__ */ new ArrayBuffer(8);
const number: Float64Array = /* @__PURE__ */ new Float64Array(bytes);
const words: Int32Array = /* @__PURE__ */ new Int32Array(bytes);

/** x with the lower half of its bits zero, so that its square is exact. */
export function upperHalf(x: number): number {
  number[0] = x;
  words[0] = 0;
  return number[0]!;
}

/** |z| with the sign of x. */
export function withSign(z: number, x: number): number {
  return x < 0 || (x === 0 && 1 / x < 0) ? -Math.abs(z) : Math.abs(z);
}

/** 2ⁿ for an integer n from -1074 to 1023. */
export function power2(n: number): number {
  let power = 1;
  let rest = n;
  for (; rest > 30; rest -= 30) power *= 1073741824;
  for (; rest < -30; rest += 30) power /= 1073741824;
  return rest >= 0 ? power * (1 << rest) : power / (1 << -rest);
}

/** z · 2ⁿ with one rounding, where 2ⁿ itself may be too large or too small for a float64. */
export function scale(z: number, n: number, short: boolean): number {
  // The kernel always takes two factors, but they only differ from one where that is not a normal number.
  if (short || (n > -1000 && n < 1000)) return z * power2(n);
  const half = toEven(n * 0.5);
  return z * power2(half) * power2(n - half);
}

/** The nearest integer to a number far below 2⁵¹, halves to the even one. */
export function toEven(x: number): number {
  return x + 6755399441055744 - 6755399441055744;
}

/** The n for which x - n ln 2 is smallest. */
export function exponent(x: number): number {
  return toEven(x * Math.LOG2E);
}

/** q = eʳ - 1 for r = x - n ln 2, |r| ≤ ln 2 / 2; so eˣ = 2ⁿ (1 + q). */
export function reduced(x: number, n: number, short: boolean): number {
  if (short) {
    const r = x - n * Math.LN2;
    const s = r * r;
    const middle = 0.008368716854804364 * r + 0.041668388042261965 + s * 0.0013814598932353165;
    return r + s * (0.16666520631913867 * r + 0.4999999344778577 + s * middle);
  }
  return reducedSum(x, 0, n, false);
}

/** q = eʳ - 1, or 1 + q if wanted, for r = x + rest - n ln 2, where the rest is small. */
export function reducedSum(x: number, rest: number, n: number, plusOne: boolean): number {
  // ln 2 in two parts, of which the first has so few digits that n times it is exact.
  const high = x - n * 0.6931471805598903;
  const low = n * 5.497923018708371e-14 - rest;
  const r = high - low;
  let p = 2.082662767960954e-9 * r + 2.5112036786738355e-8;
  p = p * r + 2.755758184657552e-7;
  p = p * r + 2.7557234862065596e-6;
  p = p * r + 2.4801586926634276e-5;
  p = p * r + 0.00019841269896383678;
  p = p * r + 0.0013888888889115629;
  p = p * r + 0.008333333333317034;
  p = p * r + 0.041666666666666095;
  p = p * r + 0.16666666666666682;
  p = p * r + 0.5;
  const u = low - r * r * p;
  const q = high - u;
  if (!plusOne) return q;
  // What both sums lost is brought in.
  const s = 1 + q;
  return s + (1 - s + q + (high - q - u));
}

/** eˣ. */
export function expOf(x: number, short: boolean): number {
  if (!short) return longExp(x);
  const c = clip(x, -110, 110);
  const n = exponent(c);
  return scale(grown(c, n, true), n, true);
}

/** eˣ for float64, by itself: many bundles need no more. */
export function longExp(x: number): number {
  const c = clip(x, -750, 711);
  const n = exponent(c);
  return scale(reducedSum(c, 0, n, true), n, false);
}

/** eˣ - 1. */
export function expm1Of(x: number, short: boolean): number {
  const c = clip(x, -40, short ? 110 : 711);
  const n = exponent(c);
  return withSign(scale(exp1(c, n, short), n, short), x);
}

/** eˣ 2⁻ⁿ for n = `exponent(x)`. */
export function grown(x: number, n: number, short: boolean): number {
  return short ? 1 + reduced(x, n, true) : reducedSum(x, 0, n, true);
}

/** (eˣ - 1) 2⁻ⁿ for n = `exponent(x)`, -1000 < n. */
export function exp1(x: number, n: number, short: boolean): number {
  return reduced(x, n, short) + (1 - power2(n > 200 ? -200 : -n));
}

/** x within [low, high]; NaN stays NaN. */
export function clip(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

/** The k for which x is 2ᵏ m with m from √½ to √2, for positive normal x. */
export function binaryExponent(x: number): number {
  number[0] = x;
  return (words[1]! - 0x3fe6a09e) >> 20;
}

/** log(u) + c, where c is a small correction of u's rounding, relative to u. */
export function logOf(x: number, c: number, short: boolean): number {
  return short ? shortLog(x, c) : longLog(x, c);
}

function shortLog(x: number, c: number): number {
  return logBy(shortSeries, x, c);
}

/** The same for float64, by itself: many bundles need no more. */
export function longLog(x: number, c: number): number {
  return logBy(longSeries, x, c);
}

function logBy(series: (z: number) => number, x: number, c: number): number {
  // What is no positive finite number, all engines answer alike.
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return Math.log(x);
  const tiny = x < 2.2250738585072014e-308;
  const normal = tiny ? x * 18014398509481984 : x;
  const shift = binaryExponent(normal);
  const k = tiny ? shift - 54 : shift;
  const f = normal * power2(-shift) - 1;
  const s = f / (2 + f);
  const z = s * s;
  const halfSquare = 0.5 * (f * f);
  const low = k * 5.497923018708371e-14 + c;
  return k * 0.6931471805598903 - (halfSquare - (s * (halfSquare + z * series(z)) + low) - f);
}

function shortSeries(z: number): number {
  return (0.2987307301486271 * z + 0.3997749558651928) * z + 0.6666677671703027;
}

function longSeries(z: number): number {
  let p = 0.147975074793537 * z + 0.15313903264534778;
  p = p * z + 0.1818356973935439;
  p = p * z + 0.22222198475988741;
  p = p * z + 0.2857142874326274;
  p = p * z + 0.3999999999941109;
  return p * z + 0.6666666666666735;
}

/** log(1 + x). */
export function log1pOf(x: number, short: boolean): number {
  return short ? log1pBy(shortLog, x) : longLog1p(x);
}

/** The same for float64, by itself. */
export function longLog1p(x: number): number {
  return log1pBy(longLog, x);
}

function log1pBy(log: (u: number, c: number) => number, x: number): number {
  const u = 1 + x;
  // What the sum lost, exactly.
  const lost = x > 1 ? 1 - (u - x) : x - (u - 1);
  const y = log(u, lost / u);
  return x === 0 ? x : y;
}

/** eˣ in float32 arithmetic. */
export function exp32(x: number): number {
  const round = Math.fround;
  const c = clip(x, -104, 89);
  const n = toEven32(round(c * 1.4426950216293335));
  const r = round(round(c - round(n * 0.693145751953125)) - round(n * 1.428606765330187e-6));
  const s = round(r * r);
  const high = round(round(0.008368716575205326 * r) + 0.04166838899254799);
  const top = round(high + round(0.001381459878757596 * s));
  const low = round(round(0.1666652113199234 * r) + 0.4999999403953552);
  const p = round(1 + round(r + round(s * round(low + round(s * top)))));
  return p * power2(n);
}

/** The nearest integer in float32 arithmetic. */
function toEven32(x: number): number {
  return Math.fround(Math.fround(x + 12582912) - 12582912);
}

/** a b - p, where p is the rounded product: exact, from halves of the digits (Dekker). */
export function lost(a: number, b: number, p: number): number {
  const aHigh = upper(a);
  const bHigh = upper(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aHigh * bHigh - p + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

function upper(a: number): number {
  const c = a * 134217729;
  return c - (c - a);
}
