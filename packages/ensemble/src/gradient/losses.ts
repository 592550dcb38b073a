import { exp, log } from '@maru-ml/kernels/scalar';
import { Sorter } from '@maru-ml/tree/grow';
import { plainQuantile, quantileInOrder } from '../quantile.ts';
import { logistic } from '../raw-classes.ts';

/** The rows of a leaf. */
export interface LeafRows {
  readonly rows: Int32Array;
  readonly y: Float64Array;
  /** [outputs, n], of which `residuals` are those of one output. */
  readonly raw: Float64Array;
  readonly residuals: Float64Array;
  /** 1 each where rows have none. */
  readonly weights: Float64Array;
}

/**
 * A loss of classic gradient boosting, with raw predictions F [outputs, n]: trees are grown on the residuals, its negative
 * derivatives, and leaves then get the value that lowers the loss most, or a Newton step towards it.
 */
export interface GradientLoss {
  readonly outputs: number;
  /** The constant F that is best for all rows [outputs]. */
  start(y: Float64Array, weights: Float64Array | null): Float64Array;
  /** The negative derivative of the loss by F of output c [n]. */
  residuals(y: Float64Array, raw: Float64Array, c: number, weights: Float64Array, out: Float64Array): void;
  /** The value of a leaf, given the one that the tree has; none where that is right. */
  leaf?(leaf: LeafRows): number;
  /** The mean loss as scikit-learn reports it, over some rows. */
  mean(y: Float64Array, raw: Float64Array, weights: Float64Array): number;
}

/** (y - F)². */
export function squaredLoss(): GradientLoss {
  return {
    outputs: 1,
    start: (y, weights) => Float64Array.of(weightedMean(y, weights)),
    residuals: (y, raw, _c, _weights, out) => {
      for (let i = 0; i < y.length; i++) out[i] = y[i]! - raw[i]!;
    },
    mean: (y, raw, weights) => meanOf(y, weights, (i) => (y[i]! - raw[i]!) ** 2),
  };
}

/** |y - F|, whose leaves hold medians. */
export function absoluteLoss(): GradientLoss {
  return {
    outputs: 1,
    start: (y, weights) => Float64Array.of(quantileOf(y, weights, 0.5)),
    residuals: (y, raw, _c, _weights, out) => {
      for (let i = 0; i < y.length; i++) out[i] = y[i]! > raw[i]! ? 1 : -1;
    },
    leaf: (leaf) => leafQuantile(leaf, 0.5),
    mean: (y, raw, weights) => meanOf(y, weights, (i) => Math.abs(y[i]! - raw[i]!)),
  };
}

/** α (y - F) above F, (1 - α) (F - y) below: F becomes the quantile α. */
export function quantileLoss(alpha: number): GradientLoss {
  return {
    outputs: 1,
    start: (y, weights) => Float64Array.of(quantileOf(y, weights, alpha)),
    residuals: (y, raw, _c, _weights, out) => {
      for (let i = 0; i < y.length; i++) out[i] = y[i]! > raw[i]! ? alpha : alpha - 1;
    },
    leaf: (leaf) => leafQuantile(leaf, alpha),
    mean: (y, raw, weights) => meanOf(y, weights, (i) => (y[i]! > raw[i]! ? alpha : alpha - 1) * (y[i]! - raw[i]!)),
  };
}

/** Squares up to γ, absolute beyond it: γ is the quantile α of the absolute errors, anew in each round. */
export function huberLoss(alpha: number): GradientLoss {
  const gammaOf = (y: Float64Array, raw: Float64Array, weights: Float64Array) =>
    quantileOf(
      Float64Array.from(y, (value, i) => Math.abs(value - raw[i]!)),
      weights,
      alpha,
    );
  let gamma = 0;
  return {
    outputs: 1,
    start: (y, weights) => Float64Array.of(quantileOf(y, weights, 0.5)),
    residuals: (y, raw, _c, weights, out) => {
      gamma = gammaOf(y, raw, weights);
      for (let i = 0; i < y.length; i++) {
        const error = y[i]! - raw[i]!;
        out[i] = Math.abs(error) <= gamma ? error : gamma * Math.sign(error);
      }
    },
    leaf: (leaf) => {
      const middle = leafQuantile(leaf, 0.5);
      let sum = 0;
      for (const i of leaf.rows) {
        const rest = leaf.y[i]! - leaf.raw[i]! - middle;
        sum += Math.sign(rest) * Math.min(Math.abs(rest), gamma);
      }
      return middle + sum / leaf.rows.length;
    },
    mean: (y, raw, weights) =>
      meanOf(y, weights, (i) => {
        const error = Math.abs(y[i]! - raw[i]!);
        return error <= gamma ? 0.5 * error * error : gamma * (error - gamma / 2);
      }),
  };
}

