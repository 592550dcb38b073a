import { checkBoolean, checkInteger, checkKnown, checkOneOf, DataError, OptionError, show } from '@maru-ml/base';
import { type AxisScale, axisEncoding, colorEncoding } from './axes.ts';
import { type ColorRamp, colorAt, rampStops } from './color.ts';
import {
  extent,
  type MatrixLike,
  type Numbers,
  type Points,
  readInterval,
  readMatrix,
  readNumbers,
  readPoints,
  shortNumber,
} from './data.ts';
import { pictureLayer } from './heatmap.ts';
import { type Grid, marchingSquares, type Polyline } from './marching-squares.ts';
import { pngUrl } from './png.ts';
import { highlightLayer } from './scatter.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, type Size, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';
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
  /** Paths over it by their names, such as those of optimizers; each from a dot to a ring; none. */
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
 * ```ts
 * contour((x, y) => x ** 2 + 10 * y ** 2, { x: [-2, 2], y: [-1, 1], paths: { SGD: path } })
 * ```
 *
 * Where the function is not finite the plot stays empty.
 *
 * @throws ShapeError if the values are no table, DataError if it has fewer than two rows or columns or no values to draw, OptionError
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
      ...(filled ? [pictureLayer(bands(grid, levels, colors, size), true)] : []),
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

interface Domain {
  x: [number, number];
  y: [number, number];
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

const DECADES = 6;

function readLevels(owner: string, levels: number | Numbers, scale: AxisScale, values: ArrayLike<number>): number[] {
  if (typeof levels !== 'number') {
    const given = readNumbers(owner, 'levels', levels);
    const wrong = given.findIndex((level, i) => !Number.isFinite(level) || (i > 0 && !(level > given[i - 1]!)));
    if (wrong < 0) return given;
    throw new OptionError(`${owner}: levels must increase, but levels[${wrong}] is ${given[wrong]}`);
  }
  const n = checkInteger(owner, 'levels', levels, { min: 1, max: 100 });
  const positive = scale === 'log' ? Array.from(values).filter((value) => value > 0) : values;
  const [low, high] = extent(positive);
  const which = scale === 'log' ? 'two different finite values above 0' : 'two different finite values';
  if (!(low < high)) throw new DataError(`${owner}: f must take ${which}, got ${low > high ? 'none' : `only ${low}`}`);
  return scale === 'log' ? factorLevels(Math.max(low, high / 10 ** DECADES), high, n) : roundLevels(low, high, n);
}

/** `n` levels between the two, each the same factor above the last. */
function factorLevels(low: number, high: number, n: number): number[] {
  const levels = Array.from({ length: n }, (_, i) => low * (high / low) ** ((i + 1) / (n + 1)));
  return levels.map((level) => Number(level.toPrecision(3)));
}

/** About `n` round levels between the two: multiples of 1, 2 or 5 times a power of ten. */
function roundLevels(low: number, high: number, n: number): number[] {
  const rough = (high - low) / (n + 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.75)!;
  const step = factor * power;
  const first = Math.floor(low / step) + 1;
  const levels: number[] = [];
  for (let k = first; k * step < high; k++) levels.push(Number((k * step).toPrecision(12)));
  return levels.length > 0 ? levels : [(low + high) / 2];
}

/** The bands as a picture of the plot's own size, by bilinear interpolation, so that its edges run along the lines. */
function bands(grid: Grid, levels: number[], colors: readonly (readonly number[])[], size: Size): string {
  const [width, height] = [Math.round(size.width), Math.round(size.height)];
  const palette = colors.map(([r, g, b]) => [r!, g!, b!, Math.round(255 * BAND_OPACITY)] as const);
  const EMPTY = levels.length + 1;
  const pixels = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      // Pixels have their centers half a pixel in; the picture's first row is the greatest y.
      const x = ((column + 0.5) / width) * (grid.columns - 1);
      const y = (1 - (row + 0.5) / height) * (grid.rows - 1);
      const value = interpolate(grid, x, y);
      let band = 0;
      while (band < levels.length && value >= levels[band]!) band++;
      pixels[row * width + column] = Number.isFinite(value) ? band : EMPTY;
    }
  }
  return pngUrl({ width, height, pixels, palette: [...palette, [0, 0, 0, 0]] });
}

function interpolate({ values, columns, rows }: Grid, x: number, y: number): number {
  const [i, j] = [Math.min(Math.floor(x), columns - 2), Math.min(Math.floor(y), rows - 2)];
  const [s, t] = [x - i, y - j];
  const at = j * columns + i;
  const bottom = values[at]! + s * (values[at + 1]! - values[at]!);
  const top = values[at + columns]! + s * (values[at + columns + 1]! - values[at + columns]!);
  return bottom + t * (top - bottom);
}

