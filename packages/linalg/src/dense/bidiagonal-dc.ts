import { runSteps, type Steps } from '@maru-ml/base';
import { bidiagonalQrSteps } from './bidiagonal-qr.ts';
import { BOTH, byKind, LEFT, type Merged, mergeRows, mergeValues, RIGHT } from './merge-rows.ts';
import { hypot, unitScale } from './scale.ts';
import { exactWeights, type Secular, solveSecular } from './secular.ts';
import { swapRows } from './tridiagonal-dc.ts';
import { rotateRows } from './tridiagonal-ql.ts';

/** Up to this size the QR method is as fast. */
const LEAF = 24;

/**
 * Singular values and vectors of an upper bidiagonal matrix by dividing it at its middle row into two, whose vectors are
 * combined by products of matrices; values that the middle row does not move, or that coincide, are left out of those. Cost:
 * up to 8/3 n³, mostly less. B = uᵀ diag(d) v in the end.
 * M. Gu and S. Eisenstat, "A divide-and-conquer algorithm for the bidiagonal SVD", SIAM J. Matrix Anal. Appl. 16 (1995).
 *
 * @param d [n], the diagonal; becomes the singular values, ascending
 * @param e [n], what stands right of it; destroyed
 * @param ldU how many numbers the rows of `u` lie apart @param ldV those of `v`
 * @param arrays asked for anew after each pause: `u`, rows of unit vectors [n, n] that become the left singular vectors; `v`,
 *   the same for the right ones; `sU`, `sV`, `gathered` and `out` [n, n], to work in
 */
export function* bidiagonalDivide(
  d: Float64Array,
  e: Float64Array,
  n: number,
  ldU: number,
  ldV: number,
  arrays: () => Record<'u' | 'v' | 'sU' | 'sV' | 'gathered' | 'out', Float64Array>,
): Steps<void> {
  /**
   * Rows `start` to `start + size` of B, with one column more than rows where `extra` is 1: then row `start + size` of v
   * becomes the vector of that block's null space.
   */
  function* solve(start: number, size: number, extra: number): Steps<void> {
    if (size <= LEAF) {
      const { u, v } = arrays();
      if (extra === 1) squareUp(d, e, start, size, v, ldV);
      const columns = { from: start, to: start + size + extra };
      // So few rows take no pause, after which u and v might have moved.
      runSteps(
        bidiagonalQrSteps(d, e, start, size, { data: u, ld: ldU, ...columns }, { data: v, ld: ldV, ...columns }),
      );
      sortBoth(d, start, size, u, ldU, v, ldV, start, start + size + extra);
      return;
    }
    const left = size >> 1;
    const middle = start + left;
    const right = size - left - 1;
    const alpha = d[middle]!;
    const beta = e[middle]!;
    yield* solve(start, left, 1);
    yield* solve(middle + 1, right, extra);
    const { u, v, sU, sV, gathered, out } = arrays();
    const merged = coupleParts(d, start, left, size, extra, alpha, beta, u, ldU, v, ldV, sU, sV);
    mergeRows(u, ldU, start, start, left + 1, right, merged, sU, gathered, out);
    yield;
    const now = arrays();
    mergeRows(now.v, ldV, start, start, left + 1, right + extra, merged, now.sV, now.gathered, now.out);
    mergeValues(merged, d, start);
    yield;
  }
  yield* solve(0, n, 0);
}

