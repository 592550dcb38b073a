import { OptionError, ShapeError, show } from '@maru-ml/base';

/** Added to the counts: one number, or one for each column [d]. */
export type Alpha = number | readonly number[];

/** A number ≥ 0, or one for each column. @throws OptionError */
export function checkAlpha(owner: string, alpha: unknown): Alpha {
  const good = (value: unknown) => typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
  if (good(alpha)) return alpha as number;
  if (isList(alpha) && alpha.length > 0) {
    const list = Array.from(alpha);
    if (list.every(good)) return Object.freeze(list);
  }
  throw new OptionError(`${owner}: alpha must be a number ≥ 0, or one for each column, got ${show(alpha)}`);
}

/** Whether it is an array or a typed array: what merely has a length, as an object of a file may, can be endless. */
export function isList(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** The numbers of the columns [d]. @throws ShapeError if they are not as many */
export function alphaOf(owner: string, alpha: Alpha, columns: number): Float64Array {
  if (typeof alpha === 'number') return new Float64Array(columns).fill(alpha);
  if (alpha.length === columns) return Float64Array.from(alpha);
  throw new ShapeError(`${owner}: alpha has ${alpha.length} numbers, but x has ${columns} columns`);
}
