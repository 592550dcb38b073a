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
  if (n < 2) throw new DataError(`${owner}: earlyStopping needs at least 2 rows, got ${n}`);
  const groups = new Map<number, number[]>();
  const order = random.permutation(n);
  for (let at = 0; at < n; at++) {
    const i = order[at]!;
    const code = codes === null ? 0 : codes[i]!;
    const group = groups.get(code);
    if (group === undefined) groups.set(code, [i]);
    else group.push(i);
  }
  const held = new Uint8Array(n);
  let count = 0;
  const take = (i: number) => {
    held[i] = 1;
    count++;
  };
  for (const group of groups.values()) for (const i of group.slice(0, Math.round(fraction * group.length))) take(i);
  const largest = [...groups.values()].reduce((a, b) => (b.length > a.length ? b : a));
  if (count === 0) take(largest[0]!);
  if (count === n) {
    held[largest[0]!] = 0;
    count--;
  }
  const [train, test] = [new Int32Array(n - count), new Int32Array(count)];
  for (let i = 0, a = 0, b = 0; i < n; i++) {
    if (held[i] === 0) train[a++] = i;
    else test[b++] = i;
  }
  return { train, test };
}
