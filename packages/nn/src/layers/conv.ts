import {
  checkBoolean,
  checkInteger,
  checkKnown,
  OptionError,
  randomFrom,
  type Seed,
  ShapeError,
  show,
} from '@maru-ml/base';
import { conv1d, conv2d, convTranspose2d, parameter, type Tensor, uniform } from '@maru-ml/tensor';
import { checkTensor, Module } from '../module.ts';

/** A length for both axes, or [height, width]. */
export type Pair = number | readonly [number, number];

export interface ConvOptions {
  /** How far the window moves; 1. */
  stride?: Pair;
  /** Zeros around the picture; 'same' keeps its size (stride 1 only), 'valid' adds none; 0. */
  padding?: Pair | 'same' | 'valid';
  /** Distance of the window's elements; 1. */
  dilation?: Pair;
  /** Into how many groups the channels are split that do not see each other; 1. */
  groups?: number;
  /** Add a bias to each output channel; true. */
  bias?: boolean;
  /** Seed of the initial values; the next child of the default stream. */
  seed?: Seed;
}

const KNOWN = ['stride', 'padding', 'dilation', 'groups', 'bias', 'seed'];

/**
 * Convolution of sequences: `x` [n, inChannels, l] to [n, outChannels, (l + 2 padding - dilation (kernel - 1) - 1) / stride + 1],
 * `weight` [outChannels, inChannels / groups, kernel], `bias` [outChannels]. Initial values as PyTorch's.
 */
export class Conv1d extends Module {
  static override readonly name: string = 'Conv1d';
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: number;
  readonly options: { stride: number; padding: number | 'same' | 'valid'; dilation: number; groups: number };
  weight: Tensor;
  bias: Tensor | null;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number,
    options: ConvOptions & { stride?: number; padding?: number | 'same' | 'valid'; dilation?: number } = {},
  ) {
    super();
    checkKnown('Conv1d', options, KNOWN);
    const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
    this.inChannels = checkInteger('Conv1d', 'inChannels', inChannels, { min: 1 });
    this.outChannels = checkInteger('Conv1d', 'outChannels', outChannels, { min: 1 });
    this.kernelSize = checkInteger('Conv1d', 'kernelSize', kernelSize, { min: 1 });
    checkInteger('Conv1d', 'stride', stride, { min: 1 });
    checkInteger('Conv1d', 'dilation', dilation, { min: 1 });
    checkPadding('Conv1d', padding);
    checkGroups('Conv1d', groups, inChannels, outChannels);
    this.options = { stride, padding, dilation, groups };
    [this.weight, this.bias] = initial('Conv1d', [outChannels, inChannels / groups, kernelSize], outChannels, options);
  }

  override forward(x: Tensor): Tensor {
    checkChannels('Conv1d', x, 3, this.inChannels);
    return conv1d(x, this.weight, this.bias, this.options);
  }

  override describe(): string {
    return `${this.inChannels}, ${this.outChannels}, kernelSize: ${this.kernelSize}`;
  }
}

/**
 * Convolution of pictures: `x` [n, inChannels, h, w] to [n, outChannels, h', w'], each length becoming
 * ⌊(length + 2 padding - dilation (kernel - 1) - 1) / stride⌋ + 1. `weight` [outChannels, inChannels / groups, kh, kw],
 * `bias` [outChannels]; both start uniform in ±1/√(inChannels / groups · kh · kw), as in PyTorch.
 */
export class Conv2d extends Module {
  static override readonly name: string = 'Conv2d';
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly [number, number];
  readonly options: {
    stride: readonly [number, number];
    padding: readonly [number, number] | 'same' | 'valid';
    dilation: readonly [number, number];
    groups: number;
  };
  weight: Tensor;
  bias: Tensor | null;

  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: ConvOptions = {}) {
    super();
    checkKnown('Conv2d', options, KNOWN);
    const { padding = 0, groups = 1 } = options;
    this.inChannels = checkInteger('Conv2d', 'inChannels', inChannels, { min: 1 });
    this.outChannels = checkInteger('Conv2d', 'outChannels', outChannels, { min: 1 });
    this.kernelSize = pair('Conv2d', 'kernelSize', kernelSize, 1);
    checkGroups('Conv2d', groups, inChannels, outChannels);
    this.options = {
      stride: pair('Conv2d', 'stride', options.stride ?? 1, 1),
      padding: padding === 'same' || padding === 'valid' ? padding : pair('Conv2d', 'padding', padding, 0),
      dilation: pair('Conv2d', 'dilation', options.dilation ?? 1, 1),
      groups,
    };
    [this.weight, this.bias] = initial(
      'Conv2d',
      [outChannels, inChannels / groups, ...this.kernelSize],
      outChannels,
      options,
    );
  }

  override forward(x: Tensor): Tensor {
    checkChannels('Conv2d', x, 4, this.inChannels);
    return conv2d(x, this.weight, this.bias, this.options);
  }

  override describe(): string {
    const { stride, padding } = this.options;
    const parts = [`${this.inChannels}, ${this.outChannels}, kernelSize: ${showPair(this.kernelSize)}`];
    if (showPair(stride) !== '1') parts.push(`stride: ${showPair(stride)}`);
    if (typeof padding === 'string') parts.push(`padding: '${padding}'`);
    else if (showPair(padding) !== '0') parts.push(`padding: ${showPair(padding)}`);
    return parts.join(', ');
  }
}

