import { checkKnown, checkNumber } from '@maru-ml/base';
import { adagradStep, type FloatArray } from '@maru-ml/kernels/steps';
import { full, resident, type Tensor, withViews } from '@maru-ml/tensor';
import { Optimizer, type ParameterState, type Parameters } from './optimizer.ts';

export interface AdagradOptions {
  /** Learning rate, ≥ 0; .01. */
  lr: number;
  /** The rate is divided by 1 + t · lrDecay, ≥ 0; 0. */
  lrDecay: number;
  /** Factor of the L2 penalty, ≥ 0; 0. */
  weightDecay: number;
  /** Where the sums of squares start, ≥ 0; 0. */
  initialAccumulatorValue: number;
  /** Added to the root, ≥ 0; 1e-10. */
  eps: number;
}

/**
 * AdaGrad: each parameter's rate falls with the sum of its squared gradients: s ← s + g², θ ← θ - γ g / (√s + ε).
 *
 * Source: J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and stochastic optimization",
 * JMLR 12 (2011); I. Goodfellow et al., "Deep Learning", 2016, algorithm 8.4 (with ε = 1e-7). Cost O(n) a step.
 *
 * @throws OptionError for options out of range
 */
export class Adagrad extends Optimizer<AdagradOptions> {
  constructor(params: Parameters<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super('Adagrad', params, (own) => checkOptions({ ...options, ...own }), { sum: 'always' });
  }

  protected override update(p: Tensor, gradient: Tensor, state: ParameterState, options: AdagradOptions): void {
    state.tensors.sum ??= resident(full(p.shape, options.initialAccumulatorValue, { dtype: p.dtype }));
    const { lr, lrDecay, eps, weightDecay } = options;
    withViews([p, state.tensors.sum, gradient], 2, (values, sum, g) =>
      adagradStep(values as FloatArray, g as FloatArray, sum as FloatArray, {
        lr: lr / (1 + (state.step - 1) * lrDecay),
        eps,
        weightDecay,
      }),
    );
  }
}

function checkOptions(options: Partial<AdagradOptions>): AdagradOptions {
  checkKnown('Adagrad', options, ['lr', 'lrDecay', 'weightDecay', 'initialAccumulatorValue', 'eps']);
  const { lr = 0.01, lrDecay = 0, weightDecay = 0, initialAccumulatorValue = 0, eps = 1e-10 } = options;
  checkNumber('Adagrad', 'lr', lr, { min: 0 });
  checkNumber('Adagrad', 'lrDecay', lrDecay, { min: 0 });
  checkNumber('Adagrad', 'weightDecay', weightDecay, { min: 0 });
  checkNumber('Adagrad', 'initialAccumulatorValue', initialAccumulatorValue, { min: 0 });
  checkNumber('Adagrad', 'eps', eps, { min: 0 });
  return { lr, lrDecay, weightDecay, initialAccumulatorValue, eps };
}
