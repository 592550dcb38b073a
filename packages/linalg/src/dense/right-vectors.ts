import type { Steps } from '@maru-ml/base';
import { upperFactorSteps } from './qr.ts';
import { svdSteps } from './svd.ts';

/** Writes `count` rows from row `from` on to `out`, from place `at` on. */
export type FillRows = (from: number, count: number, out: Float64Array, at: number) => void;

/** Singular values [k] and right singular vectors [k, d] of rows [n, d], k = min(n, d). */
export interface RightVectors {
  s: Float64Array;
  vt: Float64Array;
}

/**
 * The right half of a singular value decomposition. Of many rows only R of A = Q R is kept, to which a block of rows is added at a
 * time, since A and R have the same singular values and right vectors: no copy of A, and no squares. O(n d²).
 */
export function* rightVectors(n: number, d: number, fill: FillRows): Steps<RightVectors> {
  if (n <= d) {
    const rows = new Float64Array(n * d);
    fill(0, n, rows, 0);
    const { s, vt } = yield* svdSteps(rows, n, d);
    return { s, vt };
  }
  // A block of a small table is a part of it, too.
  const few = Math.min(1024, Math.max(n / 3, 2 ** 14 / d));
  const most = Math.floor(Math.min(n, Math.max(4 * d, Math.min(4096, 2 ** 17 / d, Math.max(few, n / 8)))));
  const stack = new Float64Array((n > most ? d + most : most) * d);
  let height = 0;
  for (let from = 0; from < n; from += most) {
    const count = Math.min(most, n - from);
    fill(from, count, stack, height * d);
    height += count;
    const r = yield* upperFactorSteps(stack, height, d);
    height = Math.min(height, d);
    stack.set(r);
    yield;
  }
  const { s, vt } = yield* svdSteps(stack.slice(0, d * d), d, d);
  return { s, vt };
}
