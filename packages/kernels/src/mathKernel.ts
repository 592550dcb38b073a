import { addressOf, type NumberArray } from './memory.ts';
import { choice } from './module.ts';
import { DEAR, enough, sameFloats, stream } from './stream.ts';

/** A kernel of one array: an operation, the addresses of x and out, and the number of elements. */
export type Kernel = (code: number, x: number, out: number, n: number) => void;

/**
 * out = f(x) by a kernel, which knows the operation as `op` for float32 and as `op + wide` for float64 (null where it has
 * none); else by the twin, a function of one number that is told whether it is for float32.
 */
export function apply(
  find: () => Kernel | undefined,
  op: number,
  wide: number | null,
  twin: (x: number, short: boolean) => number,
  x: NumberArray,
  out: NumberArray,
): void {
  const n = out.length;
  const short = out instanceof Float32Array;
  const code = short ? op : wide === null ? -1 : op + wide;
  const kernel = code >= 0 && enough(n, DEAR) && sameFloats(out, x) ? find() : undefined;
  if (kernel !== undefined) {
    const [from, to] = [addressOf(x), addressOf(out)];
    if (from !== 0 && to !== 0) {
      choice().calls++;
      kernel(code, from, to, n);
      return;
    }
    if (stream(n, [out, x], 1, 0b10, (at, count) => kernel(code, at[1]!, at[0]!, count), DEAR)) return;
  }
  for (let i = 0; i < n; i++) out[i] = twin(x[i]!, short);
}
