import { checkKnown, DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import { SCALE_OPTIONS, type ScaleOptions } from './axes.ts';
import { type MatrixLike, readMatrix, showShape } from './data.ts';
import { lines } from './lines.ts';
import { AXES_OPTIONS, type AxesOptions, textOf, type VegaLiteSpec } from './spec.ts';

/** What `learningCurve` and `validationCurve` of `@maru-ml/model-selection` tell. */
export interface ScoresByValue {
  /** Numbers of rows, or values of a parameter [p]. */
  readonly values: readonly unknown[];
  /** Scores on the rows fitted with [p, folds]. */
  readonly trainScores: MatrixLike;
  /** Scores on the rows held out [p, folds]. */
  readonly testScores: MatrixLike;
}

export interface ScoreCurveOptions extends AxesOptions, ScaleOptions {
  /** Names of the two lines; 'training' and 'held out'. */
  trainName?: string;
  testName?: string;
}

/**
 * A learning or a validation curve: the mean scores of models over the rows that they were fitted with, or over the values of a parameter,
 * on the rows of training and on those held out, each in a band of one standard deviation (with n) of the folds to either side.
 *
 * Both low and close: the model is too simple. Far apart: it fits noise, and more rows or a simpler model help.
 *
 * @throws ShapeError if scores are not a row for each value, DataError for values that are no numbers, OptionError
 *
 * @example
 * ```ts
 * import { scoreCurve } from '@maru-ml/plot';
 *
 * const curve = { values: [10, 20, 40], trainScores: [[1, 1], [0.97, 0.99], [0.95, 0.96]], testScores: [[0.7, 0.8], [0.84, 0.86], [0.9, 0.91]] };
 * scoreCurve(curve, { xLabel: 'rows', yLabel: 'accuracy' });
 * ```
 */
export function scoreCurve(curve: ScoresByValue, options: ScoreCurveOptions = {}): VegaLiteSpec {
  const owner = 'scoreCurve';
  checkKnown(owner, options, [...AXES_OPTIONS, ...SCALE_OPTIONS, 'trainName', 'testName']);
  const { trainName: _train, testName: _test, ...rest } = options;
  const trainName = textOf(owner, 'trainName', options.trainName, 'training');
  const testName = textOf(owner, 'testName', options.testName, 'held out');
  const { values, trainScores, testScores } = Object(curve) as ScoresByValue;
  if (!Array.isArray(values) || values.length === 0) {
    throw new OptionError(`${owner}: a curve must have values, trainScores and testScores, got ${show(curve)}`);
  }
  const x = values.map((value: unknown, i) => {
    if (typeof value === 'number') return value;
    throw new DataError(
      `${owner}: values[${i}] must be a number, got ${show(value)}; for names draw the means with bar`,
    );
  });
  const line = (name: 'trainScores' | 'testScores', scores: MatrixLike) => {
    const { data, rows, columns, shape } = readMatrix(owner, name, scores);
    if (rows !== x.length) {
      throw new ShapeError(`${owner}: ${name} must have a row for each of ${x.length} values, got ${showShape(shape)}`);
    }
    const folds = x.map((_, i) => Array.from({ length: columns }, (_, j) => data[i * columns + j]!));
    const y = folds.map(mean);
    const spread = folds.map((scores, i) => Math.sqrt(mean(scores.map((score) => (score - y[i]!) ** 2))));
    return { x, y, low: y.map((value, i) => value - spread[i]!), high: y.map((value, i) => value + spread[i]!) };
  };
  const series = { [trainName]: line('trainScores', trainScores), [testName]: line('testScores', testScores) };
  if (Object.keys(series).length < 2)
    throw new OptionError(`${owner}: trainName and testName must differ, got ${show(trainName)}`);
  return lines(series, { xLabel: 'value', yLabel: 'score', ...rest });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
