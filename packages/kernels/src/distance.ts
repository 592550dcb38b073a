import { bytes } from './generated/distance.ts';
import type { FloatArray } from './memory.ts';
import { choice, kernelModule, withAddresses } from './module.ts';

const kernels = /* @__PURE__ */ kernelModule<'distances' | 'nearest'>(bytes);

/** Squares below which the twin is faster than the kernel. */
const SMALL = 150;

/**
 * Squared Euclidean distances of all pairs of rows: out[i, j] = Σ_l (x[i, l] - y[j, l])². Differences are squared as they
 * are, so that near points lose no digits; the sum runs in order, in the arrays' own precision. Cost: O(n · m · d).
 * @param x [n, d]
 * @param y [m, d]
 * @param out [n, m]
 */
export function squaredDistances<T extends FloatArray>(x: T, y: T, n: number, m: number, d: number, out: T): void {
  const k = enough(n * m * d) ? kernels() : null;
  const run = (atOut: number, atX: number, atY: number, work: number) => {
    k!.distances(out.BYTES_PER_ELEMENT, atX, atY, n, m, d, atOut, work);
  };
  if (k !== null && withAddresses([out, x, y], 1, run as Run, 1, workBytes(d))) return;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) out[i * m + j] = squaredDistance(x, i * d, y, j * d, d);
  }
}

/**
 * The nearest of k centers to each row of x, of equals the first, and its squared distance.
 * @param x [n, d]
 * @param centers [k, d], k ≥ 1
 * @param labels [n], the nearest center's index
 * @param distances [n]
 */
export function nearest<T extends FloatArray>(
  x: T,
  centers: T,
  n: number,
  k: number,
  d: number,
  labels: Int32Array,
  distances: T,
): void {
  const kernel = enough(n * k * d) ? kernels() : null;
  const run = (atLabels: number, atDistances: number, atX: number, atCenters: number, work: number) => {
    kernel!.nearest(x.BYTES_PER_ELEMENT, atX, atCenters, n, k, d, atLabels, atDistances, work);
  };
  if (kernel !== null && withAddresses([labels, distances, x, centers], 2, run as Run, 2, workBytes(d))) return;
  for (let i = 0; i < n; i++) {
    let best = Infinity;
    let label = 0;
    for (let c = 0; c < k; c++) {
      const distance = squaredDistance(x, i * d, centers, c * d, d);
      if (distance < best) {
        best = distance;
        label = c;
      }
    }
    labels[i] = label;
    distances[i] = best;
  }
}

type Run = (...addresses: number[]) => void;

function enough(squares: number): boolean {
  return squares >= (choice().mode === 'wasm' ? 1 : SMALL);
}

/** What the kernels want to work in: a tile and a panel of rows. */
function workBytes(d: number): number {
  return 128 + 32 * d;
}

function squaredDistance(x: FloatArray, i: number, y: FloatArray, j: number, d: number): number {
  const single = x instanceof Float32Array;
  let sum = 0;
  for (let l = 0; l < d; l++) {
    const difference = x[i + l]! - y[j + l]!;
    if (single) {
      const rounded = Math.fround(difference);
      sum = Math.fround(sum + Math.fround(rounded * rounded));
    } else sum += difference * difference;
  }
  return sum;
}
