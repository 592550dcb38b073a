import { checkNumber, checkOneOf, DataError } from '@maru-ml/base';

/** How far two rows are apart. */
export type Metric = 'euclidean' | 'manhattan' | 'chebyshev' | 'minkowski' | 'cosine';

/**
 * A metric as the searches use it. They compare ranks, which order rows as distances do and cost less. Sums run over the columns in
 * order, in float64. All numbers come in arrays, since the engine may make an object of one that is handed to a function, or back.
 */
export interface Measure {
  readonly metric: Metric;
  /** The rank of the d numbers of x from place i on and those of y from place j on, to `out[at]`. */
  rank(
    x: ArrayLike<number>,
    i: number,
    y: ArrayLike<number>,
    j: number,
    d: number,
    out: Float64Array,
    at: number,
  ): void;
  /** Makes distances of the ranks `values[from...end]`. */
  toDistances(values: Float64Array, from: number, end: number): void;
  /** Makes ranks of the distances `values[from...end]`. */
  toRanks(values: Float64Array, from: number, end: number): void;
}

/** @param p the exponent of 'minkowski', ≥ 1 */
export function measureOf(metric: Metric, p: number): Measure {
  if (metric === 'manhattan' || (metric === 'minkowski' && p === 1)) return MANHATTAN;
  if (metric === 'chebyshev' || (metric === 'minkowski' && p === Number.POSITIVE_INFINITY)) return CHEBYSHEV;
  if (metric === 'cosine') return COSINE;
  return metric === 'euclidean' || p === 2 ? EUCLIDEAN : minkowski(p);
}

/** Σ (x - y)² */
const EUCLIDEAN: Measure = {
  metric: 'euclidean',
  rank(x, i, y, j, d, out, at) {
    let sum = 0;
    for (let l = 0; l < d; l++) {
      const difference = x[i + l]! - y[j + l]!;
      sum += difference * difference;
    }
    out[at] = sum;
  },
  toDistances(values, from, end) {
    for (let at = from; at < end; at++) values[at] = Math.sqrt(values[at]!);
  },
  toRanks(values, from, end) {
    for (let at = from; at < end; at++) values[at] = values[at]! * values[at]!;
  },
};

const MANHATTAN: Measure = {
  ...{ metric: 'manhattan', toDistances: same, toRanks: same },
  rank(x, i, y, j, d, out, at) {
    let sum = 0;
    for (let l = 0; l < d; l++) sum += Math.abs(x[i + l]! - y[j + l]!);
    out[at] = sum;
  },
};

const CHEBYSHEV: Measure = {
  ...{ metric: 'chebyshev', toDistances: same, toRanks: same },
  rank(x, i, y, j, d, out, at) {
    let most = 0;
    for (let l = 0; l < d; l++) most = Math.max(most, Math.abs(x[i + l]! - y[j + l]!));
    out[at] = most;
  },
};

/** 1 - cos of the angle; 1 from a row of zeros. */
const COSINE: Measure = {
  ...{ metric: 'cosine', toDistances: same, toRanks: same },
  rank(x, i, y, j, d, out, at) {
    let xx = 0;
    let xy = 0;
    let yy = 0;
    for (let l = 0; l < d; l++) {
      xx += x[i + l]! * x[i + l]!;
      xy += x[i + l]! * y[j + l]!;
      yy += y[j + l]! * y[j + l]!;
    }
    if (isUsual(xx) && isUsual(yy)) out[at] = Math.max(0, 1 - xy / Math.sqrt(xx) / Math.sqrt(yy));
    else rankOfDirections(x, i, y, j, d, out, at);
  },
};

/** Whether a sum of squares has neither overflown nor lost digits by vanishing. */
function isUsual(sum: number): boolean {
  return sum > 1e-290 && sum < Number.POSITIVE_INFINITY;
}

/** The cosine rank of rows of any size: their angle is that of rows whose largest number is 1. */
const rankOfDirections: Measure['rank'] = (x, i, y, j, d, out, at) => {
  const [xMost, yMost] = [largest(x, i, d), largest(y, j, d)];
  out[at] = 1;
  if (xMost === 0 || yMost === 0) return;
  const xDirection = Float64Array.from({ length: d }, (_, l) => x[i + l]! / xMost);
  const yDirection = Float64Array.from({ length: d }, (_, l) => y[j + l]! / yMost);
  COSINE.rank(xDirection, 0, yDirection, 0, d, out, at);
};

function largest(x: ArrayLike<number>, i: number, d: number): number {
  let most = 0;
  for (let l = 0; l < d; l++) most = Math.max(most, Math.abs(x[i + l]!));
  return most;
}

/** Σ |x - y|ᵖ */
function minkowski(p: number): Measure {
  return {
    metric: 'minkowski',
    rank(x, i, y, j, d, out, at) {
      let sum = 0;
      for (let l = 0; l < d; l++) sum += Math.abs(x[i + l]! - y[j + l]!) ** p;
      out[at] = sum;
    },
    toDistances(values, from, end) {
      for (let at = from; at < end; at++) values[at] = values[at]! ** (1 / p);
    },
    toRanks(values, from, end) {
      for (let at = from; at < end; at++) values[at] = values[at]! ** p;
    },
  };
}

/** Where ranks are distances. */
function same(): void {}

/** Options about distances. */
export interface MetricOptions {
  /** How far rows are apart; 'minkowski'. */
  metric?: Metric;
  /** The exponent of 'minkowski', ≥ 1: 1 is 'manhattan', 2 'euclidean'; 2. */
  p?: number;
}

export function checkMetric(owner: string, { metric = 'minkowski', p = 2 }: MetricOptions): Required<MetricOptions> {
  checkOneOf(owner, 'metric', metric, ['euclidean', 'manhattan', 'chebyshev', 'minkowski', 'cosine']);
  return { metric, p: checkNumber(owner, 'p', p, { min: 1, max: Number.POSITIVE_INFINITY }) };
}

/** @throws DataError if one of some ranks has overflown */
export function checkRanks(owner: string, ranks: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    if (ranks[i]! < Number.POSITIVE_INFINITY) continue;
    throw new DataError(`${owner}: distances in x overflow; divide x by a constant first`);
  }
}
