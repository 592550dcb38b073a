import { checkBoolean, checkInteger, checkKnown, checkOneOf, DataError, OptionError, show } from '@maru-ml/base';
import { type AxisScale, axisEncoding } from './axes.ts';
import { bandPicture } from './band-picture.ts';
import { type ColorRamp, colorAt, rampStops } from './color.ts';
import { type MatrixLike, type Numbers, type Points, readInterval, readMatrix, shortNumber } from './data.ts';
import { highlightLayer, pictureLayer } from './layers.ts';
import { readLevels } from './levels.ts';
import { type Grid, marchingSquares, type Polyline } from './marching-squares.ts';
import { type Domain, pathLayers, simplify } from './paths.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';
import { INK } from './theme.ts';

export interface ContourOptions extends AxesOptions {
  /** The part of the plane, [low, high]. */
  x: readonly [low: number, high: number];
  y: readonly [low: number, high: number];
  /** About how many levels, or the levels themselves; 12. */
  levels?: number | Numbers;
  /** 'log' spaces the levels by factors, over six powers of ten at most below the greatest value; 'linear'. */
  levelScale?: AxisScale;
  /** How many places along each axis a function is computed at; 120. */
  resolution?: number;
  /** Paths over it by their names, such as those of optimizers; each from a small dot to a larger one; none. */
  paths?: Readonly<Record<string, Points>>;
  /** Points over it by their names, such as minima; none. */
  highlights?: Readonly<Record<string, Points>>;
  /** The colors between the levels; 'viridis'. */
  ramp?: ColorRamp;
  /** Fills the bands between the levels; else only the lines are drawn; true. */
  filled?: boolean;
  /** What the values are, beside the legend; 'value'. */
  valueLabel?: string;
}

/**
 * The level sets of a function of two variables, or of a grid of its values [rows, columns] with its first row at the least y,
 * with paths over it. Paths are cut at the edge of the plot and end at their first point that is not finite.
 *
 * Where the function is not finite the plot stays empty.
 *
 * @throws ShapeError if the values are no table, DataError if it has fewer than two rows or columns or no values to draw, OptionError
 *
 * @example
 * ```ts
 * import { contour } from '@maru-ml/plot';
 *
 * const bowl = (x: number, y: number) => x ** 2 + 10 * y ** 2;
 * const path = [[-2, 1], [-1.2, -0.6], [-0.7, 0.3], [-0.4, -0.1]];
 * contour(bowl, { x: [-2.5, 2.5], y: [-1.5, 1.5], levelScale: 'log', paths: { SGD: path }, valueLabel: 'loss' });
 * ```
 */
