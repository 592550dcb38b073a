import { checkInteger, OptionError, ShapeError } from '@maru-ml/base';
import { promoteTypes } from '../dtype.ts';
import { record } from '../graph.ts';
import { around, checkAxis, sameShape, showShape } from '../shape.ts';
import { checkTensor, emptyTensor, type Tensor, view } from '../tensor.ts';
import { castTo } from './broadcast.ts';
import { cast } from './cast.ts';
import { unsqueeze } from './reshape.ts';
import { type SliceRange, slice } from './slice.ts';
import { copyBox } from './strided.ts';

/**
 * The tensors one after the other along an axis; elsewhere their shapes must agree. Different dtypes meet in the common one.
 * @throws ShapeError where the shapes do not fit; OptionError for no tensors at all
 */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const first = checkList('concat', tensors);
  const at = checkAxis('concat', axis, first.ndim);
  for (const [i, t] of tensors.entries()) {
    if (t.ndim === first.ndim && t.shape.every((n, j) => j === at || n === first.shape[j])) continue;
    throw new ShapeError(
      `concat: tensors[0] is ${showShape(first.shape)} but tensors[${i}] is ${showShape(t.shape)}; they may differ only along axis ${at}`,
    );
  }
  const dtype = tensors.map((t) => t.dtype).reduce(promoteTypes);
  const lengths = tensors.map((t) => t.shape[at]!);
  const shape = first.shape.map((n, i) => (i === at ? lengths.reduce((sum, length) => sum + length) : n));
  const parts = tensors.map((t) => castTo(t, dtype));
  const out = emptyTensor(shape, dtype);
  const { outer, n, inner } = around(shape, at);
  let start = 0;
  for (const [i, part] of parts.entries()) {
    const run = lengths[i]! * inner;
    const from = { array: view(part), start: 0, strides: [run, 1] };
    copyBox(from, { array: view(out), start, strides: [n * inner, 1] }, [outer, run]);
    start += run;
  }
  return record('concat', out, tensors, [], (g, needs) => {
    let from = 0;
    return tensors.map((t, i) => {
      const range = along(at, [from, from + lengths[i]!]);
      from += lengths[i]!;
      return needs[i] ? cast(slice(g, range), t.dtype) : null;
    });
  });
}

/** The tensors, all of one shape, along a new axis. */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  const first = checkList('stack', tensors);
  const at = checkAxis('stack', axis, first.ndim + 1);
  for (const [i, t] of tensors.entries()) {
    if (sameShape(t.shape, first.shape)) continue;
    throw new ShapeError(
      `stack: tensors[0] is ${showShape(first.shape)} but tensors[${i}] is ${showShape(t.shape)}; all must have one shape`,
    );
  }
  return concat(
    tensors.map((t) => unsqueeze(t, at)),
    at,
  );
}

/**
 * Parts of a tensor along an axis: of `size` places each (the last one may be shorter), or of the given sizes, which must
 * sum to the axis's length. Parts of the first axis share the elements.
 */
export function split(x: Tensor, size: number | readonly number[], axis = 0): Tensor[] {
  checkTensor('split', 'x', x);
  const at = checkAxis('split', axis, x.ndim);
  const n = x.shape[at]!;
  let sizes: readonly number[];
  if (typeof size === 'number') {
    const step = checkInteger('split', 'size', size, { min: 1 });
    sizes = Array.from({ length: Math.max(1, Math.ceil(n / step)) }, (_, i) => Math.min(step, n - i * step));
  } else {
    sizes = size.map((s, i) => checkInteger('split', `size[${i}]`, s, { min: 0 }));
    const total = sizes.reduce((sum, s) => sum + s, 0);
    if (total !== n) {
      throw new ShapeError(`split: the sizes [${sizes.join(', ')}] sum to ${total}, but axis ${at} has length ${n}`);
    }
  }
  let start = 0;
  return sizes.map((s) => {
    start += s;
    return slice(x, along(at, [start - s, start]));
  });
}

/** At most `count` parts of a tensor along an axis, of equal size but for the last, as PyTorch's `chunk`. */
export function chunk(x: Tensor, count: number, axis = 0): Tensor[] {
  checkTensor('chunk', 'x', x);
  const at = checkAxis('chunk', axis, x.ndim);
  checkInteger('chunk', 'count', count, { min: 1 });
  return split(x, Math.max(1, Math.ceil(x.shape[at]! / count)), at);
}

/** The places of an axis one by one, without that axis. */
export function unbind(x: Tensor, axis = 0): Tensor[] {
  checkTensor('unbind', 'x', x);
  const at = checkAxis('unbind', axis, x.ndim);
  return Array.from({ length: x.shape[at]! }, (_, i) => slice(x, along(at, i)));
}

/** @internal Ranges that take all of the axes before `axis`, and `range` of it. */
export function along(axis: number, range: SliceRange): SliceRange[] {
  return [...new Array<null>(axis).fill(null), range];
}

function checkList(owner: string, tensors: readonly Tensor[]): Tensor {
  if (!Array.isArray(tensors) || tensors.length === 0) {
    throw new OptionError(`${owner}: tensors must be an array of at least one tensor`);
  }
  for (const [i, t] of tensors.entries()) checkTensor(owner, `tensors[${i}]`, t);
  return tensors[0]!;
}
