import { checkSampleWeight, type RandomStream, type Steps, streamFrom } from '@maru-ml/base';
import { isSparse, type Matrix, type MatrixLike, type SparseRows, toRows, toTargets } from '@maru-ml/tensor';
import { center, sumOf } from './centered.ts';
import { coordinateDescent, type DescentSettings, type Penalty, type Residual } from './coordinate-descent.ts';
import type { ElasticNetSettings } from './elastic-net.ts';
import type { ElasticNetFit } from './elastic-net-model.ts';
import { DenseResidual, GramResidual, SparseResidual } from './residuals.ts';

/** A least squares problem, centered and ready for coordinate descent. */
export interface Problem {
  readonly residual: Residual;
  readonly n: number;
  readonly means: Float64Array;
  readonly yMean: number;
}

/** The fit of `Lasso` and `ElasticNet`. */
export function* fitElasticNet(
  owner: string,
  settings: ElasticNetSettings,
  x: MatrixLike | SparseRows,
  y: ArrayLike<number>,
  sampleWeight: ArrayLike<number> | undefined,
): Steps<ElasticNetFit> {
  const rows = toRows(owner, x, { keepFloat32: true });
  const [n, d] = isSparse(rows) ? rows.shape : [rows.rows, rows.columns];
  const targets = toTargets(owner, y, n);
  const weights = relativeWeights(checkSampleWeight(owner, sampleWeight, n));
  yield;
  const problem = yield* problemOf(owner, rows, targets, weights, settings.fitIntercept, FEW_COLUMNS);
  const w = new Float64Array(d);
  const steps = coordinateDescent(problem.residual, w, penaltyOf(settings, n), descentSettings(settings));
  const { gap, nIter, converged } = yield* steps;
  return { coef: w, intercept: interceptOf(problem, w), dualGap: gap / n, nIter, converged };
}

/** Up to so many columns a single fit is faster with the Gram matrix than without. */
const FEW_COLUMNS = 200;

/** Centers the problem and chooses how its residual is kept. */
export function* problemOf(
  owner: string,
  rows: Matrix | SparseRows,
  y: Float64Array,
  weights: Float64Array | null,
  fitIntercept: boolean,
  gramColumns: number,
): Steps<Problem> {
  if (isSparse(rows)) {
    const residual = new SparseResidual(owner, rows, y, weights, fitIntercept);
    return { residual, n: rows.shape[0], means: residual.means, yMean: residual.yMean };
  }
  const centered = yield* center(owner, rows, y, weights, fitIntercept, true);
  const { n, d, means, yMean } = centered;
  const useGram = d <= gramColumns && d < n;
  const residual = useGram ? yield* GramResidual.of(centered) : new DenseResidual(centered);
  return { residual, n, means, yMean };
}

/** The penalties of the objective times n. */
export function penaltyOf(
  { alpha, l1Ratio, positive }: { alpha: number; l1Ratio: number; positive: boolean },
  n: number,
): Penalty {
  return { l1: n * alpha * l1Ratio, l2: n * alpha * (1 - l1Ratio), positive };
}

export function interceptOf({ means, yMean }: Problem, w: Float64Array): number {
  let intercept = yMean;
  for (let j = 0; j < w.length; j++) intercept -= means[j]! * w[j]!;
  return intercept;
}

/** Weights that add up to their number, so that α means what it means without. */
export function relativeWeights(weights: Float64Array | null): Float64Array | null {
  if (weights === null) return null;
  const scale = weights.length / sumOf(weights);
  return weights.map((weight) => weight * scale);
}

/** Settings of a descent, with a fork of the seed's stream where there is something to draw. */
export function descentSettings(settings: {
  maxIter: number;
  tol: number;
  selection: 'cyclic' | 'random';
  seed: ElasticNetSettings['seed'];
}): DescentSettings {
  const random: RandomStream | null = settings.selection === 'random' ? streamFrom(settings.seed).fork() : null;
  return { maxIter: settings.maxIter, tol: settings.tol, random };
}
