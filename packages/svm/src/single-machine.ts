import { decodeArray, encodeArray, savedBoolean, savedCount, savedNumber } from '@maru-ml/tensor';
import type { Kernel, KernelFunctions } from './kernel.ts';
import { KernelMachine } from './kernel-machine.ts';
import { savedKernel, savedMachine, saveKernel } from './saved.ts';

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
