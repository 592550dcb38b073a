import { bytes } from './generated/steps.ts';
import { addressOf } from './memory.ts';
import { choice, kernelModule } from './module.ts';
import { DEAR, enough, sameFloats, stream } from './stream.ts';
import { rounding } from './twin.ts';

// One step of an optimizer on flat arrays, in place: parameters, their gradients, and what the optimizer remembers, all of
// one length and kind. Formulas and order of operations are PyTorch's. Only descent and Adam, which most training runs
// through, have kernels; the others are plain loops.

/** Numbers that optimizers work on. */
export type FloatArray = Float32Array | Float64Array;

const kernels = /* @__PURE__ */ kernelModule<'sgd' | 'adam'>(bytes);

const MOMENTUM = 1;
const NESTEROV = 2;
const FIRST = 4;
const DECOUPLED = 1;

export interface SgdStep {
  lr: number;
  momentum: number;
  dampening: number;
  weightDecay: number;
  nesterov: boolean;
  /** Whether the velocity is to be set to the gradient, as in the first step. */
  first: boolean;
}

/** Stochastic gradient descent; `velocity` is null without momentum. */
export function sgdStep(p: FloatArray, g: FloatArray, velocity: FloatArray | null, options: SgdStep): void {
  const { lr, momentum, dampening, weightDecay } = options;
  const flags = velocity === null ? 0 : MOMENTUM | (options.nesterov ? NESTEROV : 0) | (options.first ? FIRST : 0);
  const keep = 1 - dampening;
  const exports = enough(p.length) && sameFloats(p, g, velocity ?? g) ? kernels() : null;
  if (exports !== null) {
    const wide = p instanceof Float64Array ? 1 : 0;
    const arrays = velocity === null ? [p, g] : [p, velocity, g];
    const run = (at: readonly number[], count: number) => {
      const v = velocity === null ? 0 : at[1]!;
      exports.sgd(wide, at[0]!, v, at[at.length - 1]!, count, lr, momentum, keep, weightDecay, flags);
    };
    if (anywhere(arrays, arrays.length - 1, run)) return;
  }
  const r = rounding(p);
  const [gamma, mu, rest, decay] = [r(lr), r(momentum), r(keep), r(weightDecay)];
  for (let i = 0; i < p.length; i++) {
    const x = p[i]!;
    let d = g[i]!;
    if (decay !== 0) d = r(d + r(decay * x));
    if (velocity !== null) {
      const u = flags & FIRST ? d : r(r(mu * velocity[i]!) + r(rest * d));
      velocity[i] = u;
      d = flags & NESTEROV ? r(d + r(mu * u)) : u;
    }
    p[i] = r(x - r(gamma * d));
  }
}

export interface AdamStep {
  lr: number;
  beta1: number;
  beta2: number;
  eps: number;
  weightDecay: number;
  /** Whether weight decay acts on the parameters directly (AdamW). */
  decoupled: boolean;
  /** The number of this step, from 1. */
  step: number;
}

/** Adam and AdamW; m and v are the running means of the gradient and of its square. */
export function adamStep(p: FloatArray, g: FloatArray, m: FloatArray, v: FloatArray, options: AdamStep): void {
  const { lr, beta1, beta2, weightDecay, decoupled } = options;
  const stepSize = lr / (1 - power(beta1, options.step));
  const root = Math.sqrt(1 - power(beta2, options.step));
  const decay = decoupled ? 1 - lr * weightDecay : weightDecay;
  const exports = enough(p.length, DEAR) && sameFloats(p, g, m) && sameFloats(p, v) ? kernels() : null;
  if (exports !== null) {
    const wide = p instanceof Float64Array ? 1 : 0;
    const flags = decoupled ? DECOUPLED : 0;
    const run = ([x, mean, square, d]: readonly number[], n: number) =>
      exports.adam(
        wide,
        x!,
        mean!,
        square!,
        d!,
        n,
        stepSize,
        1 - beta1,
        beta2,
        1 - beta2,
        root,
        options.eps,
        decay,
        flags,
      );
    if (anywhere([p, m, v, g], 3, run, DEAR)) return;
  }
  const r = rounding(p);
  const [gamma, a, b, c, scale, eps, lambda] = [stepSize, 1 - beta1, beta2, 1 - beta2, root, options.eps, decay].map(
    r,
  ) as [number, number, number, number, number, number, number];
  for (let i = 0; i < p.length; i++) {
    let x = p[i]!;
    let d = g[i]!;
    if (decoupled) x = r(x * lambda);
    else if (lambda !== 0) d = r(d + r(lambda * x));
    const mean = r(m[i]! + r(a * r(d - m[i]!)));
    const square = r(r(b * v[i]!) + r(c * r(d * d)));
    m[i] = mean;
    v[i] = square;
    p[i] = r(x - r(gamma * r(mean / r(r(r(Math.sqrt(square)) / scale) + eps))));
  }
}

