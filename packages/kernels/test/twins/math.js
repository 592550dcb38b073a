/** @typedef {import('./table.js').Sampler} Sampler */

/** Numbers where the functions are curved, and all kinds of others; often in place. @type {Sampler} */
const unary = (draw) => {
  const dtype = draw.float();
  const n = draw.length(draw.chance(0.02) ? 20000 : 300);
  const x = draw.chance(0.3) ? draw.array(dtype, n).map((v) => v * 2 ** draw.integer(-8, 8)) : draw.array(dtype, n);
  return [x, draw.chance(0.2) ? x : draw.out(dtype, n)];
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
};
