import { checkInteger, OptionError } from '@maru-ml/base';
import { checkDType, type DType } from '../dtype.ts';
import { type Tensor, view } from '../tensor.ts';
import { zeros } from './create.ts';
import { coordinates, type Indices, integers } from './gather.ts';

export interface OneHotOptions {
  /** float32 (PyTorch gives integers, which have to be cast before they can be multiplied with anything). */
  dtype?: DType;
}

/**
 * Class numbers as rows of zeros with a one at the class: a tensor of integers [...] gives [..., numClasses].
 * @throws OptionError for a class outside 0 to numClasses - 1
 */
export function oneHot(classes: Indices, numClasses: number, { dtype = 'float32' }: OneHotOptions = {}): Tensor {
  checkInteger('oneHot', 'numClasses', numClasses, { min: 1 });
  const { values, shape } = integers('oneHot', 'classes', classes);
  const out = zeros([...shape, numClasses], { dtype: checkDType('oneHot', dtype) });
  const rows = view(out);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < 0 || value >= numClasses) {
      throw new OptionError(
        `oneHot: classes${coordinates(i, shape)} is ${value}; with ${numClasses} classes it must be from 0 to ${numClasses - 1}`,
      );
    }
    rows[i * numClasses + value] = 1;
  }
  return out;
}
