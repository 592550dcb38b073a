import { DataError } from '@maru-ml/base';
import { log, log1p } from '@maru-ml/kernels/scalar';
import { weightedQuantile } from '../quantile.ts';
import { takeAt } from '../take-rows.ts';

/**
 * A loss ℓ(y, F) of targets and raw predictions F, of which a boosting model adds up trees. While it is fitted, F is kept as what
 * it predicts: μ = F ('identity'), or e^F ('log'), of classes their odds ('logit'), so that derivatives need no exponentials.
 */
export interface HistLoss {
  readonly link: 'identity' | 'log' | 'logit';
  /** Columns of F: one for each of three classes or more, else 1. */
  readonly outputs: number;
  /** Whether all second derivatives are 1 where rows have no weights. */
  readonly constantHessian: boolean;
  /** The constant F that is best for all rows [outputs]. */
  start(y: Targets, weights: Float64Array | null): Float64Array;
  /** Writes the pairs of first and second derivatives by F of the rows `first` + `rows[i]`, times their weights, to `out`. */
  derive(fit: Fitted, rows: Uint16Array, first: number, out: Float32Array, output: number): void;
  /**
   * ℓ of a row.
   * @param rest of classes the odds of all but that of μ, for which y is 1
   */
  of(y: number, mean: number, rest: number): number;
  /** What a leaf is given in place of a Newton step: the best constant for the residuals y - F of the rows `first` + `rows[i]`. */
  leaf?(fit: Fitted, parts: readonly [first: number, rows: Uint16Array][]): number;
}

/** What a loss is asked of. */
export interface Fitted {
  readonly y: Targets;
  readonly weights: Float64Array | null;
  /** The μ of the rows [outputs, n]. */
  readonly means: Float64Array;
  /** The odds of three classes or more added up [n]; null, of two, or none. */
  readonly totals: Float64Array | null;
}

/** Numbers, or the places of classes. */
export type Targets = Float64Array | Int32Array | Uint8Array;

const EPSILON = 2.220446049250313e-16;

/** ½ (y - F)². */
export function squaredError(owner: string): HistLoss {
  return {
    link: 'identity',
    outputs: 1,
    constantHessian: true,
    start: (y, weights) => {
      const mean = meanOf(y, weights);
      // Tiny numbers have derivatives that float32 rounds to 0: nothing could be learned from them.
      const vanishes = (value: number, i: number) => Math.fround((mean - value) * (weights?.[i] ?? 1)) === 0;
      if (y.every(vanishes) && y.some((value) => value !== y[0])) {
        throw new DataError(`${owner}: the gradients vanish in float32; multiply y by a constant first`);
      }
      return Float64Array.of(mean);
    },
    derive: ({ y, weights, means }, rows, first, out) => {
      for (let i = 0; i < rows.length; i++) {
        const row = first + rows[i]!;
        const weight = weights === null ? 1 : weights[row]!;
        out[2 * i] = (means[row]! - y[row]!) * weight;
        out[2 * i + 1] = weight;
      }
    },
    of: (y, mean) => 0.5 * (y - mean) * (y - mean),
  };
}

/** q (y - F) above F, (1 - q) (F - y) below, times a factor: F becomes the quantile q. With q = ½ and the factor 2 it is |y - F|. */
export function quantileLoss(quantile: number, factor = 1): HistLoss {
  return {
    link: 'identity',
    outputs: 1,
    constantHessian: true,
    start: (y, weights) => Float64Array.of(weightedQuantile(y as Float64Array, weights, quantile)),
    derive: ({ y, weights, means }, rows, first, out) => {
      for (let i = 0; i < rows.length; i++) {
        const row = first + rows[i]!;
        const weight = weights === null ? 1 : weights[row]!;
        out[2 * i] = (y[row]! >= means[row]! ? -quantile : 1 - quantile) * factor * weight;
        out[2 * i + 1] = weight;
      }
    },
    of: (y, mean) => (y >= mean ? quantile : quantile - 1) * factor * (y - mean),
    leaf: ({ y, weights, means }, parts) => {
      const places = Int32Array.from(parts.flatMap(([first, rows]) => Array.from(rows, (row) => first + row)));
      const residuals = Float64Array.from(places, (row) => y[row]! - means[row]!);
      return weightedQuantile(residuals, weights && takeAt(weights, places), quantile);
    },
  };
}

