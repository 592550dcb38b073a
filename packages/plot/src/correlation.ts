import { checkKnown, DataError, ShapeError } from '@maru-ml/base';
import { type MatrixLike, readMatrix } from './data.ts';
import { drawHeatmap } from './heatmap.ts';
import { checkDifferent, type Labels, readLabels } from './labels.ts';
import { AXES_OPTIONS, type AxesOptions, type VegaLiteSpec } from './spec.ts';

export interface CorrelationOptions extends AxesOptions {
  /** [d], the names of the columns; 0, 1, 2, … */
  labels?: Labels;
}

/**
 * A table of correlations [d, d] as a heat map from -1 (blue) over 0 (white) to 1 (orange), with its values in the cells up to 12 columns.
 *
 * @throws ShapeError if the table is not square or has another number of labels, DataError if a value is not from -1 to 1, OptionError
 */
export function correlation(matrix: MatrixLike, options: CorrelationOptions = {}): VegaLiteSpec {
  const owner = 'correlation';
  checkKnown(owner, options, [...AXES_OPTIONS, 'labels']);
  const { data, rows: d, columns } = readMatrix(owner, 'matrix', matrix);
  if (d !== columns) throw new ShapeError(`${owner}: matrix must be square, got shape [${d}, ${columns}]`);
  const wrong = Array.from(data).findIndex((value) => Math.abs(value) > 1 + 1e-9);
  if (wrong >= 0) {
    const place = `${Math.floor(wrong / d)}, ${wrong % d}`;
    throw new DataError(`${owner}: matrix[${place}] must be from -1 to 1, got ${data[wrong]}`);
  }
  const labels =
    options.labels === undefined
      ? Array.from({ length: d }, (_, i) => String(i))
      : readLabels(owner, 'labels', options.labels, { name: 'matrix', n: d }).labels;
  checkDifferent(owner, 'labels', labels);
  const { labels: _, ...rest } = options;
  return drawHeatmap(
    owner,
    { data, rowLabels: labels, columnLabels: labels },
    {
      ...{ title: 'Correlations', xLabel: '', yLabel: '', valueLabel: 'correlation' },
      ...{ print: d <= 12, ramp: 'diverging', domain: [-1, 1] },
      ...rest,
    },
  );
}