export function contour(f: ((x: number, y: number) => number) | MatrixLike, options: ContourOptions): VegaLiteSpec {
  const owner = 'contour';
  const own = ['x', 'y', 'levels', 'levelScale', 'resolution', 'paths', 'highlights', 'ramp', 'filled', 'valueLabel'];
  checkKnown(owner, options ?? {}, [...AXES_OPTIONS, ...own]);
  const domain = { x: readInterval(owner, 'x', options?.x), y: readInterval(owner, 'y', options?.y) };
  const size = sizeOf(owner, options, { width: 280, height: 240 });
  const resolution = checkInteger(owner, 'resolution', options.resolution ?? 120, { min: 2, max: 1000 });
  const scale = checkOneOf(owner, 'levelScale', options.levelScale ?? 'linear', ['linear', 'log']);
  const filled = checkBoolean(owner, 'filled', options.filled ?? true);
  const stops = rampStops(owner, options.ramp, 'viridis');
  const grid = typeof f === 'function' ? evaluate(owner, f, domain, resolution) : readGrid(owner, f);
  const levels = readLevels(owner, options.levels ?? 12, scale, grid.values);

  // Bands are colored by their place among the levels, so that they differ, and the legend has room, however the levels are spaced.
  const colors = Array.from({ length: levels.length + 1 }, (_, i) => colorAt(stops, i / levels.length));
  const color = {
    ...{ field: 'band', type: 'quantitative', title: textOf(owner, 'valueLabel', options.valueLabel, 'value') },
    scale: {
      ...{ type: 'threshold', domain: levels.map((_, i) => i + 1) },
      range: colors.map((color) => `rgba(${color.join(', ')}, ${filled ? BAND_OPACITY : 1})`),
    },
    legend: {
      ...{ orient: 'bottom', type: 'gradient', gradientLength: size.width, labelSeparation: 6 },
      labelExpr: `${JSON.stringify(levels.map((value) => shortNumber(value)))}[datum.value - 1]`,
    },
  };
  const lines = levels.flatMap((level, i) =>
    marchingSquares(grid, level).map((line) => ({
      band: i + 1,
      line: simplify(toPlane(line, grid, domain), domain, size),
    })),
  );
  const values = lines.flatMap(({ band, line }, i) =>
    line.map(([x, y]) => ({ line: i, ...(!filled && { band }), x, y })),
  );

  const xLabel = textOf(owner, 'xLabel', options.xLabel, 'x');
  const yLabel = textOf(owner, 'yLabel', options.yLabel, 'y');
  const title = textOf(owner, 'title', options.title, `Levels over ${xLabel} and ${yLabel}`);
  const axes = { x: { scale: 'linear', domain: domain.x }, y: { scale: 'linear', domain: domain.y } } as const;
  return makeSpec(title, [], size, {
    encoding: {
      x: { ...axisEncoding('x', xLabel, axes.x), axis: { grid: false } },
      y: { ...axisEncoding('y', yLabel, axes.y), axis: { grid: false } },
    },
    resolve: { scale: { color: 'independent' } },
    layer: [
      ...(filled ? [pictureLayer(bandPicture(grid, levels, colors, BAND_OPACITY, size), true)] : []),
      {
        data: { values },
        mark: { type: 'line', strokeWidth: filled ? 0.7 : 1.5, ...(filled && { color: INK, opacity: 0.55 }) },
        encoding: {
          detail: { field: 'line', type: 'nominal' },
          order: { value: null },
          ...(!filled && { color }),
        },
      },
      // The colors of the picture are explained by a legend, which needs marks: unseen ones.
      ...(filled
        ? [
            {
              data: { values: [{ band: 1 }] },
              mark: { type: 'square', opacity: 0 },
              encoding: { x: null, y: null, color },
            },
          ]
        : []),
      ...pathLayers(owner, options.paths ?? {}, domain, size),
      ...highlightLayer(owner, options.highlights ?? {}, axes, size.width, true),
    ],
  });
}

/** Bands let a little of the ground through, so that paths stand out on both grounds. */
const BAND_OPACITY = 0.6;

function evaluate(owner: string, f: (x: number, y: number) => number, { x, y }: Domain, n: number): Grid {
  const values = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      const value = f(between(x, i / (n - 1)), between(y, j / (n - 1)));
      if (typeof value !== 'number') throw new OptionError(`${owner}: f must return a number, got ${show(value)}`);
      values[j * n + i] = value;
    }
  }
  return { values, columns: n, rows: n };
}

function readGrid(owner: string, source: MatrixLike): Grid {
  const { data, rows, columns } = readMatrix(owner, 'f', source);
  if (rows >= 2 && columns >= 2) return { values: data, rows, columns };
  throw new DataError(`${owner}: f must have at least two rows and two columns, got shape [${rows}, ${columns}]`);
}

function toPlane(line: Polyline, { columns, rows }: Grid, { x, y }: Domain): Polyline {
  return line.map(([i, j]) => [between(x, i / (columns - 1)), between(y, j / (rows - 1))]);
}

function between([low, high]: [number, number], t: number): number {
  return low + (high - low) * t;
}
