import { OptionError, ShapeError, show } from '@maru-ml/base';
import { checkAxis, type Shape, showShape } from '../shape.ts';
import { checkFloat, type Tensor } from '../tensor.ts';
import { add, mul } from './arithmetic.ts';
import { notEqual } from './compare.ts';
import { stack } from './join.ts';
import { slice } from './slice.ts';
import { sort } from './sort.ts';
import type { AxisOptions } from './sum.ts';
import { where } from './where.ts';

/**
 * The middle element along an axis (without one: of all), the lower of the two for an even number of them, as in PyTorch.
 * NaN where an element is. For the mean of the two middle ones use `quantile(x, .5)`. Cost O(n log n).
 */
export function median(x: Tensor, axis?: number, options?: AxisOptions): Tensor {
  checkFloat('median', 'x', x);
  return orderStatistics('median', x, axis, options, (n) => [[(n - 1) >> 1, 0]]);
}

/**
 * The elements at the fractions `q` (from 0 to 1) of the sorted order along an axis (without one: of all), linear between the
 * two nearest. An array of fractions gives a new first axis. NaN where an element is. Cost O(n log n).
 */
export function quantile(x: Tensor, q: number | readonly number[], axis?: number, options?: AxisOptions): Tensor {
  checkFloat('quantile', 'x', x);
  const fractions = typeof q === 'number' ? [q] : q;
  for (const fraction of fractions) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new OptionError(`quantile: q must be from 0 to 1, got ${show(fraction)}`);
    }
  }
  const out = orderStatistics('quantile', x, axis, options, (n) =>
    fractions.map((fraction) => {
      const place = fraction * (n - 1);
      const lower = Math.min(Math.floor(place), Math.max(0, n - 2));
      return [lower, place - lower];
    }),
  );
  return typeof q === 'number' ? out.reshape(out.shape.slice(1)) : out;
}

/** For each pair of a place in the order and a fraction f: (1 - f) times the element there plus f times the next. */
function orderStatistics(
  owner: string,
  x: Tensor,
  axis: number | undefined,
  { keepDims = false }: AxisOptions = {},
  places: (n: number) => readonly (readonly [place: number, fraction: number])[],
): Tensor {
  const rows = axis === undefined || x.ndim === 0 ? x.reshape(-1) : x;
  const along = axis === undefined ? 0 : checkAxis(owner, axis, x.ndim);
  const n = rows.shape[along]!;
  if (n === 0) throw new ShapeError(`${owner}: no element in a tensor of shape ${showShape(x.shape)}`);
  const { values } = sort(rows, along);
  const at = (place: number) => slice(values, [...new Array<null>(along).fill(null), place]);
  // NaN is sorted to the end.
  const last = at(n - 1);
  const spoiled = notEqual(last, last);
  const found = places(n).map(([place, fraction]) => {
    const value = fraction === 0 ? at(place) : add(mul(at(place), 1 - fraction), mul(at(place + 1), fraction));
    return where(spoiled, Number.NaN, value);
  });
  const kept: Shape = x.shape.map((length, i) => (axis === undefined || i === along ? 1 : length));
  const shape = keepDims ? kept : found[0]!.shape;
  if (owner === 'median') return found[0]!.reshape(shape);
  return stack(found).reshape([found.length, ...shape]);
}
