import { decodeArray, encodeArray, savedBoolean, savedCount, savedNumber } from '@maru-ml/tensor';
import type { Kernel, KernelFunctions } from './kernel.ts';
import { KernelMachine } from './kernel-machine.ts';
import { vectorsOf } from './rows.ts';
import { savedKernel, savedMachine, saveKernel } from './saved.ts';
import type { DualSolution } from './smo.ts';

/** What fits with one machine find out. */
export interface SingleFit {
  kernel: Kernel;
  d: number;
  support: Int32Array;
  /** [s, d]; empty for 'precomputed'. */
  vectors: Float64Array;
  /** [s]. */
  dualCoef: Float64Array;
  intercept: number;
  nIter: number;
  converged: boolean;
}

/** What such a fit finds out from the multipliers β of those rows of `x` [., d] that are at the places `rows`. */
export function singleFit(
  kernel: Kernel,
  x: Float64Array,
  d: number,
  rows: Int32Array,
  { beta, bias, nIter, converged }: DualSolution,
): SingleFit {
  const support = rows.filter((_, at) => beta[at] !== 0);
  const vectors = supportVectors(kernel, x, d, support);
  return { kernel, d, support, vectors, dualCoef: beta.filter((b) => b !== 0), intercept: bias, nIter, converged };
}

/** The rows of x [., d] at some places, one after the other; none for 'precomputed', whose rows are kernel values. */
export function supportVectors({ name }: Kernel, x: Float64Array, d: number, places: Int32Array): Float64Array {
  return name === 'precomputed' ? new Float64Array(0) : vectorsOf(x, d, places);
}

/** The machine of such a fit. */
export function singleMachine(owner: string, { dualCoef, intercept, ...parts }: SingleFit): KernelMachine {
  const runs = [[[0, dualCoef.length, 0] as const]];
  return new KernelMachine(owner, { ...parts, coef: dualCoef, runs, intercept: Float64Array.of(intercept) });
}

/** Such a fit as plain data. */
export function saveSingle({ kernel, d, support, vectors, dualCoef, intercept, nIter, converged }: SingleFit): object {
  return {
    kernel: saveKernel(kernel),
    nFeaturesIn: d,
    support: encodeArray(support),
    supportVectors: encodeArray(vectors, [vectors.length / d, d]),
    dualCoef: encodeArray(dualCoef),
    intercept,
    nIter,
    converged,
  };
}

/** The fit that `saveSingle` wrote. @throws DataError if it is none, OptionError if a kernel is missing */
export function savedSingle(owner: string, fields: Record<string, unknown>, functions: KernelFunctions): SingleFit {
  const kernel = savedKernel(owner, fields, functions);
  const machine = savedMachine(owner, fields, kernel);
  const shape = [machine.support.length];
  return {
    kernel,
    ...machine,
    dualCoef: decodeArray(owner, 'dualCoef', fields.dualCoef, { dtype: 'float64', shape }),
    intercept: savedNumber(owner, fields, 'intercept'),
    nIter: savedCount(owner, fields, 'nIter'),
    converged: savedBoolean(owner, fields, 'converged'),
  };
}
