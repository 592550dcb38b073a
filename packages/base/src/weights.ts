import { DataError, ShapeError } from './errors.ts';
import { counted, refused, show } from './options.ts';

/**
 * Checks the weights of rows and returns them as a new array; null where there are none, which means 1 each.
 *
 * @param rows how many rows x has
 * @throws ShapeError if there are not as many, DataError if one is negative or not finite, or all are 0
 */
export function checkSampleWeight(
  owner: string,
  sampleWeight: ArrayLike<number> | undefined,
  rows: number,
): Float64Array | null {
  if (sampleWeight === undefined) return null;
  if (typeof sampleWeight !== 'object' || typeof sampleWeight?.length !== 'number') {
    throw refused(owner, 'sampleWeight', 'an array of numbers', sampleWeight);
  }
  if (sampleWeight.length !== rows) {
    throw new ShapeError(
      `${owner}: sampleWeight has ${counted(sampleWeight.length, 'weight')}, but x has ${counted(rows, 'row')}`,
    );
  }
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
  return weights;
}
