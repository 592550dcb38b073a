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
  partitionRows: (draw) => {
    const { bins, d, rows } = make(draw);
    const left = draw.integers('uint8', BINS, 0, 1);
    return [rows, new Uint16Array(rows.length + 1), bins, left, d, draw.integer(0, d - 1)];
  },
};
