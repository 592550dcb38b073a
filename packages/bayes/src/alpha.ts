import { OptionError, ShapeError, show } from '@maru-ml/base';

/** Added to the counts: one number, or one for each column [d]. */
export type Alpha = number | readonly number[];

/** A number ≥ 0, or one for each column. @throws OptionError */
export function checkAlpha(owner: string, alpha: unknown): Alpha {
  const good = (value: unknown) => typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
  if (good(alpha)) return alpha as number;
  if (typeof alpha === 'object' && alpha !== null && (alpha as ArrayLike<number>).length > 0) {
    const list = Array.from(alpha as ArrayLike<number>);
    if (list.every(good)) return Object.freeze(list);
  }
  throw new OptionError(`${owner}: alpha must be a number ≥ 0, or one for each column, got ${show(alpha)}`);
}

/** The numbers of the columns [d]. @throws ShapeError if they are not as many */
export function alphaOf(owner: string, alpha: Alpha, columns: number): Float64Array {
  if (typeof alpha === 'number') return new Float64Array(columns).fill(alpha);
  if (alpha.length === columns) return Float64Array.from(alpha);
  throw new ShapeError(`${owner}: alpha has ${alpha.length} numbers, but x has ${columns} columns`);
}
