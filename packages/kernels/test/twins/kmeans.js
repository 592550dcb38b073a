/** Rows of ordinary numbers, at times on a grid, where rows coincide and are equally near to several centers. @param {import('./draw.js').Draw} draw */
function rows(draw) {
  const dtype = draw.float();
  const grid = draw.chance(0.3);
  const make = (/** @type {number} */ length) =>
    grid ? draw.integers(dtype, length, 0, 3) : draw.normal(dtype, length);
  return { dtype, make };
}

/** @param {import('./draw.js').Draw} draw @param {number} length */
function positive(draw, length) {
  return draw.normal('float64', length).map((value) => Math.abs(value));
}

/** @type {Record<string, import('./table.js').Sampler>} */
export const kmeans = {
  labelRows: (draw) => {
    const { dtype, make } = rows(draw);
    const [n, k, d] = [draw.length(60) + 1, draw.integer(1, 11), draw.integer(1, 20)];
    const weights = draw.chance() ? null : positive(draw, n);
    const labels = draw.integers('int32', n, 0, k - 1);
    const drift = { mover: draw.integer(0, k - 1), moverDrift: 0.5, drift: draw.pick([0, 0.25]) };
    const bounds = [draw.chance() ? new Float64Array(n) : positive(draw, n), positive(draw, k)];
    const sums = [draw.normal('float64', k * d), positive(draw, k), draw.out('float64', 2)];
    return [make(n * d), make(k * d), n, k, d, weights, labels, draw.out(dtype, n), ...bounds, drift, ...sums];
  },
  gain: (draw) => {
    const { make } = rows(draw);
    const [n, k, d] = [draw.length(60) + 1, draw.integer(1, 11), draw.integer(1, 20)];
    const weights = draw.chance() ? null : positive(draw, n);
    const closest = make(n).map((value) => 9 * value * value);
    const labels = draw.integers('int32', n, 0, 4);
    return [make(n * d), make(k * d), n, k, d, weights, closest, labels, positive(draw, 5), positive(draw, k)];
  },
  adopt: (draw) => {
    const { make } = rows(draw);
    const [n, d] = [draw.length(60) + 1, draw.integer(1, 20)];
    const closest = make(n).map((value) => 9 * value * value);
    const labels = draw.integers('int32', n, 0, 4);
    return [make(n * d), make(d), n, d, draw.integer(0, 9), closest, labels, positive(draw, 5)];
  },
  squaredDistance: (draw) => {
    const { make } = rows(draw);
    const d = draw.integer(1, 20);
    return [make(3 * d), draw.integer(0, 2 * d), make(2 * d), draw.integer(0, d), d];
  },
};
