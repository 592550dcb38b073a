/** Rows of ordinary numbers, at times on a grid, where rows coincide and are equally near to several centers. @param {import('./draw.js').Draw} draw */
function maker(draw) {
  const grid = draw.chance(0.3);
  /** @type {(dtype: import('./draw.js').DType, length: number) => any} */
  return (dtype, length) => (grid ? draw.integers(dtype, length, 0, 3) : draw.normal(dtype, length));
}

/** @param {import('./draw.js').Draw} draw @param {number} length */
function positive(draw, length) {
  return draw.normal('float64', length).map((value) => Math.abs(value));
}

/** @type {Record<string, import('./table.js').Sampler>} */
export const kmeans = {
  labelRows: (draw) => {
    const make = maker(draw);
    const [n, k, d] = [draw.length(60) + 1, draw.integer(1, 11), draw.integer(1, 20)];
    const x = make(draw.float(), n * d);
    const weights = draw.chance() ? null : positive(draw, n);
    const labels = draw.integers('int32', n, 0, k - 1);
    const lower = draw.chance() ? new Float64Array(n) : positive(draw, n);
    const bounds = [lower, draw.pick([0, 0.25]), positive(draw, k)];
    const sums = [draw.normal('float64', k * d), positive(draw, k), draw.out('float64', 2)];
    return [x, make('float64', k * d), n, k, d, weights, labels, draw.out('float64', n), ...bounds, ...sums];
  },
  tryCandidates: (draw) => {
    const make = maker(draw);
    const [n, k, d] = [draw.length(60) + 1, draw.integer(1, 11), draw.integer(1, 20)];
    const x = make(draw.float(), n * d);
    const weights = draw.chance() ? null : positive(draw, n);
    const closest = positive(draw, n).map((value) => 9 * value * value);
    const tried = draw.out('float64', n * 4 * Math.ceil(k / 4));
    return [x, make('float64', k * d), n, k, d, weights, closest, tried, positive(draw, k)];
  },
  triedColumns: (draw) => [draw.integer(1, 20)],
  squaredDistance: (draw) => {
    const make = maker(draw);
    const d = draw.integer(1, 20);
    return [make(draw.float(), 3 * d), draw.integer(0, 2 * d), make('float64', 2 * d), draw.integer(0, d), d];
  },
};
