import {
  chunk,
  clone,
  concat,
  diag,
  diagonal,
  flatten,
  flip,
  gather,
  index,
  indexPut,
  indexSelect,
  maskedSelect,
  meshgrid,
  pad,
  repeatInterleave,
  roll,
  type SliceRange,
  scatter,
  scatterAdd,
  shuffle,
  slice,
  sliceScatter,
  sort,
  split,
  squeeze,
  stack,
  type Tensor,
  tile,
  topk,
  tril,
  triu,
  unbind,
  unsqueeze,
} from '../../src/index.ts';
import { type Draw, elementwise, type Sample } from '../draw.ts';

/** Moving and indexing: everything here is linear, so each sample ends in a square to have a second derivative. */
export const moving = {
  slice: (draw) => {
    const shape = draw.shape(1, 3);
    const ranges = drawRanges(draw, shape);
    return { inputs: [draw.values(shape)], f: (x) => squared(slice(x, ranges)) };
  },
  sliceScatter: (draw) => {
    const shape = draw.shape(1, 3);
    const ranges = drawRanges(draw, shape);
    const part = slice(draw.values(shape), ranges).shape.slice(draw.integer(0, 1));
    return { inputs: [draw.values(shape), draw.values(part)], f: (x, v) => squared(sliceScatter(x, ranges, v)) };
  },
  concat: (draw) => {
    const shape = draw.shape(1, 3);
    const axis = draw.axis(shape);
    const other = shape.slice();
    other[axis < 0 ? axis + shape.length : axis] = draw.integer(0, 3);
    return { inputs: [draw.values(shape), draw.values(other)], f: (a, b) => squared(concat([a, b, a], axis)) };
  },
  stack: (draw) => {
    const shape = draw.shape(0, 2);
    const axis = draw.axis([...shape, 1]);
    return { inputs: [draw.values(shape), draw.values(shape)], f: (a, b) => squared(stack([a, b], axis)) };
  },
  split: (draw) => {
    const shape = draw.shape(1, 3);
    const axis = draw.axis(shape);
    const n = shape.at(axis)!;
    const first = draw.integer(0, n);
    const size = draw.chance() ? draw.integer(1, n + 1) : [first, n - first];
    return { inputs: [draw.values(shape)], f: (x) => squaredAll(split(x, size, axis)) };
  },
  chunk: (draw) => {
    const shape = draw.shape(1, 3);
    const axis = draw.axis(shape);
    const count = draw.integer(1, 4);
    return { inputs: [draw.values(shape)], f: (x) => squaredAll(chunk(x, count, axis)) };
  },
  unbind: (draw) => {
    const shape = draw.shape(1, 3);
    const axis = draw.axis(shape);
    return { inputs: [draw.values(shape)], f: (x) => squaredAll(unbind(x, axis)) };
  },
  unsqueeze: (draw) => {
    const shape = draw.shape();
    const axis = draw.axis([...shape, 1]);
    return { inputs: [draw.values(shape)], f: (x) => squared(unsqueeze(x, axis)) };
  },
  squeeze: (draw) => {
    const shape = draw.shape().flatMap((n) => [n, 1]);
    return { inputs: [draw.values(shape)], f: (x) => squared(squeeze(x)) };
  },
  flatten: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.values(shape)], f: (x) => squared(flatten(x)) };
  },
  indexSelect: (draw) => {
    const shape = draw.shape(1, 3);
    const axis = draw.axis(shape);
    const indices = draw.integers(draw.shape(0, 2), 0, shape.at(axis)! - 1);
    return { inputs: [draw.values(shape)], f: (x) => squared(indexSelect(x, axis, indices)) };
  },
  gather: (draw) => {
    const { shape, axis, places } = drawAlong(draw);
    return { inputs: [draw.values(shape)], f: (x) => squared(gather(x, axis, places)) };
  },
  scatter: (draw) => {
    const { shape, axis, places } = drawAlong(draw);
    return {
      inputs: [draw.values(shape), draw.values(places.shape)],
      f: (x, source) => squared(scatter(x, axis, places, source)),
    };
  },
  scatterAdd: (draw) => {
    const { shape, axis, places } = drawAlong(draw);
    return {
      inputs: [draw.values(shape), draw.values(places.shape)],
      f: (x, source) => squared(scatterAdd(x, axis, places, source)),
    };
  },
  index: (draw) => {
    const shape = draw.shape(1, 3);
    const places = drawIndices(draw, shape);
    return { inputs: [draw.values(shape)], f: (x) => squared(index(x, places)) };
  },
  indexPut: (draw) => {
    const shape = draw.shape(1, 3);
    const places = drawIndices(draw, shape);
    const accumulate = draw.chance();
    const values = draw.values(index(draw.values(shape), places).shape);
    return {
      inputs: [draw.values(shape), values],
      f: (x, v) => squared(indexPut(x, places, v, { accumulate })),
    };
  },
  maskedSelect: (draw) => {
    const shape = draw.shape(1, 3);
    const mask = draw.booleans(shape.slice(0, draw.integer(1, shape.length)));
    // Nothing at all may be selected, so the result is summed.
    return { inputs: [draw.values(shape)], f: (x) => squared(maskedSelect(x, mask)).sum() };
  },
  pad: [
    (draw) => {
      const shape = draw.shape(1, 3);
      const padding = shape
        .slice(draw.integer(0, shape.length - 1))
        .map(() => [draw.integer(0, 2), draw.integer(0, 2)] as const);
      return { inputs: [draw.values(shape)], f: (x) => squared(pad(x, padding, { value: 0.5 })) };
    },
    (draw) => {
      const shape = draw.shape(1, 3);
      const padding = shape.map((n) => [draw.integer(0, n - 1), draw.integer(0, n - 1)] as const);
      return { inputs: [draw.values(shape)], f: (x) => squared(pad(x, padding, { mode: 'reflect' })) };
    },
    (draw) => {
      const shape = draw.shape(1, 3);
      const padding = shape.map(() => [draw.integer(0, 2), draw.integer(0, 2)] as const);
      return { inputs: [draw.values(shape)], f: (x) => squared(pad(x, padding, { mode: 'replicate' })) };
    },
  ],
  tile: (draw) => {
    const shape = draw.shape(0, 2);
    const repeats = Array.from({ length: draw.integer(1, 3) }, () => draw.integer(1, 2));
    return { inputs: [draw.values(shape)], f: (x) => squared(tile(x, repeats)) };
  },
  repeatInterleave: (draw) => {
    const shape = draw.shape(1, 2);
    const axis = draw.axis(shape);
    const times = draw.integer(1, 3);
    return { inputs: [draw.values(shape)], f: (x) => squared(repeatInterleave(x, times, axis)) };
  },
  meshgrid: (draw) => {
    const indexing = draw.pick(['ij', 'xy'] as const);
    const vectors = Array.from({ length: draw.integer(1, 3) }, () => draw.values([draw.integer(1, 3)]));
    return { inputs: vectors, f: (...v) => squared(stack(meshgrid(v, { indexing }))) };
  },
  tril: (draw) => triangular(draw, tril),
  triu: (draw) => triangular(draw, triu),
  diagonal: (draw) => {
    const shape = draw.shape(2, 3);
    const offset = draw.integer(-2, 2);
    const [first, second] = draw.random.choose(shape.length, 2);
    return { inputs: [draw.values(shape)], f: (x) => squared(diagonal(x, offset, first, second)) };
  },
  diag: (draw) => {
    const shape = draw.shape(1, 2);
    const offset = draw.integer(-2, 2);
    return { inputs: [draw.values(shape)], f: (x) => squared(diag(x, offset)) };
  },
  flip: (draw) => {
    const shape = draw.shape();
    const axes = draw.axes(shape);
    return { inputs: [draw.values(shape)], f: (x) => squared(flip(x, axes)) };
  },
  roll: (draw) => {
    const shape = draw.shape(1, 3);
    const shift = draw.integer(-5, 5);
    const axis = draw.chance() ? draw.axis(shape) : undefined;
    return { inputs: [draw.values(shape)], f: (x) => squared(roll(x, shift, axis)) };
  },
  shuffle: (draw) => {
    const shape = draw.shape(1, 3);
    const [axis, seed] = [draw.axis(shape), draw.integer(0, 99)];
    return { inputs: [draw.values(shape)], f: (x) => squared(shuffle(x, { axis, seed })) };
  },
  clone: elementwise((x) => squared(clone(x))),
  sort: (draw) => {
    const shape = draw.shape(1, 3);
    const [axis, descending] = [draw.axis(shape), draw.chance()];
    return {
      inputs: [draw.values(shape, { distinct: true })],
      f: (x) => squared(sort(x, axis, { descending }).values),
    };
  },
  topk: (draw) => {
    const shape = draw.shape(1, 3);
    const axis = draw.axis(shape);
    const [k, largest] = [draw.integer(1, shape.at(axis)!), draw.chance()];
    return {
      inputs: [draw.values(shape, { distinct: true })],
      f: (x) => squared(topk(x, k, axis, { largest }).values),
    };
  },
} satisfies Record<string, Sample | readonly Sample[]>;

