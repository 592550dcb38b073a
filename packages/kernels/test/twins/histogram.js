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
  const rows = Uint16Array.from(draw.random.permutation(n).slice(0, draw.integer(0, n)));
  return { n, d, used, missing, bins, gradients, counted, rows };
}

/** The histogram of such rows; the i-th has the i-th pair of `gradients`. @param {import('./draw.js').Draw} draw */
function filled(draw) {
  const made = make(draw);
  const { d, bins, gradients, rows, counted } = made;
  const histogram = new Float64Array(d * BINS * (counted ? 2.5 : 2));
  const counts = new Int32Array(histogram.buffer, 16 * BINS * d);
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < d; j++) {
      const bin = j * BINS + Number(bins[row * d + j]);
      histogram[2 * bin] = Number(histogram[2 * bin]) + Number(gradients[2 * i]);
      histogram[2 * bin + 1] = Number(histogram[2 * bin + 1]) + Number(gradients[2 * i + 1]);
      if (counted) counts[bin] = Number(counts[bin]) + 1;
    }
  }
  return { ...made, histogram };
}

/** @type {Record<string, import('./table.js').Sampler>} */
export const histogram = {
  histogramLength: (draw) => [draw.integer(1, 9), draw.chance()],
  orderBins: (draw) => {
    const { histogram, d, used, counted } = filled(draw);
    const out = new Float64Array(2 * BINS * (counted ? 2.5 : 2));
    const order = Array.from(draw.random.permutation(used)).slice(0, draw.integer(0, used));
    return [histogram, d, draw.integer(0, d - 1), order, out, draw.integer(0, 1)];
  },
  addRows: (draw) => {
    const { histogram, bins, gradients, d, rows } = filled(draw);
    return [histogram, bins, gradients, rows, d];
  },
  subtractHistogram: (draw) => {
    const { histogram, d, counted } = filled(draw);
    const child = draw.normal('float64', histogram.length);
    if (counted) new Int32Array(child.buffer, 16 * BINS * d).set(draw.integers('int32', BINS * d, 0, 9));
    return [histogram, child, d];
  },
  bestSplit: (draw) => {
    const { histogram, d, used, missing, rows, gradients } = filled(draw);
    const columns = Int32Array.from({ length: 3 * d }, (_, i) =>
      i % 3 === 0 ? used : i % 3 === 1 ? Number(missing) : draw.pick([0, 0, 0, 1, -1, 2]),
    );
    let [g, h] = [0, 0];
    for (let i = 0; i < rows.length; i++) {
      g += Number(gradients[2 * i]);
      h += Number(gradients[2 * i + 1]);
    }
    const bounds = draw.chance() ? [-Infinity, Infinity] : [-0.25, 0.5];
    const sums = [g, h, rows.length, draw.normal('float64', 1)[0] ?? 0];
    const node = Float64Array.of(...sums, ...bounds, draw.pick([0, 1]), 1e-3, draw.pick([1, 1, 5]));
    return [histogram, columns, node, draw.out('float64', 6)];
  },
  partitionRows: (draw) => {
    const { bins, d, rows } = make(draw);
    const left = draw.integers('uint8', BINS, 0, 1);
    return [rows, new Uint16Array(rows.length + 1), bins, left, d, draw.integer(0, d - 1)];
  },
  binRows: (draw) => {
    const [n, d] = [draw.length(60) + 1, draw.integer(1, 5)];
    const edges = new Float64Array(d * BINS).fill(Infinity);
    for (let j = 0; j < d; j++) edges.set(draw.normal('float64', draw.integer(0, 255)).sort(), j * BINS);
    const x = draw.normal('float64', n * d);
    for (let i = 0; i < n * d; i++) if (draw.chance(0.2)) x[i] = draw.pick([NaN, 0, -0, 1e300, Number(edges[0])]);
    return [draw.out('uint8', n * d), x, edges, d];
  },
};
