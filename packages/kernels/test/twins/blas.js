/** @type {Record<string, import('./table.js').Sampler>} */
export const blas = {
  matmul: (draw) => {
    const dtype = draw.float();
    // Mostly around the tiles; sometimes past the slices of 512 terms and the blocks of 200 rows that are packed at once.
    const most = () => draw.pick([6, 20, 20, 40]);
    const [m, n, k] = [draw.integer(1, most()), draw.integer(1, most()), draw.integer(0, most())];
    const long = draw.pick([0, 0, 0, 0, 0, 0, 0, 1, 2, 3]) * draw.integer(0, 250);
    const size = draw.chance() ? { m: m + long, n, k } : { m, n, k: k + long };
    const batch = draw.pick([1, 1, 2, 3]);
    const strideA = draw.chance(0.2) ? 0 : size.m * size.k;
    const strideB = draw.chance(0.2) ? 0 : size.k * size.n;
    const options = { ...size, batch, strideA, strideB };
    const flags = { transA: draw.chance(), transB: draw.chance(), accumulate: draw.chance() };
    const a = draw.array(dtype, size.m * size.k + (batch - 1) * strideA);
    const b = draw.array(dtype, size.k * size.n + (batch - 1) * strideB);
    const out = flags.accumulate
      ? draw.array(dtype, batch * size.m * size.n)
      : draw.out(dtype, batch * size.m * size.n);
    return [a, b, out, { ...options, ...flags }];
  },
};
