/**
 * One sampler for each exported kernel: it draws the arguments of one call. Whatever the kernel then writes into the
 * arrays among them, or returns, must be the same to the last bit in WebAssembly and in its TypeScript twin.
 *
 * @typedef {(draw: import('./draw.js').Draw) => unknown[]} Sampler
 */
import { blas } from './blas.js';
import { conv } from './conv.js';
import { distance, squares } from './distance.js';
import { elementwise } from './elementwise.js';
import { histogram } from './histogram.js';
import { kernelFunctions } from './kernel-functions.js';
import { kmeans } from './kmeans.js';
import { math } from './math.js';
import { mixture } from './mixture.js';
import { reduce } from './reduce.js';
import { scalar } from './scalar.js';
import { steps } from './steps.js';

/** @type {Record<string, Record<string, Sampler>>} the subpath, the function */
export const table = {
  ...{ blas, conv, distance, elementwise, histogram, 'kernel-functions': kernelFunctions, kmeans, math, reduce },
  ...{ mixture, scalar, squares, steps },
};

/** Kernels that are plain TypeScript alone, since WebAssembly would gain nothing. */
export const plain = [
  'elementwise/cast',
  'elementwise/expand',
  'elementwise/fill',
  'elementwise/remainder',
  'histogram/histogramLength',
  'kernel-functions/chi2Kernel',
  'kernel-functions/laplacianKernel',
  'kernel-functions/rowProduct',
  'kmeans/squaredDistance',
  'kmeans/triedColumns',
  'mixture/placeOf',
  'mixture/toBlocks',
  'reduce/argmax',
  'reduce/argmin',
  'reduce/cumsum',
  'scalar/exp',
  'scalar/expm1',
  'scalar/log',
  'scalar/log1p',
  'steps/adadeltaStep',
  'steps/adagradStep',
  'steps/nadamStep',
  'steps/rmspropStep',
];
