import {
  type FitAsyncOptions,
  type FitOptions,
  keptStream,
  nextTurn,
  type OnProgress,
  type Progress,
} from '@maru-ml/base';
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

/**
 * An algorithm that has members fitted: it yields what to fit and is sent the model, yields its progress and is sent false to end
 * with what it has, and yields undefined where it can pause.
 */
export type Plan<T> = Generator<FitRequest | Progress | undefined, T, MemberModel | boolean | undefined>;

/** Has a member fitted. */
export function* fitted<M extends MemberModel>(request: FitRequest): Plan<M> {
  return (yield request) as M;
}

/** Runs a plan on the calling thread. */
export function runPlan<T>(plan: Plan<T>, onProgress?: OnProgress): T {
  let answer: MemberModel | boolean | undefined;
  for (;;) {
    const { done, value } = plan.next(answer);
    if (done) return value;
    if (value === undefined) answer = undefined;
    else if ('estimator' in value)
      answer = value.estimator.fit(value.x, value.y as never, weighted(value)) as MemberModel;
    else answer = onProgress?.(value) ?? undefined;
  }
}

/** Runs a plan with members fitted by their `fitAsync`. @throws the signal's reason when it is aborted */
export async function runPlanAsync<T>(plan: Plan<T>, { signal, onProgress }: FitAsyncOptions): Promise<T> {
  const inStream = keptStream();
  let answer: MemberModel | boolean | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const { done, value } = inStream(() => plan.next(answer));
    if (done) return value;
    if (value !== undefined && 'estimator' in value) {
      const options: FitAsyncOptions = signal === undefined ? weighted(value) : { ...weighted(value), signal };
      const { estimator, x, y } = value;
      answer = (await inStream(() => estimator.fitAsync(x, y as never, options))) as MemberModel;
    } else {
      answer = value && (onProgress?.(value) ?? undefined);
      await nextTurn();
    }
  }
}

function weighted({ sampleWeight }: FitRequest): FitOptions {
  return sampleWeight === null ? {} : { sampleWeight };
}
