import { checkBoolean, checkKnown, DataError } from '@maru-ml/base';
import { integerTicks } from './axes.ts';
import { type ColorRamp, colorAt, isDark, rampStops } from './color.ts';
import { checkAsMany, count, digits, extent, type MatrixLike, readInterval, readMatrix, shortNumber } from './data.ts';
import { checkDifferent, type Labels, readLabels } from './labels.ts';
import { pictureLayer, rampPicture } from './layers.ts';
import {
  AXES_OPTIONS,
  type AxesOptions,
  type Json,
  makeSpec,
  type Size,
  sizeOf,
  textOf,
  type VegaLiteSpec,
} from './spec.ts';

export interface HeatmapOptions extends AxesOptions {
  /** [rows], the names of rows; 0, 1, 2, … */
  rowLabels?: Labels;
  /** [columns], the names of columns; 0, 1, 2, … */
  columnLabels?: Labels;
  /** Writes the values into the cells; false. */
  print?: boolean;
  /** 'viridis', 'gray' or 'diverging', which has its middle at 0; 'viridis'. */
  ramp?: ColorRamp;
  /** The values of the first and the last color, [low, high]; the least and the greatest value. */
  domain?: readonly [low: number, high: number];
  /** What the values are, beside the legend; 'value'. */
  valueLabel?: string;
}

/** Above this many cells they are the pixels of one picture. */
const MOST_RECTS = 1000;

/**
 * A table of numbers [rows, columns] as colored cells, the first row on top.
 *
 * Cells that are not finite stay empty, and the plot says how many. More than 1000 cells become one picture, which is small
 * whatever their number; values are then not printed.
 *
 * @throws ShapeError if the values are no table or labels do not fit, DataError if no value is finite, OptionError
 */
export function heatmap(values: MatrixLike, options: HeatmapOptions = {}): VegaLiteSpec {
  const owner = 'heatmap';
  checkKnown(owner, options, [...AXES_OPTIONS, ...HEATMAP_OPTIONS]);
  const { data, rows, columns } = readMatrix(owner, 'values', values);
  const rowLabels = labelsOf(owner, 'rowLabels', options.rowLabels, 'rows', rows);
  const columnLabels = labelsOf(owner, 'columnLabels', options.columnLabels, 'columns', columns);
  return drawHeatmap(owner, { data, rowLabels, columnLabels }, options);
}

const HEATMAP_OPTIONS = ['rowLabels', 'columnLabels', 'print', 'ramp', 'domain', 'valueLabel'];

/** A table with named rows and columns. */
export interface NamedTable {
  data: ArrayLike<number>;
  rowLabels: readonly string[];
  columnLabels: readonly string[];
}

/** @internal The plot of a table that is known to be right. */
export function drawHeatmap(
  owner: string,
  { data, rowLabels, columnLabels }: NamedTable,
  options: HeatmapOptions,
): VegaLiteSpec {
  const [rows, columns] = [rowLabels.length, columnLabels.length];
  const print = checkBoolean(owner, 'print', options.print ?? false);
  const stops = rampStops(owner, options.ramp, 'viridis');
  const [low, high] = domainOf(owner, data, options);
  const size = sizeOf(owner, options, cellSize(rows, columns, print));
  const empty = Array.from(data).filter((value) => !Number.isFinite(value)).length;
  const title = textOf(owner, 'title', options.title, textOf(owner, 'valueLabel', options.valueLabel, 'Values'));
  const color = {
    ...{ field: 'value', type: 'quantitative', title: textOf(owner, 'valueLabel', options.valueLabel, 'value') },
    scale: { domain: [low, high], range: stops, interpolate: 'rgb', clamp: true },
    legend: { orient: 'bottom', gradientLength: Math.max(60, size.width), ...integerTicks(data) },
  };
  const place = (value: number) => (high === low ? 0.5 : (value - low) / (high - low));
  const isPicture = rows * columns > MOST_RECTS;
  const body = isPicture
    ? pictureLayers(data, rowLabels, columnLabels, stops, place, color)
    : cellLayers(data, rowLabels, columnLabels, stops, place, color, print);
  const note = empty === 0 ? [] : [`${count(empty, 'cell')} of ${digits(data.length)} empty: not finite`];
  return makeSpec(title, note, size, {
    encoding: {
      x: axis('column', textOf(owner, 'xLabel', options.xLabel, 'column'), columnLabels, size.width),
      y: axis('row', textOf(owner, 'yLabel', options.yLabel, 'row'), rowLabels, 0),
    },
    ...body,
  });
}

