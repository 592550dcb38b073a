import type { Steps } from '@maru-ml/base';
import { BOTH, byKind, LEFT, type Merged, mergeRows, mergeValues, RIGHT } from './merge-rows.ts';
import { hypot } from './scale.ts';
import { exactWeights, type Secular, solveSecular } from './secular.ts';
import { rotateRows, tridiagonalQl } from './tridiagonal-ql.ts';

/** Up to this size the QL method is as fast. */
const LEAF = 28;

/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by dividing it in halves, whose eigenvectors are combined
 * by products of matrices; eigenvalues that the coupling does not move, or that coincide, are left out of those. Cost: up to
 * 4/3 n³, mostly less.
 * J. Cuppen, "A divide and conquer method for the symmetric tridiagonal eigenproblem", Numer. Math. 36 (1981); M. Gu and
 * S. Eisenstat, "A divide-and-conquer algorithm for the symmetric tridiagonal eigenproblem", SIAM J. Matrix Anal. Appl. 16 (1995).
 *
 * @param d [n], the diagonal; becomes the eigenvalues, ascending
 * @param e [n], what stands beside it; destroyed
 * @param arrays asked for anew after each pause: `z` [n, n], the unit matrix, which becomes the eigenvectors, in the rows;
 *   `s`, `gathered` and `out` [n, n], to work in
 */
export function* tridiagonalDivide(
  d: Float64Array,
  e: Float64Array,
  n: number,
  arrays: () => { z: Float64Array; s: Float64Array; gathered: Float64Array; out: Float64Array },
): Steps<void> {
  function* solve(start: number, size: number): Steps<void> {
    if (size <= LEAF) {
      const { z } = arrays();
      tridiagonalQl(d, e, start, size, z, n, start, start + size);
      sortRows(d, start, size, z, n, start, start + size);
      return;
    }
    const half = size >> 1;
    const middle = start + half;
    const coupling = e[middle - 1]!;
    // diag(T₁, T₂) + |coupling| u uᵀ with u = (0 .. 0, 1, ±1, 0 .. 0)
    d[middle - 1]! -= Math.abs(coupling);
    d[middle]! -= Math.abs(coupling);
    yield* solve(start, half);
    yield* solve(middle, size - half);
    const { z, s, gathered, out } = arrays();
    const merged = coupleHalves(d, start, half, size, coupling, z, n, s);
    mergeRows(z, n, start, start, half, size - half, merged, s, gathered, out);
    mergeValues(merged, d, start);
    yield;
  }
  yield* solve(0, n);
}

/** Finds the eigenvalues of the coupled halves and, in `s`, the combinations of their eigenvectors. */
function coupleHalves(
  d: Float64Array,
  start: number,
  half: number,
  size: number,
  coupling: number,
  z: Float64Array,
  ld: number,
  s: Float64Array,
): Merged {
  const end = start + size;
  const middle = start + half;
  const kinds = new Uint8Array(end);
  // u in terms of the eigenvectors; of length √2, which goes to ρ.
  const weights = new Float64Array(end);
  const rho = 2 * Math.abs(coupling);
  let largest = 0;
  let largestWeight = 0;
  for (let i = start; i < end; i++) {
    kinds[i] = i < middle ? LEFT : RIGHT;
    weights[i] = (i < middle ? z[i * ld + middle - 1]! : Math.sign(coupling) * z[i * ld + middle]!) * Math.SQRT1_2;
    largest = Math.max(largest, Math.abs(d[i]!));
    largestWeight = Math.max(largestWeight, Math.abs(weights[i]!));
  }
  const tol = 4 * Number.EPSILON * Math.max(largest, largestWeight);
  const kept: number[] = [];
  const deflated: number[] = [];
  let previous = -1;
  for (let a = start, b = middle; a < middle || b < end; ) {
    const j = b === end || (a < middle && d[a]! <= d[b]!) ? a++ : b++;
    if (rho * Math.abs(weights[j]!) <= tol) {
      deflated.push(j);
      continue;
    }
    if (previous >= 0) {
      // Two that nearly coincide: a rotation frees one of them from the coupling.
      const length = hypot(weights[previous]!, weights[j]!);
      const c = weights[j]! / length;
      const sine = -weights[previous]! / length;
      const gap = d[j]! - d[previous]!;
      if (Math.abs(gap * c * sine) <= tol) {
        weights[j] = length;
        weights[previous] = 0;
        rotateRows(z, previous * ld, j * ld, start, end, c, sine);
        if (kinds[previous] !== kinds[j]) kinds[previous] = kinds[j] = BOTH;
        const moved = d[previous]! * c * c + d[j]! * sine * sine;
        d[j] = d[previous]! * sine * sine + d[j]! * c * c;
        d[previous] = moved;
        deflated.push(previous);
        kept[kept.length - 1] = j;
        previous = j;
        continue;
      }
    }
    kept.push(j);
    previous = j;
  }
  const count = kept.length;
  const deflatedValues = deflated.map((i) => d[i]!);
  if (count === 0) return { deflated, deflatedValues, kept, counts: [0, 0, 0], values: new Float64Array(0) };

  const secular: Secular = {
    count,
    poles: Float64Array.from(kept, (i) => d[i]!),
    squared: false,
    z: Float64Array.from(kept, (i) => weights[i]!),
    rho,
    differences: s,
    roots: new Float64Array(count),
  };
  solveSecular(secular);
  const exact = new Float64Array(count);
  exactWeights(secular, exact);
  const { order, counts } = byKind(kept, kinds);
  const row = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = i * count;
    let squares = 0;
    for (let j = 0; j < count; j++) {
      const value = exact[j]! / s[at + j]!;
      row[j] = value;
      squares += value * value;
    }
    const scale = 1 / Math.sqrt(squares);
    for (let j = 0; j < count; j++) s[at + j] = row[order[j]!]! * scale;
  }
  return { deflated, deflatedValues, kept: order.map((i) => kept[i]!), counts, values: secular.roots };
}

/** Sorts values ascending with their rows, by exchange: for few. */
export function sortRows(
  d: Float64Array,
  start: number,
  n: number,
  z: Float64Array,
  ld: number,
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
    swapRows(z, i * ld, least * ld, from, to);
  }
}

export function swapRows(z: Float64Array, atX: number, atY: number, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const value = z[atX + i]!;
    z[atX + i] = z[atY + i]!;
    z[atY + i] = value;
  }
}
