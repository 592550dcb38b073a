/** @typedef {import('./table.js').Sampler} Sampler */

/** Operands of one length, or one of them shorter and repeating; often in place. @type {Sampler} */
const binary = (draw) => {
  const dtype = draw.dtype();
  const period = draw.chance(0.2) ? 1 : draw.length(draw.chance(0.02) ? 6000 : 300);
  const n = draw.chance() ? period : period * draw.integer(1, 12);
  const lengths = draw.chance() ? [n, period] : [period, n];
  const a = draw.array(dtype, lengths[0] ?? 0);
  const b = draw.array(dtype, lengths[1] ?? 0);
  const inPlace = draw.chance(0.2);
  const out = inPlace && a.length === n ? a : inPlace && b.length === n ? b : draw.out(dtype, n);
  return [a, b, out];
};

/** @type {Sampler} */
const unary = (draw) => {
  const dtype = draw.dtype();
  const x = draw.array(dtype, draw.length(draw.chance(0.02) ? 20000 : 300));
  return [x, draw.chance(0.2) ? x : draw.out(dtype, x.length)];
};

/** @type {Record<string, Sampler>} */
export const elementwise = {
  add: binary,
  sub: binary,
  mul: binary,
  div: binary,
  maximum: binary,
  minimum: binary,
  remainder: binary,
  neg: unary,
  square: unary,
  reciprocal: unary,
  relu: unary,
  clamp: (draw) => {
    const [x, out] = unary(draw);
    const low = draw.number(draw.integer(0, 2), 1);
    return [x, low, low + draw.random.uniform() * 2, out];
  },
};