function toPlane(line: Polyline, { columns, rows }: Grid, { x, y }: Domain): Polyline {
  return line.map(([i, j]) => [between(x, i / (columns - 1)), between(y, j / (rows - 1))]);
}

/** Leaves out places nearer than a third of a pixel to the line between those around them, and digits below a twentieth of one. */
function simplify(line: Polyline, { x, y }: Domain, size: Size): Polyline {
  const [unitX, unitY] = [(x[1] - x[0]) / size.width, (y[1] - y[0]) / size.height];
  const kept: Polyline = [];
  let from = 0;
  const push = (i: number) => kept.push([roundTo(line[i]![0], unitX / 20), roundTo(line[i]![1], unitY / 20)]);
  push(0);
  for (let to = 2; to < line.length; to++) {
    const [ax, ay] = [line[from]![0] / unitX, line[from]![1] / unitY];
    const [dx, dy] = [line[to]![0] / unitX - ax, line[to]![1] / unitY - ay];
    const length = Math.hypot(dx, dy);
    for (let i = from + 1; i < to; i++) {
      const [px, py] = [line[i]![0] / unitX - ax, line[i]![1] / unitY - ay];
      // A line that turns back on itself has no direction; then the distance counts.
      const distance = length < 1e-9 ? Math.hypot(px, py) : Math.abs(px * dy - py * dx) / length;
      if (distance > 0.35) {
        from = to - 1;
        push(from);
        break;
      }
    }
  }
  push(line.length - 1);
  return kept;
}

function roundTo(value: number, unit: number): number {
  const digits = Math.max(0, Math.ceil(-Math.log10(unit)));
  return Number(value.toFixed(Math.min(digits, 20)));
}

function pathLayers(
  owner: string,
  paths: Readonly<Record<string, Points>>,
  domain: Domain,
  size: Size,
): VegaLiteSpec[] {
  const names = Object.keys(paths);
  if (names.length === 0) return [];
  const all = names.map((name) => readPath(owner, name, paths[name]!, domain, size));
  const rows = all.flatMap((path, p) => path.map(([x, y]) => ({ path: names[p]!, x, y })));
  const ends = (end: 'start' | 'end') =>
    all.flatMap((path, p) => {
      const place = end === 'start' ? path[0] : path.at(-1);
      return place === undefined ? [] : [{ path: names[p]!, x: place[0], y: place[1] }];
    });
  const color = colorEncoding('path', names, size.width);
  const halo = { stroke: '#ffffff', strokeWidth: 1 };
  return [
    {
      data: { values: rows },
      encoding: { order: { value: null } },
      layer: [
        {
          mark: { type: 'line', strokeWidth: 4, color: '#ffffff', opacity: 0.7, strokeJoin: 'round', clip: true },
          encoding: { detail: { field: 'path', type: 'nominal' } },
        },
        { mark: { type: 'line', strokeWidth: 2, strokeJoin: 'round', clip: true }, encoding: { color } },
        {
          data: { values: ends('start') },
          mark: { type: 'point', filled: true, size: 50, opacity: 1, clip: true, ...halo },
          encoding: { fill: { ...color, legend: null } },
        },
        {
          data: { values: ends('end') },
          mark: { type: 'point', filled: true, size: 80, opacity: 1, clip: true, ...halo, strokeWidth: 2.5 },
          encoding: { fill: { ...color, legend: null } },
        },
      ],
    },
  ];
}

/** A path up to its first point that is not finite, without steps of less than half a pixel. */
function readPath(owner: string, name: string, source: Points, { x, y }: Domain, size: Size): Polyline {
  const points = readPoints(owner, `paths.${name}`, source);
  const [unitX, unitY] = [(x[1] - x[0]) / size.width, (y[1] - y[0]) / size.height];
  const wrong = points.x.findIndex((value, i) => !Number.isFinite(value) || !Number.isFinite(points.y[i]));
  const n = wrong < 0 ? points.x.length : wrong;
  const kept: Polyline = [];
  for (let i = 0; i < n; i++) {
    const place: [number, number] = [points.x[i]!, points.y[i]!];
    const last = kept.at(-1);
    const moved = last === undefined || Math.hypot((place[0] - last[0]) / unitX, (place[1] - last[1]) / unitY) >= 0.5;
    if (moved || i === n - 1) kept.push(place);
  }
  return kept;
}

function between([low, high]: [number, number], t: number): number {
  return low + (high - low) * t;
}
