import { toBits } from '../dtype.ts';
import { record } from '../graph.ts';
import type { Shape } from '../shape.ts';
import { emptyTensor, type Tensor, view } from '../tensor.ts';
import { zeros } from './create.ts';
import { where } from './where.ts';

// Everything that moves elements by index is one of three: the tensor is seen as blocks of `block` elements, one after
// the other, and `places` names blocks. All are linear, and their gradients are each other.

/** Blocks in an order: those of `list`, then those of `list` moved on by `stride`, and so on, `repeats` times in all. */
export interface Places {
  readonly list: Int32Array;
  readonly repeats: number;
  readonly stride: number;
}

/** Blocks named one by one. */
export function placesIn(list: Int32Array): Places {
  return { list, repeats: 1, stride: 0 };
}

/** Copies the blocks at `places` into a tensor of `shape`. */
export function pick(name: string, x: Tensor, places: Places, block: number, shape: Shape): Tensor {
  const { list, repeats, stride } = places;
  const out = emptyTensor(shape, x.dtype);
  const from = view(x);
  const to = view(out);
  for (let r = 0, at = 0; r < repeats; r++) {
    const first = r * stride;
    if (block === 1) for (let i = 0; i < list.length; i++) to[at++] = from[first + list[i]!]!;
    else {
      for (let i = 0; i < list.length; i++, at += block) {
        const start = (first + list[i]!) * block;
        if (block >= LONG) to.set(from.subarray(start, start + block), at);
        else for (let j = 0; j < block; j++) to[at + j] = from[start + j]!;
      }
    }
  }
  return record(name, out, [x], [], (g) => [
    addAt(`${name}Backward`, zeros(x.shape, { dtype: g.dtype }), g, places, block),
  ]);
}

/** A copy of `x` with the blocks of `values` added to those at `places`, as often as these are named. */
export function addAt(name: string, x: Tensor, values: Tensor, places: Places, block: number): Tensor {
  const { list, repeats, stride } = places;
  const out = emptyTensor(x.shape, x.dtype);
  const from = view(values);
  const to = view(out);
  to.set(view(x));
  for (let r = 0, at = 0; r < repeats; r++) {
    for (let i = 0; i < list.length; i++) {
      const start = (r * stride + list[i]!) * block;
      for (let j = start; j < start + block; j++) to[j]! += from[at++]!;
    }
  }
  if (x.dtype === 'bool') toBits(to);
  return record(name, out, [x, values], [], (g, [forX, forValues]) => [
    forX ? g : null,
    forValues ? pick(name, g, places, block, values.shape) : null,
  ]);
}

/** A copy of `x` with the blocks of `values` in the place of those at `places`; the last of equal places holds. */
export function putAt(name: string, x: Tensor, values: Tensor, places: Int32Array, block: number): Tensor {
  const out = emptyTensor(x.shape, x.dtype);
  const from = view(values);
  const to = view(out);
  to.set(view(x));
  for (let i = 0, at = 0; i < places.length; i++) {
    for (let j = places[i]! * block, end = j + block; j < end; j++) to[j] = from[at++]!;
  }
  return record(name, out, [x, values], [], (g, [forX, forValues]) => [
    forX ? putAt(name, g, zeros(values.shape, { dtype: g.dtype }), places, block) : null,
    forValues ? lastOnly(pick(name, g, placesIn(places), block, values.shape), places, x.size / block, block) : null,
  ]);
}

/** Clears the gradient of values that a later one overwrote. */
function lastOnly(g: Tensor, places: Int32Array, blocks: number, block: number): Tensor {
  const last = new Int32Array(blocks);
  for (let i = 0; i < places.length; i++) last[places[i]!] = i;
  if (places.every((place, i) => last[place] === i)) return g;
  const holds = emptyTensor(g.shape, 'bool');
  const values = view(holds);
  for (let i = 0; i < places.length; i++) values.fill(last[places[i]!] === i ? 1 : 0, i * block, (i + 1) * block);
  return where(holds, g, 0);
}

/** Blocks from this length on are cheaper to copy at once than number by number. */
const LONG = 16;
