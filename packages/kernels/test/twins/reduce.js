/** @typedef {import('./table.js').Sampler} Sampler */
/** @typedef {import('./draw.js').Draw} Draw */

/** Lengths of [outer, n, inner], of which the last is often 1. @param {Draw} draw @returns {[number, number, number]} */
const lengths = (draw) => {
  if (draw.chance(0.01)) return [1, draw.integer(1, 3), draw.integer(2040, 4100)];
  const inner = draw.chance() ? 1 : draw.integer(0, 20);
  return [draw.integer(0, 4), draw.chance(0.2) ? draw.integer(1, 200) : draw.integer(0, 20), inner];
};

/** @param {Draw} draw @param {'float32' | 'float64' | 'int32' | 'uint8'} dtype @returns {[any, number, number, number, any]} */
const axis = (draw, dtype) => {
  const [outer, n, inner] = lengths(draw);
  return [draw.array(dtype, outer * n * inner), outer, n, inner, draw.out(dtype, outer * inner)];
};

/** @type {Sampler} */
const any = (draw) => axis(draw, draw.dtype());

/** @type {Sampler} */
const position = (draw) => {
  const [x, outer, n, inner] = axis(draw, draw.dtype());
  // Equal numbers, of which the first is wanted.
  if (draw.chance()) for (const i of x.keys()) x[i] = Math.round(x[i] % 3);
  return [x, outer, Math.max(n, 1), inner, new Int32Array(outer * inner)];
};

/** @type {Sampler} */
const rows = (draw) => {
  const dtype = draw.float();
  const [count, n] = lengths(draw);
  const x = draw.array(dtype, count * n);
  return [x, count, n, draw.chance(0.2) ? x : draw.out(dtype, count * n)];
};

/** @type {Sampler} */
const backward = (draw) => {
  const dtype = draw.float();
  const [count, n] = lengths(draw);
  const y = draw.array(dtype, count * n);
  const g = draw.array(dtype, count * n);
  return [y, g, count, n, draw.pick([y, g, draw.out(dtype, count * n)])];
};

/** @type {Record<string, Sampler>} */
export const reduce = {
  sum: any,
  prod: any,
  max: any,
  min: any,
  argmax: position,
  argmin: position,
  cumsum: (draw) => {
    const [x, outer, n, inner] = axis(draw, draw.dtype());
    return [x, outer, n, inner, draw.chance() ? x : x.slice()];
  },
  dot: (draw) => {
    const dtype = draw.float();
    const a = draw.array(dtype, draw.length());
    return [a, draw.chance(0.1) ? a : draw.array(dtype, a.length)];
  },
  logSumExp: (draw) => axis(draw, draw.float()),
  meanVariance: (draw) => {
    const dtype = draw.float();
    const [x, outer, n, inner, mean] = axis(draw, dtype);
    return [x, outer, n, inner, mean, draw.out(dtype, outer * inner)];
  },
  softmax: rows,
  logSoftmax: rows,
  softmaxBackward: backward,
  logSoftmaxBackward: backward,
};
