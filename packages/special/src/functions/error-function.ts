import { expOfMinusSquare, polynomial } from './elementary.ts';

/** erf(x)/x in x², for |x| ≤ .5. */
const ERF = [
  1.1283791670955126, -0.3761263890318375, 0.1128379167095487, -0.02686617064499972, 0.0052239776220169365,
  -0.0008548326510724796, 0.00012055286202005714, -1.4923003368152099e-5, 1.6371234425770002e-6, -1.462091340945175e-7,
];

/** (x + 2) erfcx(x) in u = 1/(x + 2), around .05 for u ≤ .1 … */
const ERFCX_FAR = [
  0.6259143563181042, 1.3483186570380603, 2.436881606870045, 3.3287655688386484, 2.278615051019481, -3.1451025759913875,
  -11.52515622908177, -8.482555726941577, 30.287656564632716, 80.04398876357597, -36.12788026271475,
  -470.34741677031377, -351.3806531451045, 2574.214678364217, 5022.291029708627, -13268.264144784818,
  -46452.05957622445,
];
/** … around .16 for u ≤ .22 … */
const ERFCX_MIDDLE = [
  0.8084079674124245, 2.0139373654436685, 3.6327291080201483, 3.6372850702068424, -1.5078265702337197,
  -9.678708432466712, -3.0709880621824084, 28.622293344126227, 17.36651509306901, -110.59448500159627,
  -50.65007067620884, 522.5927343996149, -57.51949595978032, -2641.9301951237735, 2345.3560365880203,
  11601.392604361847,
];
/** … and around .31 for u ≤ .4, which is x ≥ .5. */
const ERFCX_NEAR = [
  1.2030267348195245, 3.3052928541008284, 4.760720040566059, 0.8308678863608434, -6.74880734940882, -1.5546269668802772,
  14.227081459575926, -5.1376894192200595, -30.23183517205209, 45.12954950609146, 27.249354635390528,
  -168.11107001883127, 175.93992509478514, 257.1008597279082, -934.1915236910407,
];

/**
 * The error function erf(x) = 2/√π ∫₀ˣ exp(-t²) dt. NaN gives NaN.
 *
 * A polynomial in x² for |x| ≤ .5, else 1 - erfc(x). Coefficients: `scripts/coefficients.py`.
 */
export function erf(x: number): number {
  if (Math.abs(x) <= 0.5) return x * polynomial(ERF, x * x);
  return x > 0 ? 1 - erfcTail(x) : erfcTail(-x) - 1;
}

/** The complement erfc(x) = 1 - erf(x), with full relative precision down to the smallest numbers (x = 26.5). */
export function erfc(x: number): number {
  if (Math.abs(x) <= 0.5) return 1 - erf(x);
  return x > 0 ? erfcTail(x) : 2 - erfcTail(-x);
}

/** The scaled complement exp(x²) erfc(x), which falls like 1/(x √π); ∞ below -26.6. */
export function erfcx(x: number): number {
  if (x >= 0.5) return scaledTail(x);
  // exp(x²) is 1/exp(-x²), whose square is taken in two parts.
  return erfc(x) / expOfMinusSquare(x);
}

/** log(erfc(x)), also where erfc(x) is far below the smallest number. */
export function logErfc(x: number): number {
  if (x <= 0.5) return Math.log1p(-erf(x));
  return Math.log(scaledTail(x)) - x * x;
}

function erfcTail(x: number): number {
  return x > 27.3 ? 0 : expOfMinusSquare(x) * scaledTail(x);
}

/** erfcx for x ≥ .5. */
function scaledTail(x: number): number {
  const u = 1 / (x + 2);
  if (u <= 0.1) return u * polynomial(ERFCX_FAR, u - 0.05);
  return u * (u <= 0.22 ? polynomial(ERFCX_MIDDLE, u - 0.16) : polynomial(ERFCX_NEAR, u - 0.31));
}

/** erfinv(y)/y in w = -log(1 - y²), around 2.5, to 2e-7. */
const ERFINV = [
  1.501409351110792, 0.2466407662672499, -0.004177346517287056, -0.001253758884835318, 0.00021831297984101024,
  -4.38034671412375e-6, -3.454779514269784e-6, 3.4222470899345687e-7, 2.2605977741170975e-8,
];

/** erfcinv(p)/s in 1/s where s = √-log p, around .4, to 3e-6 for p ≤ .26. */
const ERFCINV = [
  0.8770177060402178, -0.42490880184012425, -0.07241463131669257, 0.3229050020096184, -0.3373516022994882,
  0.2970470328711037, -0.09209589476123027, -0.3194744440710856, -1.338622729557042, 5.789556013045732,
  -5.253537512211356,
];

/**
 * The inverse of the error function on [-1, 1]; ±∞ at ±1 and NaN outside.
 *
 * A fit that is good to 2e-7, then one step of Halley's method on erf, whose error is its third power.
 */
export function erfinv(y: number): number {
  const size = Math.abs(y);
  // Beyond .75 the complement 1 - |y| is exact and its inverse more precise.
  if (size > 0.75) return y > 0 ? erfcinv(1 - y) : -erfcinv(1 + y);
  if (!(size > 1e-30)) return y * (Math.sqrt(Math.PI) / 2);
  const x = y * polynomial(ERFINV, -Math.log1p(-y * y) - 2.5);
  const step = (erf(x) - y) * (Math.sqrt(Math.PI) / 2) * Math.exp(x * x);
  return x - step / (1 + x * step);
}

/**
 * The inverse of the complement on [0, 2], with full precision for p near 0; ∞ at 0, -∞ at 2 and NaN outside.
 *
 * As for `erfinv`; the step is taken on log(erfc) where p is small.
 */
export function erfcinv(p: number): number {
  if (p >= 0.25 && p <= 1.75) return -erfinv(p - 1);
  if (p > 1.75) return -erfcinv(2 - p);
  if (!(p > 0)) return p === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  const w = -Math.log(p);
  const s = Math.sqrt(w);
  const x = s * polynomial(ERFCINV, 1 / s - 0.4);
  // Newton's step on log(erfc(x)) + w = 0, whose second derivative is (2x - d) d for the slope -d.
  const scaled = scaledTail(x);
  const slope = 2 / (Math.sqrt(Math.PI) * scaled);
  const step = (Math.log(scaled) - x * x + w) / slope;
  return x + step / (1 + 0.5 * step * (slope - 2 * x));
}
