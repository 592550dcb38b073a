import { DataError } from '@maru-ml/base';
import { logisticGradients } from '@maru-ml/kernels/histogram';
import { exp, log, log1p } from '@maru-ml/kernels/scalar';
import { weightedQuantile } from '../quantile.ts';

/**
 * A loss ℓ(y, F) of targets and raw predictions F, of which a boosting model adds up trees. Losses of several outputs have a
 * column of F for each: arrays of [outputs, n].
 */
export interface HistLoss {
  readonly outputs: number;
  /** Whether all second derivatives are 1 where rows have no weights. */
  readonly constantHessian: boolean;
  /** The constant F that is best for all rows [outputs]. */
  start(y: Targets, weights: Float64Array | null): Float64Array;
  /** First and second derivatives by F, as pairs [outputs, n, 2], of the rows from `from` up to `to`. */
  derivatives(
    y: Targets,
    raw: Float64Array,
    weights: Float64Array | null,
    out: Float32Array,
    from: number,
    to: number,
  ): void;
  /** Adds up what these rows lose and weigh. */
  add(y: Targets, raw: Float64Array, weights: Float64Array | null, from: number, to: number, sums: Sums): void;
  /** What leaves are given in place of a Newton step: the best constant for residuals y - F. */
  leaf?(residuals: Float64Array, weights: Float64Array | null): number;
  /** The prediction for a raw one. */
  readonly link: 'identity' | 'log' | 'logit';
}

/** Numbers, or the places of classes. */
export type Targets = Float64Array | Int32Array;

/** Weighted losses and weights. */
export interface Sums {
  loss: number;
  weight: number;
}

const EPSILON = 2.220446049250313e-16;

/** ½ (y - F)². */
export function squaredError(): HistLoss {
  return single('identity', true, {
    start: (y, weights) => meanOf(y, weights),
    derivatives: byRow((y, f, out) => {
      out[0] = f - y;
      out[1] = 1;
    }),
    loss: (y, f) => 0.5 * (y - f) * (y - f),
  });
}

/** |y - F|. */
export function absoluteError(): HistLoss {
  const middle = (y: Float64Array, weights: Float64Array | null) => weightedQuantile(y, weights, 0.5);
  return {
    ...single('identity', true, {
      start: middle,
      derivatives: byRow((y, f, out) => {
        out[0] = f > y ? 1 : -1;
        out[1] = 1;
      }),
      loss: (y, f) => Math.abs(y - f),
    }),
    leaf: middle,
  };
}

/** q (y - F) above F, (1 - q) (F - y) below: F becomes the quantile q. */
export function quantileLoss(q: number): HistLoss {
  const best = (y: Float64Array, weights: Float64Array | null) => weightedQuantile(y, weights, q);
  return {
    ...single('identity', true, {
      start: best,
      derivatives: byRow((y, f, out) => {
        out[0] = y >= f ? -q : 1 - q;
        out[1] = 1;
      }),
      loss: (y, f) => (y >= f ? q * (y - f) : (1 - q) * (f - y)),
    }),
    leaf: best,
  };
}

/** e^F - y F: counts, whose mean is e^F. */
export function poissonLoss(owner: string): HistLoss {
  return single('log', false, {
    start: (y, weights) => {
      const bad = y.findIndex((value) => value < 0);
      if (bad >= 0) throw new DataError(`${owner}: y[${bad}] must be ≥ 0 for the Poisson loss, got ${y[bad]}`);
      const mean = meanOf(y, weights);
      if (mean === 0) throw new DataError(`${owner}: y must not be all 0 for the Poisson loss`);
      return log(mean);
    },
    derivatives: byRow((y, f, out) => {
      const mean = exp(f);
      out[0] = mean - y;
      out[1] = mean;
    }),
    loss: (y, f) => exp(f) - y * f,
  });
}

/** F + y e^-F: positive numbers whose spread grows with their mean e^F. */
export function gammaLoss(owner: string): HistLoss {
  return single('log', false, {
    start: (y, weights) => {
      const bad = y.findIndex((value) => value <= 0);
      if (bad >= 0) throw new DataError(`${owner}: y[${bad}] must be > 0 for the gamma loss, got ${y[bad]}`);
      return log(meanOf(y, weights));
    },
    derivatives: byRow((y, f, out) => {
      const ratio = y * exp(-f);
      out[0] = 1 - ratio;
      out[1] = ratio;
    }),
    loss: (y, f) => f + y * exp(-f),
  });
}