function labelsOf(owner: string, name: string, source: Labels | undefined, other: string, n: number): string[] {
  if (source === undefined) return Array.from({ length: n }, (_, i) => String(i));
  const { labels } = readLabels(owner, name, source);
  checkAsMany(owner, name, labels.length, other === 'rows' ? 'a column of values' : 'a row of values', n);
  checkDifferent(owner, name, labels);
  return labels;
}

function domainOf(owner: string, data: ArrayLike<number>, { domain, ramp }: HeatmapOptions): [number, number] {
  if (domain !== undefined) return readInterval(owner, 'domain', domain);
  const [low, high] = extent(data);
  if (low > high) throw new DataError(`${owner}: values must have a finite value, got none`);
  if (ramp !== 'diverging') return [low, high];
  const most = Math.max(Math.abs(low), Math.abs(high));
  return [-most, most];
}

/** Cells are squares where that gives a plot of a usual size, and hold their numbers if these are printed. */
function cellSize(rows: number, columns: number, print: boolean): Size {
  const side = Math.min(Math.max(280 / columns, print ? 22 : 1), 44);
  return {
    width: Math.max(40, Math.round(side * columns)),
    height: Math.min(Math.max(Math.round(side * rows), Math.min(rows * 16, 160), 40), 420),
  };
}

function axis(field: string, title: string, labels: readonly string[], width: number): VegaLiteSpec {
  const longest = Math.max(...labels.map((label) => label.length)) * 6.5;
  // Rows are read across; columns only where their names fit side by side, or if every few of them tell enough (numbers).
  const numbers = labels.every((label) => /^\d+$/.test(label));
  const upright = field === 'row' || numbers || longest < width / labels.length;
  return {
    ...{
      field,
      type: 'nominal',
      title: title === '' ? null : title,
      sort: null,
      scale: { domain: labels, padding: 0 },
    },
    axis: {
      labelAngle: upright ? 0 : -40,
      labelOverlap: labels.length > 40,
      ticks: false,
      domain: false,
      ...(numbers && { values: everyFew(labels) }),
    },
  };
}

/** Of many numbers only round ones. */
function everyFew(labels: readonly string[]): readonly string[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((step) => labels.length / step <= 12) ?? 5000;
  return labels.filter((_, i) => i % step === 0);
}

function cellLayers(
  data: ArrayLike<number>,
  rowLabels: readonly string[],
  columnLabels: readonly string[],
  stops: readonly string[],
  place: (value: number) => number,
  color: VegaLiteSpec,
  print: boolean,
): VegaLiteSpec {
  const values: VegaLiteSpec[] = [];
  for (const [i, row] of rowLabels.entries()) {
    for (const [j, column] of columnLabels.entries()) {
      const value = data[i * columnLabels.length + j]!;
      if (!Number.isFinite(value)) continue;
      values.push({
        row,
        column,
        value,
        ...(print && { text: shortNumber(value) }),
        ...(print && isDark(colorAt(stops, place(value))) && { dark: true }),
      });
    }
  }
  const text = {
    mark: { type: 'text' },
    encoding: {
      text: { field: 'text', type: 'nominal' },
      color: { condition: { test: 'datum.dark === true', value: '#ffffff' }, value: '#000000' },
    },
  };
  return { data: { values }, layer: [{ mark: { type: 'rect' }, encoding: { color } }, ...(print ? [text] : [])] };
}

/** One picture over the whole plot, and two unseen marks which the axes and the legend are made from. */
function pictureLayers(
  data: ArrayLike<number>,
  rowLabels: readonly string[],
  columnLabels: readonly string[],
  stops: readonly string[],
  place: (value: number) => number,
  color: VegaLiteSpec,
): VegaLiteSpec {
  const url = rampPicture(data, rowLabels.length, columnLabels.length, stops, place);
  const { domain } = color.scale as { domain: Json[] };
  return {
    data: { values: domain.map((value) => ({ row: rowLabels[0]!, column: columnLabels[0]!, value })) },
    layer: [pictureLayer(url, false), { mark: { type: 'square', opacity: 0 }, encoding: { color } }],
  };
}
