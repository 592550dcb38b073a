import { checkInteger, checkKnown, DataError, OptionError, show } from '@maru-ml/base';
import {
  type Axis,
  axisEncoding,
  colorEncoding,
  fits,
  integerTicks,
  leftOut,
  readAxes,
  SCALE_OPTIONS,
  type ScaleOptions,
} from './axes.ts';
import { checkAsMany, isNumbers, type Numbers, readAsMany, readNumbers } from './data.ts';
import { levelLayers } from './layers.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';

/** A line with what only it has. */
export interface Line {
  /** [n], 1, 2, 3, … or the plot's `x`. */
  x?: Numbers;
  /** [n] */
  y: Numbers;
  /** [n], the lower edge of a band around the line; both edges or none. */
  low?: Numbers;
  /** [n], its upper edge. */
  high?: Numbers;
}

export interface LinesOptions extends AxesOptions, ScaleOptions {
  /** [n], the places of all lines that have none of their own; 1, 2, 3, … */
  x?: Numbers;
  /** Dashed level lines by their names, such as a value to be reached; none. */
  levels?: Readonly<Record<string, number>>;
  /** What the lines stand for, above the legend; nothing. */
  legend?: string;
  /** Lines with more points keep the least and the greatest of each run of points, so that no peak is lost; 1000. */
  maxPoints?: number;
}

/**
 * Lines over a common axis: one, or several by their names. (What has y, and beside it no more than x, low and high, is one line.)
 *
 * A line is broken where a value is missing, infinite, or not above 0 on a logarithmic axis; the plot says how many were
 * left out. More than eight lines are colored in a run from the first to the last.
 *
 * @throws ShapeError if columns of a line differ in length, DataError if a line has no value to show, OptionError
 *
 * @example
 * ```ts
 * import { lines } from '@maru-ml/plot';
 *
 * const loss = { training: [2.1, 0.8, 0.4], validation: [2.2, 1, 0.7] };
 * const spec = lines(loss, { xLabel: 'epoch', yLabel: 'loss', yScale: 'log' });
 * console.log(spec.title); // { text: 'loss by epoch' }
 * ```
 */
export function lines(
  series: Numbers | Line | Readonly<Record<string, Numbers | Line>>,
  options: LinesOptions = {},
): VegaLiteSpec {
  const owner = 'lines';
  checkKnown(owner, options, [...AXES_OPTIONS, ...SCALE_OPTIONS, 'x', 'levels', 'legend', 'maxPoints']);
  const axes = readAxes(owner, options);
  const size = sizeOf(owner, options);
  const maxPoints = checkInteger(owner, 'maxPoints', options.maxPoints ?? 1000, { min: 8 });
  if (typeof series !== 'object' || series === null) {
    throw new OptionError(`${owner}: series must be numbers, or several of them by names, got ${show(series)}`);
  }
  const named: Readonly<Record<string, Numbers | Line>> = isNumbers(series) || isLine(series) ? { '': series } : series;
  const names = Object.keys(named);
  if (names.length === 0) throw new DataError(`${owner}: series must have at least one line, got none`);

  const read = names.map((name) => readLine(owner, name, named[name]!, options.x));
  const total = read.reduce((sum, line) => sum + line.y.length, 0);
  const kept = read.map((line, i) => countKept(owner, names[i]!, line, axes));
  const notes = kept.reduce((sum, n) => sum + n, 0);
  const onLog = axes.x.scale === 'log' || axes.y.scale === 'log';
  const several = names.length > 1;
  const values = read.flatMap((line, i) => {
    const rows = thin(withGaps(line, axes), maxPoints);
    return several ? rows.map((row) => ({ line: names[i]!, ...row })) : rows;
  });

  const hasX = options.x !== undefined || read.some((line) => line.ownX);
  const xLabel = textOf(owner, 'xLabel', options.xLabel, hasX ? 'x' : 'step');
  const yLabel = textOf(owner, 'yLabel', options.yLabel, several || names[0] === '' ? 'value' : names[0]!);
  const title = textOf(owner, 'title', options.title, `${yLabel} by ${xLabel}`);
  const legend = textOf(owner, 'legend', options.legend, '');
  const clip = axes.x.domain !== null || axes.y.domain !== null;
  const y = axisEncoding('y', yLabel, axes.y);
  return makeSpec(title, leftOut(owner, 'series', notes, total, onLog), size, {
    data: { values },
    encoding: {
      x: {
        ...axisEncoding('x', xLabel, axes.x),
        ...(axes.x.scale === 'linear' && { axis: integerTicks(read.flatMap(({ x }) => x)) }),
      },
      ...(several && { color: lineColors(names, size.width, legend) }),
    },
    layer: [
      ...(read.some((line) => line.low !== null)
        ? [
            {
              mark: { type: 'area', opacity: 0.2, clip },
              encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
            },
          ]
        : []),
      { mark: { type: 'line', strokeCap: 'round', strokeJoin: 'round', clip }, encoding: { y } },
      ...levelLayers(owner, options.levels ?? {}),
    ],
  });
}

