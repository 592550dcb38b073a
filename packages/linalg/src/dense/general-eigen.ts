import { realSchur } from './real-schur.ts';
import { hypot, largestSize, unitMatrix } from './scale.ts';

/** A V = V diag(re + i im), complex in general. */
export interface GeneralEigen {
  /** Real parts of the eigenvalues [n]; conjugate pairs stand side by side, the positive imaginary part first. */
  readonly re: Float64Array;
  /** Imaginary parts [n]. */
  readonly im: Float64Array;
  /** Real parts of the eigenvectors in the columns [n, n], each of length 1 and with its largest component real. */
  readonly vectorsRe: Float64Array;
  /** Imaginary parts [n, n]. */
  readonly vectorsIm: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of any square matrix: it is balanced, reduced to its real Schur form, and vectors are found
 * by substitution. Cost: about 25 n³.
 * B. Parlett and C. Reinsch, "Balancing a matrix for calculation of eigenvalues and eigenvectors", Numer. Math. 13 (1969);
 * G. Peters and J. Wilkinson, "Eigenvectors of real and complex matrices by LR and QR triangularizations", Numer. Math. 16 (1970).
 *
 * @param a [n, n]
 */
export function generalEigen(a: Float64Array, n: number): GeneralEigen {
  // Sums of the largest numbers would leave the range.
  const first = largestSize(a) > 1e290 ? 2 ** -60 : 1;
  const raw = a.map((value) => value * first);
  let found = decompose(raw, n, true);
  // Now and then balancing makes more of small numbers than they are worth.
  if (residual(raw, n, found) > MOST_RESIDUAL) {
    const plain = decompose(raw, n, false);
    if (residual(raw, n, plain) < residual(raw, n, found)) found = plain;
  }
  const back = (values: Float64Array) => values.map((value) => value / first);
  return { ...found, re: back(found.re), im: back(found.im) };
}

/** What an eigenvalue of 0 is known to at best, squared: pivots are not taken smaller, so that vectors stay in the range. */
const SMALLEST = 1e-32;

/** How far A v may be from λ v, relative to the largest number of A, before the matrix is taken as it is. */
const MOST_RESIDUAL = 1e-10;

function decompose(a: Float64Array, n: number, balance: boolean): GeneralEigen {
  const copy = a.slice(0, n * n);
  const scales = balance ? balanced(copy, n) : new Float64Array(n).fill(1);
  const { matrix: t, unscale } = unitMatrix(copy);
  const { z, re, im } = realSchur(t, n);
  const vectorsRe = new Float64Array(n * n);
  const vectorsIm = new Float64Array(n * n);
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  const norm = largestSize(t) || 1;
  for (let j = 0; j < n; j++) {
    const pair = im[j]! > 0;
    substitute(t, n, pair ? j + 1 : j, re[j]!, im[j]!, norm, x, y);
    // Back to the matrix as it was: z x, unbalanced.
    for (let i = 0; i < n; i++) {
      let real = 0;
      let imaginary = 0;
      for (let k = 0; k < n; k++) {
        real += z[i * n + k]! * x[k]!;
        imaginary += z[i * n + k]! * y[k]!;
      }
      vectorsRe[i * n + j] = real * scales[i]!;
      vectorsIm[i * n + j] = imaginary * scales[i]!;
    }
    normalize(vectorsRe, vectorsIm, n, j);
    if (!pair) continue;
    for (let i = 0; i < n; i++) {
      vectorsRe[i * n + j + 1] = vectorsRe[i * n + j]!;
      vectorsIm[i * n + j + 1] = -vectorsIm[i * n + j]!;
    }
    j++;
  }
  return { re: unscale(re), im: unscale(im), vectorsRe, vectorsIm };
}

/** The largest number of A V - V diag(λ), relative to the largest of A; Infinity if one is not finite. */
function residual(a: Float64Array, n: number, { re, im, vectorsRe, vectorsIm }: GeneralEigen): number {
  const size = largestSize(a) || 1;
  let most = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let real = -(re[j]! / size) * vectorsRe[i * n + j]! + (im[j]! / size) * vectorsIm[i * n + j]!;
      let imaginary = -(re[j]! / size) * vectorsIm[i * n + j]! - (im[j]! / size) * vectorsRe[i * n + j]!;
      for (let k = 0; k < n; k++) {
        const value = a[i * n + k]! / size;
        real += value * vectorsRe[k * n + j]!;
        imaginary += value * vectorsIm[k * n + j]!;
      }
      const far = Math.max(Math.abs(real), Math.abs(imaginary));
      if (!(far <= most)) most = Number.isNaN(far) ? Number.POSITIVE_INFINITY : far;
    }
  }
  return most;
}

