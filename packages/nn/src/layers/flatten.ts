import { checkInteger } from '@maru-ml/base';
import { flatten, type Tensor } from '@maru-ml/tensor';
import { Module } from '../module.ts';

/** Joins the axes from `startAxis` (1) to the last into one: [n, c, h, w] to [n, c h w]. */
export class Flatten extends Module {
  static override readonly name: string = 'Flatten';
  readonly startAxis: number;

  constructor(startAxis = 1) {
    super();
    this.startAxis = checkInteger('Flatten', 'startAxis', startAxis, { min: 0 });
  }

  override forward(x: Tensor): Tensor {
    return flatten(x, this.startAxis);
  }
}
