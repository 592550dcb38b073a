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
  /** The user's function, or one of this package (see `suited`); null for values that are made of products or given. */
  readonly custom: KernelFunction | null;
}

/** The defaults of those options. */
export const KERNEL_DEFAULTS: KernelSettings = { kernel: 'rbf', degree: 3, gamma: 'scale', coef0: 0 };

const BUILT_IN = ['linear', 'poly', 'rbf', 'sigmoid', 'precomputed'];

/** Checks the options of kernels. @throws OptionError */
export function checkKernel(
  owner: string,
  { kernel, degree, gamma, coef0 }: KernelSettings,
  functions: KernelFunctions,
): void {
  findKernel(owner, kernel, functions);
  checkInteger(owner, 'degree', degree, { min: 0 });
  if (typeof gamma === 'number') checkNumber(owner, 'gamma', gamma, { min: 0 });
  else checkOneOf(owner, 'gamma', gamma, ['scale', 'auto']);
  checkNumber(owner, 'coef0', coef0);
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

/** 1 / (d · variance of all numbers of x), 1 if they do not vary; ∞ if they do, but the variance cannot be told from 0 or ∞. */
function* scaledGamma(x: Float64Array, d: number): Steps<number> {
  const n = x.length;
  // A mean may differ from the numbers in its last bit.
  if (x.every((value) => value === x[0])) return 1;
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
  return Number.isFinite(variance) ? 1 / (d * variance) : Number.POSITIVE_INFINITY;
}

/** Whether the kernel's values are made of the products of rows, not given in a table nor by a function of the user. */
export function isOfProducts({ name, custom }: Kernel): boolean {
  return name !== 'precomputed' && custom === null;
}

/** γ ‖x‖² from which on the rounding of ‖a‖² + ‖b‖² - 2 a · b moves 'rbf' by some 1e-7 and more. */
const MOST = 2 ** 28;

/**
 * The kernel for rows of these squared lengths [n]: 'rbf' of differences, which cost more, where products of the rows, such as of one far
 * from all others, would take too many digits away.
 */
export function suited(kernel: Kernel, squares: Float64Array): Kernel {
  const { name, gamma } = kernel;
  const longest = squares.reduce((most, square) => Math.max(most, square), 0);
  if (name !== 'rbf' || !(gamma * longest > MOST) || longest === Number.POSITIVE_INFINITY) return kernel;
  const custom: KernelFunction = (a, b) => {
    let sum = 0;
    for (let l = 0; l < a.length; l++) sum += (a[l]! - b[l]!) * (a[l]! - b[l]!);
    return exp(-gamma * sum);
  };
  return { ...kernel, custom };
}

/** What such a kernel but 'rbf' makes of products x · y, the first m of `values`, in their place. */
export function ofProducts({ name, gamma, coef0, degree }: Kernel, values: Float64Array, m: number): void {
  if (name === 'linear') return;
  for (let i = 0; i < m; i++) {
    const inner = gamma * values[i]! + coef0;
    values[i] = name === 'poly' ? wholePower(inner, degree) : tanh(inner);
  }
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
  // Beyond it tanh is 1, long before e^2x overflows.
  const t = exp(Math.min(2 * x, 700));
  return (t - 1) / (t + 1);
}
