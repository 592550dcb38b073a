import { checkInteger, checkKnown, DataError } from '@maru-ml/base';
import { axisEncoding, colorEncoding, fits, leftOut, readAxes, SCALE_OPTIONS, type ScaleOptions } from './axes.ts';
import { count, digits, type Numbers, type Points, readAsMany, readPoints } from './data.ts';
import { type Labels, readLabels } from './labels.ts';
import { highlightLayer } from './layers.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';

export interface ScatterOptions extends AxesOptions, ScaleOptions {
  /** [n], what gives each point its color, such as a class or a cluster; all points are alike. */
  groups?: Labels;
  /** [n], ≥ 0, what gives each point its area; all points are alike. */
  sizes?: Numbers;
  /** [n], text beside each point; none. */
  labels?: Labels;
  /** Points drawn larger in signs of their own, by their names, such as centroids or support vectors; none. */
  highlights?: Readonly<Record<string, Points>>;
  /** What the groups are, above the legend; nothing. */
  legend?: string;
  /** What the sizes measure; 'size'. */
  sizeLabel?: string;
  /** Of more points every k-th is drawn, and the plot says so; 3000. */
  maxPoints?: number;
}

/**
 * Points in the plane, in groups, of sizes, with labels.
 *
 * Points that are not finite, or not above 0 on a logarithmic axis, are left out, and the plot says how many.
 *
 * @throws ShapeError if columns differ in length, DataError if no point is left, OptionError
 *
 * @example
 * ```ts
 * import { scatter } from '@maru-ml/plot';
 *
 * const points = { x: [1.4, 1.3, 4.7], y: [0.2, Number.NaN, 1.4] };
 * const spec = scatter(points, { groups: [0, 0, 1], highlights: { centroids: [[1.4, 0.2]] }, yLabel: 'petal width' });
 * console.log(spec.title);
 * // {
 * //   text: 'petal width by x',
 * //   subtitle: '1 point of 3 left out: not finite'
 * // }
 * ```
 */
export function scatter(points: Points, options: ScatterOptions = {}): VegaLiteSpec {
  const owner = 'scatter';
  const own = ['groups', 'sizes', 'labels', 'highlights', 'legend', 'sizeLabel', 'maxPoints'];
  checkKnown(owner, options, [...AXES_OPTIONS, ...SCALE_OPTIONS, ...own]);
  const axes = readAxes(owner, options);
  const size = sizeOf(owner, options);
  const maxPoints = checkInteger(owner, 'maxPoints', options.maxPoints ?? 3000, { min: 1 });
  const { x, y } = readPoints(owner, 'points', points);
  const all = { name: 'points', n: x.length };
  const groups = options.groups === undefined ? null : readLabels(owner, 'groups', options.groups, all);
  const labels = options.labels === undefined ? null : readLabels(owner, 'labels', options.labels, all).labels;
  const sizes = options.sizes === undefined ? null : readSizes(owner, options.sizes, x.length);

  const shown = x.flatMap((_, i) => (fits(x[i]!, axes.x) && fits(y[i]!, axes.y) && (sizes?.[i] ?? 0) >= 0 ? [i] : []));
  const onLog = axes.x.scale === 'log' || axes.y.scale === 'log';
  const notes = leftOut(owner, 'points', shown.length, x.length, onLog);
  const drawn = everyKth(shown, maxPoints);
  if (drawn.length < shown.length) {
    notes.push(`${count(drawn.length, 'point')} of ${digits(shown.length)} drawn`);
  }
  const values = drawn.map((i) => ({
    x: x[i]!,
    y: y[i]!,
    ...(groups && { group: groups.labels[i]! }),
    ...(sizes && { size: sizes[i]! }),
    ...(labels && { label: labels[i]! }),
  }));

  const xLabel = textOf(owner, 'xLabel', options.xLabel, 'x');
  const yLabel = textOf(owner, 'yLabel', options.yLabel, 'y');
  const title = textOf(owner, 'title', options.title, `${yLabel} by ${xLabel}`);
  const legend = textOf(owner, 'legend', options.legend, '');
  const sizeTitle = textOf(owner, 'sizeLabel', options.sizeLabel, 'size');
  const clip = axes.x.domain !== null || axes.y.domain !== null;
  return makeSpec(title, notes, size, {
    data: { values },
    encoding: { x: axisEncoding('x', xLabel, axes.x, 6), y: axisEncoding('y', yLabel, axes.y, 6) },
    layer: [
      {
        mark: { type: 'point', filled: true, opacity: 0.7, size: x.length > 300 ? 14 : 30, clip },
        encoding: {
          ...(groups && { color: colorEncoding('group', groups.classes, size.width, legend) }),
          ...(sizes && {
            size: { field: 'size', type: 'quantitative', title: sizeTitle, legend: { orient: 'bottom' } },
          }),
        },
      },
      ...(labels === null
        ? []
        : [
            {
              mark: { type: 'text', align: 'left', dx: 6, dy: -5, clip },
              encoding: { text: { field: 'label', type: 'nominal' } },
            },
          ]),
      ...highlightLayer(owner, options.highlights ?? {}, axes, size.width, clip),
    ],
  });
}

function readSizes(owner: string, source: Numbers, n: number): number[] {
  const sizes = readAsMany(owner, 'sizes', source, 'points', n);
  const wrong = sizes.findIndex((size) => size < 0);
  if (wrong >= 0) throw new DataError(`${owner}: sizes[${wrong}] must be ≥ 0, got ${sizes[wrong]}`);
  return sizes.map((size) => (Number.isFinite(size) ? size : -1));
}

function everyKth(indices: number[], most: number): number[] {
  const k = Math.ceil(indices.length / most);
  return k <= 1 ? indices : indices.filter((_, i) => i % k === 0);
}
