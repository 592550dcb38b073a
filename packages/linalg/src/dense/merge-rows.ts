import { matmul } from '@maru-ml/kernels/blas';

/** Where the numbers of a row can differ from 0: in the columns of the left part, of the right part, or of both. */
export const LEFT = 0;
export const BOTH = 1;
export const RIGHT = 2;

/** What two parts have become: rows that stay (the same vectors), and rows that are combined anew. */
export interface Merged {
  /** Rows whose values stay, and those values. */
  readonly deflated: readonly number[];
  readonly deflatedValues: readonly number[];
  /** Rows to combine, by where they lie: left ones, then those of both, then right ones. */
  readonly kept: readonly number[];
  /** How many of them are LEFT, BOTH and RIGHT. */
  readonly counts: readonly [number, number, number];
  /** The new values, ascending, one for each kept row. */
  readonly values: Float64Array;
}

/** Sorts rows by where they lie; returns the order as places in `rows`, and how many there are of each kind. */
export function byKind(
  rows: readonly number[],
  kinds: Uint8Array,
): { order: number[]; counts: [number, number, number] } {
  const order: number[] = [];
  const counts: [number, number, number] = [0, 0, 0];
  for (const kind of [LEFT, BOTH, RIGHT] as const) {
    for (let i = 0; i < rows.length; i++) if (kinds[rows[i]!] === kind) order.push(i);
    counts[kind] = order.length - (kind === LEFT ? 0 : counts[LEFT] + (kind === RIGHT ? counts[BOTH] : 0));
  }
  return { order, counts };
}

/**
 * Replaces the n rows of a block by the combinations S · (kept rows) and the rows that stay, all in ascending order of their
 * values. Columns of the left and of the right part are multiplied apart, each with the rows that lie there.
 *
 * @param z rows `ld` numbers apart; the block's first is `first`, and it has `left` + `right` columns from `column` on
 * @param s [kept, kept], a new row each; its columns in the order of `kept`
 * @param gathered room for the kept rows
 * @param out room for n rows
 */
export function mergeRows(
  z: Float64Array,
  ld: number,
  first: number,
  column: number,
  left: number,
  right: number,
  { deflated, deflatedValues, kept, counts, values }: Merged,
  s: Float64Array,
  gathered: Float64Array,
  out: Float64Array,
): void {
  const k = kept.length;
  const width = left + right;
  const [lefts, boths] = counts;
  const onLeft = lefts + boths;
  const onRight = k - lefts;
  for (let i = 0; i < onLeft; i++) {
    const at = kept[i]! * ld + column;
    gathered.set(z.subarray(at, at + left), i * left);
  }
  if (k > 0 && left > 0) {
    if (onLeft > 0) matmul(s, gathered, out, { m: k, n: left, k: onLeft, ldA: k, ldOut: width });
    else for (let i = 0; i < k; i++) out.fill(0, i * width, i * width + left);
  }
  for (let i = 0; i < onRight; i++) {
    const at = kept[lefts + i]! * ld + column + left;
    gathered.set(z.subarray(at, at + right), i * right);
  }
  if (k > 0 && right > 0) {
    const to = out.subarray(left);
    if (onRight > 0) matmul(s.subarray(lefts), gathered, to, { m: k, n: right, k: onRight, ldA: k, ldOut: width });
    else for (let i = 0; i < k; i++) to.fill(0, i * width, i * width + right);
  }
  for (let i = 0; i < deflated.length; i++) {
    const at = deflated[i]! * ld + column;
    out.set(z.subarray(at, at + width), (k + i) * width);
  }
  const order = ascending(values, k, deflatedValues);
  for (let i = 0; i < order.length; i++) {
    z.set(out.subarray(order[i]! * width, (order[i]! + 1) * width), (first + i) * ld + column);
  }
}

/** Writes all values in ascending order to `out`, as `mergeRows` orders the rows. */
export function mergeValues({ values, kept, deflatedValues }: Merged, out: Float64Array, first: number): void {
  const k = kept.length;
  const order = ascending(values, k, deflatedValues);
  for (let i = 0; i < order.length; i++) {
    const from = order[i]!;
    out[first + i] = from < k ? values[from]! : deflatedValues[from - k]!;
  }
}

/** Places among the new values (from 0) and those that stay (from k), in ascending order. */
function ascending(values: Float64Array, k: number, stay: readonly number[]): number[] {
  const value = (i: number) => (i < k ? values[i]! : stay[i - k]!);
  return Array.from({ length: k + stay.length }, (_, i) => i).sort((i, j) => value(i) - value(j) || i - j);
}
