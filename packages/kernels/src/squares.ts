import { bytes } from './generated/squares.ts';
import { choice, kernelModule, withAddresses } from './module.ts';

const kernels = /* @__PURE__ */ kernelModule<'squares'>(bytes);

/** Squares below which the twin is faster than the kernel. */
const SMALL = 150;

/**
 * Squared Euclidean distances of all pairs of rows, out[i, j] = Σ_l (x[i, l] - y[j, l])², as `squaredDistances` finds them, but of
 * float64 alone: two thirds as fast at a quarter of the bytes, for bundles that need no more. Cost: O(n · m · d).
 * @param x [n, d]
 * @param y [m, d]
 * @param out [n, m]
 */
export function pairSquares(
  x: Float64Array,
  y: Float64Array,
  n: number,
  m: number,
  d: number,
  out: Float64Array,
): void {
  const kernel = n * m * d >= (choice().mode === 'wasm' ? 1 : SMALL) ? kernels() : null;
  const run = (atOut: number, atX: number, atY: number) => {
    kernel!.squares(atOut, atX, atY, n, m, d);
  };
  if (kernel !== null && withAddresses([out, x, y], 1, run as (...addresses: number[]) => void, 1)) return;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let l = 0; l < d; l++) {
        const difference = x[i * d + l]! - y[j * d + l]!;
        sum += difference * difference;
      }
      out[i * m + j] = sum;
    }
  }
}
