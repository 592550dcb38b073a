import { OptionError, ShapeError } from '@maru-ml/base';
import { showShape } from '../shape.ts';
import { checkTensor, emptyTensor, isTensor, type Tensor, view } from '../tensor.ts';
import { sortedOrder } from './sort.ts';

/** The different elements of a tensor. */
export interface Unique {
  /** In ascending order [k]. */
  values: Tensor;
  /** For each element of the input its place in `values`: int32, of the input's shape. */
  inverse: Tensor;
  /** How often each occurs: int32 [k]. */
  counts: Tensor;
}

/** The different elements in ascending order, where each went, and how often it occurs. Each NaN is different from all. */
export function unique(x: Tensor): Unique {
  checkTensor('unique', 'x', x);
  const keys = Float64Array.from(view(x));
  const order = sortedOrder(keys);
  const starts: number[] = [];
  for (let i = 0; i < order.length; i++) {
    if (i === 0 || keys[order[i]!] !== keys[order[i - 1]!]) starts.push(i);
  }
  const values = emptyTensor([starts.length], x.dtype);
  const inverse = emptyTensor(x.shape, 'int32');
  const counts = emptyTensor([starts.length], 'int32');
  const [v, at, c] = [view(values), view(inverse), view(counts)];
  for (let k = 0; k < starts.length; k++) {
    const end = starts[k + 1] ?? order.length;
    v[k] = keys[order[starts[k]!]!]!;
    c[k] = end - starts[k]!;
    for (let i = starts[k]!; i < end; i++) at[order[i]!] = k;
  }
  return { values, inverse, counts };
}

export interface SearchSortedOptions {
  /** Where equal elements are: after them, so that sorted[i - 1] ≤ v < sorted[i]; else before them, sorted[i - 1] < v ≤ sorted[i]; false. */
  right?: boolean;
}

/**
 * Where each value would go in the ascending vector `sorted` [n] for it to stay sorted: int32, of the shape of `values`,
 * from 0 to n. NaN counts as larger than everything. Cost O(log n) for each.
 */
export function searchsorted(
  sorted: Tensor,
  values: Tensor | number,
  { right = false }: SearchSortedOptions = {},
): Tensor {
  checkTensor('searchsorted', 'sorted', sorted);
  if (sorted.ndim !== 1) {
    throw new ShapeError(`searchsorted: sorted must have one axis, got shape ${showShape(sorted.shape)}`);
  }
  const list = view(sorted);
  const wrong = list.findIndex((value, i) => i > 0 && isLess(value, list[i - 1]!));
  if (wrong > 0) {
    throw new OptionError(`searchsorted: sorted must ascend, but element ${wrong} is less than the one before it`);
  }
  const out = emptyTensor(isTensor(values) ? values.shape : [], 'int32');
  const wanted = isTensor(values) ? view(values) : [values];
  const places = view(out);
  const boundaries = view(sorted);
  for (let i = 0; i < places.length; i++) {
    let low = 0;
    let high = boundaries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const before = right ? !isLess(wanted[i]!, boundaries[middle]!) : isLess(boundaries[middle]!, wanted[i]!);
      if (before) low = middle + 1;
      else high = middle;
    }
    places[i] = low;
  }
  return out;
}

function isLess(a: number, b: number): boolean {
  return a < b || (Number.isNaN(b) && !Number.isNaN(a));
}
