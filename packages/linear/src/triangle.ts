import type { Steps } from '@maru-ml/base';
import { upperFactorSteps } from '@maru-ml/linalg/dense';
import type { Centered } from './centered.ts';

/** Least squares in little: R w ≈ z has the solutions and singular values of X w ≈ y, however many rows X has. */
export interface Triangle {
  /** [d, d] (fewer rows if X has fewer). */
  readonly r: Float64Array;
  readonly rows: number;
  /** Qᵀ y [rows]. */
  readonly z: Float64Array;
}

/** Multiplications between two pauses, where that leaves blocks that are worth it. */
const MULTIPLICATIONS = 2e8;

/**
 * R and Qᵀ y of the QR decomposition of centered rows, by blocks of rows that are reduced one after the other, so that nothing of
 * the size of X is needed beside it. O(n d²).
 *
 * @param centered row by row
 */
export function* triangleOf({ x, y, n, d }: Centered): Steps<Triangle> {
  const width = d + 1;
  // Tall blocks save work; wide ones are cut so that none takes long.
  const most = Math.max(64, Math.min(4 * width, Math.max(width, Math.floor(MULTIPLICATIONS / width ** 2) - width)));
  let top: Float64Array = new Float64Array(0);
  let topRows = 0;
  for (let from = 0; from < n; from += most) {
    const count = Math.min(most, n - from);
    const block = new Float64Array((topRows + count) * width);
    block.set(top);
    for (let i = 0; i < count; i++) {
      const to = (topRows + i) * width;
      block.set(x.subarray((from + i) * d, (from + i + 1) * d), to);
      block[to + d] = y[from + i]!;
    }
    yield;
    top = yield* upperFactorSteps(block, topRows + count, width);
    topRows = Math.min(topRows + count, width);
  }
  const rows = Math.min(topRows, d);
  const r = new Float64Array(rows * d);
  const z = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    r.set(top.subarray(i * width, i * width + d), i * d);
    z[i] = top[i * width + d]!;
  }
  return { r, rows, z };
}
