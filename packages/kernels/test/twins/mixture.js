/** The numbers of rows, columns and components, and how covariances are described. @param {import('./draw.js').Draw} draw */
function sizes(draw) {
  const [n, d, k] = [draw.length(80) + 1, draw.integer(1, 12), draw.integer(1, 6)];
  const triangles = draw.chance();
  const size = triangles ? d * d : d;
  const shared = draw.chance(0.3);
  return { n, d, k, triangles, step: shared ? 0 : size, numbers: shared ? size : k * size };
}

/** Shares of ordinary size, of which some are 0. @param {import('./draw.js').Draw} draw @param {number} length */
function shares(draw, length) {
  return draw.normal('float64', length).map((value) => Math.max(value, 0));
}

/** @type {Record<string, import('./table.js').Sampler>} */
export const mixture = {
  expectShares: (draw) => {
    const { n, d, k, triangles, step, numbers } = sizes(draw);
    // Ordinary numbers, or any: densities vanish then.
    const x = draw.chance(0.8) ? draw.normal('float64', n * d) : draw.array('float64', n * d);
    const of = [draw.normal('float64', k * d), draw.normal('float64', numbers), draw.normal('float64', k)];
    return [x, ...of, n, d, k, step, triangles, draw.out('float64', n * k), draw.out('float64', n)];
  },
  addMeans: (draw) => {
    const { n, d, k } = sizes(draw);
    return [draw.normal('float64', n * d), shares(draw, n * k), n, d, k, draw.normal('float64', k * d)];
  },
  addScatter: (draw) => {
    const { n, d, k, triangles, step, numbers } = sizes(draw);
    const of = [draw.normal('float64', n * d), shares(draw, n * k), draw.normal('float64', k * d)];
    return [...of, n, d, k, step, triangles, draw.normal('float64', numbers)];
  },
};
