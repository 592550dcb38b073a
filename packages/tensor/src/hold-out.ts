import { DataError, permutation, type RandomStream, type Steps } from '@maru-ml/base';

/** Rows between two pauses. */
const STRETCH = 1 << 15;

/**
 * Draws the rows that are held out to measure gains: a share of each class, or of all rows where there are no classes, at least
 * one and never all. It pauses between its parts.
 *
 * @param codes classes of the rows [n]; null for numbers
 * @throws DataError if there are fewer than two rows
 */
export function* holdOut(
  owner: string,
  n: number,
  fraction: number,
  codes: ArrayLike<number> | null,
  random: RandomStream,
): Steps<{ train: Int32Array; test: Int32Array }> {
  if (n < 2) throw new DataError(`${owner}: earlyStopping needs at least 2 rows, got ${n}`);
  const order = permutation(random, n);
  yield;
  const classOf = codes ?? new Uint8Array(n);
  const sizes: number[] = [];
  for (let i = 0; i < n; i++) {
    const code = classOf[i]!;
    sizes[code] = (sizes[code] ?? 0) + 1;
    if (i % STRETCH === STRETCH - 1) yield;
  }
  const left = sizes.map((size) => Math.round(fraction * size));
  const held = new Uint8Array(n);
  let count = 0;
  for (let at = 0; at < n; at++) {
    const i = order[at]!;
    if (left[classOf[i]!]!-- > 0) {
      held[i] = 1;
      count++;
    }
    if (at % STRETCH === STRETCH - 1) yield;
  }
  if (count === 0 || count === n) {
    // The first row of the largest class, which may go or stay.
    const largest = Math.max(...Object.values(sizes));
    const first = order.find((i) => sizes[classOf[i]!] === largest)!;
    held[first] = 1 - held[first]!;
    count += 2 * held[first]! - 1;
  }
  yield;
  const [train, test] = [new Int32Array(n - count), new Int32Array(count)];
  for (let i = 0, a = 0, b = 0; i < n; i++) {
    if (held[i] === 0) train[a++] = i;
    else test[b++] = i;
  }
  return { train, test };
}
