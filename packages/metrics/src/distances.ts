import { checkKnown, checkNumber, checkOneOf, DataError, ShapeError } from '@maru-ml/base';
import { squaredDistances } from '@maru-ml/kernels/distance';
import type { MatrixLike, Table } from '@maru-ml/tensor';
import { finiteTable, type Pair, pairOf } from './pair.ts';
import { cosineOf } from './similarities.ts';

// Distances of all pairs of rows. Each function takes x [n, d] and y [m, d], which is x itself if left out, and returns a table
// [n, m]. They cost O(n m d) and throw a ShapeError where columns differ and a DataError for numbers that are not finite or too large.

/** The distances that `pairwiseDistances` knows. */
export type Metric =
  | 'euclidean'
  | 'sqeuclidean'
  | 'manhattan'
  | 'chebyshev'
  | 'minkowski'
  | 'cosine'
  | 'correlation'
  | 'hamming'
  | 'jaccard'
  | 'canberra'
  | 'braycurtis'
  | 'haversine';

export interface PairwiseDistancesOptions {
  /** The distance; 'euclidean'. */
  metric?: Metric;
  /** The power of 'minkowski', ≥ 1: 1 is manhattan, 2 euclidean, Infinity chebyshev; 2. */
  p?: number;
}

/**
 * The distances of the rows of x from those of y:
 *
 *   euclidean √Σ(a - b)²; sqeuclidean Σ(a - b)²; manhattan Σ|a - b|; chebyshev max |a - b|; minkowski (Σ|a - b|ᵖ)^(1/p);
 *   cosine 1 - a·b / (‖a‖ ‖b‖), 1 from a row of zeros; correlation: cosine of the rows less their means;
 *   hamming: the share of columns that differ; jaccard: of the columns where a or b is not 0, the share where only one is;
 *   canberra Σ |a - b| / (|a| + |b|), terms 0 / 0 being 0; braycurtis Σ|a - b| / Σ|a + b|;
 *   haversine: the angle between points of a sphere, rows being [latitude, longitude] in radians.
 *
 * @throws DataError for a constant row and 'correlation' and for two rows of zeros and 'braycurtis', which are not defined
 */
export function pairwiseDistances(x: MatrixLike, y?: MatrixLike | null, options: PairwiseDistancesOptions = {}): Table {
  const owner = 'pairwiseDistances';
  checkKnown(owner, options, ['metric', 'p']);
  const { metric = 'euclidean', p = 2 } = options;
  checkOneOf(owner, 'metric', metric, METRICS);
  checkNumber(owner, 'p', p, { min: 1, max: Number.POSITIVE_INFINITY });
  const pair = pairOf(owner, x, y);
  const table = fill(owner, pair, distanceRows(owner, pair, metric, p));
  return table;
}

/** √Σ(a - b)². */
export function euclideanDistances(x: MatrixLike, y?: MatrixLike | null): Table {
  return named('euclideanDistances', x, y, 'euclidean');
}

/** Σ|a - b|. */
export function manhattanDistances(x: MatrixLike, y?: MatrixLike | null): Table {
  return named('manhattanDistances', x, y, 'manhattan');
}

/** The angles between points of a sphere given as [latitude, longitude] in radians; times the radius, their distances along it. */
export function haversineDistances(x: MatrixLike, y?: MatrixLike | null): Table {
  return named('haversineDistances', x, y, 'haversine');
}

/** Writes the distances of the rows `from` to `to` of x from all rows of y to `out` [to - from, m]. */
export type DistanceRows = (from: number, to: number, out: Float64Array) => void;

