import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Tensor, tensor } from '@maru-ml/tensor';

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
