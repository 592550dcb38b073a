const BINS = 256;

/** Columns of bins, of which some are in use, with what each row has of gradient and hessian. @param {import('./draw.js').Draw} draw */
function make(draw) {
  const [n, d, used] = [draw.length(120) + 1, draw.integer(1, 9), draw.pick([1, 2, 5, 40, 255])];
  const bins = draw.integers('uint8', n * d, 0, used - 1);
  const missing = draw.chance();
  if (missing) for (let i = 0; i < n * d; i++) if (draw.chance(0.2)) bins[i] = draw.pick([used, BINS - 1]);
  const counted = draw.chance();
  const gradients = draw.normal('float32', 2 * n);
  for (let i = 0; i < n; i++) gradients[2 * i + 1] = counted ? Math.abs(Number(gradients[2 * i + 1])) : 1;
  const rows = draw.random.permutation(n).slice(0, draw.integer(0, n));
  return { n, d, used, missing, bins, gradients, counted, rows };
}

/** The histograms of such rows. @param {import('./draw.js').Draw} draw */
function filled(draw) {
  const made = make(draw);
  const { d, bins, gradients, rows, counted } = made;
  const pairs = new Float64Array(d * BINS * 2);
  const counts = counted ? new Int32Array(d * BINS) : null;
  for (const row of rows) {
    for (let j = 0; j < d; j++) {
      const bin = j * BINS + Number(bins[row * d + j]);
      pairs[2 * bin] = Number(pairs[2 * bin]) + Number(gradients[2 * row]);
      pairs[2 * bin + 1] = Number(pairs[2 * bin + 1]) + Number(gradients[2 * row + 1]);
      if (counts !== null) counts[bin] = Number(counts[bin]) + 1;
    }
  }
  return { ...made, pairs, counts };
}

/** @type {Record<string, import('./table.js').Sampler>} */
export const histogram = {
  addRows: (draw) => {
    const { pairs, counts, bins, gradients, d, rows } = filled(draw);
    return [pairs, counts, bins, gradients, rows, d];
  },
  subtractHistogram: (draw) => {
    const { pairs, counts, d } = filled(draw);
    const child = draw.normal('float64', pairs.length);
    return [pairs, counts, child, counts === null ? null : draw.integers('int32', counts.length, 0, 9), d];
  },
  bestSplit: (draw) => {
    const { pairs, counts, d, used, missing, rows, gradients } = filled(draw);
    const columns = Int32Array.from({ length: 3 * d }, (_, i) =>
      i % 3 === 0 ? used : i % 3 === 1 ? Number(missing) : draw.pick([0, 0, 0, 1, -1, 2]),
    );
    let [g, h] = [0, 0];
    for (const row of rows) {
      g += Number(gradients[2 * row]);
      h += Number(gradients[2 * row + 1]);
    }
    const bounds = draw.chance() ? [-Infinity, Infinity] : [-0.25, 0.5];
    const node = [g, h, rows.length, draw.normal('float64', 1)[0] ?? 0, ...bounds, draw.pick([0, 1]), 1e-3];
    return [pairs, counts, columns, Float64Array.from(node), draw.pick([1, 1, 5]), draw.out('float64', 8)];
  },
  partitionRows: (draw) => {
    const { bins, d, rows } = make(draw);
    const left = draw.integers('uint8', BINS, 0, 1);
    return [rows, bins, left, d, draw.integer(0, d - 1), draw.out('int32', rows.length + 1)];
  },
  binRows: (draw) => {
    const [n, d] = [draw.length(60) + 1, draw.integer(1, 5)];
    const edges = new Float64Array(d * BINS).fill(Infinity);
    for (let j = 0; j < d; j++) edges.set(draw.normal('float64', draw.integer(0, 255)).sort(), j * BINS);
    const x = draw.normal('float64', n * d);
    for (let i = 0; i < n * d; i++) if (draw.chance(0.2)) x[i] = draw.pick([NaN, 0, -0, 1e300, Number(edges[0])]);
    return [x, edges, d, draw.out('uint8', n * d)];
  },
  logisticGradients: (draw) => {
    const n = draw.length(60) + 1;
    const raw = draw.normal('float64', n).map((value) => value * draw.pick([1, 1, 30, 800]));
    const weights = draw.chance() ? null : draw.normal('float64', n).map((value) => Math.abs(value));
    return [draw.integers('float64', n, 0, 1), raw, weights, draw.out('float32', 2 * n)];
  },
};