/** AdaGrad; `sum` holds the sums of squares. */
export function adagradStep(
  p: FloatArray,
  g: FloatArray,
  sum: FloatArray,
  { lr, eps, weightDecay }: { lr: number; eps: number; weightDecay: number },
): void {
  for (let i = 0; i < p.length; i++) {
    const d = g[i]! + weightDecay * p[i]!;
    sum[i] = sum[i]! + d * d;
    p[i] = p[i]! - (lr * d) / (Math.sqrt(sum[i]!) + eps);
  }
}

/** AdaDelta; v and u are the running means of the squares of gradients and of steps. */
export function adadeltaStep(
  p: FloatArray,
  g: FloatArray,
  v: FloatArray,
  u: FloatArray,
  { lr, rho, eps, weightDecay }: { lr: number; rho: number; eps: number; weightDecay: number },
): void {
  for (let i = 0; i < p.length; i++) {
    const d = g[i]! + weightDecay * p[i]!;
    v[i] = rho * v[i]! + (1 - rho) * d * d;
    const delta = (Math.sqrt(u[i]! + eps) / Math.sqrt(v[i]! + eps)) * d;
    u[i] = rho * u[i]! + (1 - rho) * delta * delta;
    p[i] = p[i]! - lr * delta;
  }
}

export interface RmspropStep {
  lr: number;
  alpha: number;
  eps: number;
  weightDecay: number;
  momentum: number;
  nesterov: boolean;
}

/** RMSProp; `buffer` is null without momentum and `mean` (of the gradient) null unless centered. */
export function rmspropStep(
  p: FloatArray,
  g: FloatArray,
  square: FloatArray,
  buffer: FloatArray | null,
  mean: FloatArray | null,
  { lr, alpha, eps, weightDecay, momentum, nesterov }: RmspropStep,
): void {
  for (let i = 0; i < p.length; i++) {
    const d = g[i]! + weightDecay * p[i]!;
    square[i] = alpha * square[i]! + (1 - alpha) * d * d;
    let spread = square[i]!;
    if (mean !== null) {
      mean[i] = mean[i]! + (1 - alpha) * (d - mean[i]!);
      // Rounding may leave the variance a little below 0.
      spread = Math.max(0, spread - mean[i]! * mean[i]!);
    }
    let delta = d / (Math.sqrt(spread) + eps);
    if (buffer !== null) {
      buffer[i] = momentum * buffer[i]! + delta;
      delta = nesterov ? momentum * buffer[i]! + delta : buffer[i]!;
    }
    p[i] = p[i]! - lr * delta;
  }
}

export interface NadamStep {
  lr: number;
  beta1: number;
  beta2: number;
  eps: number;
  weightDecay: number;
  step: number;
  /** The momentum of this step and of the next, and the product of all up to this one. */
  mu: number;
  muNext: number;
  muProduct: number;
}

/** NAdam; m and v are the running means of the gradient and of its square. */
export function nadamStep(p: FloatArray, g: FloatArray, m: FloatArray, v: FloatArray, options: NadamStep): void {
  const { lr, beta1, beta2, eps, weightDecay, step, mu, muNext, muProduct } = options;
  const correction = 1 - power(beta2, step);
  const forGradient = (lr * (1 - mu)) / (1 - muProduct);
  const forMean = (lr * muNext) / (1 - muProduct * muNext);
  for (let i = 0; i < p.length; i++) {
    const d = g[i]! + weightDecay * p[i]!;
    m[i] = m[i]! + (1 - beta1) * (d - m[i]!);
    v[i] = beta2 * v[i]! + (1 - beta2) * d * d;
    const size = Math.sqrt(v[i]! / correction) + eps;
    p[i] = p[i]! - (forGradient * d) / size - (forMean * m[i]!) / size;
  }
}

/** xⁿ by repeated squaring, which all engines compute alike. */
function power(x: number, n: number): number {
  let result = 1;
  for (let square = x, rest = n; rest > 0; rest = Math.floor(rest / 2), square *= square) {
    if (rest % 2 === 1) result *= square;
  }
  return result;
}

/** Runs a kernel on arrays where they lie, or in pieces through the scratch space. */
function anywhere(
  arrays: readonly FloatArray[],
  outputs: number,
  run: (addresses: readonly number[], count: number) => void,
  from?: number,
): boolean {
  const addresses = arrays.map(addressOf);
  if (addresses.every((address) => address !== 0)) {
    choice().calls++;
    run(addresses, arrays[0]!.length);
    return true;
  }
  return stream(arrays[0]!.length, arrays, outputs, -1, run, from);
}
