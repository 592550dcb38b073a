import { checkKnown, checkNumber } from '@maru-ml/base';
import { adadeltaStep, type FloatArray } from '@maru-ml/kernels/steps';
import { type Tensor, withViews } from '@maru-ml/tensor';
import { Optimizer, type ParameterState, type Parameters, stateLike } from './optimizer.ts';

export interface AdadeltaOptions {
  /** Factor of the step, ≥ 0; 1. */
  lr: number;
  /** How slowly the means of squares forget, from [0, 1]; .9. */
  rho: number;
  /** Added under both roots, ≥ 0; 1e-6. */
  eps: number;
  /** Factor of the L2 penalty, ≥ 0; 0. */
  weightDecay: number;
}

/**
 * AdaDelta: the step has the units of the parameters, since it is scaled by the root mean square of the last steps:
 * v ← ρv + (1 - ρ)g²,  Δ = √(u + ε) / √(v + ε) · g,  u ← ρu + (1 - ρ)Δ²,  θ ← θ - γΔ.
 *
 * Source: M. Zeiler, "ADADELTA: an adaptive learning rate method", 2012. Cost O(n) a step.
 *
 * @throws OptionError for options out of range
 */
export class Adadelta extends Optimizer<AdadeltaOptions> {
  constructor(params: Parameters<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super('Adadelta', params, (own) => checkOptions({ ...options, ...own }), {
      meanSquare: 'always',
      meanSquareStep: 'always',
    });
  }

  protected override update(p: Tensor, gradient: Tensor, state: ParameterState, options: AdadeltaOptions): void {
    state.tensors.meanSquare ??= stateLike(p);
    state.tensors.meanSquareStep ??= stateLike(p);
    const { meanSquare, meanSquareStep } = state.tensors;
    withViews([p, meanSquare!, meanSquareStep!, gradient], 3, (values, v, u, g) =>
      adadeltaStep(values as FloatArray, g as FloatArray, v as FloatArray, u as FloatArray, options),
    );
  }
}

function checkOptions(options: Partial<AdadeltaOptions>): AdadeltaOptions {
  checkKnown('Adadelta', options, ['lr', 'rho', 'eps', 'weightDecay']);
  const { lr = 1, rho = 0.9, eps = 1e-6, weightDecay = 0 } = options;
  checkNumber('Adadelta', 'lr', lr, { min: 0 });
  checkNumber('Adadelta', 'rho', rho, { min: 0, max: 1 });
  checkNumber('Adadelta', 'eps', eps, { min: 0 });
  checkNumber('Adadelta', 'weightDecay', weightDecay, { min: 0 });
  return { lr, rho, eps, weightDecay };
}
