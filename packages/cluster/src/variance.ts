import { DataError, type Steps } from '@maru-ml/base';
import { type FloatArray, type Points, rowsAtOnce } from './points.ts';

/**
 * The (weighted) variance of the columns, averaged over them.
 *
 * @param centers rows [k, d] that distances will be taken from as well; null for none
 * @throws DataError if squared distances would overflow, or vanish between rows that differ
 */
export function* checkedVariance(owner: string, points: Points, centers: FloatArray | null): Steps<number> {
  const { n, d, weights } = points;
  const most = rowsAtOnce(d);
  const range = { lowest: new Float64Array(d).fill(Infinity), highest: new Float64Array(d).fill(-Infinity) };
  const sums = new Float64Array(d);
  let total = 0;
  if (centers !== null) widen(range, centers);
  for (let from = 0; from < n; from += most) {
    const to = Math.min(n, from + most);
    const { x } = points;
    widen(range, x.subarray(from * d, to * d));
    for (let i = from; i < to; i++) {
      const weight = weights === null ? 1 : weights[i]!;
      total += weight;
      for (let j = 0; j < d; j++) sums[j]! += weight * x[i * d + j]!;
    }
    yield;
  }
  checkRange(owner, range, total);

  const means = sums.map((sum) => sum / total);
  let squares = 0;
  for (let from = 0; from < n; from += most) {
    const to = Math.min(n, from + most);
    const { x } = points;
    for (let i = from; i < to; i++) {
      const weight = weights === null ? 1 : weights[i]!;
      for (let j = 0; j < d; j++) {
        const deviation = x[i * d + j]! - means[j]!;
        squares += weight * deviation * deviation;
      }
    }
    yield;
  }
  return squares / total / d;
}

/** The smallest and the largest number of each column. */
interface Range {
  lowest: Float64Array;
  highest: Float64Array;
}

function widen({ lowest, highest }: Range, rows: FloatArray): void {
  const d = lowest.length;
  for (let at = 0; at < rows.length; at += d) {
    for (let j = 0; j < d; j++) {
      const value = rows[at + j]!;
      if (value < lowest[j]!) lowest[j] = value;
      if (value > highest[j]!) highest[j] = value;
    }
  }
}

/** No squared distance is larger than that of the corners of the range. */
function checkRange(owner: string, { lowest, highest }: Range, total: number): void {
  let [size, width, corners] = [0, 0, 0];
  for (const [j, low] of lowest.entries()) {
    const high = highest[j]!;
    size = Math.max(size, -low, high);
    width = Math.max(width, high - low);
    corners += (high - low) * (high - low);
  }
  if (!(corners * total < Infinity && size * total < Infinity)) {
    throw new DataError(
      `${owner}: x reaches ${short(size)}, and squared distances of such numbers overflow; divide x by a constant first`,
    );
  }
  // Smaller squares have lost digits, down to all of them.
  if (width > 0 && corners < 2 ** -1022 / 2 ** -52) {
    throw new DataError(
      `${owner}: x differs by no more than ${short(width)}, and squared distances of that size vanish; multiply x by a constant first`,
    );
  }
}

function short(value: number): number {
  return Number(value.toPrecision(6));
}