interface ReadLine {
  x: number[];
  y: number[];
  low: number[] | null;
  high: number[] | null;
  ownX: boolean;
}

type Row = { x: number | null; y: number | null; low?: number | null; high?: number | null };

function isLine(series: object): series is Line {
  return 'y' in series && Object.keys(series).every((key) => LINE_KEYS.includes(key));
}

const LINE_KEYS = ['x', 'y', 'low', 'high'];

function readLine(owner: string, name: string, source: Numbers | Line, commonX: Numbers | undefined): ReadLine {
  const subject = name === '' ? 'series' : name;
  if (!isNumbers(source) && (typeof source !== 'object' || source === null)) {
    throw new OptionError(`${owner}: ${subject} must be numbers or { x, y, low, high }, got ${show(source)}`);
  }
  const line: Line = isNumbers(source) ? { y: source } : source;
  if (line !== source) return { ...readXY(owner, subject, line, commonX), low: null, high: null };
  checkKnown(`${owner}: ${subject}`, line, LINE_KEYS);
  const { x, y, ownX } = readXY(owner, subject, line, commonX);
  if ((line.low === undefined) !== (line.high === undefined)) {
    throw new OptionError(`${owner}: ${subject} must have both edges of its band, low and high, or none, got one`);
  }
  const edge = (key: 'low' | 'high') =>
    line[key] === undefined ? null : readAsMany(owner, `${subject}.${key}`, line[key], `${subject}.y`, y.length);
  return { x, y, ownX, low: edge('low'), high: edge('high') };
}

function readXY(owner: string, subject: string, line: Line, commonX: Numbers | undefined) {
  const y = readNumbers(owner, subject, line.y);
  const places = line.x ?? commonX;
  if (places === undefined) return { x: y.map((_, i) => i + 1), y, ownX: false };
  const name = line.x === undefined ? 'x' : `${subject}.x`;
  const x = readNumbers(owner, name, places);
  checkAsMany(owner, subject, y.length, name, x.length);
  return { x, y, ownX: line.x !== undefined };
}

function countKept(owner: string, name: string, { x, y }: ReadLine, axes: { x: Axis; y: Axis }): number {
  const kept = y.filter((value, i) => fits(value, axes.y) && fits(x[i]!, axes.x)).length;
  leftOut(owner, name === '' ? 'series' : name, kept, y.length, axes.x.scale === 'log' || axes.y.scale === 'log');
  return kept;
}

/** The points as rows, with null where the line breaks; points without a place on the x axis are dropped. */
function withGaps({ x, y, low, high }: ReadLine, axes: { x: Axis; y: Axis }): Row[] {
  const orNull = (value: number) => (fits(value, axes.y) ? value : null);
  return y.flatMap((value, i) => {
    if (!fits(x[i]!, axes.x)) return [];
    const band = low === null ? {} : { low: orNull(low[i]!), high: orNull(high![i]!) };
    return [{ x: x[i]!, y: orNull(value), ...band }];
  });
}

/** At most about `most` rows: of each run of rows its least, its greatest and one that breaks the line, if it has one. */
function thin(rows: Row[], most: number): Row[] {
  if (rows.length <= most) return rows;
  const run = (2 * rows.length) / most;
  const kept: Row[] = [];
  for (let start = 0; start < rows.length; start += run) {
    const from = Math.round(start);
    const to = Math.min(Math.round(start + run), rows.length);
    let [least, greatest, gap] = [-1, -1, -1];
    for (let i = from; i < to; i++) {
      const value = rows[i]!.y;
      if (value === null) gap = i;
      else {
        if (least < 0 || value < rows[least]!.y!) least = i;
        if (greatest < 0 || value > rows[greatest]!.y!) greatest = i;
      }
    }
    for (const i of [...new Set([least, greatest, gap])].filter((i) => i >= 0).sort((a, b) => a - b))
      kept.push(rows[i]!);
  }
  // The ends of the line stay where they are.
  return [rows[0]!, ...kept.filter((row) => row !== rows[0] && row !== rows.at(-1)), rows.at(-1)!];
}

/** Without this the legend would show the pale color of a band. */
function lineColors(names: readonly string[], width: number, title: string): VegaLiteSpec {
  const color = colorEncoding('line', names, width, title);
  return { ...color, legend: { ...(color.legend as VegaLiteSpec), symbolType: 'stroke', symbolOpacity: 1 } };
}
