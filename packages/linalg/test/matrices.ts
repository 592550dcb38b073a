import { Random } from '@maru-ml/base';
import { matmul } from '@maru-ml/kernels/blas';
import { qr } from '../src/dense.ts';

/** Matrices of every kind that decompositions find hard, by name: [m, n] of a formula or a seed. */
export const kinds: Record<string, (m: number, n: number) => Float64Array> = {
  random: (m, n) => random(m * n, n),
  'unit matrix': (m, n) => fill(m, n, (i, j) => (i === j ? 1 : 0)),
  zeros: (m, n) => new Float64Array(m * n),
  ones: (m, n) => fill(m, n, () => 1),
  permutation: (m, n) => fill(m, n, (i, j) => ((7 * i + 3) % m === j ? 1 : 0)),
  'low rank': (m, n) => times(random(m * rankOf(n), 1), random(rankOf(n) * n, 2), m, rankOf(n), n),
  'two clusters': (m, n) => spectrum(m, n, (i) => (i < n / 2 ? 1 : 1e-9)),
  'one cluster': (m, n) => spectrum(m, n, (i) => 1 + i * 1e-15),
  geometric: (m, n) => spectrum(m, n, (i) => 10 ** (-i / 4)),
  'one large': (m, n) => spectrum(m, n, (i) => (i === 0 ? 1 : 1e-16 * i)),
  bidiagonal: (m, n) => fill(m, n, (i, j) => (i === j || j - i === 1 ? 1 : 0)),
  'zeros on the diagonal': (m, n) => fill(m, n, (i, j) => (i === j ? i % 3 : j - i === 1 ? i % 4 : 0)),
  Kahan: (m, n) => fill(m, n, (i, j) => (i === j ? 0.93 ** i : j > i ? -0.36 * 0.93 ** i : 0)),
  Hilbert: (m, n) => fill(m, n, (i, j) => 1 / (i + j + 1)),
  Wilkinson: (m, n) => fill(m, n, (i, j) => (i === j ? Math.abs(i - (n - 1) / 2) : Math.abs(i - j) === 1 ? 1 : 0)),
  'glued Wilkinson': (m, n) =>
    fill(m, n, (i, j) =>
      i === j ? Math.abs((i % 21) - 10) : Math.abs(i - j) === 1 ? (Math.max(i, j) % 21 === 0 ? 1e-8 : 1) : 0,
    ),
  'graded columns': (m, n) => fill(m, n, (i, j) => Math.sin(i * j + i + 1) * 10 ** (-j / 3)),
  'graded rows': (m, n) => fill(m, n, (i, j) => Math.sin(i * j + i + 1) * 10 ** (-i / 3)),
  'graded upwards': (m, n) => fill(m, n, (i, j) => Math.sin(i * j + i + 1) * 10 ** ((i - m) / 3)),
  'duplicate columns': (m, n) => fill(m, n, (i, j) => Math.sin(i * (j >> 1) + 1)),
  'columns of zeros': (m, n) => fill(m, n, (i, j) => (j % 2 === 0 ? Math.sin(i * j + i) : 0)),
  tiny: (m, n) => random(m * n, n).map((v) => v * 1e-305),
  subnormal: (m, n) => random(m * n, n).map((v) => v * 1e-310),
  huge: (m, n) => random(m * n, n).map((v) => v * 1e305),
};

export function random(length: number, seed: number): Float64Array {
  const source = new Random(seed);
  return Float64Array.from({ length }, () => source.normal());
}

export function fill(m: number, n: number, f: (i: number, j: number) => number): Float64Array {
  return Float64Array.from({ length: m * n }, (_, at) => f(Math.floor(at / n), at % n));
}

export function times(a: Float64Array, b: Float64Array, m: number, k: number, n: number): Float64Array {
  const out = new Float64Array(m * n);
  if (out.length > 0) matmul(a, b, out, { m, n, k });
  return out;
}

export function flip(a: Float64Array, m: number, n: number): Float64Array {
  return fill(n, m, (i, j) => a[j * n + i]!);
}

/** The symmetric matrix with the lower triangle of a square one. */
export function symmetric(a: Float64Array, n: number): Float64Array {
  return fill(n, n, (i, j) => a[Math.max(i, j) * n + Math.min(i, j)]!);
}

/** The largest difference of two arrays; Infinity if a number is not one. */
export function distance(a: Float64Array, b: Float64Array): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}

/** How far the columns [m, k] are from orthonormal. */
export function looseness(q: Float64Array, m: number, k: number): number {
  return distance(
    times(flip(q, m, k), q, k, m, k),
    fill(k, k, (i, j) => (i === j ? 1 : 0)),
  );
}

export function largest(a: Float64Array): number {
  return a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function rankOf(n: number): number {
  return Math.max(1, n >> 3);
}

function spectrum(m: number, n: number, value: (i: number) => number): Float64Array {
  const k = Math.min(m, n);
  const left = qr(random(m * k, 1), m, k).q.map((v, at) => v * value(at % k));
  return times(left, flip(qr(random(n * k, 2), n, k).q, n, k), m, k, n);
}
