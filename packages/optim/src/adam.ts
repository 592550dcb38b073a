import { checkKnown, checkNumber, OptionError, show } from '@maru-ml/base';
import { adamStep, type FloatArray } from '@maru-ml/kernels/steps';
import { type Tensor, withViews } from '@maru-ml/tensor';
import { Optimizer, type ParameterState, type Parameters, stateLike } from './optimizer.ts';

export interface AdamOptions {
  /** Learning rate, ≥ 0; .001. */
  lr: number;
  /** How slowly the means of g and g² forget, each from [0, 1); [.9, .999]. */
  betas: readonly [number, number];
  /** Added to the root of the mean of g², ≥ 0; 1e-8. */
  eps: number;
  /** Factor of the L2 penalty, ≥ 0; 0 (AdamW: .01, taken off the parameters directly). */
  weightDecay: number;
}

/**
 * Adam: steps along the mean of the gradient over the root of the mean of its square, both corrected for their start at 0.
 *
 * m ← β₁m + (1 - β₁)g,  v ← β₂v + (1 - β₂)g²,  θ ← θ - γ (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε)
 *
 * Source: D. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015. Cost O(n) a step.
 *
 * @throws OptionError for options out of range
 */
export class Adam extends Optimizer<AdamOptions> {
  constructor(params: Parameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super('Adam', params, (own) => checkOptions('Adam', { weightDecay: 0, ...options, ...own }), {
      mean: 'always',
      meanSquare: 'always',
    });
  }

  protected override update(p: Tensor, gradient: Tensor, state: ParameterState, options: AdamOptions): void {
    step(p, gradient, state, options, false);
  }
}

/**
 * Adam with decoupled weight decay: θ ← θ - γλθ before each step, instead of a penalty in the gradient.
 *
 * Source: I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019. Cost O(n) a step.
 *
 * @throws OptionError for options out of range
 */
export class AdamW extends Optimizer<AdamOptions> {
  constructor(params: Parameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super('AdamW', params, (own) => checkOptions('AdamW', { weightDecay: 0.01, ...options, ...own }), {
      mean: 'always',
      meanSquare: 'always',
    });
  }

  protected override update(p: Tensor, gradient: Tensor, state: ParameterState, options: AdamOptions): void {
    step(p, gradient, state, options, true);
  }
}

function step(p: Tensor, gradient: Tensor, state: ParameterState, options: AdamOptions, decoupled: boolean): void {
  state.tensors.mean ??= stateLike(p);
  state.tensors.meanSquare ??= stateLike(p);
  const { lr, eps, weightDecay } = options;
  const [beta1, beta2] = options.betas;
  withViews([p, state.tensors.mean, state.tensors.meanSquare, gradient], 3, (values, m, v, g) =>
    adamStep(values as FloatArray, g as FloatArray, m as FloatArray, v as FloatArray, {
      lr,
      beta1,
      beta2,
      eps,
      weightDecay,
      decoupled,
      step: state.step,
    }),
  );
}

function checkOptions(owner: string, options: Partial<AdamOptions>): AdamOptions {
  checkKnown(owner, options, ['lr', 'betas', 'eps', 'weightDecay']);
  const { lr = 0.001, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0 } = options;
  checkNumber(owner, 'lr', lr, { min: 0 });
  checkBetas(owner, betas);
  checkNumber(owner, 'eps', eps, { min: 0 });
  checkNumber(owner, 'weightDecay', weightDecay, { min: 0 });
  return { lr, betas, eps, weightDecay };
}

/** Checks the pair of decay rates that Adam and its kin take. */
export function checkBetas(owner: string, betas: unknown): void {
  if (!Array.isArray(betas) || betas.length !== 2) {
    throw new OptionError(`${owner}: betas must be two numbers, got ${show(betas)}`);
  }
  checkNumber(owner, 'betas[0]', betas[0], { min: 0, below: 1 });
  checkNumber(owner, 'betas[1]', betas[1], { min: 0, below: 1 });
}