/** e^F - y F: counts, whose mean is e^F. */
export function poissonLoss(owner: string): HistLoss {
  return {
    link: 'log',
    outputs: 1,
    constantHessian: false,
    start: (y, weights) => {
      const bad = y.findIndex((value) => value < 0);
      if (bad >= 0) throw new DataError(`${owner}: y[${bad}] must be ≥ 0 for the Poisson loss, got ${y[bad]}`);
      const mean = meanOf(y, weights);
      if (mean === 0) throw new DataError(`${owner}: y must not be all 0 for the Poisson loss`);
      return Float64Array.of(log(mean));
    },
    derive: ({ y, weights, means }, rows, first, out) => {
      for (let i = 0; i < rows.length; i++) {
        const row = first + rows[i]!;
        const weight = weights === null ? 1 : weights[row]!;
        out[2 * i] = (means[row]! - y[row]!) * weight;
        out[2 * i + 1] = means[row]! * weight;
      }
    },
    of: (y, mean) => mean - y * log(mean),
  };
}

/** F + y e^-F: positive numbers whose spread grows with their mean e^F. */
export function gammaLoss(owner: string): HistLoss {
  return {
    link: 'log',
    outputs: 1,
    constantHessian: false,
    start: (y, weights) => {
      const bad = y.findIndex((value) => value <= 0);
      if (bad >= 0) throw new DataError(`${owner}: y[${bad}] must be > 0 for the gamma loss, got ${y[bad]}`);
      return Float64Array.of(log(meanOf(y, weights)));
    },
    derive: ({ y, weights, means }, rows, first, out) => {
      for (let i = 0; i < rows.length; i++) {
        const row = first + rows[i]!;
        const weight = weights === null ? 1 : weights[row]!;
        const ratio = y[row]! / means[row]!;
        out[2 * i] = (1 - ratio) * weight;
        out[2 * i + 1] = ratio * weight;
      }
    },
    of: (y, mean) => log(mean) + y / mean,
  };
}

/**
 * log Σ e^F - F_y for y of 0 to k - 1: the probabilities are the softmax of F. Two classes have one F, that of the second; that
 * of the first is 0.
 */
export function logLoss(k: number): HistLoss {
  return {
    link: 'logit',
    outputs: k === 2 ? 1 : k,
    constantHessian: false,
    start: (y, weights) => {
      const shares = new Float64Array(k);
      let total = 0;
      for (let i = 0; i < y.length; i++) {
        const weight = weights === null ? 1 : weights[i]!;
        shares[y[i]!]! += weight;
        total += weight;
      }
      const clipped = shares.map((share) => Math.min(Math.max(share / total, EPSILON), 1 - EPSILON));
      if (k === 2) return Float64Array.of(log(clipped[1]! / (1 - clipped[1]!)));
      const logs = clipped.map(log);
      const middle = logs.reduce((sum, value) => sum + value / k, 0);
      return logs.map((value) => value - middle);
    },
    derive: ({ y, weights, means, totals }, rows, first, out, output) => {
      const code = totals === null ? 1 : output;
      for (let i = 0; i < rows.length; i++) {
        const row = first + rows[i]!;
        const weight = weights === null ? 1 : weights[row]!;
        const odds = means[output * y.length + row]!;
        const rest = totals === null ? 1 : totals[row]! - odds;
        const inverse = 1 / (odds + rest);
        const own = odds * inverse;
        const others = rest * inverse;
        out[2 * i] = (y[row] === code ? -others : own) * weight;
        out[2 * i + 1] = own * others * weight;
      }
    },
    // From the side on which no digits are lost.
    of: (y, odds, rest) => log1p(y === 1 ? rest / odds : odds / rest),
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
