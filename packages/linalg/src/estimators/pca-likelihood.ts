import { DataError } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { type Matrix, Table } from '@maru-ml/tensor';
import { mapRows } from './linear-map.ts';

/** What probabilistic PCA knows: rows are normal, of covariance V (Λ - σ²) Vᵀ + σ² I. */
export interface ProbabilisticPCA {
  /** The directions Vᵀ [k, d]. */
  readonly directions: Float64Array;
  /** The variances along them [k]. */
  readonly variances: Float64Array;
  /** [d]. */
  readonly mean: Float64Array;
  /** σ². */
  readonly noise: number;
}

/** The covariance [d, d]. O(d² k). */
export function covarianceOf({ directions, variances, mean, noise }: ProbabilisticPCA): Table {
  return sandwich(
    directions,
    variances.map((variance) => Math.max(variance - noise, 0)),
    noise,
    mean.length,
  );
}

/** Its inverse [d, d]. O(d² k). @throws DataError if there is none */
export function precisionOf(model: ProbabilisticPCA): Table {
  const rest = hasRest(model) ? 1 / model.noise : 0;
  return sandwich(
    model.directions,
    model.variances.map((variance) => 1 / variance - rest),
    rest,
    model.mean.length,
  );
}

/**
 * log N(xᵢ) of each row [n]: the squared distance along the components, each by its variance, and that from their space by σ².
 * @throws DataError if the covariance has no inverse, or a row is too far away
 */
export function logLikelihoods(model: ProbabilisticPCA, x: Matrix): Float64Array {
  const { directions, variances, mean, noise } = model;
  const [k, d] = [variances.length, mean.length];
  const rest = hasRest(model);
  let constant = d * Math.log(2 * Math.PI);
  for (let c = 0; c < k; c++) constant += Math.log(variances[c]!);
  if (rest) constant += (d - k) * Math.log(noise);

  const z = mapRows({ owner: 'PCA', shift: mean, bias: null, weights: directions }, x).data;
  const out = new Float64Array(x.rows);
  for (let i = 0; i < x.rows; i++) {
    let [along, distance, whole] = [0, 0, 0];
    for (let c = 0; c < k; c++) {
      const square = z[i * k + c]! * z[i * k + c]!;
      along += square;
      distance += square / variances[c]!;
    }
    if (rest) {
      for (let j = 0; j < d; j++) whole += (x.data[i * d + j]! - mean[j]!) ** 2;
      distance += Math.max(0, whole - along) / noise;
    }
    out[i] = -(distance + constant) / 2;
    if (!(Math.abs(out[i]!) < Number.POSITIVE_INFINITY)) {
      throw new DataError(`PCA: x[${i}] is so far from the mean that its likelihood underflows`);
    }
  }
  return out;
}

/** Whether there are directions beyond the components. @throws DataError if some direction has no variance */
function hasRest({ variances, mean, noise }: ProbabilisticPCA): boolean {
  const rest = variances.length < mean.length;
  if ((rest && !(noise > 0)) || variances.some((variance) => !(variance > 0))) {
    throw new DataError(
      'PCA: the covariance has no inverse, since some direction has no variance; keep fewer components or drop columns that depend on others',
    );
  }
  return rest;
}

/** V diag(weights) Vᵀ + base I. */
function sandwich(directions: Float64Array, weights: Float64Array, base: number, d: number): Table {
  const k = weights.length;
  const weighted = directions.map((value, at) => value * weights[Math.floor(at / d)]!);
  const out = new Float64Array(d * d);
  matmul(weighted, directions, out, { m: d, n: d, k, transA: true });
  for (let j = 0; j < d; j++) out[j * d + j]! += base;
  return new Table(out, d, d);
}
