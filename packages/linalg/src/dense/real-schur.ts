import { DataError } from '@maru-ml/base';
import { reflect } from './qr.ts';
import { makeReflector } from './reflector.ts';
import { largestSize } from './scale.ts';

/** Steps for one eigenvalue before we give up; two to four are usual. */
const MOST_STEPS = 120;

/** Steps after which a number counts as 0 beside the largest one of all: that is as good as the matrix is known. */
const PATIENCE = 20;

/** What is negligible beside anything: the matrix has been scaled to numbers of size 1. */
const TINY = 1e-290;

/** A = Z T Zᵀ. */
export interface RealSchur {
  /** Orthogonal [n, n]. */
  readonly z: Float64Array;
  /** Real parts of the eigenvalues [n]. */
  readonly re: Float64Array;
  /** Imaginary parts [n]. */
  readonly im: Float64Array;
}

/**
 * The real Schur form by the QR algorithm: the matrix is reduced to its Hessenberg form by reflectors, and double steps with
 * the shifts of the last two rows drive what stands below the diagonal to zero. Two by two blocks stay where eigenvalues are
 * complex. Cost: about 25 n³.
 * J. Francis, "The QR transformation", Computer J. 4 (1961-62); Golub and Van Loan, *Matrix Computations*, 4th ed., chapter 7.
 *
 * @param t [n, n], the matrix; becomes T
 */
export function realSchur(t: Float64Array, n: number): RealSchur {
  const z = hessenberg(t, n);
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  const norm = largestSize(t);
  let last = n - 1;
  for (let steps = 0; last >= 0; ) {
    const low = startOfBlock(t, n, last, steps > PATIENCE ? norm : 0);
    if (low === last) {
      re[last] = t[last * n + last]!;
      last--;
      steps = 0;
    } else if (low === last - 1) {
      splitPair(t, z, n, last, re, im);
      last -= 2;
      steps = 0;
    } else {
      if (steps === MOST_STEPS) throw new DataError('generalEigen: an eigenvalue did not converge');
      doubleStep(t, z, n, low, last, ++steps);
    }
  }
  return { z, re, im };
}

/** Reduces t to Hessenberg form in place; returns the orthogonal matrix of the reflectors. */
function hessenberg(t: Float64Array, n: number): Float64Array {
  const z = new Float64Array(n * n);
  for (let i = 0; i < n; i++) z[i * n + i] = 1;
  const v = new Float64Array(n);
  const sums = new Float64Array(n);
  const beta = new Float64Array(1);
  for (let j = 0; j + 2 < n; j++) {
    for (let i = j + 1; i < n; i++) v[i] = t[i * n + j]!;
    const tau = makeReflector(v, j + 1, n - j - 1, beta);
    t[(j + 1) * n + j] = beta[0]!;
    for (let i = j + 2; i < n; i++) t[i * n + j] = 0;
    if (tau === 0) continue;
    // From the left: rows lose v times their sums.
    sums.fill(0);
    for (let i = j + 1; i < n; i++) for (let c = j + 1; c < n; c++) sums[c]! += v[i]! * t[i * n + c]!;
    for (let i = j + 1; i < n; i++) {
      const factor = tau * v[i]!;
      for (let c = j + 1; c < n; c++) t[i * n + c]! -= factor * sums[c]!;
    }
    for (let i = 0; i < n; i++) {
      reflect(t, i * n, v, 0, j + 1, n, tau);
      reflect(z, i * n, v, 0, j + 1, n, tau);
    }
  }
  return z;
}

/**
 * The first row of the block that ends with `last`, below a number that is negligible beside the diagonal, or beside `floor`.
 */
function startOfBlock(t: Float64Array, n: number, last: number, floor: number): number {
  let low = last;
  for (; low > 0; low--) {
    const size = Math.max(Math.abs(t[(low - 1) * n + low - 1]!) + Math.abs(t[low * n + low]!), floor);
    if (Math.abs(t[low * n + low - 1]!) <= Math.max(Number.EPSILON * size, TINY)) {
      t[low * n + low - 1] = 0;
      break;
    }
  }
  return low;
}