/** Finds the singular values of the coupled parts and the combinations of their vectors, in `sU` and `sV`. */
function coupleParts(
  d: Float64Array,
  start: number,
  left: number,
  size: number,
  extra: number,
  alpha: number,
  beta: number,
  u: Float64Array,
  ldU: number,
  v: Float64Array,
  ldV: number,
  sU: Float64Array,
  sV: Float64Array,
): Merged {
  const end = start + size;
  const middle = start + left;
  const kinds = new Uint8Array(end);
  // The middle row of B in terms of the right vectors. Its own left vector, with the null vector of the left part, stands in
  // row `middle`, for a value of 0.
  const weights = new Float64Array(end);
  let largest = Math.max(Math.abs(alpha), Math.abs(beta));
  d[middle] = 0;
  for (let i = start; i < end; i++) {
    kinds[i] = i < middle ? LEFT : i === middle ? BOTH : RIGHT;
    weights[i] = i <= middle ? alpha * v[i * ldV + middle]! : beta * v[i * ldV + middle + 1]!;
    largest = Math.max(largest, d[i]!);
  }
  const tol = 4 * Number.EPSILON * largest;
  if (extra === 1) {
    // Of two null vectors one is freed.
    const other = beta * v[end * ldV + middle + 1]!;
    const length = hypot(weights[middle]!, other);
    if (length > 0) {
      rotateRows(v, middle * ldV, end * ldV, start, end + 1, weights[middle]! / length, other / length);
      weights[middle] = length;
    }
  }
  // The equation needs all of them; this moves no value by more than the tolerance.
  if (Math.abs(weights[middle]!) <= tol) weights[middle] = tol;

  const kept: number[] = [middle];
  const deflated: number[] = [];
  let previous = -1;
  for (let a = start, b = middle + 1; a < middle || b < end; ) {
    const j = b === end || (a < middle && d[a]! <= d[b]!) ? a++ : b++;
    if (Math.abs(weights[j]!) <= tol) {
      deflated.push(j);
      continue;
    }
    if (previous >= 0 && Math.abs(d[j]! - d[previous]!) <= tol) {
      // Two that nearly coincide: a rotation on both sides frees one of them.
      const length = hypot(weights[previous]!, weights[j]!);
      const c = weights[j]! / length;
      const sine = -weights[previous]! / length;
      weights[j] = length;
      weights[previous] = 0;
      rotateRows(u, previous * ldU, j * ldU, start, end, c, sine);
      rotateRows(v, previous * ldV, j * ldV, start, end + extra, c, sine);
      if (kinds[previous] !== kinds[j]) kinds[previous] = kinds[j] = BOTH;
      deflated.push(previous);
      kept[kept.length - 1] = j;
      previous = j;
      continue;
    }
    kept.push(j);
    previous = j;
  }
  const count = kept.length;
  const deflatedValues = deflated.map((i) => d[i]!);
  if (tol === 0) return { deflated, deflatedValues, ...unchanged(kept, kinds, sU, sV) };

  // Parts of rounding errors can be so small that their squares would vanish.
  const scale = unitScale(largest);
  const poles = Float64Array.from(kept, (i) => d[i]! * scale);
  // The pole at 0 stays alone.
  if (count > 1) poles[1] = Math.max(poles[1]!, (tol * scale) / 2);
  const secular: Secular = {
    count,
    poles,
    squared: true,
    z: Float64Array.from(kept, (i) => weights[i]! * scale),
    rho: 1,
    differences: sV,
    roots: new Float64Array(count),
  };
  solveSecular(secular);
  const exact = new Float64Array(count);
  exactWeights(secular, exact);
  const { order, counts } = byKind(kept, kinds);
  const rowU = new Float64Array(count);
  const rowV = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = i * count;
    let squaresU = 1;
    let squaresV = 0;
    for (let j = 0; j < count; j++) {
      const value = exact[j]! / sV[at + j]!;
      const scaled = poles[j]! * value;
      rowV[j] = value;
      rowU[j] = scaled;
      squaresV += value * value;
      squaresU += scaled * scaled;
    }
    rowU[0] = -1;
    const scaleU = 1 / Math.sqrt(squaresU);
    const scaleV = 1 / Math.sqrt(squaresV);
    for (let j = 0; j < count; j++) {
      sU[at + j] = rowU[order[j]!]! * scaleU;
      sV[at + j] = rowV[order[j]!]! * scaleV;
    }
  }
  const values = secular.roots.map((value) => value / scale);
  return { deflated, deflatedValues, kept: order.map((i) => kept[i]!), counts, values };
}

/** Of a block of zeros nothing is combined. */
function unchanged(kept: number[], kinds: Uint8Array, sU: Float64Array, sV: Float64Array) {
  const { counts } = byKind(kept, kinds);
  sU[0] = sV[0] = 1;
  return { kept, counts, values: new Float64Array(1) };
}

/** Rotates the column beyond a block's last into the others, from below, so that the block is square. */
function squareUp(d: Float64Array, e: Float64Array, start: number, n: number, v: Float64Array, ld: number): void {
  const end = start + n;
  let f = n > 0 ? e[end - 1]! : 0;
  for (let i = end - 1; i >= start; i--) {
    const length = hypot(d[i]!, f);
    const c = length === 0 ? 1 : d[i]! / length;
    const s = length === 0 ? 0 : f / length;
    d[i] = length;
    rotateRows(v, i * ld, end * ld, start, end + 1, c, s);
    if (i === start) break;
    f = -s * e[i - 1]!;
    e[i - 1]! *= c;
  }
}

/** Sorts values ascending with their vectors, by exchange: for few. */
function sortBoth(
  d: Float64Array,
  start: number,
  n: number,
  u: Float64Array,
  ldU: number,
  v: Float64Array,
  ldV: number,
  from: number,
  to: number,
): void {
  for (let i = start; i < start + n - 1; i++) {
    let least = i;
    for (let j = i + 1; j < start + n; j++) if (d[j]! < d[least]!) least = j;
    if (least === i) continue;
    const value = d[i]!;
    d[i] = d[least]!;
    d[least] = value;
    swapRows(u, i * ldU, least * ldU, from, to);
    swapRows(v, i * ldV, least * ldV, from, to);
  }
}
