import { bytes } from './generated/errorFunction.ts';
import { expOf, exponent, lost, reducedSum, scale, upperHalf, withSign } from './lanes.ts';
import { apply } from './mathKernel.ts';
import type { NumberArray } from './memory.ts';
import { kernelModule } from './module.ts';

// The error function and what is made of it. `out` has the length of `x` and may be `x`. The kernels are for float32; float64,
// with other formulas for each range, is plain TypeScript.

const kernels = /* @__PURE__ */ kernelModule<'errorFunction'>(bytes);
const kernel = () => kernels()?.errorFunction;

const ERF = 0;
const ERFC = 1;
const GELU = 2;

/** out = erf x = 2/√π ∫₀ˣ e^(-t²) dt. */
export function erf(x: NumberArray, out: NumberArray): void {
  apply(kernel, ERF, null, erfOf, x, out);
}

/** out = 1 - erf x, exact to the last digits for large x too. */
export function erfc(x: NumberArray, out: NumberArray): void {
  apply(kernel, ERFC, null, erfcOf, x, out);
}

/** out = x Φ(x), with the normal distribution's Φ itself, not the approximation by tanh; -0 at -∞. */
export function gelu(x: NumberArray, out: NumberArray): void {
  apply(kernel, GELU, null, geluOf, x, out);
}

function erfOf(x: number, short: boolean): number {
  const a = Math.abs(x);
  if (a < (short ? 1 : 0.75)) return x + x * excess(x, short);
  return withSign(1 - tail(a, short), x);
}

function erfcOf(x: number, short: boolean): number {
  const a = Math.abs(x);
  if (a < (short ? 1 : 0.75)) return 1 - x - x * excess(x, short);
  const t = tail(a, short);
  return x < 0 ? 2 - t : t;
}

/** x Φ(x): max(x, 0) - |x| Φ(-|x|), and near zero x / 2 (1 + erf(x / √2)). */
function geluOf(x: number, short: boolean): number {
  const a = Math.abs(x);
  const w = x * Math.SQRT1_2;
  if (Math.abs(w) < (short ? 1 : 0.75)) {
    const near = w * excess(w, short);
    if (short) return 0.5 * x * (1 + w + near);
    // What the product w lost of x / √2 counts by the derivative of erf.
    const rest = lost(x, Math.SQRT1_2, w) - x * 4.833646656726457e-17;
    const more = near + 1.1283791670955126 * rest * expOf(-w * w, true);
    // Small terms go together first; larger ones are taken off an exact 1 + w.
    return 0.5 * x * (Math.abs(w) < 0.25 ? 1 + (w + more) : 1 + w + more);
  }
  const e = short ? 0.5 * Math.min(a, 20) * shortTail(Math.abs(w), 0.5 * (a * a)) : normalTail(a);
  return x < 0 ? -e : x - e;
}

/** erf(x) / x - 1 for |x| < 1. */
function excess(x: number, short: boolean): number {
  const z = x * x;
  let p: number;
  if (short) {
    p = 7.85054015301767e-5 * z + -0.0008009270040071061;
    p = p * z + 0.005188231953302423;
    p = p * z + -0.026853766518913056;
    p = p * z + 0.11283584182571106;
    p = p * z + -0.37612625749773404;
    return p * z + 0.1283791657174952;
  }
  p = -5.925127808425289e-12 * z + 9.818433584122755e-11;
  p = p * z + -1.2485868565640454e-9;
  p = p * z + 1.4846577401953314e-8;
  p = p * z + -1.6370531850381365e-7;
  p = p * z + 1.6462477351827438e-6;
  p = p * z + -1.4925669284593059e-5;
  p = p * z + 0.00012055333648810951;
  p = p * z + -0.0008548327039045983;
  p = p * z + 0.005223977625673729;
  p = p * z + -0.026866170645151382;
  p = p * z + 0.11283791670955214;
  p = p * z + -0.37612638903183754;
  // 2/√π - 1 in two parts.
  return p * z + -1.2420116002463032e-17 + 0.1283791670955126;
}

