import { checkInteger } from '@maru-ml/base';
import { around, checkAxis } from '../shape.ts';
import { checkTensor, emptyTensor, type Tensor, view } from '../tensor.ts';
import { pick, placesIn } from './pick.ts';

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
      const order = count <= FEW && count < n ? firstFew(keys, count, descending) : sortedOrder(keys, descending);
      for (let j = 0; j < count; j++) {
        const at = (o * count + j) * inner + i;
        to[at] = order[j]!;
        places[at] = start + order[j]! * inner;
      }
    }
  }
  return { values: pick(owner, x, placesIn(places), 1, outShape), indices };
}

/** Up to so many are picked out one by one, instead of sorting all. */
const FEW = 16;

/** The places of the first `k` numbers in order: each number is put among the best so far, if it belongs there. */
function firstFew(keys: Float64Array, k: number, descending: boolean): Int32Array {
  const best = new Int32Array(k);
  for (let i = 0, found = 0; i < keys.length; i++) {
    if (found === k && (k === 0 || !comesFirst(keys[i]!, keys[best[k - 1]!]!, descending))) continue;
    let at = found < k ? found++ : k - 1;
    for (; at > 0 && comesFirst(keys[i]!, keys[best[at - 1]!]!, descending); at--) best[at] = best[at - 1]!;
    best[at] = i;
  }
  return best;
}

/** Whether a comes before b, where NaN is larger than all numbers. */
function comesFirst(a: number, b: number, descending: boolean): boolean {
  if (descending) return a > b || (Number.isNaN(a) && !Number.isNaN(b));
  return a < b || (Number.isNaN(b) && !Number.isNaN(a));
}

/** @internal The places of numbers in order, equal ones as they come; NaN is the largest. Merges runs, which doubles them each time. */
export function sortedOrder(keys: Float64Array, descending = false): Int32Array {
  const n = keys.length;
  let order = new Int32Array(n);
  // NaN would spoil the comparisons: it goes to its end first.
  let numbers = 0;
  for (let i = 0; i < n; i++) if (!Number.isNaN(keys[i]!)) numbers++;
  const low = descending ? n - numbers : 0;
  const high = low + numbers;
  for (let i = 0, number = low, other = descending ? 0 : high; i < n; i++) {
    if (Number.isNaN(keys[i]!)) order[other++] = i;
    else order[number++] = i;
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
