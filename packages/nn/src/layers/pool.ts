import { checkBoolean, checkInteger, checkKnown } from '@maru-ml/base';
import {
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  avgPool1d,
  avgPool2d,
  maxPool1d,
  maxPool2d,
  type Tensor,
} from '@maru-ml/tensor';
import { Module } from '../module.ts';
import { type Pair, pair, showPair } from './conv.ts';

export interface PoolOptions {
  /** How far the window moves; the window's size. */
  stride?: Pair;
  /** Rows and columns around the picture, at most half the window; 0. */
  padding?: Pair;
}

export interface Pool1dOptions {
  /** How far the window moves; the window's size. */
  stride?: number;
  /** Elements at both ends of the sequence, at most half the window; 0. */
  padding?: number;
}

/** The largest value of each window of a sequence: `x` [n, c, l] to [n, c, l'], l' = ⌊(l + 2 padding - kernel) / stride⌋ + 1. */
export class MaxPool1d extends Module {
  static override readonly name: string = 'MaxPool1d';
  readonly kernelSize: number;
  readonly options: { stride: number; padding: number };

  constructor(kernelSize: number, options: Pool1dOptions = {}) {
    super();
    checkKnown('MaxPool1d', options, ['stride', 'padding']);
    this.kernelSize = checkInteger('MaxPool1d', 'kernelSize', kernelSize, { min: 1 });
    this.options = {
      stride: checkInteger('MaxPool1d', 'stride', options.stride ?? kernelSize, { min: 1 }),
      padding: checkInteger('MaxPool1d', 'padding', options.padding ?? 0, { min: 0 }),
    };
  }

  override forward(x: Tensor): Tensor {
    return maxPool1d(x, this.kernelSize, this.options);
  }

  override describe(): string {
    return `kernelSize: ${this.kernelSize}, stride: ${this.options.stride}`;
  }
}

/** The mean of each window of a sequence, shapes as `MaxPool1d`. Padding counts as zeros unless `countIncludePad` is false. */
export class AvgPool1d extends Module {
  static override readonly name: string = 'AvgPool1d';
  readonly kernelSize: number;
  readonly options: { stride: number; padding: number; countIncludePad: boolean };

  constructor(kernelSize: number, options: Pool1dOptions & { countIncludePad?: boolean } = {}) {
    super();
    checkKnown('AvgPool1d', options, ['stride', 'padding', 'countIncludePad']);
    this.kernelSize = checkInteger('AvgPool1d', 'kernelSize', kernelSize, { min: 1 });
    this.options = {
      stride: checkInteger('AvgPool1d', 'stride', options.stride ?? kernelSize, { min: 1 }),
      padding: checkInteger('AvgPool1d', 'padding', options.padding ?? 0, { min: 0 }),
      countIncludePad: checkBoolean('AvgPool1d', 'countIncludePad', options.countIncludePad ?? true),
    };
  }

  override forward(x: Tensor): Tensor {
    return avgPool1d(x, this.kernelSize, this.options);
  }

  override describe(): string {
    return `kernelSize: ${this.kernelSize}, stride: ${this.options.stride}`;
  }
}

/** The largest value of each window: `x` [n, c, h, w] to [n, c, h', w'], h' = ⌊(h + 2 padding - kernel) / stride⌋ + 1. */
export class MaxPool2d extends Module {
  static override readonly name: string = 'MaxPool2d';
  readonly kernelSize: readonly [number, number];
  readonly options: { stride: readonly [number, number]; padding: readonly [number, number] };

  constructor(kernelSize: Pair, options: PoolOptions = {}) {
    super();
    checkKnown('MaxPool2d', options, ['stride', 'padding']);
    this.kernelSize = pair('MaxPool2d', 'kernelSize', kernelSize, 1);
    this.options = {
      stride: pair('MaxPool2d', 'stride', options.stride ?? kernelSize, 1),
      padding: pair('MaxPool2d', 'padding', options.padding ?? 0, 0),
    };
  }

  override forward(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, this.options);
  }

  override describe(): string {
    return `kernelSize: ${showPair(this.kernelSize)}, stride: ${showPair(this.options.stride)}`;
  }
}

/** The mean of each window, shapes as `MaxPool2d`. Padding counts as zeros unless `countIncludePad` is false. */
export class AvgPool2d extends Module {
  static override readonly name: string = 'AvgPool2d';
  readonly kernelSize: readonly [number, number];
  readonly options: { stride: readonly [number, number]; padding: readonly [number, number]; countIncludePad: boolean };

  constructor(kernelSize: Pair, options: PoolOptions & { countIncludePad?: boolean } = {}) {
    super();
    checkKnown('AvgPool2d', options, ['stride', 'padding', 'countIncludePad']);
    this.kernelSize = pair('AvgPool2d', 'kernelSize', kernelSize, 1);
    this.options = {
      stride: pair('AvgPool2d', 'stride', options.stride ?? kernelSize, 1),
      padding: pair('AvgPool2d', 'padding', options.padding ?? 0, 0),
      countIncludePad: checkBoolean('AvgPool2d', 'countIncludePad', options.countIncludePad ?? true),
    };
  }

  override forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.options);
  }

  override describe(): string {
    return `kernelSize: ${showPair(this.kernelSize)}, stride: ${showPair(this.options.stride)}`;
  }
}

/** Means over windows chosen so that the output has the given size: [n, c, h, w] to [n, c, ...outputSize]; 1 is global pooling. */
export class AdaptiveAvgPool2d extends Module {
  static override readonly name: string = 'AdaptiveAvgPool2d';
  readonly outputSize: readonly [number, number];

  constructor(outputSize: Pair) {
    super();
    this.outputSize = pair('AdaptiveAvgPool2d', 'outputSize', outputSize, 1);
  }

  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }

  override describe(): string {
    return `outputSize: ${showPair(this.outputSize)}`;
  }
}

/** The largest values over windows chosen so that the output has the given size: [n, c, h, w] to [n, c, ...outputSize]. */
export class AdaptiveMaxPool2d extends Module {
  static override readonly name: string = 'AdaptiveMaxPool2d';
  readonly outputSize: readonly [number, number];

  constructor(outputSize: Pair) {
    super();
    this.outputSize = pair('AdaptiveMaxPool2d', 'outputSize', outputSize, 1);
  }

  override forward(x: Tensor): Tensor {
    return adaptiveMaxPool2d(x, this.outputSize);
  }

  override describe(): string {
    return `outputSize: ${showPair(this.outputSize)}`;
  }
}
