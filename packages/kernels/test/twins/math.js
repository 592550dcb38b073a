/** @typedef {import('./table.js').Sampler} Sampler */

/** Numbers where the functions are curved, and all kinds of others; often in place. @type {Sampler} */
const unary = (draw) => {
  const dtype = draw.float();
  const n = draw.length(draw.chance(0.02) ? 20000 : 300);
  const x = draw.chance(0.3) ? draw.array(dtype, n).map((v) => v * 2 ** draw.integer(-8, 8)) : draw.array(dtype, n);
  return [x, draw.chance(0.2) ? x : draw.out(dtype, n)];
};

/** @type {Sampler} */
const pair = (draw) => {
  const dtype = draw.float();
  const y = draw.array(dtype, draw.length());
  return [y, draw.array(dtype, y.length), draw.chance(0.2) ? y : draw.out(dtype, y.length)];
};

/** @type {Record<string, Sampler>} */
export const math = {
  exp: unary,
  expm1: unary,
  sigmoid: unary,
  tanh: unary,
  silu: unary,
  sinh: unary,
  cosh: unary,
  log: unary,
  log1p: unary,
  softplus: unary,
  logSigmoid: unary,
  sin: unary,
  cos: unary,
  tan: unary,
  asin: unary,
  acos: unary,
  atan: unary,
  erf: unary,
  erfc: unary,
  gelu: unary,
  rsqrt: unary,
  tanhBackward: pair,
  sigmoidBackward: pair,
  pow: (draw) => {
    const dtype = draw.dtype();
    const period = draw.chance(0.2) ? 1 : draw.length();
    const n = draw.chance() ? period : period * draw.integer(1, 12);
    const lengths = draw.chance() ? [n, period] : [period, n];
    const a = draw.array(dtype, lengths[0] ?? 0);
    const b = draw.chance() ? draw.array(dtype, lengths[1] ?? 0) : draw.integers(dtype, lengths[1] ?? 0, -5, 5);
    const inPlace = draw.chance(0.2);
    const out = inPlace && a.length === n ? a : inPlace && b.length === n ? b : draw.out(dtype, n);
    return [a, b, out];
  },
};
