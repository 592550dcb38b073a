/** @type {Record<string, import('./table.js').Sampler>} */
export const blas = {
  gemv: (draw) => {
    const [m, n, trans] = [draw.length(60), draw.length(60), draw.chance()];
    const ld = n + (draw.chance(0.3) ? draw.integer(1, 5) : 0);
    const options = { m, n, ld, trans, accumulate: draw.chance() };
    const [x, out] = [draw.array('float64', trans ? m : n), draw.array('float64', trans ? n : m)];
    return [draw.array('float64', m * ld), x, out, options];
  },
  symv: (draw) => {
    const n = draw.length(60);
    const ld = n + (draw.chance(0.3) ? draw.integer(1, 5) : 0);
    return [draw.array('float64', n * ld), draw.array('float64', n), draw.out('float64', n), n, ld];
  },
  matmul: (draw) => {
    const dtype = draw.float();
    // Mostly around the tiles; sometimes past the slices of 800 terms and the blocks of 400 rows that are packed at once.
    const most = () => draw.pick([6, 20, 20, 40]);
    const [m, n, k] = [draw.integer(1, most()), draw.integer(1, most()), draw.integer(0, most())];
    const long = draw.pick([0, 0, 0, 0, 0, 0, 0, 1, 2, 3]) * draw.integer(0, 500);
    const size = draw.chance() ? { m: m + long, n, k } : { m, n, k: k + long };
    const batch = draw.pick([1, 1, 2, 3]);
    const flags = { transA: draw.chance(), transB: draw.chance(), accumulate: draw.chance() };
    // At times parts of wider matrices.
    const wider = () => (draw.chance(0.2) ? draw.integer(1, 5) : 0);
    const ldA = (flags.transA ? size.m : size.k) + wider();
    const ldB = (flags.transB ? size.k : size.n) + wider();
    const ldOut = size.n + wider();
    const [lengthA, lengthB] = [(flags.transA ? size.k : size.m) * ldA, (flags.transB ? size.n : size.k) * ldB];
    const strideA = draw.chance(0.2) ? 0 : lengthA;
    const strideB = draw.chance(0.2) ? 0 : lengthB;
    const options = { ...size, batch, ldA, ldB, ldOut, strideA, strideB };
    const a = draw.array(dtype, lengthA + (batch - 1) * strideA);
    const b = draw.array(dtype, lengthB + (batch - 1) * strideB);
    const length = batch * size.m * ldOut;
    const out = flags.accumulate ? draw.array(dtype, length) : draw.out(dtype, length);
    return [a, b, out, { ...options, ...flags }];
  },
};