/** -2 log of the probability of y, 0 or 1, which for 1 is 1 / (1 + e^-F). */
export function binomialLoss(): GradientLoss {
  return {
    outputs: 1,
    start: (y, weights) => Float64Array.of(logOdds(y, weights)),
    residuals: (y, raw, _c, _weights, out) => {
      for (let i = 0; i < y.length; i++) out[i] = y[i]! - logistic(raw[i]!);
    },
    leaf: ({ rows, y, residuals, weights }) => {
      let [top, bottom] = [0, 0];
      for (const i of rows) {
        top += weights[i]! * residuals[i]!;
        bottom += weights[i]! * (y[i]! - residuals[i]!) * (1 - y[i]! + residuals[i]!);
      }
      return ratio(top, bottom);
    },
    mean: (y, raw, weights) =>
      meanOf(y, weights, (i) => -2 * (y[i]! * raw[i]! - Math.max(raw[i]!, 0) - log(1 + exp(-Math.abs(raw[i]!))))),
  };
}

/** e^-±F, + for y of 1 and - for 0, which AdaBoost minimizes too; the probability of 1 is 1 / (1 + e^-2F). */
export function exponentialLoss(): GradientLoss {
  const sign = (y: number) => 2 * y - 1;
  return {
    outputs: 1,
    start: (y, weights) => Float64Array.of(0.5 * logOdds(y, weights)),
    residuals: (y, raw, _c, _weights, out) => {
      for (let i = 0; i < y.length; i++) out[i] = sign(y[i]!) * exp(-sign(y[i]!) * raw[i]!);
    },
    leaf: ({ rows, y, raw, weights }) => {
      let [top, bottom] = [0, 0];
      for (const i of rows) {
        const size = weights[i]! * exp(-sign(y[i]!) * raw[i]!);
        top += sign(y[i]!) * size;
        bottom += size;
      }
      return ratio(top, bottom);
    },
    mean: (y, raw, weights) => meanOf(y, weights, (i) => exp(-sign(y[i]!) * raw[i]!)),
  };
}

/** -log of the probability of y from 0 to k - 1, the softmax of F. */
export function multinomialLoss(k: number): GradientLoss {
  const logSum = (raw: Float64Array, i: number, n: number) => {
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) most = Math.max(most, raw[c * n + i]!);
    let sum = 0;
    for (let c = 0; c < k; c++) sum += exp(raw[c * n + i]! - most);
    return most + log(sum);
  };
  return {
    outputs: k,
    start: (y, weights) => {
      const shareOf = (c: number) =>
        weightedMean(
          y.map((code) => Number(code === c)),
          weights,
        );
      return new Float64Array(k).map((_, c) => log(clipped(shareOf(c))));
    },
    residuals: (y, raw, c, _weights, out) => {
      const n = y.length;
      for (let i = 0; i < n; i++) out[i] = (y[i] === c ? 1 : 0) - exp(raw[c * n + i]! - logSum(raw, i, n));
    },
    leaf: ({ rows, residuals, weights }) => {
      let [top, bottom] = [0, 0];
      for (const i of rows) {
        const size = Math.abs(residuals[i]!);
        top += weights[i]! * residuals[i]!;
        bottom += weights[i]! * size * (1 - size);
      }
      return ratio((top * (k - 1)) / k, bottom);
    },
    mean: (y, raw, weights) => meanOf(y, weights, (i) => logSum(raw, i, y.length) - raw[y[i]! * y.length + i]!),
  };
}

function leafQuantile({ rows, y, raw, weights }: LeafRows, q: number): number {
  const errors = Float64Array.from(rows, (i) => y[i]! - raw[i]!);
  return quantileOf(
    errors,
    Float64Array.from(rows, (i) => weights[i]!),
    q,
  );
}

/** `weightedQuantile`, sorted as trees sort. */
function quantileOf(values: Float64Array, weights: Float64Array | null, q: number): number {
  if (weights === null) return plainQuantile(values, q);
  const n = values.length;
  const order = new Int32Array(n).map((_, i) => i);
  new Sorter(n).sort(order, 0, n, values, 0);
  return quantileInOrder(values, weights, q, order);
}

/** A leaf whose rows are all as probable as can be keeps its value. */
function ratio(top: number, bottom: number): number {
  return Math.abs(bottom) < 1e-150 ? 0 : top / bottom;
}

function logOdds(y: Float64Array, weights: Float64Array | null): number {
  const p = clipped(weightedMean(y, weights));
  return log(p / (1 - p));
}

/** Away from 0 and 1 by the precision of float32, as in scikit-learn. */
function clipped(p: number): number {
  return Math.min(Math.max(p, 2 ** -23), 1 - 2 ** -23);
}

function weightedMean(y: Float64Array, weights: Float64Array | null): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    sum += weight * y[i]!;
    total += weight;
  }
  return sum / total;
}

function meanOf(y: Float64Array, weights: Float64Array, loss: (i: number) => number): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    if (weights[i] === 0) continue;
    sum += weights[i]! * loss(i);
    total += weights[i]!;
  }
  return sum / total;
}
