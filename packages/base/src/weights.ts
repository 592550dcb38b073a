import { DataError, ShapeError } from './errors.ts';
import { counted, refused, show } from './options.ts';

/**
 * Checks the weights of rows and returns them as a new array; null where there are none, which means 1 each.
 *
 * @param rows how many rows x has
 * @throws ShapeError if there are not as many, DataError if one is negative or not finite, all are 0, or their sum overflows
 */
export function checkSampleWeight(
  owner: string,
  sampleWeight: ArrayLike<number> | undefined,
  rows: number,
): Float64Array | null {
  if (sampleWeight === undefined) return null;
  checkLength(owner, 'sampleWeight', 'weight', sampleWeight, rows);
  const weights = new Float64Array(rows);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const weight = sampleWeight[i]!;
    if (typeof weight !== 'number' || !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new DataError(`${owner}: sampleWeight[${i}] must be a finite number ≥ 0, got ${show(weight)}`);
    }
    weights[i] = weight;
    total += weight;
  }
  if (total === 0) throw new DataError(`${owner}: sampleWeight must not be all 0`);
  if (total === Number.POSITIVE_INFINITY) {
    throw new DataError(`${owner}: sampleWeight adds up to infinity; divide the weights by a constant first`);
  }
  return weights;
}

/**
 * Throws unless `values` are as many as x has rows.
 * @param what what one of them is
 * @throws OptionError if it is no array, ShapeError for another length
 */
export function checkLength(owner: string, name: string, what: string, values: unknown, rows: number): void {
  const length = (values as ArrayLike<unknown> | null)?.length;
  if (typeof values !== 'object' || typeof length !== 'number') {
    throw refused(owner, name, `an array of ${what}s`, values);
  }
  if (length === rows) return;
  throw new ShapeError(`${owner}: ${name} has ${counted(length, what)}, but x has ${counted(rows, 'row')}`);
}
