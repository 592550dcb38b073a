import type { InnerFit } from '@maru-ml/base';

/** Something that is fitted within another fit; without `fitAsync` it holds the thread for as long as it takes. */
interface Fittable<A extends readonly unknown[], M> {
  fit(...args: A): M;
  fitAsync?(...args: [...A, { signal?: AbortSignal }]): Promise<M>;
}

/** Has it fitted to the arguments. */
export function* fitted<A extends readonly unknown[], M>(
  estimator: Fittable<A, M>,
  ...args: A
): Generator<InnerFit<M>, M, unknown> {
  return (yield {
    fit: () => estimator.fit(...args),
    fitAsync: async (options) => estimator.fitAsync?.(...args, options) ?? estimator.fit(...args),
  }) as M;
}
