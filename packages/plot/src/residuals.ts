import { checkBoolean, checkInteger, checkKnown } from '@maru-ml/base';
import { axisEncoding, fits, leftOut, readAxes, SCALE_OPTIONS, type ScaleOptions } from './axes.ts';
import { type Numbers, readAsMany, readNumbers } from './data.ts';
import { type Labels, readLabels } from './labels.ts';
import { levelLayers, textLayer } from './layers.ts';
import { lowess } from './lowess.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';

export interface ResidualsOptions extends AxesOptions, Omit<ScaleOptions, 'xScale' | 'yScale'> {
  /** A smooth line through the points, which lies near 0 where the model is right on average; true. */
  smooth?: boolean;
  /** [n], what the rows are called; their numbers from 0. */
  labels?: Labels;
  /** How many of the largest residuals are named; 3. */
  mark?: number;
}

/**
 * Residuals over fitted values [n]: what a regression leaves unexplained. A bend of the smooth line tells of a missing term, a spread that
 * grows with the fitted values of unequal variances.
 *
 * Points that are not finite are left out, and the plot says how many.
 *
 * W. Cleveland: Robust locally weighted regression and smoothing scatterplots. Journal of the American Statistical Association 74, 1979.
 *
 * @throws ShapeError if columns differ in length, DataError if no point is left, OptionError
 */
export function residuals(fitted: Numbers, resid: Numbers, options: ResidualsOptions = {}): VegaLiteSpec {
  const owner = 'residuals';
  checkKnown(owner, options, [...AXES_OPTIONS, ...SCALE_OPTIONS.slice(2), 'smooth', 'labels', 'mark']);
  const axes = readAxes(owner, options);
  const size = sizeOf(owner, options);
  const smooth = checkBoolean(owner, 'smooth', options.smooth ?? true);
  const mark = checkInteger(owner, 'mark', options.mark ?? 3, { min: 0 });
  const x = readNumbers(owner, 'fitted', fitted);
  const y = readAsMany(owner, 'resid', resid, 'fitted', x.length);
  const names = namesOf(owner, options.labels, 'fitted', x.length);
  const shown = x.flatMap((_, i) => (fits(x[i]!, axes.x) && fits(y[i]!, axes.y) ? [i] : []));
  const notes = leftOut(owner, 'resid', shown.length, x.length, false);
  const largest = [...shown].sort((a, b) => Math.abs(y[b]!) - Math.abs(y[a]!)).slice(0, mark);
  const point = (i: number) => ({ x: x[i]!, y: y[i]! });
  const curve = smooth && shown.length > 3 ? lowess(shown.map(point)) : [];

  const xLabel = textOf(owner, 'xLabel', options.xLabel, 'fitted value');
  const yLabel = textOf(owner, 'yLabel', options.yLabel, 'residual');
  // Not for all layers together, since the level line has its own.
  const encoding = { y: axisEncoding('y', yLabel, axes.y, 4) };
  const clip = axes.x.domain !== null || axes.y.domain !== null;
  return makeSpec(textOf(owner, 'title', options.title, `${yLabel} by ${xLabel}`), notes, size, {
    encoding: { x: axisEncoding('x', xLabel, axes.x, 4) },
    layer: [
      {
        data: { values: shown.map(point) },
        mark: { type: 'point', filled: true, opacity: 0.6, size: shown.length > 300 ? 12 : 25, clip },
        encoding,
      },
      ...(curve.length > 0
        ? [{ data: { values: curve }, mark: { type: 'line', strokeWidth: 2.5, color: '#d55e00', clip }, encoding }]
        : []),
      ...levelLayers(owner, { '': 0 }),
      ...textLayer(
        largest.map((i) => ({ ...point(i), label: names[i]! })),
        encoding,
      ),
    ],
  });
}

/** The names of n rows: as given, or their numbers. */
export function namesOf(owner: string, labels: Labels | undefined, other: string, n: number): string[] {
  if (labels === undefined) return Array.from({ length: n }, (_, i) => String(i));
  return readLabels(owner, 'labels', labels, { name: other, n }).labels;
}
