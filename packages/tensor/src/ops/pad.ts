import { checkInteger, checkOneOf, OptionError, ShapeError, show } from '@maru-ml/base';
import { showShape } from '../shape.ts';
import { checkTensor, type Tensor } from '../tensor.ts';
import { indexSelect } from './gather.ts';
import { embed } from './slice.ts';

export interface PadOptions {
  /** 'constant' fills with `value`, 'reflect' mirrors at the edge element, 'replicate' repeats it; 'constant'. */
  mode?: 'constant' | 'reflect' | 'replicate';
  /** What 'constant' fills with; 0. */
  value?: number;
}

/** How many places to add before and after an axis. */
export type Padding = readonly [before: number, after: number];

/**
 * The tensor with places added before and after its last axes: `pad(x, [[1, 1], [2, 2]])` adds a row above and below and two
 * columns on each side of every image. There is a pair for each of the last axes, in their order (PyTorch's list starts from
 * the last axis).
 *
 * @throws ShapeError for more pairs than axes, and where an axis is too short to be mirrored
 */
export function pad(x: Tensor, padding: readonly Padding[], { mode = 'constant', value = 0 }: PadOptions = {}): Tensor {
  checkTensor('pad', 'x', x);
  checkOneOf('pad', 'mode', mode, ['constant', 'reflect', 'replicate']);
  if (!Array.isArray(padding) || !padding.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    throw new OptionError(`pad: padding must be an array of pairs [before, after], got ${show(padding)}`);
  }
  if (padding.length > x.ndim) {
    throw new ShapeError(`pad: there are ${padding.length} pairs, but x is ${showShape(x.shape)}`);
  }
  const lead = x.ndim - padding.length;
  const pairs = x.shape.map((_, axis): Padding => (axis < lead ? [0, 0] : padding[axis - lead]!));
  for (const [axis, [before, after]] of pairs.entries()) {
    checkInteger('pad', `padding[${axis - lead}][0]`, before, { min: 0 });
    checkInteger('pad', `padding[${axis - lead}][1]`, after, { min: 0 });
  }
  if (mode !== 'constant') {
    return pairs.reduce((out, pair, axis) => (pair[0] + pair[1] > 0 ? mirrored(out, axis, pair, mode) : out), x);
  }
  const shape = x.shape.map((n, axis) => n + pairs[axis]![0] + pairs[axis]![1]);
  const taken = x.shape.map((n, axis) => ({ start: pairs[axis]![0], step: 1, length: n, kept: true }));
  return embed(x, shape, taken, value);
}

function mirrored(x: Tensor, axis: number, [before, after]: Padding, mode: 'reflect' | 'replicate'): Tensor {
  const n = x.shape[axis]!;
  const longest = Math.max(before, after);
  if (n === 0 || (mode === 'reflect' && longest >= n)) {
    const limit = n === 0 ? 'an empty axis cannot be padded this way' : `at most ${n - 1} places can be mirrored`;
    throw new ShapeError(`pad: axis ${axis} has length ${n} and [${before}, ${after}] is to be added; ${limit}`);
  }
  const last = n - 1;
  const source = (i: number) => {
    if (mode === 'replicate') return Math.min(Math.max(i, 0), last);
    return i < 0 ? -i : i > last ? 2 * last - i : i;
  };
  const places = Int32Array.from({ length: before + n + after }, (_, i) => source(i - before));
  return indexSelect(x, axis, places);
}
