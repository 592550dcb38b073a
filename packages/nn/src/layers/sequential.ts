import type { Tensor } from '@maru-ml/tensor';
import { type AnyModule, Module } from '../module.ts';

/** Modules one after the other: each takes what the one before gave. Their names are '0', '1', ... */
export class Sequential extends Module {
  readonly layers: readonly Module[];

  constructor(...layers: Module[]) {
    super();
    this.layers = layers;
  }

  override forward(x: Tensor): Tensor {
    return this.layers.reduce((value, layer) => layer.forward(value), x);
  }

  override namedChildren(): [string, AnyModule][] {
    return this.layers.map((layer, i) => [String(i), layer as AnyModule]);
  }
}
