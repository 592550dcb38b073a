import { bytes } from './generated/fold.ts';
import { addressOf, type NumberArray } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';
import { copyPays, enough, sameFloats } from './stream.ts';

// Along the middle axis: `x` [outer, n, inner] to `out` [outer, inner].

const kernels = /* @__PURE__ */ kernelModule<'fold'>(bytes);

const PROD = 0;
const MAX = 1;
const MIN = 2;

/** Products, in float64 and in eight lanes as sums are; 1 of nothing. */
export function prod(x: NumberArray, outer: number, n: number, inner: number, out: NumberArray): void {
  if (fold(PROD, x, outer, n, inner, out)) return;
  if (out instanceof Int32Array) plain(Math.imul, 1, x, outer, n, inner, out);
  else plain((a, b) => a * b, 1, x, outer, n, inner, out);
}

/** The largest; NaN where there is one; -∞ of nothing. */
export function max(x: NumberArray, outer: number, n: number, inner: number, out: NumberArray): void {
  if (fold(MAX, x, outer, n, inner, out)) return;
  plain((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY, x, outer, n, inner, out);
}

/** The smallest; NaN where there is one; ∞ of nothing. */
export function min(x: NumberArray, outer: number, n: number, inner: number, out: NumberArray): void {
  if (fold(MIN, x, outer, n, inner, out)) return;
  plain((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY, x, outer, n, inner, out);
}

/** The index of the largest along the axis: the first of equals; that of the first NaN where there is one. */
export function argmax(x: NumberArray, outer: number, n: number, inner: number, out: Int32Array): void {
  select((a, b) => a > b, x, outer, n, inner, out);
}

/** The index of the smallest along the axis: the first of equals; that of the first NaN where there is one. */
export function argmin(x: NumberArray, outer: number, n: number, inner: number, out: Int32Array): void {
  select((a, b) => a < b, x, outer, n, inner, out);
}

function fold(op: number, x: NumberArray, outer: number, n: number, inner: number, out: NumberArray): boolean {
  const k = enough(x.length) && sameFloats(out, x) ? kernels() : null;
  if (k === null) return false;
  const code = x instanceof Float64Array ? op + 3 : op;
  const [from, to] = [addressOf(x), addressOf(out)];
  if (from !== 0 && to !== 0) {
    choice().calls++;
    k.fold(code, from, to, outer, n, inner);
    return true;
  }
  if (!copyPays(x.length)) return false;
  return withAddresses([out, x], 1, (to, from) => k.fold(code, from, to, outer, n, inner), 1);
}

/** The same in the order of assembly/_reduce.ts: eight lanes for contiguous numbers, row by row for others. */
function plain(
  join: (a: number, b: number) => number,
  identity: number,
  x: NumberArray,
  outer: number,
  n: number,
  inner: number,
  out: NumberArray,
): void {
  const results = new Float64Array(inner === 1 ? 8 : inner);
  for (let o = 0; o < outer; o++) {
    const start = o * n * inner;
    results.fill(identity);
    if (inner === 1) {
      const whole = n - (n % 8);
      for (let i = 0; i < whole; i++) results[i & 7] = join(results[i & 7]!, x[start + i]!);
      const [a, b, c, d] = [0, 1, 2, 3].map((k) => join(results[k]!, results[k + 4]!));
      let result = join(join(a!, c!), join(b!, d!));
      for (let i = whole; i < n; i++) result = join(result, x[start + i]!);
      out[o] = result;
      continue;
    }
    for (let i = 0; i < n; i++) {
      const row = start + i * inner;
      for (let j = 0; j < inner; j++) results[j] = join(results[j]!, x[row + j]!);
    }
    out.set(results, o * inner);
  }
}

function select(
  better: (a: number, b: number) => boolean,
  x: NumberArray,
  outer: number,
  n: number,
  inner: number,
  out: Int32Array,
): void {
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const start = o * n * inner + j;
      let best = x[start]!;
      let index = 0;
      // A NaN is better than any number and stays.
      for (let i = 1; i < n && !Number.isNaN(best); i++) {
        const value = x[start + i * inner]!;
        if (!better(value, best) && !Number.isNaN(value)) continue;
        best = value;
        index = i;
      }
      out[o * inner + j] = index;
    }
  }
}
