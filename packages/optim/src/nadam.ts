import { checkKnown, checkNumber } from '@maru-ml/base';
import { type FloatArray, nadamStep } from '@maru-ml/kernels/steps';
import { ones, resident, type Tensor, withViews } from '@maru-ml/tensor';
import { checkBetas } from './adam.ts';
import { Optimizer, type ParameterState, type Parameters, stateLike } from './optimizer.ts';
import { power } from './scalar.ts';

export interface NAdamOptions {
  /** Learning rate, ≥ 0; .002. */
  lr: number;
  /** How slowly the means of g and g² forget, each from [0, 1); [.9, .999]. */
  betas: readonly [number, number];
  /** Added to the root of the mean of g², ≥ 0; 1e-8. */
  eps: number;
  /** Factor of the L2 penalty, ≥ 0; 0. */
  weightDecay: number;
  /** How fast the momentum warms up, ≥ 0; 4e-3. */
  momentumDecay: number;
}

/**
 * Adam with Nesterov's momentum, whose share warms up as μₜ = β₁(1 - ½ · .96^(tψ)).
 *
 * Source: T. Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016. Cost O(n) a step.
 *
 * @throws OptionError for options out of range
 */
export class NAdam extends Optimizer<NAdamOptions> {
  constructor(params: Parameters<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super('NAdam', params, (own) => checkOptions({ ...options, ...own }), {
      mean: 'always',
      meanSquare: 'always',
      muProduct: 'number',
    });
  }

  protected override update(p: Tensor, gradient: Tensor, state: ParameterState, options: NAdamOptions): void {
    state.tensors.mean ??= stateLike(p);
    state.tensors.meanSquare ??= stateLike(p);
    // The product of all shares so far.
    state.tensors.muProduct ??= resident(ones([], { dtype: 'float64' }));
    const { mean, meanSquare, muProduct } = state.tensors;
    const { lr, eps, weightDecay, momentumDecay } = options;
    const [beta1, beta2] = options.betas;
    const share = (t: number) => beta1 * (1 - 0.5 * power(0.96, t * momentumDecay));
    const mu = share(state.step);
    withViews([p, mean, meanSquare, muProduct, gradient], 4, (values, m, v, product, g) => {
      product[0]! *= mu;
      nadamStep(values as FloatArray, g as FloatArray, m as FloatArray, v as FloatArray, {
        lr,
        beta1,
        beta2,
        eps,
        weightDecay,
        step: state.step,
        mu,
        muNext: share(state.step + 1),
        muProduct: product[0]!,
      });
    });
  }
}

function checkOptions(options: Partial<NAdamOptions>): NAdamOptions {
  checkKnown('NAdam', options, ['lr', 'betas', 'eps', 'weightDecay', 'momentumDecay']);
  const { lr = 0.002, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0, momentumDecay = 4e-3 } = options;
  checkNumber('NAdam', 'lr', lr, { min: 0 });
  checkBetas('NAdam', betas);
  checkNumber('NAdam', 'eps', eps, { min: 0 });
  checkNumber('NAdam', 'weightDecay', weightDecay, { min: 0 });
  checkNumber('NAdam', 'momentumDecay', momentumDecay, { min: 0 });
  return { lr, betas, eps, weightDecay, momentumDecay };
}
