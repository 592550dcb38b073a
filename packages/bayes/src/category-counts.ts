import { DataError, ShapeError, type Steps, show } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';
import type { Alpha } from './alpha.ts';
import { rowsAtOnce } from './options.ts';

/** How often each category of each column was seen in each class. */
export interface CategoryCounts {
  /** Σ wᵢ of the rows of each class [k]. */
  readonly classCount: Float64Array;
  /** The number of categories T_j of each column [d]. */
  readonly nCategories: Int32Array;
  /** Of each column its counts [k, T_j]. */
  readonly categoryCount: readonly Float64Array[];
}

/** Categories beyond are numbers that were not meant as such. */
const MOST = 2 ** 24;

/** Numbers that are looked at between two pauses. */
const STRETCH = 2 ** 18;

/** Counts of nothing yet. @throws ShapeError if there are not as many minima as columns */
export function noCategories(k: number, columns: number, minCategories: Alpha | null): CategoryCounts {
  if (typeof minCategories === 'object' && minCategories !== null && minCategories.length !== columns) {
    throw new ShapeError(
      `CategoricalNB: minCategories has ${minCategories.length} numbers, but x has ${columns} columns`,
    );
  }
  const nCategories = Int32Array.from({ length: columns }, (_, j) =>
    minCategories === null ? 0 : typeof minCategories === 'number' ? minCategories : minCategories[j]!,
  );
  return {
    classCount: new Float64Array(k),
    nCategories,
    categoryCount: Array.from(nCategories, (count) => new Float64Array(k * count)),
  };
}

/** Counts further rows on top; columns get more categories where they need. */
export function* countCategories(
  before: CategoryCounts,
  x: Matrix,
  codes: Int32Array,
  weights: Float64Array | null,
): Steps<CategoryCounts> {
  const { data, rows, columns: d } = x;
  checkCategories(x);
  yield;
  const k = before.classCount.length;
  const classCount = before.classCount.slice();
  const nCategories = before.nCategories.slice();
  for (let at = 0; at < data.length; at++) {
    if (data[at]! >= nCategories[at % d]!) nCategories[at % d] = data[at]! + 1;
    if (at % STRETCH === STRETCH - 1) yield;
  }
  const categoryCount = before.categoryCount.map((counts, j) => widened(counts, k, nCategories[j]!));
  const most = rowsAtOnce(d);
  for (let i = 0; i < rows; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    const c = codes[i]!;
    classCount[c]! += weight;
    for (let j = 0; j < d; j++) categoryCount[j]![c * nCategories[j]! + data[i * d + j]!]! += weight;
    if (i % most === most - 1) yield;
  }
  return { classCount, nCategories, categoryCount };
}

/** Throws a `DataError` that names the first number that is no category. */
export function checkCategories({ data, columns: d }: Matrix): void {
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!;
    if (Number.isInteger(value) && value >= 0 && value < MOST) continue;
    throw new DataError(
      `CategoricalNB: x[${Math.floor(at / d)}, ${at % d}] must be a category, an integer from 0 to ${MOST - 1}, got ${show(value)}; number categories with an OrdinalEncoder`,
    );
  }
}

/** [k, t] with more columns, which are 0. */
function widened(counts: Float64Array, k: number, t: number): Float64Array {
  const had = counts.length / k;
  const out = new Float64Array(k * t);
  for (let c = 0; c < k; c++) out.set(counts.subarray(c * had, (c + 1) * had), c * t);
  return out;
}
