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

/** Two arrays of one length and a third for the result. @type {Sampler} */
const pair = (draw) => {
  const [x, out] = /** @type {[import('./draw.js').NumberArray, import('./draw.js').NumberArray]} */ (unary(draw));
  const y = x instanceof Float64Array ? draw.array('float64', x.length) : x.slice().reverse();
  return [x, y, out];
};

/** @type {Sampler} */
const comparison = (draw) => {
  const [a, b, out] = /** @type {import('./draw.js').NumberArray[]} */ (binary(draw));
  // Equal numbers would be rare otherwise.
  for (let i = 0; a && b && i < a.length && i < b.length; i += 3) a[i] = b[i] ?? 0;
  return [a, b, new Uint8Array(out?.length ?? 0)];
};

/** Rows, a shift and a scale for each of their columns; often in place. @type {Sampler} */
const standardize = (draw) => {
  const dtype = draw.float();
  const d = draw.integer(1, draw.chance(0.02) ? 3000 : 20);
  const x = draw.array(dtype, d * draw.integer(0, draw.chance(0.05) ? 700 : 20));
  return [x, draw.array('float64', d), draw.array('float64', d), draw.chance(0.2) ? x : draw.out(dtype, x.length)];
};

/** @type {Record<string, Sampler>} */
export const elementwise = {
  standardize,
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
  abs: unary,
  sign: unary,
  sqrt: unary,
  relu: unary,
  floor: unary,
  ceil: unary,
  round: unary,
  trunc: unary,
  leakyRelu: (draw) => {
    const [x, out] = unary(draw);
    return [x, draw.number(draw.integer(0, 2), 0.1), out];
  },
  reluBackward: pair,
  axpy: (draw) => {
    const [x, y] = pair(draw);
    return [draw.number(draw.integer(0, 2), 1), x, y];
  },
  equal: comparison,
  notEqual: comparison,
  less: comparison,
  lessEqual: comparison,
  greater: comparison,
  greaterEqual: comparison,
  where: (draw) => {
    const dtype = draw.dtype();
    const n = draw.length(draw.chance(0.02) ? 20000 : 300);
    const a = draw.array(dtype, draw.chance(0.3) ? 1 : n);
    const b = draw.array(dtype, draw.chance(0.3) ? 1 : n);
    const inPlace = draw.chance(0.2) && a.length === n;
    return [draw.integers('uint8', n, 0, 2), a, b, inPlace ? a : draw.out(dtype, n)];
  },
  fill: (draw) => [draw.out(draw.dtype(), draw.length()), draw.number(2, 1)],
  cast: (draw) => {
    const x = draw.array(draw.dtype(), draw.length());
    return [x, draw.out(draw.dtype(), x.length)];
  },
  expand: (draw) => {
    const dtype = draw.dtype();
    const [outer, n, inner] = [draw.integer(0, 4), draw.integer(0, 9), draw.integer(0, 9)];
    return [draw.array(dtype, outer * inner), outer, n, inner, draw.out(dtype, outer * n * inner)];
  },
  transpose: (draw) => {
    const dtype = draw.dtype();
    const [batch, rows, columns] = [draw.integer(0, 3), draw.integer(0, 40), draw.integer(0, 40)];
    const size = batch * rows * columns;
    return [draw.array(dtype, size), batch, rows, columns, draw.out(dtype, size)];
  },
  clamp: (draw) => {
    const [x, out] = unary(draw);
    const low = draw.number(draw.integer(0, 2), 1);
    return [x, low, low + draw.random.uniform() * 2, out];
  },
};
