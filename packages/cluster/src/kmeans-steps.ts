import type { Progress, RandomStream, Steps } from '@maru-ml/base';
import { triedColumns } from '@maru-ml/kernels/kmeans';
import type { Matrix } from '@maru-ml/tensor';
import { randomRows, spreadRows, trialsOf } from './kmeans-start.ts';
import { lloyd, type Run } from './lloyd.ts';
import { Points } from './points.ts';
import { variance } from './variance.ts';

/** What k-means is told, apart from where it starts. */
export interface StartsOptions {
  init: 'k-means++' | 'random' | Float64Array;
  starts: number;
  nClusters: number;
  maxIter: number;
  tol: number;
  emptyCluster: 'reinit' | 'remove';
}

/** The best of some starts of Lloyd's algorithm. */
export function* bestOfStarts(points: Points, options: StartsOptions, random: RandomStream | null): Steps<Run> {
  const { init, starts, nClusters: k, maxIter, tol, emptyCluster } = options;
  const tolerance = tol * (yield* variance(points));
  let best: Run | null = null;
  let step = 0;
  for (let start = 1; start <= starts; start++) {
    const own = random?.fork();
    let centers = typeof init === 'string' ? null : init;
    points.rows().labels.fill(0);
    if (own !== undefined) centers = init === 'random' ? randomRows(points, k, own) : yield* spreadRows(points, k, own);
    const tell = (inertia: number, shift: number): Progress => {
      return { step: ++step, total: starts * maxIter, unit: 'iteration', metrics: { start, inertia, shift } };
    };
    const run = yield* lloyd(points, centers!, { maxIter, tolerance, emptyCluster, tell });
    if (best === null || run.inertias.at(-1)! < best.inertias.at(-1)!) best = run;
    if (run.stopped) break;
  }
  return best!;
}

/** k rows as k-means++ chooses them [k, d]. */
export function* plusPlusRows(
  matrix: Matrix,
  k: number,
  random: RandomStream,
  weights: Float64Array | null = null,
): Steps<Float64Array> {
  const points = new Points(matrix, weights, triedColumns(trialsOf(k)));
  try {
    yield* points.take(matrix);
    return yield* spreadRows(points, k, random);
  } finally {
    points.free();
  }
}
