/** The numbers of rows, columns and components, and how covariances are described. @param {import('./draw.js').Draw} draw */
function sizes(draw) {
  const [n, d, k] = [draw.length(80) + 1, draw.integer(1, 12), draw.integer(1, 6)];
  const triangles = draw.chance();
  const size = triangles ? d * d : d;
  const shared = draw.chance(0.3);
  return { n, d, k, triangles, step: shared ? 0 : size, numbers: shared ? size : k * size };
}

/** How many numbers a table has in blocks of 32 rows. @param {number} n @param {number} columns */
function blocks(n, columns) {
  return Math.ceil(n / 32) * 32 * columns;
}

/** Rows in blocks, with zeros for those that are missing in the last one. @param {Float64Array} numbers @param {number} n @param {number} columns */
function missing(numbers, n, columns) {
  return numbers.map((value, at) => (Math.floor(at / 32 / columns) * 32 + (at % 32) < n ? value : 0));
}

/** Shares of ordinary size, of which some are 0. @param {import('./draw.js').Draw} draw @param {number} n @param {number} k */
function shares(draw, n, k) {
  return missing(
    draw.normal('float64', blocks(n, k)).map((value) => Math.max(value, 0)),
    n,
    k,
  );
}

/** @param {import('./draw.js').Draw} draw @param {number} n @param {number} d */
function rows(draw, n, d) {
  return missing(draw.normal('float64', blocks(n, d)), n, d);
}

/** @type {Record<string, import('./table.js').Sampler>} */
export const mixture = {
  expectShares: (draw) => {
    const { n, d, k, triangles, step, numbers } = sizes(draw);
    // Ordinary numbers, or any: densities vanish then.
    const x = draw.chance(0.8) ? rows(draw, n, d) : missing(draw.array('float64', blocks(n, d)), n, d);
    const of = [draw.normal('float64', k * d), draw.normal('float64', numbers), draw.normal('float64', k)];
    const hard = draw.chance(0.3);
    const out = [draw.out('float64', blocks(n, hard ? 1 : k)), draw.out('float64', blocks(n, 1))];
    return [x, ...of, n, d, k, step, triangles, ...out, hard];
  },
  addMeans: (draw) => {
    const { n, d, k } = sizes(draw);
    return [rows(draw, n, d), shares(draw, n, k), n, d, k, draw.normal('float64', k * d)];
  },
  addScatter: (draw) => {
    const { n, d, k, triangles, step, numbers } = sizes(draw);
    const of = [rows(draw, n, d), shares(draw, n, k), draw.normal('float64', k * d)];
    return [...of, n, d, k, step, triangles, draw.normal('float64', numbers)];
  },
  toBlocks: (draw) => {
    const [n, d] = [draw.length(80) + 1, draw.integer(1, 12)];
    return [draw.normal('float64', n * d), d, draw.out('float64', blocks(n, d))];
  },
  placeOf: (draw) => [draw.integer(0, 100), draw.integer(0, 5), 6],
};
