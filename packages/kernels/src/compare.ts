import { bytes } from './generated/compare.ts';
import type { NumberArray } from './memory.ts';
import { kernelModule } from './module.ts';
import { enough, sameFloats, stream } from './stream.ts';
import { zip } from './twin.ts';

// Comparisons, with bytes 0 and 1 as results, and the choice by such bytes. The operands of a comparison have one length,
// or the shorter one repeats cyclically and `out` has the longer length. Nothing equals NaN.

const kernels = /* @__PURE__ */ kernelModule<'compare' | 'where'>(bytes);

const EQ = 0;
const NE = 1;
const LT = 2;
const LE = 3;

/** out = a == b. */
export function equal(a: NumberArray, b: NumberArray, out: Uint8Array): void {
  if (!compare(EQ, a, b, out)) zip((x, y) => +(x === y), a, b, out);
}

/** out = a != b. */
export function notEqual(a: NumberArray, b: NumberArray, out: Uint8Array): void {
  if (!compare(NE, a, b, out)) zip((x, y) => +(x !== y), a, b, out);
}

/** out = a < b. */
export function less(a: NumberArray, b: NumberArray, out: Uint8Array): void {
  if (!compare(LT, a, b, out)) zip((x, y) => +(x < y), a, b, out);
}

/** out = a ≤ b. */
export function lessEqual(a: NumberArray, b: NumberArray, out: Uint8Array): void {
  if (!compare(LE, a, b, out)) zip((x, y) => +(x <= y), a, b, out);
}

/** out = a > b. */
export function greater(a: NumberArray, b: NumberArray, out: Uint8Array): void {
  less(b, a, out);
}

/** out = a ≥ b. */
export function greaterEqual(a: NumberArray, b: NumberArray, out: Uint8Array): void {
  lessEqual(b, a, out);
}

/** out = a where the condition is not 0, else b. `a` and `b` have the length of `out` or one number each. */
export function where(condition: Uint8Array, a: NumberArray, b: NumberArray, out: NumberArray): void {
  const n = out.length;
  if (enough(n) && sameFloats(out, a, b)) {
    const k = kernels();
    const width = out.BYTES_PER_ELEMENT;
    const aStep = a.length < n ? 0 : width;
    const bStep = b.length < n ? 0 : width;
    const run = (at: readonly number[], count: number) => {
      k?.where(at[1]!, at[2]!, at[3]!, at[0]!, count, +(width === 8), aStep, bStep);
    };
    if (k !== null && stream(n, [out, condition, a, b], 1, 0b1110, run)) return;
  }
  const single = { a: a.length < n, b: b.length < n };
  for (let i = 0; i < n; i++) out[i] = condition[i] !== 0 ? a[single.a ? 0 : i]! : b[single.b ? 0 : i]!;
}

function compare(op: number, a: NumberArray, b: NumberArray, out: Uint8Array): boolean {
  const n = out.length;
  if (!enough(n) || !sameFloats(a, b)) return false;
  const k = kernels();
  if (k === null) return false;
  const width = a.BYTES_PER_ELEMENT;
  const code = width === 8 ? op + 4 : op;
  return stream(n, [out, a, b], 1, 0b110, (at, count) => {
    const size = count * width;
    const x = a.length < n ? a.length * width : size;
    const y = b.length < n ? b.length * width : size;
    k.compare(code, at[1]!, at[2]!, at[0]!, size, x, y);
  });
}
