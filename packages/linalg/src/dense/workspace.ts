import { allocate, float64View, makeRoom, release } from '@maru-ml/kernels/memory';

/** Bytes from which on arrays are worth a block of the kernels' memory. */
const WORTH = 8192;

/** What products of matrices want to work in, so that they need not grow the memory, which would detach our views. */
const PRODUCTS = 4 * 2 ** 20;

/** An array for each length. */
type ArraysOf<L extends readonly number[]> = { [I in keyof L]: Float64Array };

/**
 * Runs `use` with zeroed arrays of the given lengths, which lie in the kernels' memory where there is room, so that kernels
 * take them without copying. They must not leave `use`, and it must not open a workspace itself.
 */
export function workspace<T, const L extends readonly number[]>(lengths: L, use: (...arrays: ArraysOf<L>) => T): T {
  const starts: number[] = [];
  let length = 0;
  for (const n of lengths) {
    starts.push(length);
    length += n + (n & 1);
  }
  const bytes = 8 * length;
  const address = bytes < WORTH ? 0 : allocate(bytes);
  if (address === 0) return use(...(lengths.map((n) => new Float64Array(n)) as ArraysOf<L>));
  try {
    makeRoom(PRODUCTS);
    const all = float64View(address, length).fill(0);
    return use(...(lengths.map((n, i) => all.subarray(starts[i]!, starts[i]! + n)) as ArraysOf<L>));
  } finally {
    release(address, bytes);
  }
}
