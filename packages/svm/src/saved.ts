import { DataError, show } from '@maru-ml/base';
import {
  checkSparse,
  decodeArray,
  encodeArray,
  isSparse,
  type SparseRows,
  savedColumns,
  savedNumber,
  savedString,
  Table,
} from '@maru-ml/tensor';
import { findKernel, type Kernel, type KernelFunctions, takesSparse } from './kernel.ts';
import type { Vectors } from './rows.ts';

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

/** A copy of support vectors [., d] for who asks a model. */
export function showVectors(vectors: Vectors, d: number): Table | SparseRows {
  return isSparse(vectors) ? structuredClone(vectors) : new Table(vectors.slice(), vectors.length / d, d);
}

/** Support vectors [., d] as plain data: an array, or the three arrays of sparse ones. */
export function saveVectors(vectors: Vectors, d: number): object {
  if (!isSparse(vectors)) return encodeArray(vectors, [vectors.length / d, d]);
  const { data, indices, indptr } = vectors;
  return { data: encodeArray(data), indices: encodeArray(indices), indptr: encodeArray(indptr) };
}

/** Sparse vectors [s, d] that `saveVectors` wrote. */
function savedSparse(owner: string, saved: SparseRows, s: number, d: number): SparseRows {
  const vectors: SparseRows = {
    data: decodeArray(owner, 'supportVectors.data', saved.data, { dtype: 'float64', shape: [-1], finite: true }),
    indices: decodeArray(owner, 'supportVectors.indices', saved.indices, { dtype: 'int32', shape: [-1] }),
    indptr: decodeArray(owner, 'supportVectors.indptr', saved.indptr, { dtype: 'int32', shape: [s + 1] }),
    shape: [s, d],
  };
  try {
    checkSparse(owner, vectors);
  } catch (error) {
    // It is the file that is wrong, not an option or a shape.
    throw new DataError((error as Error).message);
  }
  return vectors;
}

/** The support vectors of a saved model and their places. @throws DataError if they do not fit together */
export function savedMachine(
  owner: string,
  fields: Record<string, unknown>,
  kernel: Kernel,
): { d: number; support: Int32Array; vectors: Vectors } {
  const d = savedColumns(owner, fields);
  const support = decodeArray(owner, 'support', fields.support, { dtype: 'int32', shape: [-1] });
  const isGiven = kernel.name === 'precomputed';
  if (support.some((place) => place < 0 || (isGiven && place >= d))) {
    throw new DataError(`${owner}: support must be places of rows`);
  }
  const saved = fields.supportVectors;
  if (isSparse(saved) && takesSparse(kernel.name)) {
    return { d, support, vectors: savedSparse(owner, saved, support.length, d) };
  }
  const shape = [isGiven ? 0 : support.length, d];
  const vectors = decodeArray(owner, 'supportVectors', saved, {
    dtype: 'float64',
    shape,
    finite: true,
  });
  return { d, support, vectors };
}
