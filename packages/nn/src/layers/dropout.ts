import { checkKnown, checkNumber, type Random, randomFrom, type Seed } from '@maru-ml/base';
import { dropout, type Tensor } from '@maru-ml/tensor';
import { Module } from '../module.ts';

export interface DropoutOptions {
  /** Seed of what is dropped; the next child of the default stream. */
  seed?: Seed;
}

/**
 * In training sets each element to 0 with probability `p` (.5) and divides the others by 1 - p; in use it changes nothing.
 *
 * Source: N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15 (2014).
 */
export class Dropout extends Module {
  static override readonly name: string = 'Dropout';
  readonly p: number;
  readonly random: Random;

  constructor(p = 0.5, options: DropoutOptions = {}) {
    super();
    checkKnown('Dropout', options, ['seed']);
    this.p = checkNumber('Dropout', 'p', p, { min: 0, max: 1 });
    this.random = randomFrom(options.seed);
  }

  override forward(x: Tensor): Tensor {
    return this.training ? dropout(x, this.p, { seed: this.random }) : x;
  }

  override describe(): string {
    return `${this.p}`;
  }
}