/**
 * The transpose of a convolution, which makes pictures larger: `x` [n, inChannels, h, w] to [n, outChannels, h', w'], each length
 * becoming (length - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1.
 * `weight` [inChannels, outChannels / groups, kh, kw], `bias` [outChannels].
 */
export class ConvTranspose2d extends Module {
  static override readonly name: string = 'ConvTranspose2d';
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly [number, number];
  readonly options: {
    stride: readonly [number, number];
    padding: readonly [number, number];
    outputPadding: readonly [number, number];
    dilation: readonly [number, number];
    groups: number;
  };
  weight: Tensor;
  bias: Tensor | null;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Pair,
    options: Omit<ConvOptions, 'padding'> & { padding?: Pair; outputPadding?: Pair } = {},
  ) {
    super();
    checkKnown('ConvTranspose2d', options, [...KNOWN, 'outputPadding']);
    const { groups = 1 } = options;
    this.inChannels = checkInteger('ConvTranspose2d', 'inChannels', inChannels, { min: 1 });
    this.outChannels = checkInteger('ConvTranspose2d', 'outChannels', outChannels, { min: 1 });
    this.kernelSize = pair('ConvTranspose2d', 'kernelSize', kernelSize, 1);
    checkGroups('ConvTranspose2d', groups, inChannels, outChannels);
    this.options = {
      stride: pair('ConvTranspose2d', 'stride', options.stride ?? 1, 1),
      padding: pair('ConvTranspose2d', 'padding', options.padding ?? 0, 0),
      outputPadding: pair('ConvTranspose2d', 'outputPadding', options.outputPadding ?? 0, 0),
      dilation: pair('ConvTranspose2d', 'dilation', options.dilation ?? 1, 1),
      groups,
    };
    const shape = [inChannels, outChannels / groups, ...this.kernelSize];
    [this.weight, this.bias] = initial('ConvTranspose2d', shape, outChannels, options);
  }

  override forward(x: Tensor): Tensor {
    checkChannels('ConvTranspose2d', x, 4, this.inChannels);
    return convTranspose2d(x, this.weight, this.bias, this.options);
  }

  override describe(): string {
    return `${this.inChannels}, ${this.outChannels}, kernelSize: ${showPair(this.kernelSize)}, stride: ${showPair(this.options.stride)}`;
  }
}

/** [height, width] of an option that may be one number for both. */
export function pair(owner: string, name: string, value: Pair, min: number): readonly [number, number] {
  if (Array.isArray(value) && value.length === 2) {
    checkInteger(owner, `${name}[0]`, value[0], { min });
    checkInteger(owner, `${name}[1]`, value[1], { min });
    return [value[0], value[1]];
  }
  if (typeof value !== 'number')
    throw new OptionError(`${owner}: ${name} must be an integer or a pair of them, got ${show(value)}`);
  const both = checkInteger(owner, name, value, { min });
  return [both, both];
}

export function showPair([height, width]: readonly [number, number]): string {
  return height === width ? `${height}` : `[${height}, ${width}]`;
}

function checkPadding(owner: string, padding: unknown): void {
  if (padding !== 'same' && padding !== 'valid') checkInteger(owner, 'padding', padding, { min: 0 });
}

function checkGroups(owner: string, groups: number, inChannels: number, outChannels: number): void {
  checkInteger(owner, 'groups', groups, { min: 1 });
  if (inChannels % groups !== 0 || outChannels % groups !== 0) {
    throw new OptionError(
      `${owner}: groups must divide inChannels and outChannels, got ${groups} for ${inChannels} and ${outChannels}`,
    );
  }
}

function checkChannels(owner: string, x: Tensor, ndim: number, channels: number): void {
  checkTensor(owner, x);
  if (x.ndim === ndim && x.shape[1] === channels) return;
  const lengths = ndim === 3 ? 'l' : 'h, w';
  throw new ShapeError(`${owner}: x is [${x.shape.join(', ')}] but the layer takes [n, ${channels}, ${lengths}]`);
}

/** Weight and bias, uniform in ±1/√(inputs of an output). */
function initial(
  owner: string,
  shape: number[],
  outChannels: number,
  options: ConvOptions | { bias?: boolean; seed?: Seed },
): [Tensor, Tensor | null] {
  const random = randomFrom(options.seed);
  const bound = 1 / Math.sqrt(shape.slice(1).reduce((n, length) => n * length, 1));
  const weight = parameter(uniform(shape, -bound, bound, { seed: random }));
  const withBias = checkBoolean(owner, 'bias', options.bias ?? true);
  return [weight, withBias ? parameter(uniform([outChannels], -bound, bound, { seed: random })) : null];
}
