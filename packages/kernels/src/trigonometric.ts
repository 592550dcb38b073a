import { bytes } from './generated/trigonometric.ts';
import { toEven } from './lanes.ts';
import { reduceLarge } from './largeAngle.ts';
import { apply } from './mathKernel.ts';
import { float32View, float64View, type NumberArray } from './memory.ts';
import { kernelModule } from './module.ts';

// Sine, cosine and tangent of angles in radians. `out` has the length of `x` and may be `x`.

const kernels = /* @__PURE__ */ kernelModule<'trigonometric'>(bytes);

const SIN = 0;
const COS = 1;
const TAN = 2;
const WIDE = 3;

/** Up to here the kernel and its twin reduce angles by parts of π/2, whose multiples are exact; beyond it exact integers do. */
const LIMIT = 1e6;

/** out = sin x. */
export function sin(x: NumberArray, out: NumberArray): void {
  apply(kernel, SIN, WIDE, (v, short) => circular(SIN, v, short), x, out);
}

/** out = cos x. */
export function cos(x: NumberArray, out: NumberArray): void {
  apply(kernel, COS, WIDE, (v, short) => circular(COS, v, short), x, out);
}

/** out = tan x. */
export function tan(x: NumberArray, out: NumberArray): void {
  apply(kernel, TAN, WIDE, (v, short) => circular(TAN, v, short), x, out);
}

function kernel(): ((code: number, x: number, out: number, n: number) => void) | undefined {
  const exports = kernels();
  if (exports === null) return undefined;
  return (code, x, out, n) => {
    const short = code < WIDE;
    const view = short ? float32View : float64View;
    const width = short ? 4 : 8;
    let done = 0;
    while (done < n) {
      done += exports.trigonometric(code, x + done * width, out + done * width, n - done);
      if (done === n) return;
      // The kernel stopped before a pair with an angle that is too large for it.
      const pair = Math.min(2, n - done);
      const from = view(x + done * width, pair);
      const to = view(out + done * width, pair);
      for (let i = 0; i < pair; i++) to[i] = circular(short ? code : code - WIDE, from[i]!, short);
      done += pair;
    }
  };
}

function circular(op: number, x: number, short: boolean): number {
  if (Math.abs(x) > LIMIT) {
    if (Math.abs(x) === Number.POSITIVE_INFINITY) return Number.NaN;
    const [quadrant, y, t] = reduceLarge(x);
    return select(op, quadrant, x, sine(y, t), cosine(y, t));
  }
  const n = toEven(x * 0.6366197723675814);
  let y = x - n * 1.5707963267341256;
  if (short) {
    y = y - n * 6.077100506506192e-11;
    const z = y * y;
    const s = (-0.0001951697773719778 * z + 0.008332175848468005) * z + -0.1666665490866859;
    const c = (2.44380910390945e-5 * z + -0.001388736448598813) * z + 0.04166664680719482;
    return select(op, n, x, y + y * z * s, 1 - 0.5 * z + z * z * c);
  }
  // π/2 in parts of 33 bits; what each difference loses goes into t, so that y + t is x - n π/2 to 100 bits or more.
  const w = n * 6.077100506303966e-11;
  const r = y - w;
  const b = r - y;
  const lost = y - (r - b) - (w + b);
  const v = lost - n * 2.0222662487111665e-21;
  y = r + v;
  const t = r - y + v - n * 8.4784276603689e-32;
  return select(op, n, x, sine(y, t), cosine(y, t));
}

/** sin(y + t), |y| ≤ π/4. */
function sine(y: number, t: number): number {
  const z = y * y;
  let s = 1.5896666467965275e-10 * z + -2.5050755960605853e-8;
  s = s * z + 2.7557313678659714e-6;
  s = s * z + -0.00019841269829771145;
  s = s * z + 0.00833333333332237;
  const cube = z * y;
  return y - (z * (0.5 * t - cube * s) - t - cube * -0.16666666666666632);
}

/** cos(y + t), |y| ≤ π/4. */
function cosine(y: number, t: number): number {
  const z = y * y;
  let c = -1.1359559388885938e-11 * z + 2.087572162483427e-9;
  c = c * z + -2.755731434066753e-7;
  c = c * z + 2.480158728944351e-5;
  c = c * z + -0.0013888888888874064;
  c = c * z + 0.0416666666666666;
  const half = 0.5 * z;
  const first = 1 - half;
  return first + (1 - first - half + (z * z * c - y * t));
}

/** The function of x = n π/2 + y from the sine and the cosine of y. */
function select(op: number, n: number, x: number, s: number, c: number): number {
  if (op === TAN) return x === 0 ? x : n & 1 ? -c / s : s / c;
  const quadrant = (op === COS ? n + 1 : n) & 3;
  const value = quadrant & 1 ? c : s;
  return x === 0 && op === SIN ? x : quadrant & 2 ? -value : value;
}
