import { checkKnown, checkSampleWeight, type Steps } from '@maru-ml/base';
import { type Label, type Matrix, type MatrixLike, type SparseRows, toLabels, toRows } from '@maru-ml/tensor';
import { addCounts, type Counts, checkCounts, countFeatures } from './counts.ts';
import type { BayesFitOptions } from './options.ts';
import { labelsOfBatch, recoded } from './priors.ts';

/** How a model of counts reads its rows. */
export interface CountReader {
  readonly owner: string;
  /** Numbers above it count as 1, others as 0; null: as they are. */
  readonly binarize: number | null;
  /** Refuses rows that the model cannot count. */
  readonly check: (x: Matrix | SparseRows) => void;
}

/** Counts the rows of a fit. @throws as the fits of models of counts */
export function* countFirst<L extends Label>(
  { owner, binarize, check }: CountReader,
  x: MatrixLike | SparseRows,
  y: ArrayLike<L>,
  options: BayesFitOptions<L>,
  known: readonly string[],
): Steps<{ classes: readonly L[]; counts: Counts }> {
  checkKnown(owner, options, known);
  const rows = toRows(owner, x);
  yield;
  const n = rowCount(rows);
  const { classes, codes } = labelsOfBatch(owner, y, n, options.classes);
  const weights = checkSampleWeight(owner, options.sampleWeight, n);
  yield;
  check(rows);
  yield;
  const counts = yield* countFeatures(rows, codes, classes.length, weights, binarize);
  checkCounts(owner, counts);
  return { classes, counts };
}

/** Counts further rows on top. */
export function* countMore<L extends Label>(
  { owner, binarize, check }: CountReader,
  x: MatrixLike | SparseRows,
  y: ArrayLike<L>,
  options: { sampleWeight?: ArrayLike<number> },
  classes: readonly L[],
  before: Counts,
): Steps<Counts> {
  checkKnown(owner, options, ['sampleWeight']);
  const rows = toRows(owner, x, { columns: before.featureCount.length / classes.length });
  const n = rowCount(rows);
  const codes = recoded(owner, toLabels(owner, y, n), classes);
  const weights = checkSampleWeight(owner, options.sampleWeight, n);
  check(rows);
  const counts = addCounts(before, yield* countFeatures(rows, codes, classes.length, weights, binarize));
  checkCounts(owner, counts);
  return counts;
}

export function rowCount(x: Matrix | SparseRows): number {
  return 'indptr' in x ? x.shape[0] : x.rows;
}
