import { bytes } from './generated/layout.ts';
import { isResident, type NumberArray } from './memory.ts';
import { kernelModule, withAddresses } from './module.ts';
import { copyPays, enough } from './stream.ts';

const kernels = /* @__PURE__ */ kernelModule<'transpose'>(bytes);

/** out[i] = value. */
export function fill(out: NumberArray, value: number): void {
  out.fill(value);
}

/** Converts between kinds of numbers: floats are truncated to integers (NaN to 0), which wrap around. */
export function cast(x: NumberArray, out: NumberArray): void {
  out.set(x);
}

/** Repeats `x` [outer, inner] `n` times along a new middle axis: `out` [outer, n, inner]. */
export function expand(x: NumberArray, outer: number, n: number, inner: number, out: NumberArray): void {
  const block = n * inner;
  for (let o = 0; o < outer; o++) {
    const start = o * block;
    const from = o * inner;
    if (inner === 1) {
      out.fill(x[from]!, start, start + block);
      continue;
    }
    // The row once by hand, then ever longer parts of what is there already.
    for (let i = 0; i < inner && n > 0; i++) out[start + i] = x[from + i]!;
    for (let have = inner; have < block; have *= 2) {
      out.copyWithin(start + have, start, start + Math.min(have, block - have));
    }
  }
}

/** Swaps the last two axes: `x` [batch, rows, columns] to `out` [batch, columns, rows], which must not be `x`. */
export function transpose(x: NumberArray, batch: number, rows: number, columns: number, out: NumberArray): void {
  const width = x.BYTES_PER_ELEMENT;
  const k = width >= 4 && width === out.BYTES_PER_ELEMENT && enough(x.length) ? kernels() : null;
  if (k !== null && ((isResident(x) && isResident(out)) || copyPays(x.length, 384))) {
    const run = (to: number, from: number) => k.transpose(from, to, batch, rows, columns, +(width === 8));
    if (withAddresses([out, x], 1, run, 1)) return;
  }
  for (let b = 0; b < batch; b++) {
    const start = b * rows * columns;
    for (let j = 0; j < columns; j++) {
      const to = start + j * rows;
      for (let i = 0; i < rows; i++) out[to + i] = x[start + i * columns + j]!;
    }
  }
}