/** With a second derivative that differs from element to element. */
function squared(y: Tensor): Tensor {
  return y.mul(y);
}

/** Several results as one, each with a weight of its own. */
function squaredAll(parts: readonly Tensor[]): Tensor {
  return parts
    .map((part, i) =>
      squared(part)
        .sum()
        .mul(i + 1),
    )
    .reduce((a, b) => a.add(b));
}

/** Ranges that take at least one place of each axis, counted from either end. */
function drawRanges(draw: Draw, shape: readonly number[]): SliceRange[] {
  return shape.slice(0, draw.integer(1, shape.length)).map((n): SliceRange => {
    if (draw.chance(0.2)) return null;
    const first = draw.integer(0, n - 1);
    const start = draw.chance() ? first : first - n;
    if (draw.chance(0.25)) return start;
    if (draw.chance()) return [start, draw.pick([null, n, n + 3]), draw.integer(1, 3)];
    return draw.chance() ? [start, null, -1] : [start, first + draw.integer(1, 2)];
  });
}

function drawAlong(draw: Draw): { shape: number[]; axis: number; places: Tensor } {
  const shape = draw.shape(1, 3);
  const axis = draw.axis(shape);
  const lengths = shape.map((n) => draw.integer(1, n));
  lengths[axis < 0 ? axis + shape.length : axis] = draw.integer(1, 4);
  return { shape, axis, places: draw.integers(lengths, 0, shape.at(axis)! - 1) };
}

function drawIndices(draw: Draw, shape: readonly number[]): Tensor[] {
  const [a, b] = draw.pair(0, 2);
  return shape
    .slice(0, draw.integer(1, Math.min(2, shape.length)))
    .map((n, i) => draw.integers(i === 0 ? a : b, -n, n - 1));
}

function triangular(draw: Draw, f: (x: Tensor, diagonal: number) => Tensor): ReturnType<Sample> {
  const offset = draw.integer(-2, 2);
  return { inputs: [draw.values(draw.shape(2, 3))], f: (x) => squared(f(x!, offset)) };
}
