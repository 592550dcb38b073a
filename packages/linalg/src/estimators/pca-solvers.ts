import type { RandomStream, Steps } from '@maru-ml/base';
import type { Matrix } from '@maru-ml/tensor';
import { rightVectors } from '../dense/right-vectors.ts';
import { symmetricEigenSteps } from '../dense/symmetric-eigen.ts';
import { shiftRows } from './linear-map.ts';
import { scatter } from './moments.ts';
import { denseProducts, leadingVectors } from './range-finder.ts';

/** Directions and the variances along them, in descending order. */
export interface Spectrum {
  /** [k, d]. */
  components: Float64Array;
  /** [k], with divisor n - 1. */
  variances: Float64Array;
  /** The variance of all columns together. */
  total: number;
}

/** The eigenvectors of the covariance matrix, which is added up block by block. */
export function* fromCovariance(matrix: Matrix, mean: Float64Array): Steps<Spectrum> {
  const { rows: n, columns: d } = matrix;
  const covariance = yield* scatter(matrix, mean);
  let total = 0;
  for (let j = 0; j < d; j++) total += covariance[j * d + j]!;
  // Only finite numbers are decomposed; the caller refuses the rest.
  if (!(total < Number.POSITIVE_INFINITY)) return nothing(total);
  const { values, vectors } = yield* symmetricEigenSteps(covariance, d);
  yield;
  const components = new Float64Array(d * d);
  const variances = new Float64Array(d);
  let sum = 0;
  for (let c = 0; c < d; c++) {
    const from = d - 1 - c;
    // Rounding may leave a variance of 0 a little below it.
    variances[c] = Math.max(0, values[from]!) / (n - 1);
    sum += variances[c]!;
    for (let j = 0; j < d; j++) components[c * d + j] = vectors[j * d + from]!;
  }
  return { components, variances, total: sum };
}

/** The right singular vectors of the centered rows. */
export function* fromSingularValues({ data, rows: n, columns: d }: Matrix, mean: Float64Array): Steps<Spectrum> {
  let squares = 0;
  for (let at = 0; at < data.length; at++) squares += (data[at]! - mean[at % d]!) ** 2;
  if (!(squares < Number.POSITIVE_INFINITY)) return nothing(squares);
  const { s, vt } = yield* rightVectors(n, d, (from, count, out, at) => shiftRows(data, from, count, d, mean, out, at));
  yield;
  const variances = s.map((value) => (value * value) / (n - 1));
  return { components: vt, variances, total: variances.reduce((sum, value) => sum + value, 0) };
}

/** The first k right singular vectors of the centered rows, found with random columns. */
export function* fromRandomColumns(
  matrix: Matrix,
  mean: Float64Array,
  columnVariances: Float64Array,
  k: number,
  settings: { nIter: number; nOversamples: number; random: RandomStream },
): Steps<Spectrum> {
  const n = matrix.rows;
  const total = (columnVariances.reduce((sum, value) => sum + value, 0) * n) / (n - 1);
  if (!(total < Number.POSITIVE_INFINITY)) return nothing(total);
  const { s, vt } = yield* leadingVectors(denseProducts(matrix, mean), k, settings);
  return { components: vt, variances: s.map((value) => (value * value) / (n - 1)), total };
}

function nothing(total: number): Spectrum {
  return { components: new Float64Array(0), variances: new Float64Array(0), total };
}
