import { checkNumber, randomFrom, type Seed } from '@maru-ml/base';
import { checkFloat, emptyTensor, floatView, type Tensor } from '../tensor.ts';
import { mul } from './arithmetic.ts';
import { zerosLike } from './create.ts';

export interface DropoutOptions {
  /** A number or a generator; the next child of the default stream. */
  seed?: Seed;
}

/**
 * x with each element set to 0 with probability `p` and divided by 1 - p else, so that its expectation stays.
 * Source: N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15 (2014).
 */
export function dropout(x: Tensor, p = 0.5, { seed }: DropoutOptions = {}): Tensor {
  checkFloat('dropout', 'x', x);
  checkNumber('dropout', 'p', p, { min: 0, max: 1 });
  if (p === 1) return mul(x, zerosLike(x));
  const random = randomFrom(seed);
  const mask = emptyTensor(x.shape, x.dtype);
  const values = floatView(mask);
  const bound = p * 2 ** 32;
  const scale = 1 / (1 - p);
  for (let i = 0; i < values.length; i++) values[i] = random.uint32() < bound ? 0 : scale;
  return mul(x, mask);
}