/** log(1 + e^F) - y F for y of 0 and 1: the probability of 1 is 1 / (1 + e^-F). */
export function binaryLogLoss(): HistLoss {
  // The kernel takes numbers: there is room for those of a stretch of rows.
  let numbers = new Float64Array(0);
  return single('logit', false, {
    start: (y, weights) => {
      const p = Math.min(Math.max(meanOf(y, weights), EPSILON), 1 - EPSILON);
      return log(p / (1 - p));
    },
    derivatives: (y, raw, weights, out, from, to) => {
      if (numbers.length < to - from) numbers = new Float64Array(to - from);
      numbers.set(y.subarray(from, to));
      logisticGradients(
        numbers.subarray(0, to - from),
        raw.subarray(from, to),
        weights?.subarray(from, to) ?? null,
        out.subarray(2 * from, 2 * to),
      );
    },
    loss: (y, f) => log1p(exp(-Math.abs(f))) + Math.max(f, 0) - y * f,
  });
}

/** log Σ e^F - F_y for y of 0 to k - 1: the probabilities are the softmax of F. */
export function multinomialLogLoss(k: number): HistLoss {
  return {
    outputs: k,
    constantHessian: false,
    link: 'logit',
    start: (y, weights) => {
      const shares = new Float64Array(k);
      let total = 0;
      for (let i = 0; i < y.length; i++) {
        const weight = weights === null ? 1 : weights[i]!;
        shares[y[i]!]! += weight;
        total += weight;
      }
      let middle = 0;
      for (let c = 0; c < k; c++) {
        shares[c] = log(Math.min(Math.max(shares[c]! / total, EPSILON), 1 - EPSILON));
        middle += shares[c]! / k;
      }
      return shares.map((share) => share - middle);
    },
    derivatives: (y, raw, weights, out, from, to) => {
      const n = y.length;
      const p = new Float64Array(k);
      for (let i = from; i < to; i++) {
        softmaxAt(raw, i, n, k, p);
        const weight = weights === null ? 1 : weights[i]!;
        for (let c = 0; c < k; c++) {
          const at = 2 * (c * n + i);
          out[at] = (p[c]! - (y[i] === c ? 1 : 0)) * weight;
          out[at + 1] = p[c]! * (1 - p[c]!) * weight;
        }
      }
    },
    add: (y, raw, weights, from, to, sums) => {
      const n = y.length;
      const p = new Float64Array(k);
      let { loss, weight: total } = sums;
      for (let i = from; i < to; i++) {
        const weight = weights === null ? 1 : weights[i]!;
        loss += weight * (softmaxAt(raw, i, n, k, p) - raw[y[i]! * n + i]!);
        total += weight;
      }
      sums.loss = loss;
      sums.weight = total;
    },
  };
}

/** Writes the softmax of a row's raw predictions to `p` and returns log Σ e^F. */
function softmaxAt(raw: Float64Array, i: number, n: number, k: number, p: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < k; c++) most = Math.max(most, raw[c * n + i]!);
  let sum = 0;
  for (let c = 0; c < k; c++) {
    p[c] = exp(raw[c * n + i]! - most);
    sum += p[c]!;
  }
  for (let c = 0; c < k; c++) p[c]! /= sum;
  return most + log(sum);
}

interface Single {
  start(y: Targets, weights: Float64Array | null): number;
  derivatives: HistLoss['derivatives'];
  loss(y: number, f: number): number;
}

/** Derivatives of a loss with one output, from a function that writes the two of a row to `out`. */
function byRow(at: (y: number, f: number, out: Float64Array) => void): HistLoss['derivatives'] {
  return (y, raw, weights, out, from, to) => {
    const pair = new Float64Array(2);
    for (let i = from; i < to; i++) {
      at(y[i]!, raw[i]!, pair);
      const weight = weights === null ? 1 : weights[i]!;
      out[2 * i] = pair[0]! * weight;
      out[2 * i + 1] = pair[1]! * weight;
    }
  };
}

/** A loss with one output, from what it is for one row. */
function single(link: HistLoss['link'], constantHessian: boolean, { start, derivatives, loss }: Single): HistLoss {
  return {
    outputs: 1,
    constantHessian,
    link,
    start: (y, weights) => Float64Array.of(start(y, weights)),
    derivatives,
    add: (y, raw, weights, from, to, sums) => {
      let { loss: sum, weight: total } = sums;
      for (let i = from; i < to; i++) {
        const weight = weights === null ? 1 : weights[i]!;
        sum += weight * loss(y[i]!, raw[i]!);
        total += weight;
      }
      sums.loss = sum;
      sums.weight = total;
    },
  };
}

function meanOf(y: Targets, weights: Float64Array | null): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    sum += weight * y[i]!;
    total += weight;
  }
  return sum / total;
}
