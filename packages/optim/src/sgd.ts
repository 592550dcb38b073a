import { checkBoolean, checkKnown, checkNumber, OptionError } from '@maru-ml/base';
import { type FloatArray, sgdStep } from '@maru-ml/kernels/steps';
import { type Tensor, withViews } from '@maru-ml/tensor';
import { Optimizer, type ParameterState, type Parameters, stateLike } from './optimizer.ts';

export interface SGDOptions {
  /** Learning rate, ≥ 0; .001. */
  lr: number;
  /** Share of the last step that is kept, ≥ 0; 0. */
  momentum: number;
  /** Share of the gradient that momentum leaves out; 0. */
  dampening: number;
  /** Factor of the L2 penalty, ≥ 0; 0. */
  weightDecay: number;
  /** Look ahead along the momentum (Nesterov); false. Needs momentum > 0 and dampening 0. */
  nesterov: boolean;
}

/**
 * Stochastic gradient descent, plain, with momentum, or with Nesterov's:
 *
 * g ← g + λθ,  v ← μv + (1 - τ)g (v = g at first),  θ ← θ - γv,  or with Nesterov θ ← θ - γ(g + μv).
 *
 * Sources: I. Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013;
 * I. Goodfellow, Y. Bengio and A. Courville, "Deep Learning", 2016, algorithms 8.1-8.3. Cost O(n) a step.
 *
 * @throws OptionError for options out of range
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(params: Parameters<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super('SGD', params, (own) => checkOptions({ ...options, ...own }), { momentum: 'sometimes' });
  }

  protected override update(p: Tensor, gradient: Tensor, state: ParameterState, options: SGDOptions): void {
    const { lr, momentum, dampening, weightDecay, nesterov } = options;
    const rates = { lr, momentum, dampening, weightDecay, nesterov, first: state.tensors.momentum === undefined };
    if (momentum === 0) {
      withViews([p, gradient], 1, (values, g) => sgdStep(values as FloatArray, g as FloatArray, null, rates));
      return;
    }
    state.tensors.momentum ??= stateLike(p);
    withViews([p, state.tensors.momentum, gradient], 2, (values, v, g) =>
      sgdStep(values as FloatArray, g as FloatArray, v as FloatArray, rates),
    );
  }
}

function checkOptions(options: Partial<SGDOptions>): SGDOptions {
  checkKnown('SGD', options, ['lr', 'momentum', 'dampening', 'weightDecay', 'nesterov']);
  const { lr = 0.001, momentum = 0, dampening = 0, weightDecay = 0, nesterov = false } = options;
  checkNumber('SGD', 'lr', lr, { min: 0 });
  checkNumber('SGD', 'momentum', momentum, { min: 0 });
  checkNumber('SGD', 'dampening', dampening);
  checkNumber('SGD', 'weightDecay', weightDecay, { min: 0 });
  checkBoolean('SGD', 'nesterov', nesterov);
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new OptionError('SGD: nesterov needs momentum > 0 and dampening 0');
  }
  return { lr, momentum, dampening, weightDecay, nesterov };
}
