import { checkInteger, checkKnown, DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import { axisEncoding, fits, leftOut, legendBelow, readAxes } from './axes.ts';
import { bandPicture } from './band-picture.ts';
import { parseHex, seriesColors } from './color.ts';
import { count, type Numbers, type Points, paddedExtent, readInterval, readNumbers, readPoints } from './data.ts';
import { type Labels, readLabels } from './labels.ts';
import { pictureLayer } from './layers.ts';
import { marchingSquares } from './marching-squares.ts';
import { simplify } from './paths.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';
import { HALO, INK } from './theme.ts';

export interface MarginsOptions extends AxesOptions {
  /** The places of the support vectors among the points, ringed; none. */
  support?: ArrayLike<number>;
  /** The part of the plane, [low, high]; around the points. */
  xDomain?: readonly [low: number, high: number];
  yDomain?: readonly [low: number, high: number];
  /** How many places along each axis are decided; 100. */
  resolution?: number;
  /** What the classes are, above the legend; nothing. */
  legend?: string;
}

/**
 * What a support vector machine of two classes decides in the plane: the line where its decision is 0, its margins at -1 and 1 (dashed),
 * the two sides colored, and the points that it learnt from with its support vectors ringed.
 *
 * `decide` is called once, with resolution² rows [x, y], and returns a number for each of them: above 0 on the side of the second
 * class in ascending order.
 *
 * @throws ShapeError if labels or decisions are not as many as their points, DataError for labels of other than two classes,
 *   OptionError
 *
 * @example
 * ```ts
 * import { margins } from '@maru-ml/plot';
 *
 * const decide = (rows: number[][]) => rows.map(([x, y]) => x! + y!);
 * margins(decide, [[-1, -1], [0, -1], [1, 1], [2, 0]], [0, 0, 1, 1], { support: [1, 3] });
 * ```
 */
export function margins(
  decide: (grid: number[][]) => Numbers,
  points: Points,
  labels: Labels,
  options: MarginsOptions = {},
): VegaLiteSpec {
  const owner = 'margins';
  checkKnown(owner, options, [...AXES_OPTIONS, 'support', 'xDomain', 'yDomain', 'resolution', 'legend']);
  if (typeof decide !== 'function') {
    throw new OptionError(`${owner}: decide must be a function of rows [x, y], got ${show(decide)}`);
  }
  const resolution = checkInteger(owner, 'resolution', options.resolution ?? 100, { min: 2, max: 1000 });
  const size = sizeOf(owner, options, { width: 280, height: 240 });
  const { x, y } = readPoints(owner, 'points', points);
  const { labels: names, classes } = readLabels(owner, 'labels', labels, { name: 'points', n: x.length });
  if (classes.length !== 2) {
    throw new DataError(`${owner}: labels must be of two classes, got ${count(classes.length, 'class')}`);
  }
  const support = new Set(readSupport(owner, options.support, x.length));
  const free = readAxes(owner, {});
  const shown = x.flatMap((_, i) => (fits(x[i]!, free.x) && fits(y[i]!, free.y) ? [i] : []));
  const notes = leftOut(owner, 'points', shown.length, x.length, false);
  const domain = {
    x: options.xDomain === undefined ? paddedExtent(x) : readInterval(owner, 'xDomain', options.xDomain),
    y: options.yDomain === undefined ? paddedExtent(y) : readInterval(owner, 'yDomain', options.yDomain),
  };

  const n = resolution;
  const place = ([low, high]: [number, number], i: number) => low + ((high - low) * i) / (n - 1);
  const rows = Array.from({ length: n * n }, (_, k) => [place(domain.x, k % n), place(domain.y, Math.floor(k / n))]);
  const decisions = readNumbers(owner, 'decide', decide(rows));
  if (decisions.length !== n * n) {
    throw new ShapeError(
      `${owner}: decide must return a number for each of ${n * n} rows, got ${decisions.length}; it is for two classes`,
    );
  }
  const colors = seriesColors(2);
  const decided = { values: decisions, rows: n, columns: n };
  const levels = [-1, 0, 1].flatMap((level) =>
    marchingSquares(decided, level).map((line, k) =>
      simplify(
        line.map(([i, j]) => [place(domain.x, i), place(domain.y, j)]),
        domain,
        size,
      ).map(([x, y]) => ({ line: `${level} ${k}`, level: level === 0 ? 'boundary' : 'margin', x, y })),
    ),
  );
  const axes = { x: { scale: 'linear', domain: domain.x }, y: { scale: 'linear', domain: domain.y } } as const;
  const xLabel = textOf(owner, 'xLabel', options.xLabel, 'x');
  const yLabel = textOf(owner, 'yLabel', options.yLabel, 'y');
  const legend = textOf(owner, 'legend', options.legend, '');
  const title = textOf(owner, 'title', options.title, `Margins over ${xLabel} and ${yLabel}`);
  const pointSize = x.length > 300 ? 14 : 30;
  const values = shown.map((i) => ({ x: x[i]!, y: y[i]!, class: names[i]! }));
  return makeSpec(title, notes, size, {
    encoding: {
      x: { ...axisEncoding('x', xLabel, axes.x), axis: { grid: false } },
      y: { ...axisEncoding('y', yLabel, axes.y), axis: { grid: false } },
    },
    layer: [
      pictureLayer(bandPicture(decided, [0], colors.map(parseHex), 0.3, size), true),
      {
        data: { values: levels.flat() },
        mark: { type: 'line', color: INK, strokeWidth: 1.4 },
        encoding: {
          ...{ detail: { field: 'line', type: 'nominal' }, order: { value: null } },
          strokeDash: {
            ...{ field: 'level', type: 'nominal', title: null, legend: { orient: 'bottom' } },
            scale: {
              domain: ['boundary', 'margin'],
              range: [
                [1, 0],
                [4, 3],
              ],
            },
          },
        },
      },
      {
        data: { values },
        mark: { type: 'point', filled: true, opacity: 1, size: pointSize, clip: true, stroke: HALO, strokeWidth: 0.6 },
        encoding: {
          fill: {
            ...{ field: 'class', type: 'nominal', title: legend === '' ? null : legend },
            ...{ scale: { domain: classes, range: colors }, legend: legendBelow(classes, size.width) },
          },
        },
      },
      ...(support.size === 0
        ? []
        : [
            {
              data: { values: shown.filter((i) => support.has(i)).map((i) => ({ x: x[i]!, y: y[i]!, ring: SUPPORT })) },
              mark: { type: 'point', filled: false, size: 3.5 * pointSize, stroke: INK, strokeWidth: 1, clip: true },
              encoding: {
                shape: {
                  ...{ field: 'ring', type: 'nominal', title: null },
                  ...{ scale: { domain: [SUPPORT], range: ['circle'] }, legend: { orient: 'bottom' } },
                },
              },
            },
          ]),
    ],
  });
}

const SUPPORT = 'support vector';

function readSupport(owner: string, source: unknown, n: number): number[] {
  if (source === undefined) return [];
  const found = Object(source) as ArrayLike<number>;
  if (typeof found.length !== 'number') {
    throw new OptionError(`${owner}: support must be the places of points, got ${show(source)}`);
  }
  return Array.from(found, (place, i) => checkInteger(owner, `support[${i}]`, place, { min: 0, max: n - 1 }));
}
