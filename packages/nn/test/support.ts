import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buffer, cast, isTensor, parameter, type Tensor, tensor } from '@maru-ml/tensor';
import type { Module } from '../src/index.ts';

/** An array as the fixtures hold it. */
export interface Stored {
  shape: number[];
  data: number[];
}

export const fixture = JSON.parse(readFileSync(fileURLToPath(new URL('fixtures/nn.json', import.meta.url)), 'utf8'));

/** A float64 tensor of a stored array; int32 for whole class numbers when asked. */
export function load({ shape, data }: Stored, dtype: 'float64' | 'int32' = 'float64'): Tensor {
  return tensor(data, { dtype }).reshape(shape);
}

/** The net with all its parameters and buffers in float64, as PyTorch's `double()`. */
export function inFloat64<M extends Module>(net: M): M {
  for (const module of net.namedModules().map(([, m]) => m as unknown as Record<string, Tensor>)) {
    for (const [field, t] of Object.entries(module)) {
      if (isTensor(t) && t.dtype === 'float32') {
        module[field] = t.role === 'parameter' ? parameter(cast(t.detach(), 'float64')) : buffer(cast(t, 'float64'));
      }
    }
  }
  return net;
}
