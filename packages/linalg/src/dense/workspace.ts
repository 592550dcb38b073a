import type { Steps } from '@maru-ml/base';
import { allocate, float64View, makeRoom, release } from '@maru-ml/kernels/memory';

/** Bytes from which on arrays are worth a block of the kernels' memory. */
const WORTH = 8192;

/** What products of matrices want to work in, so that they need not grow the memory, which would detach our views. */
const PRODUCTS = 2 ** 22;

/** An array for each length. */
type ArraysOf<L extends readonly number[]> = { [I in keyof L]: Float64Array };

/**
 * Runs `use` with zeroed arrays of the given lengths, which lie in the kernels' memory where there is room, so that kernels
 * take them without copying. They must not leave `use`, and it must not open a workspace itself.
 */
export function workspace<T, const L extends readonly number[]>(lengths: L, use: (...arrays: ArraysOf<L>) => T): T {
  const { arrays, free } = take(lengths);
  try {
    return use(...arrays());
  } finally {
    free();
  }
}

/**
 * The same for work that pauses. After each pause it has to ask for the arrays anew, since what ran meanwhile may have grown
 * the memory that they lie in.
 */
export function* pausingWorkspace<T, const L extends readonly number[]>(
  lengths: L,
  use: (arrays: () => ArraysOf<L>) => Steps<T>,
): Steps<T> {
  const { arrays, free } = take(lengths);
  try {
    return yield* use(arrays);
  } finally {
    free();
  }
}

function take<const L extends readonly number[]>(lengths: L): { arrays: () => ArraysOf<L>; free: () => void } {
  const starts: number[] = [];
  let length = 0;
  for (const n of lengths) {
    starts.push(length);
    length += n + (n & 1);
  }
  const bytes = 8 * length;
  const address = bytes < WORTH ? 0 : allocate(bytes);
  if (address === 0) {
    const own = lengths.map((n) => new Float64Array(n)) as ArraysOf<L>;
    return { arrays: () => own, free: () => {} };
  }
  float64View(address, length).fill(0);
  const arrays = () => {
    makeRoom(PRODUCTS);
    const all = float64View(address, length);
    return lengths.map((n, i) => all.subarray(starts[i]!, starts[i]! + n)) as ArraysOf<L>;
  };
  return { arrays, free: () => release(address, bytes) };
}
