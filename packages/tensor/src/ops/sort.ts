import { checkInteger } from '@maru-ml/base';
import { around, checkAxis } from '../shape.ts';
import { checkTensor, emptyTensor, type Tensor, view } from '../tensor.ts';
import { pick } from './pick.ts';

export interface SortOptions {
  /** From the largest to the smallest; false. */
  descending?: boolean;
}

/** Elements in order, and the places along the axis that they came from (int32). */
export interface Sorted {
  values: Tensor;
  indices: Tensor;
}

/**
 * The elements in ascending order along an axis (the last by default). Equal elements keep their order; NaN counts as
 * larger than everything. Cost O(n log n) for each row.
 */
export function sort(x: Tensor, axis = -1, { descending = false }: SortOptions = {}): Sorted {
  checkTensor('sort', 'x', x);
  return first('sort', x, axis, undefined, descending);
}

/** The places along an axis (the last by default) that would sort it: int32, of the shape of `x`. */
export function argsort(x: Tensor, axis = -1, { descending = false }: SortOptions = {}): Tensor {
  checkTensor('argsort', 'x', x);
  return first('argsort', x.detach(), axis, undefined, descending).indices;
}

export interface TopkOptions {
  /** The largest elements, in descending order; else the smallest, in ascending order; true. */
  largest?: boolean;
}

/**
 * The `k` largest elements along an axis (the last by default), from the largest on, and where they are. Of equal ones
 * the first is taken first; NaN counts as larger than everything.
 */
export function topk(x: Tensor, k: number, axis = -1, { largest = true }: TopkOptions = {}): Sorted {
  checkTensor('topk', 'x', x);
  const n = x.ndim === 0 ? 1 : x.shape[checkAxis('topk', axis, x.ndim)]!;
  return first('topk', x, axis, checkInteger('topk', 'k', k, { min: 0, max: n }), largest);
}

/** The first `k` of each row in order; a scalar counts as a row of one. */
function first(owner: string, x: Tensor, axis: number, k: number | undefined, descending: boolean): Sorted {
  const shape = x.ndim === 0 ? [1] : x.shape;
  const at = checkAxis(owner, axis, shape.length);
  const { outer, n, inner } = around(shape, at);
  const count = k ?? n;
  const outShape = x.ndim === 0 && k === undefined ? [] : shape.map((length, i) => (i === at ? count : length));
  const indices = emptyTensor(outShape, 'int32');
  const places = new Int32Array(indices.size);
  const keys = new Float64Array(n);
  const values = view(x);
  const to = view(indices);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = o * n * inner + i;
      for (let j = 0; j < n; j++) keys[j] = values[start + j * inner]!;
      const order = sortedOrder(keys, descending);
      for (let j = 0; j < count; j++) {
        const at = (o * count + j) * inner + i;
        to[at] = order[j]!;
        places[at] = start + order[j]! * inner;
      }
    }
  }
  return { values: pick(owner, x, places, 1, outShape), indices };
}

/** @internal The places of numbers in order, equal ones as they come; NaN is the largest. Merges runs, which doubles them each time. */
export function sortedOrder(keys: Float64Array, descending = false): Int32Array {
  const n = keys.length;
  let order = new Int32Array(n);
  // NaN would spoil the comparisons: it goes to its end first.
  let numbers = 0;
  for (let i = 0; i < n; i++) if (keys[i] === keys[i]) numbers++;
  const low = descending ? n - numbers : 0;
  const high = low + numbers;
  for (let i = 0, number = low, other = descending ? 0 : high; i < n; i++) {
    if (keys[i] === keys[i]) order[number++] = i;
    else order[other++] = i;
  }
  let next = order.slice();
  for (let width = 1; width < numbers; width *= 2) {
    for (let from = low; from < high; from += 2 * width) {
      const middle = Math.min(from + width, high);
      const to = Math.min(from + 2 * width, high);
      for (let i = from, j = middle, at = from; at < to; at++) {
        const fromRight = i === middle || (j < to && isBefore(keys[order[j]!]!, keys[order[i]!]!, descending));
        next[at] = fromRight ? order[j++]! : order[i++]!;
      }
    }
    [order, next] = [next, order];
  }
  return order;
}

function isBefore(a: number, b: number, descending: boolean): boolean {
  return descending ? a > b : a < b;
}
