import { DataError, type Random } from '@maru-ml/base';

/**
 * Draws the rows that are held out to measure gains: a share of each class, or of all rows where there are no classes, at least
 * one and never all.
 *
 * @param codes classes of the rows [n]; null for numbers
 * @throws DataError if there are fewer than two rows
 */
export function holdOut(
  owner: string,
  n: number,
  fraction: number,
  codes: ArrayLike<number> | null,
  random: Random,
): { train: Int32Array; test: Int32Array } {
  if (n < 2) throw new DataError(`${owner}: early stopping needs at least 2 rows, got ${n}`);
  const groups = new Map<number, number[]>();
  for (const i of random.permutation(n)) {
    const code = codes === null ? 0 : codes[i]!;
    const group = groups.get(code);
    if (group === undefined) groups.set(code, [i]);
    else group.push(i);
  }
  const held = new Uint8Array(n);
  let count = 0;
  for (const group of groups.values()) {
    for (const i of group.slice(0, Math.round(fraction * group.length))) {
      held[i] = 1;
      count++;
    }
  }
  const largest = [...groups.values()].reduce((a, b) => (b.length > a.length ? b : a));
  if (count === 0) held[largest[0]!] = 1;
  if (count === n) held[largest[0]!] = 0;
  const places = Int32Array.from({ length: n }, (_, i) => i);
  return { train: places.filter((i) => held[i] === 0), test: places.filter((i) => held[i] === 1) };
}

/** The rows at these places, as a matrix of their own. */
export function takeRows<T extends Float32Array | Float64Array>(data: T, columns: number, places: Int32Array): T {
  const out = new (data.constructor as new (length: number) => T)(places.length * columns);
  for (let i = 0; i < places.length; i++) {
    const from = places[i]! * columns;
    for (let j = 0; j < columns; j++) out[i * columns + j] = data[from + j]!;
  }
  return out;
}

/** The elements at these places. */
export function takeAt(values: Float64Array, places: Int32Array): Float64Array {
  return Float64Array.from(places, (i) => values[i]!);
}
