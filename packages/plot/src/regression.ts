import { checkKnown, DataError, OptionError, show } from '@maru-ml/base';
import { axisEncoding, fits, leftOut, readAxes, SCALE_OPTIONS, type ScaleOptions } from './axes.ts';
import { extent, type Points, readPoints } from './data.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';

export interface RegressionOptions extends AxesOptions, Omit<ScaleOptions, 'xScale' | 'yScale'> {
  /** The fitted line, or any function of x such as a net's prediction; the line of least squares. */
  fit?: { readonly slope: number; readonly intercept: number } | ((x: number) => number);
  /** The edges of a band around it at x, such as a confidence interval; none. */
  band?: (x: number) => readonly [low: number, high: number];
}

/**
 * Points with the line that was fitted to them. Without a fit it is that of least squares, y = β₀ + β₁x with
 * β₁ = Σ(x - x̄)(y - ȳ) / Σ(x - x̄)², and the title states it.
 *
 * Points that are not finite are left out of plot and fit, and the plot says how many.
 *
 * @throws ShapeError if columns differ in length, DataError if no point is left or all have the same x and no fit is given, OptionError
 */
export function regression(points: Points, options: RegressionOptions = {}): VegaLiteSpec {
  const owner = 'regression';
  checkKnown(owner, options, [...AXES_OPTIONS, ...SCALE_OPTIONS.slice(2), 'fit', 'band']);
  const axes = readAxes(owner, options);
  const size = sizeOf(owner, options);
  const all = readPoints(owner, 'points', points);
  const shown = all.x.flatMap((_, i) => (fits(all.x[i]!, axes.x) && fits(all.y[i]!, axes.y) ? [i] : []));
  const notes = leftOut(owner, 'points', shown.length, all.x.length, false);
  const [x, y] = [shown.map((i) => all.x[i]!), shown.map((i) => all.y[i]!)];

  const fit = readFit(owner, options.fit, x, y);
  const straight = typeof fit !== 'function';
  const predict = straight ? (at: number) => fit.intercept + fit.slope * at : fit;
  const [low, high] = axes.x.domain ?? extent(x);
  const steps = straight && options.band === undefined ? 1 : 100;
  const fitted = Array.from({ length: steps + 1 }, (_, i) => {
    const at = low + ((high - low) * i) / steps;
    const value = predict(at);
    if (typeof value !== 'number') throw new OptionError(`${owner}: fit must return a number, got ${show(value)}`);
    const band = options.band?.(at);
    return {
      x: at,
      y: finiteOrNull(value),
      ...(band && { low: finiteOrNull(band[0]), high: finiteOrNull(band[1]) }),
    };
  });

  const xLabel = textOf(owner, 'xLabel', options.xLabel, 'x');
  const yLabel = textOf(owner, 'yLabel', options.yLabel, 'y');
  const title = textOf(
    owner,
    'title',
    options.title,
    straight ? equation(fit, xLabel, yLabel) : `${yLabel} by ${xLabel}`,
  );
  const clip = axes.x.domain !== null || axes.y.domain !== null;
  const yEncoding = axisEncoding('y', yLabel, axes.y, 4);
  const bandEncoding = { y: { ...yEncoding, field: 'low' }, y2: { field: 'high' } };
  return makeSpec(title, notes, size, {
    encoding: { x: axisEncoding('x', xLabel, axes.x, 4), y: yEncoding },
    layer: [
      {
        data: { values: x.map((value, i) => ({ x: value, y: y[i]! })) },
        mark: { type: 'point', filled: true, opacity: 0.6, size: x.length > 300 ? 12 : 25, clip },
      },
      {
        data: { values: fitted },
        encoding: { color: { value: '#d55e00' } },
        layer: [
          ...(options.band ? [{ mark: { type: 'area', opacity: 0.25, clip }, encoding: bandEncoding }] : []),
          { mark: { type: 'line', strokeWidth: 2.5, clip } },
        ],
      },
    ],
  });
}

type StraightLine = { slope: number; intercept: number };

function readFit(
  owner: string,
  fit: RegressionOptions['fit'],
  x: number[],
  y: number[],
): StraightLine | ((x: number) => number) {
  if (fit === undefined) return leastSquares(owner, x, y);
  if (typeof fit === 'function') return fit;
  if (Number.isFinite(fit?.slope) && Number.isFinite(fit?.intercept)) return fit;
  throw new OptionError(`${owner}: fit must be { slope, intercept } or a function of x, got ${show(fit)}`);
}

function leastSquares(owner: string, x: number[], y: number[]): StraightLine {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, xy] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    xx += (x[i]! - meanX) ** 2;
    xy += (x[i]! - meanX) * (y[i]! - meanY);
  }
  if (xx === 0) throw new DataError(`${owner}: a line needs points at two different x at least, got one; give a fit`);
  const slope = xy / xx;
  return { slope, intercept: meanY - slope * meanX };
}

function equation({ slope, intercept }: StraightLine, xLabel: string, yLabel: string): string {
  const digits = (value: number) => String(Number(value.toPrecision(3)));
  const sign = intercept < 0 ? '-' : '+';
  return `${yLabel} = ${digits(slope)} ${xLabel} ${sign} ${digits(Math.abs(intercept))}`;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
