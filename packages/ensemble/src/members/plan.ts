import { type FitOptions, type Fits, type OnProgress, runFits } from '@maru-ml/base';
import type { Classifier, ClassifierModel, MatrixLike, Regressor, RegressorModel } from '@maru-ml/tensor';

export { runFitsAsync as runPlanAsync } from '@maru-ml/base';

/** A model of a member: of classes, whose labels are their places, or of numbers. */
export type MemberModel = ClassifierModel<number> | RegressorModel;

/** A member that is to be fitted. */
export interface FitRequest {
  readonly estimator: Classifier | Regressor;
  readonly x: MatrixLike;
  readonly y: Int32Array | Float64Array;
  readonly sampleWeight: Float64Array | null;
}

/** An algorithm that has members fitted. */
export type Plan<T> = Fits<T>;

/** Has a member fitted. */
export function* fitted<M extends MemberModel>({ estimator, x, y, sampleWeight }: FitRequest): Plan<M> {
  const weights: FitOptions = sampleWeight === null ? {} : { sampleWeight };
  return (yield {
    fit: () => estimator.fit(x, y as never, weights),
    fitAsync: (options) => estimator.fitAsync(x, y as never, { ...weights, ...options }),
  }) as M;
}

/** Runs a plan on the calling thread. */
export function runPlan<T>(plan: Plan<T>, onProgress?: OnProgress): T {
  return runFits(plan, { onProgress });
}
