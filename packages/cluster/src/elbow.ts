import { checkInteger, OptionError, ShapeError, show } from '@maru-ml/base';
import type { MatrixLike } from '@maru-ml/tensor';
import { KMeans, type KMeansOptions } from './kmeans.ts';

/** What `elbow` tells. */
export interface Elbow {
  /** The numbers of clusters, ascending. */
  readonly nClusters: readonly number[];
  /** J of each. */
  readonly inertias: Float64Array;
  /** The number of clusters after which J falls little; null where there is none. */
  readonly knee: number | null;
}

export interface ElbowOptions extends Omit<KMeansOptions, 'nClusters' | 'init'> {
  /** The numbers of clusters to try; 1 to 10. */
  nClusters?: readonly number[];
  /** Where the centers start; 'k-means++'. */
  init?: 'k-means++' | 'random';
}

/**
 * The inertia J of k-means by the number of clusters, and its knee: how many clusters there may be. Starts are drawn for each
 * number alike, so take `nInit` from 5 up, that J be near its minimum.
 *
 * @param x [n, d]
 * @throws OptionError, ShapeError or DataError as `KMeans`
 */
export function elbow(x: MatrixLike, options: ElbowOptions = {}): Elbow {
  const { nClusters = COUNTS, ...rest } = options;
  const counts = checkCounts(nClusters);
  const inertias = Float64Array.from(counts, (k) => new KMeans({ ...rest, nClusters: k }).fit(x).inertia);
  return { nClusters: counts, inertias, knee: kneeOf(counts, inertias) };
}

/** The same without holding the thread for more than 50 ms. Aborting rejects with the signal's reason. */
export async function elbowAsync(
  x: MatrixLike,
  options: ElbowOptions = {},
  { signal }: { signal?: AbortSignal } = {},
): Promise<Elbow> {
  const { nClusters = COUNTS, ...rest } = options;
  const counts = checkCounts(nClusters);
  const inertias = new Float64Array(counts.length);
  for (const [place, k] of counts.entries()) {
    const model = await new KMeans({ ...rest, nClusters: k }).fitAsync(x, signal === undefined ? {} : { signal });
    inertias[place] = model.inertia;
  }
  return { nClusters: counts, inertias, knee: kneeOf(counts, inertias) };
}

/**
 * The knee of a falling curve: the point farthest below the line from its first to its last point, both axes scaled to their
 * range. null where no point lies clearly (by a tenth of the range) below it, as on a straight line.
 *
 * V. Satopää, J. Albrecht, D. Irwin and B. Raghavan, "Finding a kneedle in a haystack", ICDCS workshops (2011).
 *
 * @param x ascending [m]
 * @param y [m]
 * @throws ShapeError if their lengths differ
 */
export function kneeOf(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const last = x.length - 1;
  if (y.length !== x.length) throw new ShapeError(`kneeOf: x has ${x.length} numbers, but y has ${y.length}`);
  let [best, knee]: [number, number | null] = [0.1, null];
  for (let i = 1; i < last; i++) {
    const across = (x[i]! - x[0]!) / (x[last]! - x[0]!);
    const down = (y[0]! - y[i]!) / (y[0]! - y[last]!);
    if (!(down - across > best)) continue;
    best = down - across;
    knee = x[i]!;
  }
  return knee;
}

const COUNTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

function checkCounts(nClusters: readonly number[]): readonly number[] {
  if (!Array.isArray(nClusters) || nClusters.length === 0) {
    throw new OptionError(`elbow: nClusters must be an array of integers, got ${show(nClusters)}`);
  }
  for (const [i, k] of nClusters.entries()) checkInteger('elbow', `nClusters[${i}]`, k, { min: 1 });
  return Object.freeze([...new Set(nClusters)].sort((a, b) => a - b));
}
