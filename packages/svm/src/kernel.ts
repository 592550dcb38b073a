import { checkInteger, checkNumber, checkOneOf, DataError, list, OptionError, type Steps, show } from '@maru-ml/base';
import { exp } from '@maru-ml/kernels/scalar';
import { PART } from './rows.ts';

/** A kernel of the user's own: how alike two rows [d] are, symmetric and positive semidefinite. It must not write into them. */
export type KernelFunction = (a: Float64Array, b: Float64Array) => number;

/** The user's kernels by name. */
export type KernelFunctions = Readonly<Record<string, KernelFunction>>;

/** What a model needs again if its kernel was one of the user's functions. */
export interface LoadOptions {
  /** The kernel that the estimator was handed, by name. */
  functions?: KernelFunctions;
}

/** Options that all machines with kernels share. */
export interface KernelOptions {
  /** 'rbf', 'linear', 'poly', 'sigmoid', 'precomputed' (x is then the table of kernel values), or the name of a function; 'rbf'. */
  kernel?: string;
  /** The power p of 'poly', an integer ≥ 0; 3. */
  degree?: number;
  /** γ ≥ 0 of 'rbf', 'poly' and 'sigmoid'; 'scale' is 1 / (d · variance of x), 'auto' 1 / d; 'scale'. */
  gamma?: 'scale' | 'auto' | number;
  /** c of 'poly' and 'sigmoid'; 0. */
  coef0?: number;
}

/** The kernel options with their defaults. */
export type KernelSettings = Readonly<Required<KernelOptions>>;

/** A kernel with its numbers settled. */
export interface Kernel {
  readonly name: string;
  readonly degree: number;
  readonly gamma: number;
  readonly coef0: number;
  /** The user's function, null for kernels of this package. */
  readonly custom: KernelFunction | null;
}

export const KERNEL_OPTIONS: readonly string[] = ['kernel', 'degree', 'gamma', 'coef0'];
const BUILT_IN = ['linear', 'poly', 'rbf', 'sigmoid', 'precomputed'];

/** Checks the options of kernels. @throws OptionError */
export function checkKernel(owner: string, options: KernelOptions, functions: KernelFunctions): KernelSettings {
  const { kernel = 'rbf', degree = 3, gamma = 'scale', coef0 = 0 } = options;
  findKernel(owner, kernel, functions);
  checkInteger(owner, 'degree', degree, { min: 0 });
  if (typeof gamma === 'number') checkNumber(owner, 'gamma', gamma, { min: 0 });
  else checkOneOf(owner, 'gamma', gamma, ['scale', 'auto']);
  checkNumber(owner, 'coef0', coef0);
  return { kernel, degree, gamma, coef0 };
}

/** The user's function of that name, null for a kernel of this package. @throws OptionError if there is none */
export function findKernel(owner: string, kernel: unknown, functions: KernelFunctions): KernelFunction | null {
  if (typeof kernel !== 'string') {
    const remedy = typeof kernel === 'function' ? '; hand the function over in the second argument' : '';
    throw new OptionError(`${owner}: kernel must be the name of a kernel, got ${show(kernel)}${remedy}`);
  }
  if (BUILT_IN.includes(kernel)) return null;
  const found = Object.hasOwn(functions, kernel) ? functions[kernel] : undefined;
  if (typeof found === 'function') return found;
  const known = [...BUILT_IN, ...Object.keys(functions)].filter((name) => name !== kernel);
  throw new OptionError(
    `${owner}: there is no kernel ${show(kernel)}; hand it over in functions, or use ${list(known, 'or')}`,
  );
}

/** The kernel for rows `x` [n, d]: settles γ. @throws DataError if it overflows */
export function* kernelFor(
  owner: string,
  { kernel, degree, gamma, coef0 }: KernelSettings,
  functions: KernelFunctions,
  x: Float64Array,
  d: number,
): Steps<Kernel> {
  const settled = typeof gamma === 'number' ? gamma : gamma === 'auto' ? 1 / d : yield* scaledGamma(x, d);
  const uses = kernel === 'rbf' || kernel === 'poly' || kernel === 'sigmoid';
  if (uses && !Number.isFinite(settled)) {
    throw new DataError(`${owner}: 1 / variance of x overflows; scale the columns of x first (see StandardScaler)`);
  }
  return { name: kernel, degree, gamma: uses ? settled : 0, coef0, custom: findKernel(owner, kernel, functions) };
}

/** 1 / (d · variance of all numbers of x), 1 if they do not vary. */
function* scaledGamma(x: Float64Array, d: number): Steps<number> {
  const n = x.length;
  let mean = 0;
  for (let from = 0; from < n; from += PART) {
    const to = Math.min(n, from + PART);
    for (let i = from; i < to; i++) mean += x[i]! / n;
    yield;
  }
  let variance = 0;
  for (let from = 0; from < n; from += PART) {
    const to = Math.min(n, from + PART);
    for (let i = from; i < to; i++) {
      const difference = x[i]! - mean;
      variance += (difference * difference) / n;
    }
    yield;
  }
  if (!Number.isFinite(variance)) return Number.POSITIVE_INFINITY;
  return variance === 0 ? 1 : 1 / (d * variance);
}

