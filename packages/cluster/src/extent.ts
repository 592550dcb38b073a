import { DataError } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';

/**
 * Checks that distances between rows can be computed with: the squared diagonal of the box around the rows, and the largest
 * number, times `factor` are finite, and the square has not vanished where rows differ. Returns the square.
 *
 * @param more further rows [m, d], such as centers that are given
 * @throws DataError
 */
export function checkExtent(
  owner: string,
  { data, columns: d }: Matrix,
  factor = 1,
  more: Float64Array | null = null,
): number {
  const least = Float64Array.from(data.subarray(0, d));
  const most = least.slice();
  for (const rows of more === null ? [data] : [data, more]) {
    for (let at = 0, j = 0; at < rows.length; at++) {
      const value = rows[at]!;
      if (value < least[j]!) least[j] = value;
      else if (value > most[j]!) most[j] = value;
      if (++j === d) j = 0;
    }
  }
  let square = 0;
  let differ = false;
  for (let j = 0; j < d; j++) {
    if (!(Math.max(most[j]!, -least[j]!) * factor < Number.POSITIVE_INFINITY)) {
      throw new DataError(`${owner}: sums of the numbers in x overflow; divide x by a constant first`);
    }
    square += (most[j]! - least[j]!) ** 2;
    differ ||= most[j] !== least[j];
  }
  if (!(square * factor < Number.POSITIVE_INFINITY)) {
    throw new DataError(`${owner}: squared distances in x overflow; divide x by a constant first`);
  }
  // Smaller squares have lost digits, down to all of them.
  if (differ && square < 2 ** -970) {
    throw new DataError(`${owner}: squared distances in x vanish; multiply x by a constant first`);
  }
  return square;
}
