import { checkInteger, checkKnown, checkNumber } from '@maru-ml/base';
import { leftOut } from './axes.ts';
import { type Numbers, readNumbers, shortNumber } from './data.ts';
import type { Labels } from './labels.ts';
import { levelLayers, textLayer } from './layers.ts';
import { namesOf } from './residuals.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';

export interface CooksDistanceOptions extends AxesOptions {
  /** Above it a row is drawn as influential, such as Fox's 4 / (n - k - 1); 4 / n. */
  threshold?: number;
  /** [n], what the rows are called; their numbers from 0. */
  labels?: Labels;
  /** How many of the most influential rows are named; 5. */
  mark?: number;
}

/**
 * Cook's distance of each row [n] as a stem: how far all fitted values move when the row is left out. Rows above the threshold stand out, and
 * the plot counts them.
 *
 * R. D. Cook: Detection of influential observation in linear regression. Technometrics 19, 1977.
 *
 * @throws DataError if there is no finite distance, OptionError
 */
export function cooksDistance(distances: Numbers, options: CooksDistanceOptions = {}): VegaLiteSpec {
  const owner = 'cooksDistance';
  checkKnown(owner, options, [...AXES_OPTIONS, 'threshold', 'labels', 'mark']);
  const size = sizeOf(owner, options);
  const values = readNumbers(owner, 'distances', distances);
  const n = values.length;
  const threshold = checkNumber(owner, 'threshold', options.threshold ?? 4 / n, { min: 0 });
  const mark = checkInteger(owner, 'mark', options.mark ?? 5, { min: 0 });
  const names = namesOf(owner, options.labels, 'distances', n);
  const rows = values.flatMap((distance, row) =>
    Number.isFinite(distance) ? [{ x: row, y: distance, zero: 0, influential: distance > threshold }] : [],
  );
  const notes = leftOut(owner, 'distances', rows.length, n, false, 'row');
  const above = rows.filter(({ influential }) => influential).sort((a, b) => b.y - a.y);
  const title = `${above.length} of ${n} ${n === 1 ? 'row' : 'rows'} above ${shortNumber(threshold)}`;
  const xLabel = textOf(owner, 'xLabel', options.xLabel, 'row');
  const yLabel = textOf(owner, 'yLabel', options.yLabel, "Cook's distance");
  const y = { field: 'y', type: 'quantitative', title: yLabel };
  return makeSpec(textOf(owner, 'title', options.title, `${yLabel}: ${title}`), notes, size, {
    data: { values: rows },
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        title: xLabel,
        axis: { grid: false },
        scale: { zero: false, nice: false },
      },
    },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: n > 300 ? 1 : 1.5 },
        encoding: {
          y: { ...y, field: 'zero' },
          y2: { field: 'y' },
          color: { condition: { test: 'datum.influential', value: '#d55e00' }, value: '#0072b2' },
        },
      },
      ...levelLayers(owner, { '': threshold }),
      ...textLayer(
        above.slice(0, mark).map(({ x, y }) => ({ x, y, label: names[x]! })),
        { y },
      ),
    ],
  });
}