/** erfc(a) for a ≥ 1, or 3/4 in float64. */
function tail(a: number, short: boolean): number {
  if (short) return shortTail(a, a * a);
  const c = Math.min(a, 28);
  const { shift, p, q } = rangeOf(c);
  // The upper half of the digits has an exact square; e^(-c²) is e^(-s² - (c - s)(c + s)).
  const s = upperHalf(c);
  const u = 1 / (c * c);
  return expSum(-s * s - shift, (s - c) * (s + c) + polynomial(p, u) / polynomial(q, u)) / c;
}

/** |x| Φ(-|x|) = e^(-a²/2) w e^(w²) erfc(w) / √2 with w = a / √2 ≥ 3/4. */
function normalTail(a: number): number {
  const c = Math.min(a, 40);
  const { shift, p, q } = rangeOf(c * Math.SQRT1_2);
  const s = upperHalf(c);
  const u = 2 / (c * c);
  // ln √2 is 11/32 and something.
  const rest = 0.5 * ((s - c) * (s + c)) + (polynomial(p, u) / polynomial(q, u) - 0.002823590279972646);
  return expSum(-0.5 * s * s - shift - 0.34375, rest);
}

/** e^(x + rest). */
function expSum(x: number, rest: number): number {
  const c = Math.max(x, -760);
  const n = exponent(c + rest);
  return scale(reducedSum(c, rest, n, true), n, false);
}

/** ln(a e^(a²) erfc(a)) = p(u) / q(u) - shift with u = 1 / a²; coefficients of degree 8, lowest first. */
interface Range {
  readonly shift: number;
  readonly p: readonly number[];
  readonly q: readonly number[];
}

function rangeOf(a: number): Range {
  return a < 1.4 ? NEAR : a < 3 ? MIDDLE : FAR;
}

function polynomial(c: readonly number[], u: number): number {
  const high = (((c[8]! * u + c[7]!) * u + c[6]!) * u + c[5]!) * u + c[4]!;
  return (((high * u + c[3]!) * u + c[2]!) * u + c[1]!) * u + c[0]!;
}

const NEAR: Range = {
  shift: 0.875,
  p: [
    0.3026340141532654, 3.0165455884369865, 8.893408719378055, 7.268698441166358, -3.96622501205465, -6.866763642994451,
    -2.3479110622719146, -0.2381118907461105, -0.005018959937468839,
  ],
  q: [
    1, 11.619636058427432, 46.52105343854524, 81.9452886654344, 67.51230440296719, 25.601803615222543,
    4.098495633840073, 0.22537837389712684, 0.0024358608882711283,
  ],
};
const MIDDLE: Range = {
  shift: 0.6875,
  p: [
    0.11513505682009106, 2.1132831246736905, 10.996597734486288, 2.6739139551920403, -115.61114657086105,
    -286.47331323611127, -239.04292820028425, -67.12015883152083, -4.213718893136263,
  ],
  q: [
    1, 22.697544649060188, 188.6512407466607, 732.6629590965316, 1409.5693585035815, 1316.0728069979743,
    543.6631682695314, 80.25665322293732, 2.3951760497383514,
  ],
};
const FAR: Range = {
  shift: 0.59375,
  p: [
    0.021385057075299915, 0.43266370947515875, -5.722505590108893, -211.14874353521793, -2003.8183307576842,
    -8292.271508545491, -15363.84931167973, -11066.800985848759, -1997.785134585484,
  ],
  q: [
    1, 43.61286978057217, 722.8846406976656, 5825.432189811467, 24260.666897751293, 51277.30017393404,
    50233.00885180062, 18417.26972354772, 1418.9425703126167,
  ],
};

/** erfc(a) for a ≥ 1, where the square of a is known, to the digits of a float32. */
function shortTail(a: number, square: number): number {
  // Beyond 12 the exponential is 0.
  const c = Math.min(a, 12);
  const t = (c - 1.5) / (c + 1.5);
  let p = -0.0008649497825119716 * t + 0.0011986483677924342;
  p = p * t + 0.002831712446750382;
  p = p * t + -0.00046838885994229356;
  p = p * t + -0.01862237024315351;
  p = p * t + -0.009284340364552661;
  p = p * t + 0.19449043493604362;
  p = p * t + -0.4908687501656089;
  p = p * t + 0.3215854170785272;
  return expOf(-square, true) * p;
}
