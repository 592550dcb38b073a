import { DataError, show } from '@maru-ml/base';
import { decodeArray, savedColumns, savedNumber, savedString } from '@maru-ml/tensor';
import { findKernel, type Kernel, type KernelFunctions } from './kernel.ts';

/** A kernel as plain data: the user's function by its name. */
export function saveKernel({ name, degree, gamma, coef0 }: Kernel): object {
  return { name, degree, gamma, coef0 };
}

/** The kernel that `saveKernel` wrote. @throws DataError if it is none, OptionError if the function is missing */
export function savedKernel(owner: string, fields: Record<string, unknown>, functions: KernelFunctions): Kernel {
  const kernel = fields.kernel as Record<string, unknown> | null;
  if (typeof kernel !== 'object' || kernel === null) {
    throw new DataError(`${owner}: kernel must be a saved kernel, got ${show(kernel)}`);
  }
  const name = savedString(owner, kernel, 'name');
  return {
    name,
    degree: savedNumber(owner, kernel, 'degree'),
    gamma: savedNumber(owner, kernel, 'gamma'),
    coef0: savedNumber(owner, kernel, 'coef0'),
    custom: findKernel(owner, name, functions),
  };
}

/** The support vectors of a saved model and their places. @throws DataError if they do not fit together */
export function savedMachine(
  owner: string,
  fields: Record<string, unknown>,
  kernel: Kernel,
): { d: number; support: Int32Array; vectors: Float64Array } {
  const d = savedColumns(owner, fields);
  const support = decodeArray(owner, 'support', fields.support, { dtype: 'int32', shape: [-1] });
  const isGiven = kernel.name === 'precomputed';
  if (support.some((place) => place < 0 || (isGiven && place >= d))) {
    throw new DataError(`${owner}: support must be places of rows`);
  }
  const shape = [isGiven ? 0 : support.length, d];
  const vectors = decodeArray(owner, 'supportVectors', fields.supportVectors, {
    dtype: 'float64',
    shape,
    finite: true,
  });
  return { d, support, vectors };
}
