import { DataError, type Steps, show } from '@maru-ml/base';
import { isSparse, type Matrix, type SparseRows } from '@maru-ml/tensor';
import { rowsAtOnce } from './options.ts';

/** What the rows of each class add up to. */
export interface Counts {
  /** Σ wᵢ of the rows of each class [k]. */
  readonly classCount: Float64Array;
  /** Σ wᵢ xᵢⱼ of the rows of each class [k, d]. */
  readonly featureCount: Float64Array;
}

/** Adds up the rows of each class, each number as `countOf` sees it with `binarize`. O(n d), or O(numbers that are held). */
export function* countFeatures(
  x: Matrix | SparseRows,
  codes: Int32Array,
  k: number,
  weights: Float64Array | null,
  binarize: number | null,
): Steps<Counts> {
  const [n, d] = isSparse(x) ? x.shape : [x.rows, x.columns];
  const classCount = new Float64Array(k);
  const featureCount = new Float64Array(k * d);
  const most = rowsAtOnce(d);
  for (let i = 0; i < n; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    const at = codes[i]! * d;
    classCount[codes[i]!]! += weight;
    if (isSparse(x)) {
      const { data, indices, indptr } = x;
      for (let p = indptr[i]!; p < indptr[i + 1]!; p++)
        featureCount[at + indices[p]!]! += weight * countOf(data[p]!, binarize);
    } else {
      for (let j = 0; j < d; j++) featureCount[at + j]! += weight * countOf(x.data[i * d + j]!, binarize);
    }
    if (i % most === most - 1) yield;
  }
  return { classCount, featureCount };
}

/** What a number counts as: itself, or 1 above `binarize` and else 0. */
export function countOf(value: number, binarize: number | null): number {
  return binarize === null ? value : value > binarize ? 1 : 0;
}

/** Counts of further rows on top of those before. */
export function addCounts(before: Counts, more: Counts): Counts {
  return {
    classCount: before.classCount.map((count, c) => count + more.classCount[c]!),
    featureCount: before.featureCount.map((count, at) => count + more.featureCount[at]!),
  };
}

/** @throws DataError if a sum has overflown */
export function checkCounts(owner: string, { featureCount }: Counts): void {
  if (featureCount.every(Number.isFinite)) return;
  throw new DataError(`${owner}: sums of the columns of x overflow; divide x by a constant first`);
}

/** Throws a `DataError` that names the first number below 0. */
export function checkNonNegative(owner: string, x: Matrix | SparseRows): void {
  const { data } = x;
  for (let at = 0; at < data.length; at++) {
    if (data[at]! >= 0) continue;
    throw new DataError(`${owner}: ${placeOf(x, at)} must be ≥ 0, as counts are, got ${show(data[at])}`);
  }
}

/** How errors call the number at that place of the data, such as `x[2, 0]`. */
export function placeOf(x: Matrix | SparseRows, at: number): string {
  if (!isSparse(x)) return `x[${Math.floor(at / x.columns)}, ${at % x.columns}]`;
  let row = 0;
  while (x.indptr[row + 1]! <= at) row++;
  return `x[${row}, ${x.indices[at]}]`;
}
