import { Random } from '@maru-ml/base';
import { type ImageDataset, readMnist } from '@maru-ml/datasets';
import { digits } from '@maru-ml/datasets/digits';
import { fromTypedArray, indexSelect, type Tensor, tensor } from '@maru-ml/tensor';
import type { Context } from './study.ts';

/** Pictures `x` [n, side²] with ink from 0 to 1, and the digits `y` [n] that they show. */
export interface Pictures {
  x: Tensor;
  y: Tensor;
}

export interface Handwriting {
  /** Whether they are MNIST's, of 28 x 28 pixels, or the embedded ones, of 8 x 8. */
  mnist: boolean;
  side: number;
  train: Pictures;
  test: Pictures;
}

/** Handwritten digits: MNIST, at most `limit` of each part, where the data folder has it, else the embedded set, a fifth of it to test with. */
export async function handwriting(context: Context, limit?: number): Promise<Handwriting> {
  const folder = context.find('mnist');
  if (folder !== null) {
    const { train, test } = await readMnist(folder, { scaled: true, ...(limit !== undefined && { limit }) });
    return { mnist: true, side: 28, train: asTensors(train), test: asTensors(test) };
  }
  const { x, y } = digits();
  const ink = fromTypedArray(
    Float32Array.from(x.data, (value) => value / 16),
    x.shape,
  );
  const order = new Random(0).permutation(y.length);
  const part = (from: number, to: number): Pictures => {
    const rows = tensor(order.slice(from, to));
    return { x: indexSelect(ink, 0, rows), y: indexSelect(tensor(y), 0, rows) };
  };
  const cut = Math.round(0.8 * y.length);
  return { mnist: false, side: 8, train: part(0, Math.min(cut, limit ?? cut)), test: part(cut, y.length) };
}

function asTensors({ x, y }: ImageDataset<Float32Array>): Pictures {
  return { x: fromTypedArray(x.data, x.shape), y: fromTypedArray(y, [y.length]) };
}
