import { checkBoolean, checkKnown, DataError } from '@maru-ml/base';
import { drawHeatmap } from './heatmap.ts';
import { checkDifferent, classesOf, type Labels, readLabels } from './labels.ts';
import { AXES_OPTIONS, type AxesOptions, type VegaLiteSpec } from './spec.ts';

export interface ConfusionMatrixOptions extends AxesOptions {
  /** The order of the classes; numbers by size, then text by its characters. */
  classes?: Labels;
  /** Shares of each true class instead of counts; false. */
  normalize?: boolean;
}

/**
 * How often each class (rows) was taken for each class (columns), from n true and n predicted labels. The title gives the accuracy. (A
 * matrix that is already counted is a `heatmap` with `print: true`.)
 *
 * @throws ShapeError if there are not as many predictions as labels, DataError if there are none or one is not among `classes`, OptionError
 */
export function confusionMatrix(yTrue: Labels, yPred: Labels, options: ConfusionMatrixOptions = {}): VegaLiteSpec {
  const owner = 'confusionMatrix';
  checkKnown(owner, options, [...AXES_OPTIONS, 'classes', 'normalize']);
  const normalize = checkBoolean(owner, 'normalize', options.normalize ?? false);
  const truth = readLabels(owner, 'yTrue', yTrue);
  const n = truth.labels.length;
  if (n === 0) throw new DataError(`${owner}: yTrue must have at least one label, got none`);
  const predicted = readLabels(owner, 'yPred', yPred, { name: 'yTrue', n });
  const classes = readClasses(owner, options.classes) ?? classesOf([...truth.classes, ...predicted.classes]);

  const index = new Map(classes.map((name, i) => [name, i]));
  const place = (name: string, label: string, i: number) => {
    const found = index.get(label);
    if (found !== undefined) return found;
    throw new DataError(`${owner}: ${name}[${i}] must be one of the classes, got '${label}'`);
  };
  const counts = new Array<number>(classes.length ** 2).fill(0);
  let right = 0;
  for (let i = 0; i < n; i++) {
    const row = place('yTrue', truth.labels[i]!, i);
    const column = place('yPred', predicted.labels[i]!, i);
    counts[row * classes.length + column]!++;
    if (row === column) right++;
  }
  const { classes: _, normalize: __, ...rest } = options;
  return drawHeatmap(
    owner,
    { data: normalize ? sharesOfRows(counts, classes.length) : counts, rowLabels: classes, columnLabels: classes },
    {
      title: `Confusion matrix, accuracy ${((100 * right) / n).toFixed(1)}%`,
      ...{ xLabel: 'predicted', yLabel: 'true', valueLabel: normalize ? 'share of the true class' : 'count' },
      ...{ print: classes.length <= 12, ...(normalize && { domain: [0, 1] as const }) },
      ...rest,
    },
  );
}

function readClasses(owner: string, classes: Labels | undefined): string[] | null {
  if (classes === undefined) return null;
  const { labels } = readLabels(owner, 'classes', classes);
  checkDifferent(owner, 'classes', labels);
  return labels;
}

/** A class that never occurs has no shares. */
function sharesOfRows(counts: number[], k: number): number[] {
  return counts.map((n, i) => {
    const row = Math.floor(i / k) * k;
    return n / counts.slice(row, row + k).reduce((sum, value) => sum + value, 0);
  });
}
