import { checkBoolean, checkKnown, checkNumber, DataError } from '@maru-ml/base';
import { type Numbers, readNumbers } from './data.ts';
import { levelLayers } from './layers.ts';
import { AXES_OPTIONS, type AxesOptions, makeSpec, sizeOf, textOf, type VegaLiteSpec } from './spec.ts';

export interface ScreeOptions extends AxesOptions {
  /** The line of the shares added up; true. */
  cumulative?: boolean;
  /** The whole variance, where only the first eigenvalues are given: 1 if they are shares already; their sum. */
  total?: number;
  /** The share to be explained, such as .7: a dashed line, and the title tells how many components reach it; none. */
  threshold?: number;
}

/**
 * The share λᵢ / Σ λ of the variance that each component explains, from the eigenvalues [k], with the shares
 * added up.
 *
 * R. Cattell: The scree test for the number of factors. Multivariate Behavioral Research 1, 1966.
 *
 * @throws DataError if a value is negative or not finite, or all are 0, OptionError
 */
export function scree(eigenvalues: Numbers, options: ScreeOptions = {}): VegaLiteSpec {
  const owner = 'scree';
  checkKnown(owner, options, [...AXES_OPTIONS, 'cumulative', 'total', 'threshold']);
  const cumulative = checkBoolean(owner, 'cumulative', options.cumulative ?? true);
  const size = sizeOf(owner, options);
  const values = readNumbers(owner, 'eigenvalues', eigenvalues);
  const wrong = values.findIndex((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY));
  if (wrong >= 0) {
    throw new DataError(`${owner}: eigenvalues[${wrong}] must be a finite number ≥ 0, got ${values[wrong]}`);
  }
  const sum = values.reduce((sum, value) => sum + value, 0);
  if (sum === 0) throw new DataError(`${owner}: eigenvalues must not be all 0`);
  const total = checkNumber(owner, 'total', options.total ?? sum, { above: 0 });
  let added = 0;
  const rows = values.map((value, i) => {
    added += value / total;
    return { component: String(i + 1), share: value / total, cumulative: added };
  });
  const { threshold } = options;
  let title = 'Variance explained';
  if (threshold !== undefined) {
    checkNumber(owner, 'threshold', threshold, { above: 0, max: 1 });
    const enough = rows.findIndex((row) => row.cumulative >= threshold - 1e-12) + 1;
    if (enough > 0) title += `: ${enough} of ${rows.length} components reach ${Math.round(100 * threshold)} %`;
  }
  const y = (field: string) => ({
    ...{ field, type: 'quantitative', title: textOf(owner, 'yLabel', options.yLabel, 'share of the variance') },
    axis: { format: '%' },
  });
  return makeSpec(textOf(owner, 'title', options.title, title), [], size, {
    data: { values: rows },
    encoding: {
      x: {
        ...{ field: 'component', type: 'ordinal', sort: null },
        title: textOf(owner, 'xLabel', options.xLabel, 'component'),
        axis: { labelAngle: 0, grid: false, labelOverlap: true },
      },
    },
    layer: [
      { mark: { type: 'bar' }, encoding: { y: y('share') } },
      ...(cumulative
        ? [
            {
              mark: { type: 'line', color: '#d55e00', point: rows.length <= 40 && { color: '#d55e00', size: 20 } },
              encoding: { y: y('cumulative') },
            },
          ]
        : []),
      ...(threshold === undefined ? [] : levelLayers(owner, { '': threshold })),
    ],
  });
}
