import { isSparse, isTensor, type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { countRows } from '../rows.ts';

/** Whether rows are a table of numbers, or what is meant to be one: not sparse rows, named columns or texts. */
function isTable(x: unknown): x is MatrixLike {
  if (typeof x !== 'object' || x === null || isTensor(x)) return true;
  if (isSparse(x)) return false;
  if (Array.isArray(x)) return typeof x[0] !== 'string';
  return ('data' in x && 'shape' in x) || Object.keys(x).length === 0;
}

/**
 * The number of rows of what an estimator within another one gets. Tables are checked in the outer one's name; NaN is left to the inner.
 * @param columns how many the model was fitted with
 */
export function checkRows(owner: string, x: unknown, columns?: number): number {
  if (!isTable(x)) return countRows(owner, x);
  return toMatrix(owner, x, { allowMissing: true, ...(columns !== undefined && { columns }) }).rows;
}

/** Lets the inner estimator work; if it refuses missing values, that is said in the outer one's name and with the place in x. */
export function inName<T>(owner: string, x: unknown, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw namedError(owner, x, error);
  }
}

/** The error about missing values in x, if there are some, or else the one that came. */
export function namedError(owner: string, x: unknown, error: unknown): unknown {
  if (!(error instanceof Error) || !/ is NaN; /.test(error.message) || !isTable(x)) return error;
  try {
    toMatrix(owner, x);
  } catch (found) {
    return found;
  }
  return error;
}
