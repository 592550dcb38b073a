import { checkInteger, checkKnown, DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import { axisEncoding, fits, leftOut, legendBelow, readAxes } from './axes.ts';
import { parseHex, seriesColors } from './color.ts';
import { count, type Points, paddedExtent, readInterval, readPoints } from './data.ts';
import { classesOf, type Labels, readLabels } from './labels.ts';
import { highlightLayer, pictureLayer } from './layers.ts';
import { pngUrl } from './png.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';
import { HALO } from './theme.ts';

export interface DecisionRegionsOptions extends AxesOptions {
  /** The part of the plane, [low, high]; around the points. */
  xDomain?: readonly [low: number, high: number];
  yDomain?: readonly [low: number, high: number];
  /** How many places along each axis are predicted; 100. */
  resolution?: number;
  /** Points over it by their names, such as support vectors; none. */
  highlights?: Readonly<Record<string, Points>>;
  /** What the classes are, above the legend; nothing. */
  legend?: string;
}

/**
 * What a classifier says at each place of the plane, as colored regions, with the points that it learnt from over them.
 *
 * `predict` is called once, with resolution² rows [x, y], and returns a label for each of them.
 *
 * Points that are not finite are left out, and the plot says how many.
 *
 * @throws ShapeError if labels or predictions are not as many as their points, DataError if no point is left, OptionError
 *
 * @example
 * ```ts
 * import { decisionRegions } from '@maru-ml/plot';
 *
 * const predict = (rows: number[][]) => rows.map(([x, y]) => (x! * y! > 0 ? 'same' : 'different'));
 * decisionRegions(predict, [[-1, -1], [1, 1], [1, -1]], ['same', 'same', 'different'], { title: 'XOR' });
 * ```
 */
export function decisionRegions(
  predict: (grid: number[][]) => Labels,
  points: Points,
  labels: Labels,
  options: DecisionRegionsOptions = {},
): VegaLiteSpec {
  const owner = 'decisionRegions';
  checkKnown(owner, options, [...AXES_OPTIONS, 'xDomain', 'yDomain', 'resolution', 'highlights', 'legend']);
  if (typeof predict !== 'function') {
    throw new OptionError(`${owner}: predict must be a function of rows [x, y], got ${show(predict)}`);
  }
  const resolution = checkInteger(owner, 'resolution', options.resolution ?? 100, { min: 2, max: 1000 });
  const size = sizeOf(owner, options, { width: 280, height: 240 });
  const { x, y } = readPoints(owner, 'points', points);
  const given = readLabels(owner, 'labels', labels, { name: 'points', n: x.length });
  const free = readAxes(owner, {});
  const shown = x.flatMap((_, i) => (fits(x[i]!, free.x) && fits(y[i]!, free.y) ? [i] : []));
  const notes = leftOut(owner, 'points', shown.length, x.length, false);
  const domain = (name: 'xDomain' | 'yDomain', values: number[]) =>
    options[name] === undefined ? paddedExtent(values) : readInterval(owner, name, options[name]);
  const [xDomain, yDomain] = [domain('xDomain', x), domain('yDomain', y)];

  const predicted = readLabels(owner, 'predict', predict(centers(xDomain, yDomain, resolution)));
  if (predicted.labels.length !== resolution ** 2) {
    throw new ShapeError(
      `${owner}: predict must return a label for each of ${resolution ** 2} rows, got ${predicted.labels.length}`,
    );
  }
  const classes = classesOf([...given.classes, ...predicted.classes]);
  if (classes.length > MOST_CLASSES) {
    throw new DataError(
      `${owner}: predict must return one of a few classes, got ${count(classes.length, 'different label')}; for numbers use contour`,
    );
  }
  const colors = seriesColors(classes.length);
  const axes = { x: { scale: 'linear', domain: xDomain }, y: { scale: 'linear', domain: yDomain } } as const;
  const xLabel = textOf(owner, 'xLabel', options.xLabel, 'x');
  const yLabel = textOf(owner, 'yLabel', options.yLabel, 'y');
  const legend = textOf(owner, 'legend', options.legend, '');
  const title = textOf(owner, 'title', options.title, `Regions over ${xLabel} and ${yLabel}`);
  return makeSpec(title, notes, size, {
    encoding: {
      x: { ...axisEncoding('x', xLabel, axes.x), axis: { grid: false } },
      y: { ...axisEncoding('y', yLabel, axes.y), axis: { grid: false } },
    },
    layer: [
      pictureLayer(regions(predicted.labels, classes, colors, resolution), false),
      {
        data: { values: shown.map((i) => ({ x: x[i]!, y: y[i]!, class: given.labels[i]! })) },
        mark: {
          ...{ type: 'point', filled: true, opacity: 1, size: x.length > 300 ? 14 : 30, clip: true },
          ...{ stroke: HALO, strokeWidth: 0.6 },
        },
        encoding: {
          fill: {
            ...{ field: 'class', type: 'nominal', title: legend === '' ? null : legend },
            ...{ scale: { domain: classes, range: colors }, legend: legendBelow(classes, size.width) },
          },
        },
      },
      ...highlightLayer(owner, options.highlights ?? {}, axes, size.width, true),
    ],
  });
}

/** Numbers are sometimes predicted where classes are meant. */
const MOST_CLASSES = 100;

/** The centers of the picture's pixels, its first row at the greatest y. */
function centers(x: [number, number], y: [number, number], n: number): number[][] {
  const at = ([low, high]: [number, number], i: number) => low + ((high - low) * (i + 0.5)) / n;
  return Array.from({ length: n * n }, (_, k) => [at(x, k % n), at(y, n - 1 - Math.floor(k / n))]);
}

/** Region colors let the ground through, so that they are pale on a light one and dim on a dark one. */
function regions(labels: string[], classes: string[], colors: string[], n: number): string {
  const index = new Map(classes.map((name, i) => [name, i]));
  const palette = colors.map((color) => [...parseHex(color), 96] as [number, number, number, number]);
  return pngUrl({ width: n, height: n, pixels: Uint8Array.from(labels, (label) => index.get(label)!), palette });
}
