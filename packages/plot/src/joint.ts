import { checkBoolean, checkKnown } from '@maru-ml/base';
import { type Points, readPoints } from './data.ts';
import { histogram } from './histogram.ts';
import { regression } from './regression.ts';
import { scatter } from './scatter.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';

export interface JointOptions extends AxesOptions {
  /** The line of least squares through the points; true. */
  fit?: boolean;
}

/** Pixels that the histograms at the sides are high. */
const SIDE = 50;

/**
 * Two columns [n] together: their points with the line of least squares, and along the sides the histogram of each. The title gives
 * Pearson's correlation r = Σ(x - x̄)(y - ȳ) / √(Σ(x - x̄)² Σ(y - ȳ)²).
 *
 * Points that are not finite are left out, and the plot says how many.
 *
 * @throws ShapeError if columns differ in length, DataError if no point is left or all have the same x and a line is wanted, OptionError
 */
export function joint(points: Points, options: JointOptions = {}): VegaLiteSpec {
  const owner = 'joint';
  checkKnown(owner, options, [...AXES_OPTIONS, 'fit']);
  const fit = checkBoolean(owner, 'fit', options.fit ?? true);
  const { width, height } = sizeOf(owner, options, { width: 230, height: 200 });
  const all = readPoints(owner, 'points', points);
  const finite = all.x.flatMap((_, i) => (Number.isFinite(all.x[i]) && Number.isFinite(all.y[i]) ? [i] : []));
  const x = finite.map((i) => all.x[i]!);
  const y = finite.map((i) => all.y[i]!);
  const xLabel = textOf(owner, 'xLabel', options.xLabel, 'x');
  const yLabel = textOf(owner, 'yLabel', options.yLabel, 'y');
  const labels = { xLabel, yLabel, title: '', width, height };
  // Drawn from all points, so that its note says how many were left out.
  const middle = fit ? regression(all, labels) : scatter(all, labels);
  const r = correlation(x, y);
  const title = `${yLabel} and ${xLabel}${Number.isNaN(r) ? '' : `, r = ${r.toFixed(3)}`}`;
  return makeSpec(textOf(owner, 'title', options.title, title), [], null, {
    spacing: 6,
    vconcat: [
      side(histogram(x, { title: '', width, height: SIDE }), 'x'),
      { spacing: 6, hconcat: [inner(middle), side(histogram(y, { title: '', width: height, height: SIDE }), 'y')] },
    ],
  });
}

function inner({ $schema: _, ...spec }: VegaLiteSpec): VegaLiteSpec {
  return spec;
}

/** A histogram without axes; that of y is turned on its side. */
function side(spec: VegaLiteSpec, along: 'x' | 'y'): VegaLiteSpec {
  const { width, height, encoding, ...rest } = inner(spec);
  const bare = (channel: object): VegaLiteSpec => ({ ...channel, axis: null });
  const { x, x2, y } = encoding as Record<'x' | 'x2' | 'y', VegaLiteSpec>;
  if (along === 'x') return { ...rest, width: width!, height: height!, encoding: { x: bare(x), x2, y: bare(y) } };
  return { ...rest, width: height!, height: width!, encoding: { y: bare(x), y2: x2, x: bare(y) } };
}

/** Pearson's correlation; NaN if a column is constant. */
function correlation(x: number[], y: number[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xx += (x[i]! - meanX) ** 2;
    xy += (x[i]! - meanX) * (y[i]! - meanY);
    yy += (y[i]! - meanY) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}