/** Support vectors [s, d] as a kernel wants them: for 'rbf' less the means of their columns, with the squares of their lengths. */
export interface KernelVectors {
  readonly vectors: Float64Array;
  /** [d]; 0 but for 'rbf'. */
  readonly means: Float64Array;
  /** [s]. */
  readonly squares: Float64Array;
}

/** Takes what is common to all vectors off for 'rbf', so that it takes no digits away: ‖a - b‖² = ‖a‖² + ‖b‖² - 2 a · b. */
export function kernelVectors({ name }: Kernel, vectors: Float64Array, d: number): KernelVectors {
  const means = new Float64Array(d);
  const s = vectors.length / d;
  if (name !== 'rbf') return { vectors, means, squares: NONE };
  for (let i = 0; i < vectors.length; i++) means[i % d]! += vectors[i]! / s;
  const moved = vectors.map((value, i) => value - means[i % d]!);
  return {
    vectors: moved,
    means,
    squares: Float64Array.from({ length: s }, (_, i) => dot(moved, i * d, moved, i * d, d)),
  };
}

const NONE = /* @__PURE__ */ new Float64Array(0);

/**
 * The kernel function of one row [d], less the means, and each of the vectors, into `out` [s], without allocating; not for functions
 * of the user. Each value has the bits that the kernels' functions of arrays give it.
 */
export function kernelValues(k: Kernel, row: Float64Array, of: KernelVectors, d: number, out: Float64Array): void {
  products(of.vectors, row, d, out);
  if (k.name === 'rbf') {
    const { squares } = of;
    const square = dot(row, 0, row, 0, d);
    for (let s = 0; s < out.length; s++) out[s] = -k.gamma * Math.max(square + squares[s]! - 2 * out[s]!, 0);
    exponentials(out);
  } else if (k.name === 'poly') powers(k, out);
  else if (k.name === 'sigmoid') tanhValues(k.gamma, k.coef0, out);
}

// Loops of their own, small enough for the engine to leave no boxed numbers behind.

/** The products of each of the vectors and the row, in the sums of `dot`, which is not called, since numbers that are handed back may be boxed. */
function products(vectors: Float64Array, row: Float64Array, d: number, out: Float64Array): void {
  const whole = d & ~3;
  for (let r = 0, at = 0; r < out.length; r++, at += d) {
    let s = 0;
    let t = 0;
    let u = 0;
    let v = 0;
    let l = 0;
    for (; l < whole; l += 4) {
      s += vectors[at + l]! * row[l]!;
      t += vectors[at + l + 1]! * row[l + 1]!;
      u += vectors[at + l + 2]! * row[l + 2]!;
      v += vectors[at + l + 3]! * row[l + 3]!;
    }
    let sum = s + u + (t + v);
    for (; l < d; l++) sum += vectors[at + l]! * row[l]!;
    out[r] = sum;
  }
}

function powers({ gamma, coef0, degree }: Kernel, out: Float64Array): void {
  for (let s = 0; s < out.length; s++) out[s] = wholePower(gamma * out[s]! + coef0, degree);
}

function exponentials(out: Float64Array): void {
  for (let s = 0; s < out.length; s++) out[s] = exp(out[s]!);
}

/** What the kernels 'linear', 'poly' and 'sigmoid' make of x · y. */
export function ofProduct({ name, gamma, coef0, degree }: Kernel, product: number): number {
  if (name === 'linear') return product;
  const inner = gamma * product + coef0;
  return name === 'poly' ? wholePower(inner, degree) : tanh(inner);
}

function tanhValues(gamma: number, coef0: number, out: Float64Array): void {
  for (let s = 0; s < out.length; s++) out[s] = Math.min(2 * (gamma * out[s]! + coef0), MOST);
  exponentials(out);
  for (let s = 0; s < out.length; s++) out[s] = (out[s]! - 1) / (out[s]! + 1);
}

/** Σ a b in the four sums of `gemv`, to its bits. */
export function dot(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
  let s = 0;
  let t = 0;
  let u = 0;
  let v = 0;
  const whole = d & ~3;
  let l = 0;
  for (; l < whole; l += 4) {
    s += a[i + l]! * b[j + l]!;
    t += a[i + l + 1]! * b[j + l + 1]!;
    u += a[i + l + 2]! * b[j + l + 2]!;
    v += a[i + l + 3]! * b[j + l + 3]!;
  }
  let sum = s + u + (t + v);
  for (; l < d; l++) sum += a[i + l]! * b[j + l]!;
  return sum;
}

/** By squaring and multiplying; 0⁰ is 1. */
function wholePower(base: number, degree: number): number {
  let result = 1;
  let square = base;
  for (let rest = degree; rest >= 1; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/** (t - 1) / (t + 1) with t = e^2x: what small x lose does not count beside the other kernel values. */
function tanh(x: number): number {
  const t = exp(Math.min(2 * x, MOST));
  return (t - 1) / (t + 1);
}

/** Beyond it tanh is 1, long before e^2x overflows. */
const MOST = 700;
