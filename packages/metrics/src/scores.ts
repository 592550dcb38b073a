import { DataError, OptionError, ShapeError, show } from '@maru-ml/base';
import { type Label, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { codesOf, numberList, sameLength } from './door.ts';

/** Labels of n rows with the scores of their classes. */
export interface Scores<L extends Label = Label> {
  readonly classes: readonly L[];
  readonly codes: Int32Array;
  /** [n, columns]; one column: the scores of the second of two classes. */
  readonly scores: Float64Array;
  readonly columns: number;
}

/**
 * Checks labels and the scores of their classes: a column for each, in ascending order, or for two classes a list of
 * numbers for the second.
 * @throws DataError for a single label or one that has no column, ShapeError where the numbers of rows or columns do not fit
 */
export function scoresOf<L extends Label>(
  owner: string,
  yTrue: ArrayLike<L>,
  yScore: ArrayLike<number> | MatrixLike,
  labels: readonly L[] | undefined,
  name = 'yScore',
): Scores<L> {
  const { classes, codes } = codesOf(owner, 'yTrue', yTrue, labels);
  checkOrder(owner, classes);
  if (classes.length < 2) {
    const remedy = labels === undefined ? 'give all of them with the option labels' : 'labels must name at least two';
    throw new DataError(`${owner}: there is only the label ${show(classes[0])}; ${remedy}`);
  }
  const unknown = codes.indexOf(-1);
  if (unknown >= 0) {
    throw new DataError(
      `${owner}: yTrue[${unknown}] is ${show(yTrue[unknown])}, which is not among the labels ${show(classes)}`,
    );
  }
  if (isList(yScore)) {
    const scores = numberList(owner, name, yScore);
    sameLength(owner, 'yTrue', codes, name, scores);
    if (classes.length > 2) {
      throw new ShapeError(
        `${owner}: ${name} must be a table [n, ${classes.length}], as there are ${classes.length} labels, got a list of numbers`,
      );
    }
    return { classes, codes, scores, columns: 1 };
  }
  const { data, rows, columns } = toMatrix(owner, yScore, { name });
  const scores = Float64Array.from(data);
  if (rows !== codes.length) {
    throw new ShapeError(
      `${owner}: yTrue has length ${codes.length}, but ${name} has ${rows} ${rows === 1 ? 'row' : 'rows'}`,
    );
  }
  if (columns === 1 && classes.length === 2) return { classes, codes, scores, columns };
  if (columns !== classes.length) {
    const remedy = labels === undefined ? '; give all labels with the option labels' : '';
    throw new ShapeError(
      `${owner}: ${name} has ${columns} ${columns === 1 ? 'column' : 'columns'}, but the number of labels is ${classes.length}${remedy}`,
    );
  }
  return { classes, codes, scores, columns };
}

/** Whether it is a list of numbers, not a table. */
export function isList(y: ArrayLike<number> | MatrixLike): y is ArrayLike<number> {
  if (ArrayBuffer.isView(y)) return true;
  return Array.isArray(y) && (y.length === 0 || typeof y[0] !== 'object' || y[0] === null);
}

/** Columns of scores are those of ascending labels, as in `predictProba`; named otherwise, they would be mixed up. */
function checkOrder(owner: string, classes: readonly Label[]): void {
  for (let i = 1; i < classes.length; i++) {
    if (classes[i - 1]! < classes[i]!) continue;
    throw new OptionError(
      `${owner}: labels must ascend, as the columns of probabilities do, but ${show(classes[i])} comes after ${show(classes[i - 1])}`,
    );
  }
}