/** The two eigenvalues of the block in rows last - 1 and last; a rotation makes it triangular if they are real. */
function splitPair(
  t: Float64Array,
  z: Float64Array,
  n: number,
  last: number,
  re: Float64Array,
  im: Float64Array,
): void {
  const first = last - 1;
  const a = t[first * n + first]!;
  const b = t[first * n + last]!;
  const c = t[last * n + first]!;
  const d = t[last * n + last]!;
  const half = (a - d) / 2;
  const product = b * c;
  const square = half * half + product;
  if (square < 0) {
    re[first] = re[last] = (a + d) / 2;
    im[first] = Math.sqrt(-square);
    im[last] = -im[first]!;
    return;
  }
  const root = half + (half < 0 ? -Math.sqrt(square) : Math.sqrt(square));
  // The eigenvector (root, c) of d + root becomes the first unit vector.
  const size = Math.abs(root) + Math.abs(c);
  let cosine = root / size;
  let sine = c / size;
  const length = Math.sqrt(cosine * cosine + sine * sine);
  cosine /= length;
  sine /= length;
  for (let j = first; j < n; j++) {
    const [x, y] = [t[first * n + j]!, t[last * n + j]!];
    t[first * n + j] = cosine * x + sine * y;
    t[last * n + j] = cosine * y - sine * x;
  }
  for (let i = 0; i <= last; i++) turnColumns(t, i * n + first, cosine, sine);
  for (let i = 0; i < n; i++) turnColumns(z, i * n + first, cosine, sine);
  t[last * n + first] = 0;
  re[first] = t[first * n + first]!;
  re[last] = t[last * n + last]!;
}

function turnColumns(a: Float64Array, at: number, cosine: number, sine: number): void {
  const [x, y] = [a[at]!, a[at + 1]!];
  a[at] = cosine * x + sine * y;
  a[at + 1] = cosine * y - sine * x;
}

/** One double step on rows low to last, with both shifts at once, so that all stays real. */
function doubleStep(t: Float64Array, z: Float64Array, n: number, low: number, last: number, steps: number): void {
  const at = (i: number, j: number) => t[i * n + j]!;
  // The shifts are the roots of (h - a)(h - b) - w: the eigenvalues of the last two rows, or now and then something else.
  let a = at(last, last);
  let b = at(last - 1, last - 1);
  let w = at(last, last - 1) * at(last - 1, last);
  if (steps % 10 === 0) {
    const size = Math.abs(at(last, last - 1)) + Math.abs(at(last - 1, last - 2));
    a = at(last, last) + 0.75 * size;
    b = a;
    w = -0.4375 * size * size;
  }
  // The step may start below two small numbers in a row.
  let m = last - 2;
  let p = 0;
  let q = 0;
  let r = 0;
  for (; m >= low; m--) {
    const h = at(m, m);
    const below = at(m + 1, m);
    p = ((a - h) * (b - h) - w) / below + at(m, m + 1);
    q = at(m + 1, m + 1) - h - (a - h) - (b - h);
    r = at(m + 2, m + 1);
    const size = Math.abs(p) + Math.abs(q) + Math.abs(r);
    p /= size;
    q /= size;
    r /= size;
    if (m === low) break;
    const left = Math.abs(at(m, m - 1)) * (Math.abs(q) + Math.abs(r));
    const around = Math.abs(at(m - 1, m - 1)) + Math.abs(h) + Math.abs(at(m + 1, m + 1));
    if (left <= (Number.EPSILON / 2) * Math.abs(p) * around) break;
  }
  for (let k = m; k < last; k++) {
    const three = k + 2 <= last;
    if (k > m) {
      p = at(k, k - 1);
      q = at(k + 1, k - 1);
      r = three ? at(k + 2, k - 1) : 0;
    }
    const size = Math.abs(p) + Math.abs(q) + Math.abs(r);
    if (size === 0) continue;
    p /= size;
    q /= size;
    r /= size;
    let s = Math.sqrt(p * p + q * q + r * r);
    if (p < 0) s = -s;
    if (k > m) {
      t[k * n + k - 1] = -s * size;
      t[(k + 1) * n + k - 1] = 0;
      if (three) t[(k + 2) * n + k - 1] = 0;
    } else if (m > low) t[k * n + k - 1] = -at(k, k - 1);
    // I - (1, q, r)ᵀ (x, y, u) of three rows, or two.
    p += s;
    const x = p / s;
    const y = q / s;
    const u = r / s;
    q /= p;
    r /= p;
    for (let j = k; j < n; j++) {
      let total = at(k, j) + q * at(k + 1, j);
      if (three) {
        total += r * at(k + 2, j);
        t[(k + 2) * n + j]! -= total * u;
      }
      t[k * n + j]! -= total * x;
      t[(k + 1) * n + j]! -= total * y;
    }
    const end = Math.min(last, k + 3);
    for (let i = 0; i <= end; i++) reflectColumns(t, i * n + k, x, y, u, q, r, three);
    for (let i = 0; i < n; i++) reflectColumns(z, i * n + k, x, y, u, q, r, three);
  }
}

function reflectColumns(
  a: Float64Array,
  at: number,
  x: number,
  y: number,
  u: number,
  q: number,
  r: number,
  three: boolean,
): void {
  let total = x * a[at]! + y * a[at + 1]!;
  if (three) {
    total += u * a[at + 2]!;
    a[at + 2]! -= total * r;
  }
  a[at]! -= total;
  a[at + 1]! -= total * q;
}
