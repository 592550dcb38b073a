import { checkBoolean, checkInteger, checkKnown, randomFrom, type Seed, ShapeError } from '@maru-ml/base';
import { linear, parameter, type Tensor, uniform } from '@maru-ml/tensor';
import { checkTensor, Module } from '../module.ts';

export interface LinearOptions {
  /** Add a bias; true. */
  bias?: boolean;
  /** Seed of the initial values; the next child of the default stream. */
  seed?: Seed;
}

/**
 * y = x Wᵀ + b: `x` [..., inFeatures] to [..., outFeatures], `weight` [outFeatures, inFeatures], `bias` [outFeatures].
 * Both start uniform in ±1/√inFeatures, as in PyTorch.
 */
export class Linear extends Module {
  static override readonly name: string = 'Linear';
  readonly inFeatures: number;
  readonly outFeatures: number;
  weight: Tensor;
  bias: Tensor | null;

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    checkKnown('Linear', options, ['bias', 'seed']);
    this.inFeatures = checkInteger('Linear', 'inFeatures', inFeatures, { min: 1 });
    this.outFeatures = checkInteger('Linear', 'outFeatures', outFeatures, { min: 1 });
    const random = randomFrom(options.seed);
    const bound = 1 / Math.sqrt(inFeatures);
    this.weight = parameter(uniform([outFeatures, inFeatures], -bound, bound, { seed: random }));
    const withBias = checkBoolean('Linear', 'bias', options.bias ?? true);
    this.bias = withBias ? parameter(uniform([outFeatures], -bound, bound, { seed: random })) : null;
  }

  override forward(x: Tensor): Tensor {
    checkTensor('Linear', x);
    if (x.shape[x.ndim - 1] !== this.inFeatures) {
      throw new ShapeError(`Linear: x is [${x.shape.join(', ')}] but the layer takes [..., ${this.inFeatures}]`);
    }
    return linear(x, this.weight, this.bias);
  }

  override describe(): string {
    return `${this.inFeatures}, ${this.outFeatures}${this.bias === null ? ', bias: false' : ''}`;
  }
}
