import { OptionError, show } from '@maru-ml/base';
import type { Tensor } from '@maru-ml/tensor';
import { type AnyModule, Module } from '../module.ts';

/** Modules one after the other: each takes what the one before gave. Their names are '0', '1', ... */
export class Sequential extends Module {
  static override readonly name: string = 'Sequential';
  readonly layers: readonly Module[];

  constructor(...layers: Module[]) {
    super();
    if (Array.isArray(layers[0])) {
      throw new OptionError('Sequential: layers are arguments, not an array; new Sequential(...layers) passes them');
    }
    for (const [i, layer] of layers.entries()) {
      if (typeof layer?.forward !== 'function') {
        throw new OptionError(
          `Sequential: layer ${i} must be a module, got ${show(layer)}; functions have modules of their own, such as new ReLU()`,
        );
      }
    }
    this.layers = layers;
  }

  override forward(x: Tensor): Tensor {
    return this.layers.reduce((value, layer) => layer.forward(value), x);
  }

  override namedChildren(): [string, AnyModule][] {
    return this.layers.map((layer, i) => [String(i), layer as AnyModule]);
  }
}
