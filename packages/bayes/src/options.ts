import type { FitAsyncOptions, FitOptions } from '@maru-ml/base';
import type { Label } from '@maru-ml/tensor';

/** Options of `fit`. */
export interface BayesFitOptions<L extends Label = Label> extends FitOptions {
  /** All classes, where further batches may bring some that the first one lacks; those of y. */
  classes?: readonly L[];
}

/** Options of `fitAsync`. */
export interface BayesFitAsyncOptions<L extends Label = Label> extends FitAsyncOptions {
  /** All classes, where further batches may bring some that the first one lacks; those of y. */
  classes?: readonly L[];
}

export const FIT_OPTIONS: readonly string[] = ['sampleWeight', 'onProgress', 'classes'];
export const FIT_ASYNC_OPTIONS: readonly string[] = [...FIT_OPTIONS, 'signal'];

/** Rows between two pauses of a fit, if each takes so many operations: a millisecond's worth, several before the code is warm. */
export function rowsAtOnce(operations: number): number {
  return Math.max(1, Math.floor(2 ** 18 / operations));
}