/**
 * Scales rows and columns by powers of two, D⁻¹ A D, until their lengths are alike; returns D's diagonal. With the diagonal in
 * the lengths, nothing is scaled far beyond it: R. James, J. Langou and B. Lowery, "On matrix balancing and eigenvector
 * computation", arXiv:1401.5766 (2014).
 */
function balanced(a: Float64Array, n: number): Float64Array {
  const d = new Float64Array(n).fill(1);
  for (let changed = true, round = 0; changed && round < 100; round++) {
    changed = false;
    for (let i = 0; i < n; i++) {
      let column = 0;
      let row = 0;
      for (let j = 0; j < n; j++) {
        if (j === i) continue;
        column = hypot(column, a[j * n + i]!);
        row = hypot(row, a[i * n + j]!);
      }
      if (column === 0 || row === 0) continue;
      column = hypot(column, a[i * (n + 1)]!);
      row = hypot(row, a[i * (n + 1)]!);
      const before = column + row;
      let factor = 1;
      while (column < row / 2 && factor < 2 ** 500) {
        factor *= 2;
        column *= 2;
        row /= 2;
      }
      while (column >= row * 2 && factor > 2 ** -500) {
        factor /= 2;
        column /= 2;
        row *= 2;
      }
      if (column + row >= 0.95 * before) continue;
      changed = true;
      d[i]! *= factor;
      for (let j = 0; j < n; j++) a[i * n + j]! /= factor;
      for (let j = 0; j < n; j++) a[j * n + i]! *= factor;
    }
  }
  return d;
}

/**
 * x + i y of (T - λ) (x + i y) = 0 for the quasi-triangular T of a Schur form, from the eigenvalue's own place upwards.
 * Pivots that would be 0, as for eigenvalues that coincide, are taken as rounding errors of T.
 * @param last the last row of the eigenvalue's block
 */
function substitute(
  t: Float64Array,
  n: number,
  last: number,
  re: number,
  im: number,
  norm: number,
  x: Float64Array,
  y: Float64Array,
): void {
  x.fill(0);
  y.fill(0);
  const least = Math.max(Number.EPSILON * (Math.abs(re) + im), SMALLEST * norm);
  let i = last - 1;
  x[last] = 1;
  if (im > 0) {
    // The larger of the two beside the block's diagonal divides.
    const above = t[(last - 1) * n + last]!;
    const below = t[last * n + last - 1]!;
    if (Math.abs(above) >= Math.abs(below)) {
      x[last - 1] = 1;
      x[last] = (re - t[(last - 1) * n + last - 1]!) / above;
      y[last] = im / above;
    } else {
      x[last - 1] = (re - t[last * n + last]!) / below;
      y[last - 1] = im / below;
    }
    i--;
  }
  const quotient: [number, number] = [0, 0];
  for (; i >= 0; i--) {
    let [p, q] = rowTimes(t, n, i, i + 1, last, x, y);
    if (i > 0 && t[i * n + i - 1] !== 0) {
      // A block of two rows: elimination, the larger of the first column's numbers first.
      const [p0, q0] = rowTimes(t, n, i - 1, i + 1, last, x, y);
      const upper: Row = [t[(i - 1) * n + i - 1]! - re, -im, t[(i - 1) * n + i]!, 0, -p0, -q0];
      const lower: Row = [t[i * n + i - 1]!, 0, t[i * n + i]! - re, -im, -p, -q];
      const swap = Math.abs(lower[0]) > Math.abs(upper[0]) + im;
      const [first, second] = swap ? [lower, upper] : [upper, lower];
      divide(second[0], second[1], first[0], first[1], quotient);
      const [f, g] = quotient;
      let pivot = second[2] - (f * first[2] - g * first[3]);
      const pivotIm = second[3] - (f * first[3] + g * first[2]);
      if (Math.abs(pivot) + Math.abs(pivotIm) < least) pivot = least;
      divide(
        second[4] - (f * first[4] - g * first[5]),
        second[5] - (f * first[5] + g * first[4]),
        pivot,
        pivotIm,
        quotient,
      );
      const [u, v] = quotient;
      x[i] = u;
      y[i] = v;
      divide(
        first[4] - (first[2] * u - first[3] * v),
        first[5] - (first[2] * v + first[3] * u),
        first[0],
        first[1],
        quotient,
      );
      [x[i - 1], y[i - 1]] = quotient;
      i--;
      shrink(x, y, i, last);
      continue;
    }
    let pivot = t[i * n + i]! - re;
    if (Math.abs(pivot) + Math.abs(im) < least) pivot = least;
    p = -p;
    q = -q;
    divide(p, q, pivot, -im, quotient);
    [x[i], y[i]] = quotient;
    shrink(x, y, i, last);
  }
}

