import { checkNumber, DataError } from '@maru-ml/base';
import { clamp, dot, mul } from '@maru-ml/kernels/tensor';
import { type Tensor, withViews } from '@maru-ml/tensor';

type FloatArray = Float32Array | Float64Array;

/**
 * Scales the gradients of all parameters together so that their norm √Σg² is at most `maxNorm`, and returns the norm they had.
 * Source: R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013.
 *
 * @throws DataError if the norm is NaN or infinite: the gradients are then left as they are
 */
export function clipGradNorm(params: Iterable<Tensor>, maxNorm: number): number {
  checkNumber('clipGradNorm', 'maxNorm', maxNorm, { above: 0 });
  const gradients = [...params].flatMap((p) => (p.grad === null ? [] : [p.grad]));
  let squares = 0;
  for (const g of gradients)
    withViews([g], 0, (values) => (squares += dot(values as FloatArray, values as FloatArray)));
  const norm = Math.sqrt(squares);
  if (!Number.isFinite(norm)) {
    throw new DataError(
      `clipGradNorm: the norm of the gradients is ${norm}; lower the learning rate, or check the loss`,
    );
  }
  const scale = maxNorm / (norm + 1e-6);
  if (scale < 1) {
    for (const g of gradients) {
      withViews([g], 1, (values) =>
        mul(values as FloatArray, scalarLike(values as FloatArray, scale), values as FloatArray),
      );
    }
  }
  return norm;
}

/** Limits each element of the gradients to [-`limit`, `limit`]. */
export function clipGradValue(params: Iterable<Tensor>, limit: number): void {
  checkNumber('clipGradValue', 'limit', limit, { above: 0 });
  for (const { grad } of params) {
    if (grad !== null)
      withViews([grad], 1, (values) => clamp(values as FloatArray, -limit, limit, values as FloatArray));
  }
}

function scalarLike(array: FloatArray, value: number): FloatArray {
  return array instanceof Float32Array ? Float32Array.of(value) : Float64Array.of(value);
}
