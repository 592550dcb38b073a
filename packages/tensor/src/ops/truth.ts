import { checkAxes } from '../shape.ts';
import { checkTensor, type Tensor } from '../tensor.ts';
import { equal, notEqual } from './compare.ts';
import { type AxisOptions, sum } from './sum.ts';

/** How many elements are not 0, over one axis, several, or all; int32. */
export function countNonzero(x: Tensor, axis?: number | readonly number[], options?: AxisOptions): Tensor {
  checkTensor('countNonzero', 'x', x);
  return sum(notEqual(x, 0), checkAxes('countNonzero', axis, x.ndim), options);
}

/** Whether an element is not 0, over one axis, several, or all; bool. False for no elements. */
export function any(x: Tensor, axis?: number | readonly number[], options?: AxisOptions): Tensor {
  checkTensor('any', 'x', x);
  return notEqual(sum(notEqual(x, 0), checkAxes('any', axis, x.ndim), options), 0);
}

/** Whether no element is 0, over one axis, several, or all; bool. True for no elements. */
export function all(x: Tensor, axis?: number | readonly number[], options?: AxisOptions): Tensor {
  checkTensor('all', 'x', x);
  return equal(sum(equal(x, 0), checkAxes('all', axis, x.ndim), options), 0);
}