/** How distances of some rows are computed; what can be done once for all rows is done here. */
export function distanceRows(owner: string, pair: Pair, metric: Metric, p: number): DistanceRows {
  const { x, y, n, m, d, same } = pair;
  if (metric === 'cosine' || metric === 'correlation') {
    const similarity = cosineOf(owner, pair, metric === 'correlation');
    return (from, to, out) => {
      similarity(from, to, out);
      for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(1 - out[i]!, 0), 2);
    };
  }
  const power =
    metric === 'euclidean' ? 2 : metric === 'manhattan' ? 1 : metric === 'chebyshev' ? Number.POSITIVE_INFINITY : p;
  const isPower = metric === 'minkowski' || metric === 'euclidean' || metric === 'manhattan' || metric === 'chebyshev';
  if (metric === 'sqeuclidean' || (isPower && power === 2)) {
    return (from, to, out) => {
      squaredDistances(x.subarray(from * d, to * d), y, to - from, m, d, out);
      if (metric !== 'sqeuclidean') for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(out[i]!);
    };
  }
  if (metric === 'haversine' && d !== 2) {
    throw new ShapeError(
      `${owner}: rows must be [latitude, longitude] for 'haversine', got ${d} ${d === 1 ? 'column' : 'columns'}`,
    );
  }
  const between = isPower ? ofPower(power) : DISTANCES[metric as keyof typeof DISTANCES];
  return (from, to, out) => {
    // Of a table with itself, one half is enough.
    const half = same && from === 0 && to === n;
    for (let i = from; i < to; i++) {
      for (let j = half ? i + 1 : 0; j < m; j++) {
        const distance = between(x, i * d, y, j * d, d);
        if (metric === 'braycurtis' && Number.isNaN(distance)) {
          throw new DataError(
            `${owner}: x[${i}] and ${same ? 'x' : 'y'}[${j}] add up to 0, so 'braycurtis' is not defined`,
          );
        }
        out[(i - from) * m + j] = distance;
        if (half) out[j * m + i] = distance;
      }
    }
  };
}

/** All distances as a table. */
export function fill(owner: string, { n, m, same }: Pair, rows: DistanceRows): Table {
  const out = new Float64Array(n * m);
  rows(0, n, out);
  // What lies between a row and itself is no rounding.
  if (same) for (let i = 0; i < n; i++) out[i * m + i] = 0;
  return finiteTable(owner, out, n, m, 'distances overflow; divide x by a constant first');
}

type Between = (a: Float64Array, i: number, b: Float64Array, j: number, d: number) => number;

const METRICS: readonly Metric[] = [
  'euclidean',
  'sqeuclidean',
  'manhattan',
  'chebyshev',
  'minkowski',
  'cosine',
  'correlation',
  'hamming',
  'jaccard',
  'canberra',
  'braycurtis',
  'haversine',
];

function named(owner: string, x: MatrixLike, y: MatrixLike | null | undefined, metric: Metric): Table {
  const pair = pairOf(owner, x, y);
  return fill(owner, pair, distanceRows(owner, pair, metric, 2));
}

function ofPower(p: number): Between {
  if (p === 1) return manhattan;
  if (p === Number.POSITIVE_INFINITY) return chebyshev;
  return (a, i, b, j, d) => {
    let sum = 0;
    for (let l = 0; l < d; l++) sum += Math.abs(a[i + l]! - b[j + l]!) ** p;
    return sum ** (1 / p);
  };
}

function manhattan(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
  let sum = 0;
  for (let l = 0; l < d; l++) sum += Math.abs(a[i + l]! - b[j + l]!);
  return sum;
}

function chebyshev(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
  let most = 0;
  for (let l = 0; l < d; l++) {
    const apart = Math.abs(a[i + l]! - b[j + l]!);
    if (apart > most) most = apart;
  }
  return most;
}

const DISTANCES = {
  hamming(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
    let unequal = 0;
    for (let l = 0; l < d; l++) if (a[i + l] !== b[j + l]) unequal++;
    return unequal / d;
  },
  jaccard(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
    let [either, one] = [0, 0];
    for (let l = 0; l < d; l++) {
      const [left, right] = [a[i + l] !== 0, b[j + l] !== 0];
      if (left || right) either++;
      if (left !== right) one++;
    }
    return either === 0 ? 0 : one / either;
  },
  canberra(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
    let sum = 0;
    for (let l = 0; l < d; l++) {
      const size = Math.abs(a[i + l]!) + Math.abs(b[j + l]!);
      if (size > 0) sum += Math.abs(a[i + l]! - b[j + l]!) / size;
    }
    return sum;
  },
  braycurtis(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
    let [apart, sum] = [0, 0];
    for (let l = 0; l < d; l++) {
      apart += Math.abs(a[i + l]! - b[j + l]!);
      sum += Math.abs(a[i + l]! + b[j + l]!);
    }
    return sum === 0 ? Number.NaN : apart / sum;
  },
  haversine(a: Float64Array, i: number, b: Float64Array, j: number): number {
    const latitude = Math.sin((a[i]! - b[j]!) / 2);
    const longitude = Math.sin((a[i + 1]! - b[j + 1]!) / 2);
    const square = latitude * latitude + Math.cos(a[i]!) * Math.cos(b[j]!) * longitude * longitude;
    return 2 * Math.asin(Math.sqrt(Math.min(square, 1)));
  },
} satisfies Partial<Record<Metric, Between>>;
