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
    for (let j = 0; j < k; j++) {
      for (let to = j * count, at = from * k + j; to < (j + 1) * count; to++, at += k) block[to] = x[at]!;
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

/** Zeroes column j of the block against the triangle's diagonal, and changes the columns behind it accordingly, most of them four at a time. */
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
  if ((size - c) % 4 === 2) {
    reflectPair(triangle, block, own, j * size + c, c * count, tau, count);
    c += 2;
  }
  for (; c < size; c += 4) reflectFour(triangle, block, own, j * size + c, c * count, tau, count);
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
  const a = other - own;
  const b = a + count;
  const whole = own + (count & ~1);
  const end = own + count;
  let s0 = 0;
  let s1 = 0;
  let t0 = 0;
  let t1 = 0;
  for (let i = own; i < whole; i += 2) {
    const v0 = block[i]!;
    const v1 = block[i + 1]!;
    s0 += v0 * block[i + a]!;
    s1 += v1 * block[i + a + 1]!;
    t0 += v0 * block[i + b]!;
    t1 += v1 * block[i + b + 1]!;
  }
  if (whole < end) {
    s0 += block[whole]! * block[whole + a]!;
    t0 += block[whole]! * block[whole + b]!;
  }
  const s = tau * (triangle[at]! + (s0 + s1));
  const t = tau * (triangle[at + 1]! + (t0 + t1));
  triangle[at]! -= s;
  triangle[at + 1]! -= t;
  for (let i = own; i < end; i++) {
    const v = block[i]!;
    block[i + a]! -= s * v;
    block[i + b]! -= t * v;
  }
}

/** The same for four columns. */
function reflectFour(
  triangle: Float64Array,
  block: Float64Array,
  own: number,
  at: number,
  other: number,
  tau: number,
  count: number,
): void {
  const a = other - own;
  const b = a + count;
  const c = b + count;
  const d = c + count;
  const whole = own + (count & ~1);
  const end = own + count;
  let s0 = 0;
  let s1 = 0;
  let t0 = 0;
  let t1 = 0;
  let u0 = 0;
  let u1 = 0;
  let w0 = 0;
  let w1 = 0;
  for (let i = own; i < whole; i += 2) {
    const v0 = block[i]!;
    const v1 = block[i + 1]!;
    s0 += v0 * block[i + a]!;
    s1 += v1 * block[i + a + 1]!;
    t0 += v0 * block[i + b]!;
    t1 += v1 * block[i + b + 1]!;
    u0 += v0 * block[i + c]!;
    u1 += v1 * block[i + c + 1]!;
    w0 += v0 * block[i + d]!;
    w1 += v1 * block[i + d + 1]!;
  }
  if (whole < end) {
    s0 += block[whole]! * block[whole + a]!;
    t0 += block[whole]! * block[whole + b]!;
    u0 += block[whole]! * block[whole + c]!;
    w0 += block[whole]! * block[whole + d]!;
  }
  const s = tau * (triangle[at]! + (s0 + s1));
  const t = tau * (triangle[at + 1]! + (t0 + t1));
  const u = tau * (triangle[at + 2]! + (u0 + u1));
  const w = tau * (triangle[at + 3]! + (w0 + w1));
  triangle[at]! -= s;
  triangle[at + 1]! -= t;
  triangle[at + 2]! -= u;
  triangle[at + 3]! -= w;
  for (let i = own; i < end; i++) {
    const v = block[i]!;
    block[i + a]! -= s * v;
    block[i + b]! -= t * v;
    block[i + c]! -= u * v;
    block[i + d]! -= w * v;
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
