import type { Steps } from '@maru-ml/base';
import { qr } from '@maru-ml/linalg/dense';

/** Rows of a block, and how many multiplications lie between two pauses, about. */
const ROWS = 256;
const PAUSE = 2 ** 19;

/**
 * R of [X y] = Q R [min(n, size), size], or of X alone where y is null: Householder's reflections take each block of rows up into the
 * triangle of those before it, so that beside X only some 256 rows are in memory at a time, and no Q. O(n k²).
 *
 * J. Demmel, L. Grigori, M. Hoemmen and J. Langou, "Communication-optimal parallel and sequential QR and LU factorizations", SIAM
 * Journal on Scientific Computing 34 (2012).
 *
 * @param x [n, k], @param y [n]
 */
export function* triangleOf(x: Float64Array, y: Float64Array | null, n: number, k: number): Steps<Float64Array> {
  const size = y === null ? k : k + 1;
  // Behind a column of zeros a triangle over so few rows would need more rows than it has.
  if (n < size) return Float64Array.from(qr(wholeOf(x, y, n, k), n, size).r);
  const triangle = new Float64Array(size * size);
  // Columns lie side by side, since the reflections go along them.
  const block = new Float64Array(size * Math.min(n, ROWS));
  let work = 0;
  for (let from = 0; from < n; from += ROWS) {
    const count = Math.min(ROWS, n - from);
    for (let i = 0; i < count; i++) {
      const row = (from + i) * k;
      for (let j = 0; j < k; j++) block[j * count + i] = x[row + j]!;
    }
    if (y !== null) block.set(y.subarray(from, from + count), k * count);
    for (let j = 0; j < size; j++) {
      reflect(triangle, block, j, size, count);
      work += 2 * count * (size - j);
      if (work < PAUSE) continue;
      work = 0;
      yield;
    }
  }
  return triangle;
}

/** [X y] [n, size]. */
function wholeOf(x: Float64Array, y: Float64Array | null, n: number, k: number): Float64Array {
  if (y === null) return x;
  const whole = new Float64Array(n * (k + 1));
  for (let i = 0; i < n; i++) {
    whole.set(x.subarray(i * k, (i + 1) * k), i * (k + 1));
    whole[i * (k + 1) + k] = y[i]!;
  }
  return whole;
}

/** Zeroes column j of the block against the triangle's diagonal, and changes the columns behind it accordingly, two at a time. */
function reflect(triangle: Float64Array, block: Float64Array, j: number, size: number, count: number): void {
  const own = j * count;
  const diagonal = j * size + j;
  const pivot = triangle[diagonal]!;
  const norm = normAround(pivot, block, own, count);
  if (norm === 0) return;
  const head = pivot + (pivot < 0 ? -norm : norm);
  for (let i = own; i < own + count; i++) block[i]! /= head;
  // I - τ v vᵀ with v = (1, block), τ = head / norm up to its sign.
  const tau = Math.abs(head) / norm;
  triangle[diagonal] = pivot < 0 ? norm : -norm;
  let c = j + 1;
  if ((size - c) % 2 === 1) reflectColumn(triangle, block, own, j * size + c, c++ * count, tau, count);
  for (; c < size; c += 2) reflectPair(triangle, block, own, j * size + c, c * count, tau, count);
}

function reflectColumn(
  triangle: Float64Array,
  block: Float64Array,
  own: number,
  at: number,
  other: number,
  tau: number,
  count: number,
): void {
  const sum = tau * (triangle[at]! + dot(block, own, other, count));
  triangle[at]! -= sum;
  for (let i = 0; i < count; i++) block[other + i]! -= sum * block[own + i]!;
}

/** The same for the column at `other` and the next: what is read of v serves both. */
function reflectPair(
  triangle: Float64Array,
  block: Float64Array,
  own: number,
  at: number,
  other: number,
  tau: number,
  count: number,
): void {
  const next = other + count;
  let [s0, s1, t0, t1] = [0, 0, 0, 0];
  const whole = count & ~1;
  for (let i = 0; i < whole; i += 2) {
    const v0 = block[own + i]!;
    const v1 = block[own + i + 1]!;
    s0 += v0 * block[other + i]!;
    s1 += v1 * block[other + i + 1]!;
    t0 += v0 * block[next + i]!;
    t1 += v1 * block[next + i + 1]!;
  }
  if (whole < count) {
    s0 += block[own + whole]! * block[other + whole]!;
    t0 += block[own + whole]! * block[next + whole]!;
  }
  const s = tau * (triangle[at]! + (s0 + s1));
  const t = tau * (triangle[at + 1]! + (t0 + t1));
  triangle[at]! -= s;
  triangle[at + 1]! -= t;
  for (let i = 0; i < count; i++) {
    const v = block[own + i]!;
    block[other + i]! -= s * v;
    block[next + i]! -= t * v;
  }
}

/** √(pivot² + Σ block²), scaled where squares would leave the range of doubles. */
function normAround(pivot: number, block: Float64Array, own: number, count: number): number {
  const squares = pivot * pivot + dot(block, own, own, count);
  if (squares > 1e-280 && squares < 1e300) return Math.sqrt(squares);
  let largest = Math.abs(pivot);
  for (let i = 0; i < count; i++) largest = Math.max(largest, Math.abs(block[own + i]!));
  if (largest === 0) return 0;
  let scaled = (pivot / largest) ** 2;
  for (let i = 0; i < count; i++) scaled += (block[own + i]! / largest) ** 2;
  return largest * Math.sqrt(scaled);
}

/** Four sums at a time, which do not wait for each other. */
function dot(block: Float64Array, a: number, b: number, count: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = count & ~3;
  for (let i = 0; i < whole; i += 4) {
    s0 += block[a + i]! * block[b + i]!;
    s1 += block[a + i + 1]! * block[b + i + 1]!;
    s2 += block[a + i + 2]! * block[b + i + 2]!;
    s3 += block[a + i + 3]! * block[b + i + 3]!;
  }
  for (let i = whole; i < count; i++) s0 += block[a + i]! * block[b + i]!;
  return s0 + s1 + (s2 + s3);
}
