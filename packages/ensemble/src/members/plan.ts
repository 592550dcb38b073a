import type { FitOptions, Fits } from '@maru-ml/base';
import type { Classifier, ClassifierModel, MatrixLike, Regressor, RegressorModel } from '@maru-ml/tensor';

/** A model of a member: of classes, whose labels are their places, or of numbers. */
export type MemberModel = ClassifierModel<number> | RegressorModel;

/** A member that is to be fitted. */
export interface FitRequest {
  readonly estimator: Classifier | Regressor;
  readonly x: MatrixLike;
  readonly y: Int32Array | Float64Array;
  readonly sampleWeight: Float64Array | null;
}

/** Has a member fitted. */
export function* fitted<M extends MemberModel>({ estimator, x, y, sampleWeight }: FitRequest): Fits<M> {
  const weights: FitOptions = sampleWeight === null ? {} : { sampleWeight };
  return (yield {
    fit: () => estimator.fit(x, y as never, weights),
    fitAsync: (options) => estimator.fitAsync(x, y as never, { ...weights, ...options }),
  }) as M;
}
