import { checkBoolean, checkKnown, checkNumber, OptionError } from '@maru-ml/base';
import { type FloatArray, rmspropStep } from '@maru-ml/kernels/steps';
import { type Tensor, withViews } from '@maru-ml/tensor';
import { Optimizer, type ParameterState, type Parameters, stateLike } from './optimizer.ts';

export interface RMSpropOptions {
  /** Learning rate, ≥ 0; .01. */
  lr: number;
  /** How slowly the mean of squares forgets, from [0, 1]; .99. */
  alpha: number;
  /** Added to the root, ≥ 0; 1e-8. */
  eps: number;
  /** Factor of the L2 penalty, ≥ 0; 0. */
  weightDecay: number;
  /** Share of the last step that is kept, ≥ 0; 0. */
  momentum: number;
  /** Divide by the standard deviation of the gradient instead of its root mean square; false. */
  centered: boolean;
  /** Look ahead along the momentum (Nesterov); false. Needs momentum > 0. Not in PyTorch. */
  nesterov: boolean;
}

/**
 * RMSProp: steps along the gradient over the root of a running mean of its square:
 * s ← αs + (1 - α)g²,  θ ← θ - γ g / (√s + ε); with momentum b ← μb + g / (√s + ε), θ ← θ - γb;
 * with Nesterov's θ ← θ - γ(μb + g / (√s + ε)).
 *
 * Sources: T. Tieleman and G. Hinton, "Lecture 6.5: RMSProp", Coursera, 2012; A. Graves, "Generating sequences with recurrent
 * neural networks", 2013 (centered); I. Goodfellow et al., "Deep Learning", 2016, algorithms 8.5 and 8.6 (with Nesterov's
 * momentum). Cost O(n) a step.
 *
 * @throws OptionError for options out of range
 */
export class RMSprop extends Optimizer<RMSpropOptions> {
  constructor(params: Parameters<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super('RMSprop', params, (own) => checkOptions({ ...options, ...own }), {
      meanSquare: 'always',
      momentum: 'sometimes',
      mean: 'sometimes',
    });
  }

  protected override update(p: Tensor, gradient: Tensor, state: ParameterState, options: RMSpropOptions): void {
    const { tensors } = state;
    tensors.meanSquare ??= stateLike(p);
    if (options.momentum > 0) tensors.momentum ??= stateLike(p);
    if (options.centered) tensors.mean ??= stateLike(p);
    const used = [p, tensors.meanSquare, tensors.momentum, tensors.mean].filter((t) => t !== undefined);
    withViews([...used, gradient], used.length, (...views) => {
      const viewOf = (t: Tensor | undefined) => (t === undefined ? null : (views[used.indexOf(t)] as FloatArray));
      const g = views[used.length] as FloatArray;
      rmspropStep(viewOf(p)!, g, viewOf(tensors.meanSquare)!, viewOf(tensors.momentum), viewOf(tensors.mean), options);
    });
  }
}

function checkOptions(options: Partial<RMSpropOptions>): RMSpropOptions {
  checkKnown('RMSprop', options, ['lr', 'alpha', 'eps', 'weightDecay', 'momentum', 'centered', 'nesterov']);
  const {
    lr = 0.01,
    alpha = 0.99,
    eps = 1e-8,
    weightDecay = 0,
    momentum = 0,
    centered = false,
    nesterov = false,
  } = options;
  checkNumber('RMSprop', 'lr', lr, { min: 0 });
  checkNumber('RMSprop', 'alpha', alpha, { min: 0, max: 1 });
  checkNumber('RMSprop', 'eps', eps, { min: 0 });
  checkNumber('RMSprop', 'weightDecay', weightDecay, { min: 0 });
  checkNumber('RMSprop', 'momentum', momentum, { min: 0 });
  checkBoolean('RMSprop', 'centered', centered);
  checkBoolean('RMSprop', 'nesterov', nesterov);
  if (nesterov && momentum === 0) throw new OptionError('RMSprop: nesterov needs momentum > 0');
  return { lr, alpha, eps, weightDecay, momentum, centered, nesterov };
}