/** An equation of two complex unknowns: their coefficients and the right-hand side, each with its imaginary part. */
type Row = readonly [number, number, number, number, number, number];

/** Σ_k t[i, k] (x + i y)[k] for k from `from` to `to`, both included. */
function rowTimes(
  t: Float64Array,
  n: number,
  i: number,
  from: number,
  to: number,
  x: Float64Array,
  y: Float64Array,
): [number, number] {
  let real = 0;
  let imaginary = 0;
  for (let k = from; k <= to; k++) {
    real += t[i * n + k]! * x[k]!;
    imaginary += t[i * n + k]! * y[k]!;
  }
  return [real, imaginary];
}

/** (a + i b) / (c + i d), without leaving the range on the way. */
function divide(a: number, b: number, c: number, d: number, out: [number, number]): void {
  if (Math.abs(c) >= Math.abs(d)) {
    const ratio = d / c;
    const whole = c + d * ratio;
    out[0] = (a + b * ratio) / whole;
    out[1] = (b - a * ratio) / whole;
  } else {
    const ratio = c / d;
    const whole = c * ratio + d;
    out[0] = (a * ratio + b) / whole;
    out[1] = (b * ratio - a) / whole;
  }
}

/** Keeps a vector that grows in the range. */
function shrink(x: Float64Array, y: Float64Array, from: number, to: number): void {
  const size = Math.max(Math.abs(x[from]!), Math.abs(y[from]!), Math.abs(x[from + 1]!), Math.abs(y[from + 1]!));
  if (size < 1e100) return;
  for (let i = from; i <= to; i++) {
    x[i]! /= size;
    y[i]! /= size;
  }
}

/** Column j to length 1, turned so that its largest component is real. */
function normalize(re: Float64Array, im: Float64Array, n: number, j: number): void {
  let largest = 0;
  let at = j;
  for (let i = j; i < n * n; i += n) {
    const size = hypot(re[i]!, im[i]!);
    if (size > largest) {
      largest = size;
      at = i;
    }
  }
  let squares = 0;
  for (let i = j; i < n * n; i += n) squares += (re[i]! / largest) ** 2 + (im[i]! / largest) ** 2;
  const length = largest * Math.sqrt(squares);
  const complex = im[at] !== 0;
  const c = complex ? re[at]! / largest : 1;
  const s = complex ? im[at]! / largest : 0;
  for (let i = j; i < n * n; i += n) {
    const real = re[i]! / length;
    const imaginary = im[i]! / length;
    re[i] = real * c + imaginary * s;
    im[i] = imaginary * c - real * s;
  }
  if (complex) im[at] = 0;
}
