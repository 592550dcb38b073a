import { checkNumber, checkOneOf, DataError } from '@maru-ml/base';

/** How far two rows are apart. */
export type Metric = 'euclidean' | 'manhattan' | 'chebyshev' | 'minkowski' | 'cosine';

/**
 * A metric as the searches use it. They compare `rank`s, which order rows as distances do and cost less; `distance` makes the one of the
 * other. Sums run over the columns in order, in float64.
 */
export interface Measure {
  readonly metric: Metric;
  /** Of the d numbers from places i and j on. */
  rank(x: ArrayLike<number>, i: number, y: ArrayLike<number>, j: number, d: number): number;
  distance(rank: number): number;
  /** The rank of a distance. */
  rankOf(distance: number): number;
  /** What a difference in one column adds to a rank; null where columns do not add up one by one. */
  term: ((difference: number) => number) | null;
}

/** @param p the exponent of 'minkowski', ≥ 1 */
export function measureOf(metric: Metric, p: number): Measure {
  switch (metric) {
    case 'manhattan':
      return added('manhattan', (a) => a, same, same);
    case 'chebyshev':
      return {
        ...{ metric, distance: same, rankOf: same, term: null },
        rank(x, i, y, j, d) {
          let most = 0;
          for (let l = 0; l < d; l++) most = Math.max(most, Math.abs(x[i + l]! - y[j + l]!));
          return most;
        },
      };
    case 'cosine':
      return { ...{ metric, distance: same, rankOf: same, term: null }, rank: cosineDistance };
    case 'minkowski':
      if (p === 1) return measureOf('manhattan', 1);
      if (p === Number.POSITIVE_INFINITY) return measureOf('chebyshev', 1);
      if (p !== 2) {
        return added(
          'minkowski',
          (a) => a ** p,
          (rank) => rank ** (1 / p),
          (distance) => distance ** p,
        );
      }
  }
  return added(
    'euclidean',
    (a) => a * a,
    Math.sqrt,
    (distance) => distance * distance,
  );
}

function same(value: number): number {
  return value;
}

function added(
  metric: Metric,
  term: (difference: number) => number,
  distance: (rank: number) => number,
  rankOf: (distance: number) => number,
): Measure {
  if (metric === 'euclidean') return { metric, rank: squares, distance, rankOf, term };
  return {
    ...{ metric, distance, rankOf, term },
    rank(x, i, y, j, d) {
      let sum = 0;
      for (let l = 0; l < d; l++) sum += term(Math.abs(x[i + l]! - y[j + l]!));
      return sum;
    },
  };
}

function squares(x: ArrayLike<number>, i: number, y: ArrayLike<number>, j: number, d: number): number {
  let sum = 0;
  for (let l = 0; l < d; l++) {
    const difference = x[i + l]! - y[j + l]!;
    sum += difference * difference;
  }
  return sum;
}

/** 1 - cos of the angle; 1 from a row of zeros. */
function cosineDistance(x: ArrayLike<number>, i: number, y: ArrayLike<number>, j: number, d: number): number {
  let [xx, xy, yy] = [0, 0, 0];
  for (let l = 0; l < d; l++) {
    xx += x[i + l]! * x[i + l]!;
    xy += x[i + l]! * y[j + l]!;
    yy += y[j + l]! * y[j + l]!;
  }
  return xx === 0 || yy === 0 ? 1 : Math.max(0, 1 - xy / Math.sqrt(xx) / Math.sqrt(yy));
}

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

/** @throws DataError if a rank has overflown */
export function checkRank(owner: string, rank: number): number {
  if (rank < Number.POSITIVE_INFINITY) return rank;
  throw new DataError(`${owner}: distances in x overflow; divide x by a constant first`);
}
