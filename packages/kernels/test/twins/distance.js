/** @type {Record<string, import('./table.js').Sampler>} */
export const distance = {
  squaredDistances: (draw) => {
    const dtype = draw.float();
    const [n, m, d] = [draw.integer(1, draw.pick([10, 20, 300])), draw.integer(1, 20), draw.integer(1, 20)];
    return [draw.array(dtype, n * d), draw.array(dtype, m * d), n, m, d, draw.out(dtype, n * m)];
  },
  nearest: (draw) => {
    const dtype = draw.float();
    const [n, k, d] = [draw.length(60) + 1, draw.integer(1, 11), draw.integer(1, 20)];
    const centers = draw.array(dtype, k * d);
    // Equal centers: the first of them wins.
    if (draw.chance(0.3)) centers.copyWithin(d, 0, d);
    return [draw.array(dtype, n * d), centers, n, k, d, draw.out('int32', n), draw.out(dtype, n)];
  },
};

/** @type {Record<string, import('./table.js').Sampler>} */
export const squares = {
  pairSquares: (draw) => {
    const [n, m, d] = [draw.integer(1, draw.pick([10, 20, 300])), draw.integer(1, 20), draw.integer(1, 20)];
    return [draw.array('float64', n * d), draw.array('float64', m * d), n, m, d, draw.out('float64', n * m)];
  },
};
