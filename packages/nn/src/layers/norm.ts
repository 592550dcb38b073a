import { checkBoolean, checkInteger, checkKnown, checkNumber, OptionError, ShapeError, show } from '@maru-ml/base';
import { batchNorm, buffer, layerNorm, ones, parameter, type Tensor, withViews, zeros } from '@maru-ml/tensor';
import { Module } from '../module.ts';

export interface BatchNormOptions {
  /** Added to the variance, > 0; 1e-5. */
  eps?: number;
  /**
   * How much of the running statistics each batch replaces (.1), or 'all' for the mean over all batches seen, as the paper
   * has it (PyTorch's `momentum=None`).
   */
  momentum?: number | 'all';
  /** Scale and shift each channel by parameters that are learned; true. */
  affine?: boolean;
  /** Keep running statistics for use outside training; without them each batch is normalised by its own; true. */
  trackRunningStats?: boolean;
}

/** What batch normalisation does with one more batch, whatever the axes of its input. */
abstract class BatchNorm extends Module {
  readonly kind: string;
  readonly numFeatures: number;
  readonly options: Required<BatchNormOptions>;
  weight: Tensor | null;
  bias: Tensor | null;
  runningMean: Tensor | null;
  runningVar: Tensor | null;
  /** How many batches the running statistics have seen, a scalar. */
  numBatchesTracked: Tensor | null;

  constructor(kind: string, numFeatures: number, options: BatchNormOptions) {
    super();
    checkKnown(kind, options, ['eps', 'momentum', 'affine', 'trackRunningStats']);
    const { momentum = 0.1 } = options;
    if (momentum !== 'all') checkNumber(kind, 'momentum', momentum, { min: 0, max: 1 });
    this.kind = kind;
    this.numFeatures = checkInteger(kind, 'numFeatures', numFeatures, { min: 1 });
    this.options = {
      eps: checkNumber(kind, 'eps', options.eps ?? 1e-5, { above: 0 }),
      momentum,
      affine: checkBoolean(kind, 'affine', options.affine ?? true),
      trackRunningStats: checkBoolean(kind, 'trackRunningStats', options.trackRunningStats ?? true),
    };
    const { affine, trackRunningStats } = this.options;
    this.weight = affine ? parameter(ones([numFeatures])) : null;
    this.bias = affine ? parameter(zeros([numFeatures])) : null;
    this.runningMean = trackRunningStats ? buffer(zeros([numFeatures])) : null;
    this.runningVar = trackRunningStats ? buffer(ones([numFeatures])) : null;
    this.numBatchesTracked = trackRunningStats ? buffer(zeros([], { dtype: 'int32' })) : null;
  }

  /** The axes that an input may have. */
  abstract readonly shapes: string;

  override forward(x: Tensor): Tensor {
    const { runningMean, runningVar } = this;
    const shown = `[${x.shape.join(', ')}]`;
    if (!this.fits(x)) throw new ShapeError(`${this.kind}: x is ${shown} but the layer takes ${this.shapes}`);
    const { eps } = this.options;
    if (!this.training && runningMean !== null && runningVar !== null) {
      return batchNorm(x, this.weight, this.bias, { eps, statistics: { mean: runningMean, variance: runningVar } })
        .output;
    }
    if (x.size <= this.numFeatures) {
      throw new ShapeError(`${this.kind}: training needs more than one value in each channel, got x ${shown}`);
    }
    const { output, mean, variance, count } = batchNorm(x, this.weight, this.bias, { eps });
    if (runningMean !== null && runningVar !== null) this.track(mean, variance, count / (count - 1));
    return output;
  }

  override describe(): string {
    return `${this.numFeatures}`;
  }

  /** @internal */
  abstract fits(x: Tensor): boolean;

  /** @internal Moves the running statistics towards a batch's; the variance is taken as that of a sample. */
  track(mean: Tensor, variance: Tensor, correction: number): void {
    withViews(
      [this.runningMean!, this.runningVar!, this.numBatchesTracked!, mean, variance],
      3,
      (rm, rv, seen, m, v) => {
        seen[0]!++;
        const share = this.options.momentum === 'all' ? 1 / seen[0]! : this.options.momentum;
        for (let i = 0; i < rm.length; i++) {
          rm[i] = (1 - share) * rm[i]! + share * m[i]!;
          rv[i] = (1 - share) * rv[i]! + share * correction * v[i]!;
        }
      },
    );
  }
}

/**
 * Batch normalisation of vectors [n, c] or sequences [n, c, l]: (x - mean) / √(variance + ε) · weight + bias for each channel,
 * by the batch's mean and variance in training and by running ones in use.
 *
 * Source: S. Ioffe and C. Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate
 * shift", ICML 2015.
 */
export class BatchNorm1d extends BatchNorm {
  static override readonly name: string = 'BatchNorm1d';
  readonly shapes: string;

  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super('BatchNorm1d', numFeatures, options);
    this.shapes = `[n, ${numFeatures}] or [n, ${numFeatures}, l]`;
  }

  override fits(x: Tensor): boolean {
    return (x.ndim === 2 || x.ndim === 3) && x.shape[1] === this.numFeatures;
  }
}

/** Batch normalisation of pictures [n, c, h, w], one mean and variance for each channel; else as `BatchNorm1d`. */
export class BatchNorm2d extends BatchNorm {
  static override readonly name: string = 'BatchNorm2d';
  readonly shapes: string;

  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super('BatchNorm2d', numFeatures, options);
    this.shapes = `[n, ${numFeatures}, h, w]`;
  }

  override fits(x: Tensor): boolean {
    return x.ndim === 4 && x.shape[1] === this.numFeatures;
  }
}

export interface LayerNormOptions {
  /** Added to the variance, > 0; 1e-5. */
  eps?: number;
  /** Scale and shift each element by parameters that are learned; true. */
  affine?: boolean;
}

/**
 * Normalisation of each example over its last axes, whose lengths are `normalizedShape`:
 * (x - mean) / √(variance + ε) · weight + bias, the same in training and in use.
 *
 * Source: J. Ba, J. Kiros and G. Hinton, "Layer normalization", 2016.
 */
export class LayerNorm extends Module {
  static override readonly name: string = 'LayerNorm';
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  weight: Tensor | null;
  bias: Tensor | null;

  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    super();
    checkKnown('LayerNorm', options, ['eps', 'affine']);
    const shape = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
    if (!Array.isArray(shape) || shape.length === 0) {
      throw new OptionError(`LayerNorm: normalizedShape must be a length or several, got ${show(normalizedShape)}`);
    }
    for (const n of shape) checkInteger('LayerNorm', 'normalizedShape', n, { min: 1 });
    this.normalizedShape = [...shape];
    this.eps = checkNumber('LayerNorm', 'eps', options.eps ?? 1e-5, { above: 0 });
    const affine = checkBoolean('LayerNorm', 'affine', options.affine ?? true);
    this.weight = affine ? parameter(ones(shape)) : null;
    this.bias = affine ? parameter(zeros(shape)) : null;
  }

  override forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, this.weight, this.bias, { eps: this.eps });
  }

  override describe(): string {
    return this.normalizedShape.length === 1 ? `${this.normalizedShape[0]}` : `[${this.normalizedShape.join(', ')}]`;
  }
}
