import { DataError, type Steps } from '@maru-ml/base';
import { hypot } from './scale.ts';
import { rotateRows } from './tridiagonal-ql.ts';

/** Rows that rotations are applied to: row i of the matrix starts at i · ld and lies between two columns. */
export interface Rows {
  readonly data: Float64Array;
  readonly ld: number;
  readonly from: number;
  readonly to: number;
}

const TINY = 1e-300;
const HALF_EPSILON = 2 ** -53;

/** Rotations between two pauses. */
const ROTATIONS = 1 << 15;

/**
 * Singular values of an upper bidiagonal matrix B by the implicit QR method of Golub and Kahan, in place of the diagonal:
 * not negative, not sorted. Rows `start` to `start + n` of u and v are rotated along: if they were unit vectors, B = uᵀ diag(d) v.
 * It pauses after some ten thousand rotations. Cost: O(n²), with vectors 6 n³ each.
 * G. Golub and C. Reinsch, "Singular value decomposition and least squares solutions", Numer. Math. 14 (1970).
 *
 * @param d n numbers from place `start` on
 * @param e n - 1 numbers from place `start` on, destroyed
 */
export function* bidiagonalQrSteps(
  d: Float64Array,
  e: Float64Array,
  start: number,
  n: number,
  u: Rows | null,
  v: Rows | null,
): Steps<void> {
  let rotations = 0;
  const rotate = (rows: Rows | null, i: number, j: number, c: number, s: number) => {
    if (rows !== null) rotateRows(rows.data, i * rows.ld, j * rows.ld, rows.from, rows.to, c, s);
  };
  const most = 30 + 60 * n;
  let end = start + n;
  for (let steps = 0; end > start; steps++) {
    if (steps === most) throw new DataError('svd: a singular value did not converge');
    const last = end - 1;
    // The lowest part without a zero beside the diagonal: rows low to last.
    let low = last;
    for (; low > start; low--) {
      if (Math.abs(e[low - 1]!) <= TINY + HALF_EPSILON * (Math.abs(d[low - 1]!) + Math.abs(d[low]!))) {
        e[low - 1] = 0;
        break;
      }
    }
    if (low === last) {
      if (d[last]! < 0) {
        d[last] = -d[last]!;
        if (v !== null) {
          const row = v.data.subarray(last * v.ld + v.from, last * v.ld + v.to);
          for (let i = 0; i < row.length; i++) row[i] = -row[i]!;
        }
      }
      end--;
      continue;
    }
    // A zero on the diagonal: the lowest one is worked off, with what stands right of it or above it.
    let zero = last;
    for (; zero >= low; zero--) {
      const beside = (zero < last ? Math.abs(e[zero]!) : 0) + (zero > low ? Math.abs(e[zero - 1]!) : 0);
      if (Math.abs(d[zero]!) <= TINY + HALF_EPSILON * beside) {
        d[zero] = 0;
        break;
      }
    }
    if (zero === last) {
      let f = e[last - 1]!;
      e[last - 1] = 0;
      for (let j = last - 1; j >= low; j--) {
        const t = hypot(d[j]!, f);
        const c = t === 0 ? 1 : d[j]! / t;
        const s = t === 0 ? 0 : f / t;
        d[j] = t;
        if (j > low) {
          f = -s * e[j - 1]!;
          e[j - 1]! *= c;
        }
        rotate(v, j, last, c, s);
      }
      continue;
    }
    if (zero >= low) {
      let f = e[zero]!;
      e[zero] = 0;
      for (let j = zero + 1; j <= last; j++) {
        const t = hypot(d[j]!, f);
        const c = t === 0 ? 1 : d[j]! / t;
        const s = t === 0 ? 0 : f / t;
        d[j] = t;
        if (j < last) {
          f = -s * e[j]!;
          e[j]! *= c;
        }
        rotate(u, j, zero, c, s);
      }
      continue;
    }
    step(d, e, low, last, u, v, rotate);
    rotations += 2 * (last - low);
    if (rotations < ROTATIONS) continue;
    rotations = 0;
    yield;
  }
}

/** One sweep from row `low` to row `last`, with the shift of the lowest 2 by 2 square. */
function step(
  d: Float64Array,
  e: Float64Array,
  low: number,
  last: number,
  u: Rows | null,
  v: Rows | null,
  rotate: (rows: Rows | null, i: number, j: number, c: number, s: number) => void,
): void {
  let scale = Math.max(Math.abs(d[last]!), Math.abs(d[last - 1]!), Math.abs(e[last - 1]!));
  scale = Math.max(scale, Math.abs(d[low]!), Math.abs(e[low]!));
  const sp = d[last]! / scale;
  const spm1 = d[last - 1]! / scale;
  const epm1 = e[last - 1]! / scale;
  const sk = d[low]! / scale;
  const ek = e[low]! / scale;
  const b = ((spm1 + sp) * (spm1 - sp) + epm1 * epm1) / 2;
  const c2 = sp * epm1 * (sp * epm1);
  let shift = 0;
  if (b !== 0 || c2 !== 0) {
    const root = Math.sqrt(b * b + c2);
    shift = c2 / (b + (b < 0 ? -root : root));
  }
  let f = (sk + sp) * (sk - sp) + shift;
  let g = sk * ek;
  for (let j = low; j < last; j++) {
    let t = hypot(f, g);
    let c = t === 0 ? 1 : f / t;
    let s = t === 0 ? 0 : g / t;
    if (j > low) e[j - 1] = t;
    f = c * d[j]! + s * e[j]!;
    e[j] = c * e[j]! - s * d[j]!;
    g = s * d[j + 1]!;
    d[j + 1]! *= c;
    rotate(v, j, j + 1, c, s);
    t = hypot(f, g);
    c = t === 0 ? 1 : f / t;
    s = t === 0 ? 0 : g / t;
    d[j] = t;
    f = c * e[j]! + s * d[j + 1]!;
    d[j + 1] = c * d[j + 1]! - s * e[j]!;
    if (j + 1 < last) {
      g = s * e[j + 1]!;
      e[j + 1]! *= c;
    }
    rotate(u, j, j + 1, c, s);
  }
  e[last - 1] = f;
}
