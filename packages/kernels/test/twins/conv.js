/** @typedef {import('./draw.js').Draw} Draw */

/** A geometry of few numbers, one in eight such that Winograd's method applies, or nearly. @param {Draw} draw */
function geometry(draw) {
  const square = draw.chance(1 / 8);
  const groups = square || draw.chance(0.6) ? 1 : draw.pick([2, 3]);
  const channels = () => groups * (square ? draw.integer(15, 17) : draw.integer(1, 5));
  const side = draw.pick([3, 5]);
  const [kh, kw] = square ? [side, side] : [draw.integer(1, 4), draw.integer(1, 5)];
  const [strideH, strideW] = square ? [1, 1] : [draw.integer(1, 3), draw.integer(1, 3)];
  const [dilationH, dilationW] = square ? [1, 1] : [draw.integer(1, 2), draw.integer(1, 3)];
  const [padH, padW] = square && draw.chance() ? [side >> 1, side >> 1] : [draw.integer(0, 2), draw.integer(0, 3)];
  const oh = square ? draw.pick([2, 4, 6, 3]) : draw.integer(1, 7);
  const ow = square ? draw.pick([8, 10, 14, 9]) : draw.pick([draw.integer(1, 7), draw.integer(8, 14)]);
  // Of a stride, some last rows may meet no filter.
  const reached = (/** @type {number} */ out, /** @type {number} */ stride, /** @type {number} */ reach) =>
    Math.max(1, (out - 1) * stride + reach + draw.integer(0, stride - 1));
  const h = reached(oh, strideH, (kh - 1) * dilationH + 1 - 2 * padH);
  const w = reached(ow, strideW, (kw - 1) * dilationW + 1 - 2 * padW);
  return {
    ...{ n: draw.integer(1, square ? 2 : 3), c: channels(), h, w, o: channels() },
    ...{ kh, kw, strideH, strideW, padH, padW, dilationH, dilationW, groups },
    oh: Math.floor((h + 2 * padH - dilationH * (kh - 1) - 1) / strideH) + 1,
    ow: Math.floor((w + 2 * padW - dilationW * (kw - 1) - 1) / strideW) + 1,
  };
}

/** @param {Draw} draw */
function sizes(draw) {
  const g = geometry(draw);
  const { n, c, h, w, o, kh, kw, oh, ow, groups } = g;
  return { g, dtype: draw.float(), x: n * c * h * w, w: ((o * c) / groups) * kh * kw, out: n * o * oh * ow };
}

/** @param {Draw} draw */
function pooling(draw) {
  const [kh, kw] = [draw.integer(1, 4), draw.integer(1, 4)];
  const [strideH, strideW] = [draw.integer(1, 3), draw.pick([1, 2, 2, 3, 4])];
  const [padH, padW] = [draw.integer(0, kh >> 1), draw.integer(0, kw >> 1)];
  const [oh, ow] = [draw.integer(1, 6), draw.integer(1, 14)];
  const [dilationH, dilationW] = draw.chance(0.7) ? [1, 1] : [draw.integer(1, 2), draw.integer(1, 2)];
  // The last window may reach past the padding.
  const reached = (/** @type {number} */ out, /** @type {number} */ stride, /** @type {number} */ reach) =>
    Math.max(1, (out - 1) * stride + reach + draw.integer(-1, stride));
  const h = reached(oh, strideH, (kh - 1) * dilationH + 1 - 2 * padH);
  const w = reached(ow, strideW, (kw - 1) * dilationW + 1 - 2 * padW);
  const more = { strideH, strideW, padH, padW, dilationH, dilationW, countIncludePad: draw.chance() };
  const g = { n: draw.integer(1, 2), c: draw.integer(1, 3), h, w, kh, kw, oh, ow, ...more };
  return { g, dtype: draw.float(), x: g.n * g.c * h * w, out: g.n * g.c * oh * ow };
}

/** @type {Record<string, import('./table.js').Sampler>} */
export const conv = {
  conv2d: (draw) => {
    const { g, dtype, ...size } = sizes(draw);
    return [draw.array(dtype, size.x), draw.array(dtype, size.w), draw.out(dtype, size.out), g];
  },
  conv2dBackwardInput: (draw) => {
    const { g, dtype, ...size } = sizes(draw);
    return [draw.array(dtype, size.out), draw.array(dtype, size.w), draw.out(dtype, size.x), g];
  },
  conv2dBackwardWeight: (draw) => {
    const { g, dtype, ...size } = sizes(draw);
    return [draw.array(dtype, size.x), draw.array(dtype, size.out), draw.out(dtype, size.w), g];
  },
  maxPool2d: (draw) => {
    const { g, dtype, ...size } = pooling(draw);
    return [draw.array(dtype, size.x), draw.out(dtype, size.out), draw.out('int32', size.out), g];
  },
  maxPool2dBackward: (draw) => {
    const { g, dtype, ...size } = pooling(draw);
    const indices = draw.integers('int32', size.out, -1, g.h * g.w - 1);
    return [draw.array(dtype, size.out), /** @type {any} */ (indices), draw.out(dtype, size.x), g];
  },
  avgPool2d: (draw) => {
    const { g, dtype, ...size } = pooling(draw);
    return [draw.array(dtype, size.x), draw.out(dtype, size.out), g];
  },
  avgPool2dBackward: (draw) => {
    const { g, dtype, ...size } = pooling(draw);
    return [draw.array(dtype, size.out), draw.out(dtype, size.x), g];
  },
};
