import { checkKnown, readable, runSteps, ShapeError } from '@maru-ml/base';
import { leastSquares } from '@maru-ml/linalg/dense';
import { type MatrixLike, toMatrix } from '@maru-ml/tensor';
import { constantColumns, spansConstant } from '../constant.ts';
import { fitLeastSquares } from './least-squares.ts';
import { FittedRegression, type RegressionModel } from './model.ts';

/** The variance inflation factors of columns. */
export class VifTable {
  readonly names: readonly string[];
  /** [k]; infinite for a column that others span. */
  readonly vif: Float64Array;

  /** @internal */
  constructor(names: readonly string[], vif: Float64Array) {
    this.names = names;
    this.vif = vif;
    readable(this);
    Object.freeze(this);
  }

  /** The rows from the smallest factor to the largest. */
  sorted(): { name: string; vif: number }[] {
    return Array.from(this.vif, (vif, j) => ({ name: this.names[j]!, vif })).sort((a, b) => a.vif - b.vif);
  }

  toString(): string {
    const width = Math.max(...this.names.map((name) => name.length));
    return this.sorted()
      .map(({ name, vif }) => `${name.padEnd(width)}  ${vif.toFixed(6).padStart(12)}`)
      .join('\n');
  }
}

/**
 * The variance inflation factor of each column, 1 / (1 - Rⱼ²) with Rⱼ² of the column on all others: how many times its coefficient's variance is what it were if
 * the column were orthogonal to the others. R² is centered if the others span a constant, so that of the intercept itself is not. Above 5 to 10 a
 * coefficient is hard to tell from others. O(n k²).
 *
 * D. A. Belsley, E. Kuh and R. E. Welsch, "Regression diagnostics" (1980).
 *
 * @param x a fitted model, whose columns are taken without weights, or a matrix [n, k]
 * @param options.names of a matrix's columns; x1, x2 and so on
 * @throws as `fit`, for numbers that cannot be used
 */
export function varianceInflation(
  x: RegressionModel | MatrixLike,
  options: { names?: readonly string[] } = {},
): VifTable {
  checkKnown('varianceInflation', options, ['names']);
  const model = x instanceof FittedRegression ? x : null;
  const { data, rows: n, columns: k } = toMatrix('varianceInflation', model === null ? (x as MatrixLike) : model.exog);
  const names = options.names ?? model?.names ?? Array.from({ length: k }, (_, j) => `x${j + 1}`);
  if (names.length !== k) throw new ShapeError(`varianceInflation: names has ${names.length} names for ${k} columns`);
  const columns = Float64Array.from(data);
  const { normalizedCov, rank, triangle } = runSteps(
    fitLeastSquares('varianceInflation', columns, new Float64Array(n), n, k),
  );
  const constant = constantColumns(columns, n, k).filter((j) => columns[j] !== 0);
  const vif = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    const left = rank === k ? 1 / normalizedCov[j * (k + 1)]! : unexplained(triangle, j, k);
    const centered =
      constant.some((c) => c !== j) || (constant.length === 0 && spansConstant(without(columns, j, n, k), n, k - 1));
    const total = sumOfSquares(columns, j, n, k, centered);
    vif[j] = left <= EXPLAINED * sumOfSquares(columns, j, n, k, false) ? Number.POSITIVE_INFINITY : total / left;
  }
  return new VifTable(names, vif);
}

/** A column of which less than this share of squares is left is one that the others span. */
const EXPLAINED = 1e-24;

/** What the other columns leave of column j, squared, from R. */
function unexplained(triangle: Float64Array, j: number, k: number): number {
  const height = triangle.length / (k + 1);
  const others = new Float64Array(height * (k - 1));
  const column = new Float64Array(height);
  for (let i = 0; i < height; i++) {
    column[i] = triangle[i * (k + 1) + j]!;
    for (let l = 0, to = i * (k - 1); l < k; l++) if (l !== j) others[to++] = triangle[i * (k + 1) + l]!;
  }
  const { x } = leastSquares(others, height, k - 1, column, 1);
  let squares = 0;
  for (let i = 0; i < height; i++) {
    let rest = column[i]!;
    for (let l = 0; l < k - 1; l++) rest -= others[i * (k - 1) + l]! * x[l]!;
    squares += rest * rest;
  }
  return squares;
}

function without(x: Float64Array, j: number, n: number, k: number): Float64Array {
  const out = new Float64Array(n * (k - 1));
  for (let i = 0, to = 0; i < n; i++) for (let l = 0; l < k; l++) if (l !== j) out[to++] = x[i * k + l]!;
  return out;
}

function sumOfSquares(x: Float64Array, j: number, n: number, k: number, centered: boolean): number {
  let mean = 0;
  if (centered) for (let i = 0; i < n; i++) mean += x[i * k + j]! / n;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (x[i * k + j]! - mean) ** 2;
  return sum;
}
