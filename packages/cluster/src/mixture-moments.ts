import type { Steps } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { BLOCK, type CovarianceType, covarianceSize, covarianceStart } from './mixture.ts';
import { rowsAtOnce } from './points.ts';

/** Weights, means and covariances that fit the shares best. */
export interface Moments {
  weights: Float64Array;
  means: Float64Array;
  covariances: Float64Array;
}

/**
 * The step M: with nₖ = Σᵢ rᵢₖ, weights nₖ / n, means Σᵢ rᵢₖ xᵢ / nₖ, covariances Σᵢ rᵢₖ (xᵢ - μₖ)(xᵢ - μₖ)ᵀ / nₖ. A tied
 * one is their mean by weight; diagonal ones keep the diagonal, spherical ones its mean. `regCovar` is added to variances.
 *
 * @param x [n, d]
 * @param shares r [n, k]
 */
export function* momentsOf(
  x: Float64Array,
  shares: Float64Array,
  d: number,
  k: number,
  type: CovarianceType,
  regCovar: number,
): Steps<Moments> {
  const n = x.length / d;
  const totals = new Float64Array(k);
  const means = new Float64Array(k * d);
  addRows(shares, k, totals);
  // An empty component keeps a little weight, so that nothing is divided by 0.
  for (let c = 0; c < k; c++) totals[c] = Math.max(totals[c]!, 10 * Number.EPSILON);
  const stretch = Math.max(BLOCK, BLOCK * Math.floor(rowsAtOnce(k * d) / BLOCK));
  for (let from = 0; from < n; from += stretch) {
    const rows = Math.min(stretch, n - from);
    const [r, part] = [shares.subarray(from * k, (from + rows) * k), x.subarray(from * d, (from + rows) * d)];
    matmul(r, part, means, { m: k, n: d, k: rows, transA: true, accumulate: true });
    yield;
  }
  for (let at = 0; at < k * d; at++) means[at]! /= totals[Math.floor(at / d)]!;

  const covariances = new Float64Array(covarianceSize(type, k, d));
  const matrices = type === 'full' || type === 'tied';
  const scaled = new Float64Array(matrices ? BLOCK * d : 0);
  const sharers = { rows: new Int32Array(BLOCK), roots: new Float64Array(BLOCK) };
  let work = 0;
  for (let from = 0; from < n; from += BLOCK) {
    const rows = Math.min(BLOCK, n - from);
    for (let c = 0; c < k; c++) {
      if (!matrices) {
        const count = findSharers(shares, from, from + rows, c, k, sharers);
        if (type === 'diag') addSquares(x, sharers, count, d, means, c * d, covariances);
        else covariances[c] = sumOfSquares(x, sharers, count, d, means, c * d, covariances[c]!);
        continue;
      }
      const start = covarianceStart(type, c, d);
      for (let i = 0, at = 0; i < rows; i++) {
        const root = Math.sqrt(shares[(from + i) * k + c]!);
        for (let j = 0; j < d; j++, at++) scaled[at] = root * (x[from * d + at]! - means[c * d + j]!);
      }
      const block = scaled.subarray(0, rows * d);
      const out = covariances.subarray(start, start + d * d);
      matmul(block, block, out, { m: d, n: d, k: rows, transA: true, accumulate: true });
    }
    work += rows * k * d * (matrices ? d : 1);
    if (work < 2 ** 20) continue;
    work = 0;
    yield;
  }
  regularize(covariances, totals, d, type, regCovar);
  const total = totals.reduce((sum, value) => sum + value, 0);
  return { weights: totals.map((value) => value / total), means, covariances };
}

/** Adds the rows of shares [n, k] to sums [k]. */
function addRows(shares: Float64Array, k: number, sums: Float64Array): void {
  for (let at = 0; at < shares.length; ) for (let c = 0; c < k; c++) sums[c] = sums[c]! + shares[at++]!;
}

/** The rows of a block that have a share in a component, and the roots of the shares. */
interface Sharers {
  rows: Int32Array;
  roots: Float64Array;
}

/** Writes which of the rows `from` to `to` share in component c, and adds rows of root 0 up to a multiple of 4. */
function findSharers(
  shares: Float64Array,
  from: number,
  to: number,
  c: number,
  k: number,
  { rows, roots }: Sharers,
): number {
  let count = 0;
  for (let i = from; i < to; i++) {
    const share = shares[i * k + c]!;
    if (share === 0) continue;
    rows[count] = i;
    roots[count++] = Math.sqrt(share);
  }
  for (; count % 4 !== 0; count++) {
    rows[count] = from;
    roots[count] = 0;
  }
  return count;
}

/** Adds rᵢ (xᵢ - μ)² of the first `count` sharers to the variances [d], in order, with the mean and they beginning at `start`. */
function addSquares(
  x: Float64Array,
  { rows, roots }: Sharers,
  count: number,
  d: number,
  means: Float64Array,
  start: number,
  variances: Float64Array,
): void {
  for (let place = 0; place < count; place += 4) {
    const root = roots[place]!;
    const root1 = roots[place + 1]!;
    const root2 = roots[place + 2]!;
    const root3 = roots[place + 3]!;
    let at = rows[place]! * d;
    let at1 = rows[place + 1]! * d;
    let at2 = rows[place + 2]! * d;
    let at3 = rows[place + 3]! * d;
    for (let j = start; j < start + d; j++) {
      const mean = means[j]!;
      const scaled = root * (x[at++]! - mean);
      const scaled1 = root1 * (x[at1++]! - mean);
      const scaled2 = root2 * (x[at2++]! - mean);
      const scaled3 = root3 * (x[at3++]! - mean);
      const sum = variances[j]! + scaled * scaled + scaled1 * scaled1;
      variances[j] = sum + scaled2 * scaled2 + scaled3 * scaled3;
    }
  }
}

/** The same with one sum over all columns, to which it adds. */
function sumOfSquares(
  x: Float64Array,
  { rows, roots }: Sharers,
  count: number,
  d: number,
  means: Float64Array,
  start: number,
  before: number,
): number {
  let sum = before;
  for (let place = 0; place < count; place++) {
    const root = roots[place]!;
    for (let j = start, at = rows[place]! * d; j < start + d; j++, at++) {
      const scaled = root * (x[at]! - means[j]!);
      sum += scaled * scaled;
    }
  }
  return sum;
}

function regularize(
  covariances: Float64Array,
  totals: Float64Array,
  d: number,
  type: CovarianceType,
  regCovar: number,
): void {
  const total = totals.reduce((sum, value) => sum + value, 0);
  for (let at = 0; at < covariances.length; at++) {
    const c = type === 'full' ? Math.floor(at / (d * d)) : type === 'diag' ? Math.floor(at / d) : at;
    if (type === 'tied') covariances[at]! /= total;
    else covariances[at]! /= type === 'spherical' ? totals[c]! * d : totals[c]!;
    const onDiagonal = type === 'diag' || type === 'spherical' || (at % (d * d)) % (d + 1) === 0;
    if (onDiagonal) covariances[at]! += regCovar;
  }
}
