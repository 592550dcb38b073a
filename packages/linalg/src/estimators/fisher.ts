import { DataError } from '@maru-ml/base';
import { type Label, type Matrix, type MatrixLike, Table, toLabels, toMatrix } from '@maru-ml/tensor';
import { cholesky, choleskySolve } from '../dense/cholesky.ts';
import { classMeans } from './class-moments.ts';

/** The direction in which two classes lie farthest apart beside their width. */
export interface FisherDiscriminant<L extends Label = Label> {
  /** The two labels in ascending order. */
  readonly classes: readonly L[];
  /** Their means m₁ and m₂ [2, d]. */
  readonly means: Table;
  /** The scatter within classes S_w = Σ_c Σ_{x in c} (x - m_c)(x - m_c)ᵀ [d, d]. */
  readonly within: Table;
  /** The scatter between them S_b = (m₁ - m₂)(m₁ - m₂)ᵀ [d, d]. */
  readonly between: Table;
  /** w = S_w⁻¹ (m₁ - m₂) [d]: rows of the first class have the larger w · x. */
  readonly w: Float64Array;
  /** J(w) = (wᵀ S_b w) / (wᵀ S_w w), the largest there is. */
  readonly ratio: number;
  /** w · (m₁ + m₂) / 2: rows above it are taken for the first class. */
  readonly threshold: number;
}

/**
 * Fisher's linear discriminant of two classes, step by step as it is taught: maximize
 *
 *   J(w) = |m̃₁ - m̃₂|² / (s̃₁² + s̃₂²) = (wᵀ S_b w) / (wᵀ S_w w),
 *
 * where m̃ and s̃² are the mean and scatter of a class along w. Its derivative is zero where S_b w = λ S_w w, and since S_b w points
 * along m₁ - m₂, at w = S_w⁻¹ (m₁ - m₂). `LinearDiscriminantAnalysis` does this for any number of classes. O(n d² + d³).
 *
 * R. Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics (1936).
 *
 * @param x [n, d]
 * @param y [n], two different labels
 * @throws DataError unless there are two classes, S_w has an inverse and numbers are neither too large nor too small
 */
export function fisherDiscriminant<L extends Label>(x: MatrixLike, y: ArrayLike<L>): FisherDiscriminant<L> {
  const matrix = toMatrix(OWNER, x) as Matrix<Float64Array>;
  const { classes, codes } = toLabels(OWNER, y, matrix.rows);
  if (classes.length !== 2) {
    throw new DataError(
      `${OWNER}: y must have 2 classes, got ${classes.length}; use LinearDiscriminantAnalysis for more`,
    );
  }
  const d = matrix.columns;
  const means = classMeans({ x: matrix, codes, k: 2 });
  const difference = Float64Array.from({ length: d }, (_, j) => means[j]! - means[d + j]!);

  const within = scatterWithin(matrix, codes, means);
  const between = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) between[i * d + j] = difference[i]! * difference[j]!;

  const w = solve(within, difference, d);
  // wᵀ S_b w = (w · (m₁ - m₂))², and wᵀ S_w w = w · (m₁ - m₂) at this w.
  let ratio = 0;
  let threshold = 0;
  for (let j = 0; j < d; j++) {
    ratio += w[j]! * difference[j]!;
    threshold += (w[j]! * (means[j]! + means[d + j]!)) / 2;
  }
  return {
    classes,
    means: new Table(means, 2, d),
    within: new Table(within, d, d),
    between: new Table(between, d, d),
    w,
    ratio,
    threshold,
  };
}

const OWNER = 'fisherDiscriminant';

/** S_w. */
function scatterWithin({ data, rows, columns: d }: Matrix, codes: Int32Array, means: Float64Array): Float64Array {
  const out = new Float64Array(d * d);
  const deviation = new Float64Array(d);
  for (let i = 0; i < rows; i++) {
    const mean = codes[i]! * d;
    for (let j = 0; j < d; j++) deviation[j] = data[i * d + j]! - means[mean + j]!;
    for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) out[a * d + b]! += deviation[a]! * deviation[b]!;
  }
  return out;
}

/** S_w⁻¹ (m₁ - m₂). */
function solve(within: Float64Array, difference: Float64Array, d: number): Float64Array {
  if (within.some((value) => !Number.isFinite(value))) throw outOfRange();
  const l = cholesky(within, d);
  // A pivot beside the column's scatter is what the columns before it do not explain: 1 - R².
  const isRegular = (pivot: number, j: number) => pivot * pivot > 8 * d * Number.EPSILON * within[j * (d + 1)]!;
  if (l === null || !Array.from({ length: d }, (_, j) => l[j * (d + 1)]!).every(isRegular)) {
    throw new DataError(
      `${OWNER}: the scatter within classes has no inverse; drop columns that are constant or depend on others, or give more rows`,
    );
  }
  const w = choleskySolve(l, d, difference, 1);
  if (w.every((value) => Number.isFinite(value))) return w;
  throw outOfRange();
}

function outOfRange(): DataError {
  return new DataError(`${OWNER}: squares of the numbers in x overflow; divide x by a constant first`);
}
