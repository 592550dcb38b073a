// Logarithms and exponentials that keep their digits where the plain formula cancels.

/** c[0] + c[1] x + c[2] x² + …, by Horner's rule. */
export function polynomial(c: readonly number[], x: number): number {
  let sum = 0;
  for (let i = c.length - 1; i >= 0; i--) sum = sum * x + c[i]!;
  return sum;
}

/** (atanh(r)/r - 1)/r² in r², for r² up to .16. */
const ATANH = [
  0.3333333333333333, 0.19999999999999973, 0.14285714285723894, 0.1111111110979525, 0.09090909184307763,
  0.07692303758069115, 0.06666772661158246, 0.058804485515515245, 0.05286418533278801, 0.045688670786572384,
  0.05410609003160975, 0.0035284924697664014, 0.10378142592092164,
];

/**
 * log(1 + x) - x without cancellation, for x > -1. With r = x/(2 + x), log(1 + x) = 2 atanh(r) and 2r - x = -r x, so that it is
 * r (2 r² (1/3 + r²/5 + …) - x).
 */
export function log1pmx(x: number): number {
  if (x < -0.57 || x > 1.33) return Math.log1p(x) - x;
  const r = x / (2 + x);
  const s = r * r;
  return r * (2 * s * polynomial(ATANH, s) - x);
}

/** exp(-x²): the square is taken in two parts, since its rounding error would be multiplied by x². */
export function expOfMinusSquare(x: number): number {
  if (Math.abs(x) > 40) return 0;
  const high = Math.fround(x);
  return Math.exp(-high * high) * Math.exp((high - x) * (high + x));
}

/** exp(-x²/2), in the same way. */
export function expOfMinusHalfSquare(x: number): number {
  if (Math.abs(x) > 40) return 0;
  const high = Math.fround(x);
  return Math.exp(-0.5 * high * high) * Math.exp(0.5 * (high - x) * (high + x));
}

/** log(1 - exp(x)) for x < 0: the logarithm of a probability's complement from the logarithm of the probability. */
export function log1mexp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** log(1 + exp(x)), the softplus function, without overflow. NaN gives NaN. */
export function log1pexp(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** The logistic function 1/(1 + exp(-x)), with full precision in both tails. NaN gives NaN. */
export function expit(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** log(p/(1 - p)), the inverse of `expit`; -∞ at 0, ∞ at 1, NaN outside [0, 1]. Near 1/2 it keeps its relative precision. */
export function logit(p: number): number {
  if (p < 0.3 || p > 0.65) return Math.log(p / (1 - p));
  // p/(1 - p) = (1 + s)/(1 - s) with s = 2p - 1, which is exact here.
  const s = 2 * (p - 0.5);
  return Math.log1p(s) - Math.log1p(-s);
}

/** x log(y), and 0 where x is 0 (unless y is NaN). */
export function xlogy(x: number, y: number): number {
  return x === 0 && !Number.isNaN(y) ? 0 : x * Math.log(y);
}

/** x log(1 + y), and 0 where x is 0 (unless y is NaN). */
export function xlog1py(x: number, y: number): number {
  return x === 0 && !Number.isNaN(y) ? 0 : x * Math.log1p(y);
}

/** a x - p where p is the rounded product (Dekker's split into halves of 26 bits). */
export function productError(a: number, x: number, p: number): number {
  const ca = 134217729 * a;
  const a1 = ca - (ca - a);
  const a2 = a - a1;
  const cx = 134217729 * x;
  const x1 = cx - (cx - x);
  const x2 = x - x1;
  return a1 * x1 - p + a1 * x2 + a2 * x1 + a2 * x2;
}
